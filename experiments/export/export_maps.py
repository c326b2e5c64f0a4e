#!/usr/bin/env python3
"""Writes a file for `Harness explain --maps` (layout: datasets.md, "Feature maps").

usage: export_maps.py KIND NETWORK FACES OUTPUT [--like EMBEDDINGS] [--half]

KIND      arcface, magface (PyTorch checkpoint of an iresnet) or mobilefacenet (HDF5 file of layers)
FACES     HDF5: face uint8 [n, 112, 112, 3] RGB, identity; gender, filename, landmarks, regions are copied
--like    the embedding file of the spec: faces that do not lead to its rows are refused
--half    store the maps as float16: half the size, checked with a wider tolerance"""

import argparse
import os
import sys

import h5py

import networks


def export(kind, network_path, faces_path, output, like=None, half=False):
    """Runs the network and writes maps, embeddings, faces and tail; complete or not at all."""
    network = networks.load(kind, network_path)
    found = networks.faces(faces_path)
    with h5py.File(faces_path) as file:
        identities = [x.decode() if isinstance(x, bytes) else str(x) for x in file["identity"][:]]
        if len(identities) != len(found):
            raise networks.ExportError(
                f"{faces_path}: 'identity' has {len(identities)} rows, expected {len(found)}"
            )
        copied = {n: file[n][:] for n in ("gender", "filename", "landmarks", "regions") if n in file}
    maps, embeddings = networks.run(network, found)
    if like:
        networks.check_order(network, found, identities, embeddings, like)
    write(output, network, maps, embeddings, identities, found, copied, half, f"{kind} {network_path}")


def write(output, network, maps, embeddings, identities, found, copied, half, model):
    temporary = output + ".part"
    text = h5py.string_dtype("utf-8")
    with h5py.File(temporary, "w", libver=("earliest", "v110")) as file:
        file.attrs["model"] = model
        packed = {"compression": "gzip", "shuffle": True}
        file.create_dataset("maps", data=maps.astype("f2" if half else "f4"), **packed)
        file["embedding"] = embeddings.astype("f4")
        file.create_dataset("identity", data=identities, dtype=text)
        if found is not None:
            file.create_dataset("face", data=found, **packed)
        for name, values in copied.items():
            if values.dtype == object:
                file.create_dataset(name, data=values, dtype=text)
            else:
                file[name] = values
        tensors, attributes = network.tail()
        for name, tensor in tensors.items():
            file[f"tail/{name}"] = tensor.astype("f4")
        for name, value in attributes.items():
            file["tail"].attrs[name] = value
    os.replace(temporary, output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=["arcface", "magface", "mobilefacenet"])
    parser.add_argument("network")
    parser.add_argument("faces")
    parser.add_argument("output")
    parser.add_argument("--like")
    parser.add_argument("--half", action="store_true")
    a = parser.parse_args()
    try:
        export(a.kind, a.network, a.faces, a.output, a.like, a.half)
    except networks.ExportError as error:
        sys.exit(f"error: {error}")
