#!/usr/bin/env python3
"""Greys pixels of faces that heat maps mark, and embeds the faces again: what `Harness explain --occluded`
reads (layout: datasets.md, "Occluded faces").

usage: occlude.py KIND NETWORK MAPS HEATMAPS OUTPUT [--sides 11 16 32 48] [--draws 10] [--seed 0]

KIND      arcface, magface (checkpoint or ONNX model of an iresnet) or mobilefacenet (HDF5 file of layers)
MAPS      the file that `Harness explain --maps` read: faces, embeddings, landmarks
HEATMAPS  what it wrote: results/NAME/maps/CELL.h5
--sides   as many pixels are greyed as squares of these sides have
--draws   draws of every random choice, for each image and side"""

import argparse
import hashlib
import os
import sys

import h5py
import numpy
import torch

import networks

FORMAT = "mote-occluded-faces-1"
GREY = 127.5
SYSTEMS = ("mote", "traditional")


def resampled(cells):
    """A map of cells as one of the face: bilinear, half-pixel centres."""
    found = torch.tensor(cells, dtype=torch.float64)[None, None]
    size = (networks.SIZE, networks.SIZE)
    return torch.nn.functional.interpolate(found, size, mode="bilinear", align_corners=False)[0, 0].numpy()


def strongest(pixels, count):
    """Mask of the strongest pixels, ties by position."""
    mask = numpy.zeros(pixels.size, bool)
    mask[numpy.argsort(-pixels.ravel(), kind="stable")[:count]] = True
    return mask.reshape(pixels.shape)


def square(row, column, side):
    """Mask of a square that starts at a pixel."""
    mask = numpy.zeros((networks.SIZE, networks.SIZE), bool)
    mask[row : row + side, column : column + side] = True
    return mask


def nose_square(nose, side):
    """The square whose centre is nearest to the tip of the nose (x, y), inside the face."""
    column, row = numpy.clip(numpy.floor(nose + 1 - side / 2).astype(int), 0, networks.SIZE - side)
    return square(row, column, side)


def choices(heat, nose, sides, draws, rng):
    """What is greyed in one face: (choice, system, side, draw, mask); `heat` by system."""
    for side in sides:
        count = side * side
        for system, cells in heat.items():
            pixels = resampled(cells)
            yield "most relevant", system, side, 0, strongest(pixels, count)
            yield "least relevant", system, side, 0, strongest(-pixels, count)
        shape = next(iter(heat.values())).shape
        for draw in range(draws):
            yield "random cells", "any", side, draw, strongest(resampled(rng.random(shape)), count)
            row, column = rng.integers(0, networks.SIZE - side + 1, 2)
            yield "random square", "any", side, draw, square(row, column, side)
        if nose is not None:
            yield "square on the nose", "any", side, 0, nose_square(nose, side)


def check_recorded(network, faces, found, recorded, identities, path):
    """Refuses faces that do not lead to the recorded embeddings, to 1e-4 and what their format rounds."""
    if found.shape != recorded.shape:
        raise networks.ExportError(
            f"{path}: 'embedding' is {list(recorded.shape)}, expected {list(found.shape)}, as the network "
            "gives: another network made the file"
        )
    tolerance = 1e-4 + abs(recorded).astype("f8") * numpy.finfo(recorded.dtype).eps / 2
    excess = numpy.nan_to_num(abs(found.astype("f8") - recorded), nan=numpy.inf) - tolerance
    if excess.max() <= 0:
        return
    image, component = numpy.unravel_index(excess.argmax(), excess.shape)
    swapped = networks.run(network, faces[image : image + 1, ..., ::-1].copy())[1][0]

    def distance(embedding):
        return numpy.linalg.norm(embedding.astype("f8") - recorded[image])

    hint = (
        "with red and blue exchanged it fits better: the faces are BGR, expected RGB"
        if distance(swapped) < distance(found[image])
        else "another network or other faces made the file"
    )
    raise networks.ExportError(
        f"{path}: the face of image {image} ('{identities[image]}') does not lead to its 'embedding': "
        f"component {component} is {found[image, component]:.6f}, recorded {recorded[image, component]:.6f}, "
        f"expected to {tolerance[image, component]:.1e}; {hint}"
    )


