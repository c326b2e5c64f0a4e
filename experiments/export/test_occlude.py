#!/usr/bin/env python3
"""Tests of occlude.py on a small, randomly initialised network: run `python3 test_occlude.py` (PyTorch 2,
h5py 3, numpy)."""

import os
import tempfile
import unittest

import h5py
import numpy
import torch

import export_maps
import make_fixture
import networks
import occlude

TEXT = h5py.string_dtype("utf-8")


class MaskTests(unittest.TestCase):
    def test_every_choice_greys_as_many_pixels_as_its_square_has(self):
        rng = numpy.random.default_rng(1)
        heat = {s: rng.random((7, 7)) for s in occlude.SYSTEMS}
        made = list(occlude.choices(heat, numpy.array([56.0, 70.0]), (11, 16), 3, rng))
        self.assertEqual(len(made), 2 * (2 * 2 + 2 * 3 + 1))
        for choice, system, side, draw, mask in made:
            self.assertEqual(mask.sum(), side * side, choice)
            self.assertEqual(system in occlude.SYSTEMS, choice.endswith("relevant"))
        self.assertFalse(any(m[0] == "square on the nose" for m in occlude.choices(heat, None, (11,), 1, rng)))

    def test_most_relevant_pixels_lie_where_the_map_is_strongest(self):
        cells = numpy.zeros((7, 7))
        cells[2, 5] = 1
        mask = occlude.strongest(occlude.resampled(cells), 16 * 16)
        rows, columns = numpy.nonzero(mask)
        # The cell covers rows 32 to 47 and columns 80 to 95.
        self.assertAlmostEqual(rows.mean(), 39.5, delta=0.5)
        self.assertAlmostEqual(columns.mean(), 87.5, delta=0.5)
        self.assertFalse((mask & occlude.strongest(-occlude.resampled(cells), 16 * 16)).any())

    def test_the_square_on_the_nose_is_centred_on_it_and_stays_in_the_face(self):
        def start(nose, side):
            rows, columns = numpy.nonzero(occlude.nose_square(numpy.array(nose), side))
            self.assertEqual((numpy.ptp(rows), numpy.ptp(columns)), (side - 1, side - 1))
            return rows.min(), columns.min()

        self.assertEqual(start([56.0, 70.0], 11), (65, 51))
        self.assertEqual(start([56.4, 69.6], 11), (65, 51))
        self.assertEqual(start([2.0, 111.0], 16), (96, 0))


class OcclusionTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.network = make_fixture.random_iresnet("arcface", 5)
        torch.save(self.network.state_dict(), self.path("network.pth"))
        faces = numpy.random.default_rng(0).integers(0, 256, (3, 112, 112, 3), dtype=numpy.uint8)
        faces[..., 0] //= 4
        self.write_maps(faces)
        self.write_heat_maps()

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write_maps(self, faces, embeddings=None):
        maps, own = networks.run(self.network, faces)
        landmarks = numpy.full((3, 5, 2), 60.0, "f4")
        export_maps.write(
            self.path("maps.h5"), self.network, maps, own if embeddings is None else embeddings,
            ["a", "a", "b"], faces, {"landmarks": landmarks}, False, "random",
        )
        self.faces, self.embeddings = faces, own

    def write_heat_maps(self, image=1):
        """One mated trial (image 1 of a) and two others, as the program writes them."""
        with h5py.File(self.path("heat.h5"), "w", userblock_size=512) as file:
            file.attrs["cell"], file.attrs["input_hash"] = "LFW_mote", "00ff"
            file.attrs["maps_sha256"], file.attrs["synthetic"] = occlude.digest(self.path("maps.h5")), "false"
            file.create_dataset("reference", data=["a", "b", "a"], dtype=TEXT)
            file.create_dataset("probe", data=["a", "a", "b"], dtype=TEXT)
            file["image"] = numpy.array([image, 0, 2], "i4")
            rng = numpy.random.default_rng(3)
            for system in occlude.SYSTEMS:
                file[f"{system}/library"] = rng.random((3, 7, 7), dtype="f4")

    def occlude(self, output="out.h5", **settings):
        paths = [self.path(n) for n in ("network.pth", "maps.h5", "heat.h5", output)]
        return occlude.occlude("arcface", *paths, **{"sides": (16,), "draws": 2, **settings})

    def expect_refused(self, text):
        with self.assertRaises(networks.ExportError) as found:
            self.occlude()
        self.assertIn(text, str(found.exception))
        self.assertFalse(os.path.exists(self.path("out.h5")))

    def test_rows_are_the_networks_embeddings_of_greyed_faces_with_labels(self):
        self.assertEqual(self.occlude(), 3 + 2 * 2 + 2 * 2 + 1)
        with h5py.File(self.path("out.h5")) as file:
            self.assertEqual(file.attrs["cell"], "LFW_mote")
            self.assertEqual(file.attrs["model_sha256"], occlude.digest(self.path("network.pth")))
            choice, system = occlude.texts(file["choice"][:]), occlude.texts(file["system"][:])
            image, found = file["image"][:], file["embedding"][:]
            self.assertEqual(occlude.texts(file["identity"][:])[:3], ["a", "a", "b"])
        self.assertEqual(choice.count("none"), 3)
        self.assertLess(numpy.abs(found[:3] - self.embeddings).max(), 1e-5)
        self.assertTrue((image[3:] == 1).all())
        row = choice.index("square on the nose")
        x = self.faces[1:2].astype("f4")
        x[:, 53:69, 53:69] = 127.5
        self.assertLess(numpy.abs(networks.run(self.network, x)[1][0] - found[row]).max(), 1e-5)
        with h5py.File(self.path("heat.h5")) as file:
            cells = file["traditional/library"][0]
        row = next(k for k in range(len(choice)) if (choice[k], system[k]) == ("most relevant", "traditional"))
        x = self.faces[1:2].astype("f4")
        x[0][occlude.strongest(occlude.resampled(cells), 256)] = 127.5
        self.assertLess(numpy.abs(networks.run(self.network, x)[1][0] - found[row]).max(), 1e-5)

    def test_draws_follow_from_the_seed_alone(self):
        def bytes_of(output, **settings):
            self.occlude(output, **settings)
            with h5py.File(self.path(output)) as file:
                return file["embedding"][:].tobytes()

        self.assertEqual(bytes_of("one.h5"), bytes_of("two.h5"))
        self.assertNotEqual(bytes_of("one.h5"), bytes_of("two.h5", seed=1))

    def test_faces_that_do_not_lead_to_the_recorded_embeddings_are_refused(self):
        other = self.embeddings.copy()
        other[2, 5] += 0.01
        self.write_maps(self.faces, other)
        self.write_heat_maps()
        self.expect_refused("the face of image 2 ('b') does not lead to its 'embedding': component 5 is")

    def test_exchanged_channels_are_named(self):
        own = self.embeddings
        self.write_maps(self.faces[..., ::-1].copy(), own)
        self.write_heat_maps()
        self.expect_refused("with red and blue exchanged it fits better: the faces are BGR, expected RGB")

    def test_wrong_sizes_and_channels_first_are_refused(self):
        for faces, text in (
            (self.faces[:, :96], "[3, 96, 112, 3], expected [images, 112, 112, 3]: align"),
            (self.faces.transpose(0, 3, 1, 2), "channels stand first"),
        ):
            with h5py.File(self.path("maps.h5"), "a") as file:
                del file["face"]
                file["face"] = faces
            self.write_heat_maps()
            self.expect_refused(text)

    def test_heat_maps_of_another_file_or_of_missing_people_are_refused(self):
        self.write_heat_maps(image=2)
        self.expect_refused("trial 0 is of image 2 of 'a', which")
        self.write_heat_maps()
        self.write_maps(255 - self.faces)
        self.expect_refused("run `Harness explain --maps` on this one")
        with h5py.File(self.path("heat.h5"), "a") as file:
            del file.attrs["input_hash"]
        self.expect_refused("no heat maps with the attributes 'cell', 'input_hash', 'maps_sha256'")


if __name__ == "__main__":
    unittest.main()
