#!/usr/bin/env python3
"""Tests of the export scripts: run `python3 test_export.py [NETWORK.h5]` (PyTorch 2, h5py 3, numpy). With the
HDF5 file of a MobileFaceNet that carries a group `check`, its maps and embedding are met, too."""

import os
import sys
import tempfile
import unittest

import h5py
import numpy
import torch

import export_maps
import make_fixture
import networks

NETWORK = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1].endswith(".h5") else None


def write_faces(path, faces, people):
    with h5py.File(path, "w") as file:
        file["face"] = faces
        file.create_dataset("identity", data=people, dtype=h5py.string_dtype("utf-8"))


class ExportTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.rng = numpy.random.default_rng(0)
        self.faces = self.rng.integers(0, 256, (3, 112, 112, 3), dtype=numpy.uint8)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def checkpoint(self, kind, prefix=""):
        network = make_fixture.random_iresnet(kind, 5)
        state = {prefix + n: t for n, t in network.state_dict().items()}
        torch.save({"state_dict": state} if prefix else state, self.path("network.pth"))
        return network

    def test_checkpoints_of_both_kinds_are_exported_with_their_tail(self):
        write_faces(self.path("faces.h5"), self.faces, ["a", "b", "b"])
        for kind, prefix in (("arcface", ""), ("magface", "features.module.")):
            network = self.checkpoint(kind, prefix)
            export_maps.export(kind, self.path("network.pth"), self.path("faces.h5"), self.path("out.h5"))
            with h5py.File(self.path("out.h5")) as file:
                maps = torch.tensor(file["maps"][:])
                tail = {n: torch.tensor(v[:]) for n, v in file["tail"].items()}
                eps = file["tail"].attrs["eps"]
                embedding = file["embedding"][:]
            self.assertEqual(eps, {"arcface": 1e-5, "magface": 2e-5}[kind])
            self.assertEqual(tuple(maps.shape), (3, 12, 7, 7))

            def norm(x, name, shape):
                p = {k: tail[f"{name}_{k}"].reshape(shape) for k in ("weight", "bias", "running_mean", "running_var")}
                return (x - p["running_mean"]) / torch.sqrt(p["running_var"] + eps) * p["weight"] + p["bias"]

            y = torch.flatten(norm(maps, "bn2", (1, -1, 1, 1)), 1)
            e = norm(y @ tail["fc_weight"].T + tail["fc_bias"], "features", (1, -1))
            self.assertLess(float((e - torch.tensor(embedding)).abs().max()), 1e-5)
            with torch.no_grad():
                same = network(networks.pixels(self.faces))[1]
            self.assertLess(float((same - torch.tensor(embedding)).abs().max()), 1e-5)

    def test_wrong_sizes_and_orders_are_refused(self):
        self.checkpoint("arcface")
        for faces, text in (
            (self.faces[:, :96], "[3, 96, 112, 3], expected [images, 112, 112, 3]: align"),
            (self.faces.transpose(0, 3, 1, 2), "channels stand first"),
            (self.faces.astype("f4"), "is float32, expected uint8"),
        ):
            write_faces(self.path("faces.h5"), faces, ["a", "b", "b"])
            with self.assertRaises(networks.ExportError) as found:
                export_maps.export("arcface", self.path("network.pth"), self.path("faces.h5"), self.path("out.h5"))
            self.assertIn(text, str(found.exception))
            self.assertFalse(os.path.exists(self.path("out.h5")))

    def test_exchanged_channels_are_noticed_beside_known_embeddings(self):
        network = self.checkpoint("arcface")
        # Coloured faces, or exchanging red and blue would change little.
        faces = self.faces.copy()
        faces[..., 0] //= 4
        people = ["a", "b", "c"]
        with h5py.File(self.path("like.h5"), "w") as file:
            file["embeddings"] = networks.run(network, faces)[1]
            file.create_dataset("identity", data=people, dtype=h5py.string_dtype("utf-8"))
        write_faces(self.path("faces.h5"), faces, people)
        paths = [self.path(n) for n in ("network.pth", "faces.h5", "out.h5")]
        export_maps.export("arcface", *paths, like=self.path("like.h5"))
        write_faces(self.path("faces.h5"), faces[..., ::-1].copy(), people)
        with self.assertRaises(networks.ExportError) as found:
            export_maps.export("arcface", *paths, like=self.path("like.h5"))
        self.assertIn("the faces are BGR, expected RGB", str(found.exception))

    def test_a_classifier_is_no_backbone(self):
        torch.save({"weight": torch.zeros(3, 3)}, self.path("network.pth"))
        with self.assertRaises(networks.ExportError) as found:
            networks.load("arcface", self.path("network.pth"))
        self.assertIn("expected the state of an iresnet", str(found.exception))

    @unittest.skipUnless(NETWORK, "give the HDF5 file of a MobileFaceNet")
    def test_the_mobilefacenet_meets_its_own_check(self):
        network = networks.load("mobilefacenet", NETWORK)
        with h5py.File(NETWORK) as file:
            face, maps, embedding = (file[f"check/{n}"][:] for n in ("face", "maps", "embedding"))
        found_maps, found = networks.run(network, face[None])
        self.assertLess(numpy.abs(found_maps[0] - maps).max(), 1e-4)
        self.assertLess(numpy.abs(found[0] - embedding).max(), 1e-4)


if __name__ == "__main__":
    unittest.main()