def texts(values):
    return [x.decode() if isinstance(x, bytes) else str(x) for x in values]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_heat_maps(path, maps, identities):
    """Attributes, and of every image that is compared with its own person's reference the map of both
    systems, rule `library`."""
    with h5py.File(path) as file:
        missing = [n for n in ("cell", "input_hash", "maps_sha256") if n not in file.attrs]
        if missing or "reference" not in file:
            raise networks.ExportError(
                f"{path}: no heat maps with the attributes 'cell', 'input_hash', 'maps_sha256', expected what "
                "`Harness explain` writes; run it again"
            )
        attributes = {n: file.attrs[n] for n in ("cell", "input_hash", "maps_sha256", "synthetic")}
        attributes = {n: v.decode() if isinstance(v, bytes) else str(v) for n, v in attributes.items()}
        if attributes["maps_sha256"] != digest(maps):
            raise networks.ExportError(
                f"{path}: heat maps of a file with SHA-256 {attributes['maps_sha256']}, expected that of {maps}, "
                f"{digest(maps)}; run `Harness explain --maps` on this one"
            )
        references, probes, images = texts(file["reference"][:]), texts(file["probe"][:]), file["image"][:]
        mated = [t for t in range(len(images)) if references[t] == probes[t]]
        wrong = [t for t in mated if images[t] >= len(identities) or identities[images[t]] != probes[t]]
        if wrong or not mated:
            raise networks.ExportError(
                f"{path}: "
                + (f"trial {wrong[0]} is of image {images[wrong[0]]} of '{probes[wrong[0]]}', which {maps} does "
                   "not have" if wrong else "no mated trial")
                + ", expected heat maps of its people"
            )
        maps_of = {s: file[f"{s}/library"][:] for s in SYSTEMS}
    return attributes, {int(images[t]): {s: maps_of[s][t] for s in SYSTEMS} for t in mated}


def occlude(kind, network_path, maps, heat_maps, output, sides=(11, 16, 32, 48), draws=10, seed=0):
    """Embeds every face as it is and every mated probe with pixels greyed; complete or not at all.

    Returns the number of embeddings written."""
    faces = networks.faces(maps)
    wrong = [s for s in sides if not 0 < s <= networks.SIZE]
    if wrong or draws < 1:
        raise networks.ExportError(
            f"sides {list(sides)}, {draws} draws: expected sides of 1 to {networks.SIZE} pixels and a draw"
        )
    with h5py.File(maps) as file:
        identities, recorded = texts(file["identity"][:]), file["embedding"][:]
        noses = file["landmarks"][:, 2].astype("f8") if "landmarks" in file else None
    if len(identities) != len(faces) or len(recorded) != len(faces):
        raise networks.ExportError(
            f"{maps}: {len(faces)} faces, {len(recorded)} rows of 'embedding', {len(identities)} of "
            "'identity', expected as many of each"
        )
    attributes, heat = read_heat_maps(heat_maps, maps, identities)
    network = networks.load(kind, network_path)
    untouched = networks.run(network, faces)[1]
    check_recorded(network, faces, untouched, recorded, identities, maps)
    rows = [("none", "any", 0, 0, image) for image in range(len(faces))]
    embeddings = [untouched]
    for image in sorted(heat):
        nose = None if noses is None else noses[image]
        rng = numpy.random.default_rng([seed, image])
        made = list(choices(heat[image], nose, sides, draws, rng))
        greyed = numpy.repeat(faces[image : image + 1].astype("f4"), len(made), axis=0)
        for face, (*_, mask) in zip(greyed, made):
            face[mask] = GREY
        embeddings.append(networks.run(network, greyed)[1])
        rows += [(choice, system, side, draw, image) for choice, system, side, draw, _ in made]
    temporary = output + ".part"
    text = h5py.string_dtype("utf-8")
    with h5py.File(temporary, "w", libver=("earliest", "v110")) as file:
        file.attrs.update(attributes)
        file.attrs.update(
            {
                "format": FORMAT, "model": f"{kind} {os.path.basename(network_path)}",
                "model_sha256": digest(network_path), "heat_maps_sha256": digest(heat_maps),
                "draws": str(draws), "seed": str(seed), "grey": str(GREY),
            }
        )
        file.create_dataset("embedding", data=numpy.concatenate(embeddings).astype("f4"))
        choice, system, side, draw, image = zip(*rows)
        file.create_dataset("identity", data=[identities[i] for i in image], dtype=text)
        for name, values in (("choice", choice), ("system", system)):
            file.create_dataset(name, data=values, dtype=text)
        for name, values in (("image", image), ("side", side), ("draw", draw)):
            file.create_dataset(name, data=numpy.array(values, "i4"))
    os.replace(temporary, output)
    return len(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=["arcface", "magface", "mobilefacenet"])
    for name in ("network", "maps", "heatmaps", "output"):
        parser.add_argument(name)
    parser.add_argument("--sides", type=int, nargs="+", default=[11, 16, 32, 48])
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args()
    try:
        n = occlude(a.kind, a.network, a.maps, a.heatmaps, a.output, a.sides, a.draws, a.seed)
    except networks.ExportError as error:
        sys.exit(f"error: {error}")
    print(f"{n} embeddings: {a.output}")
