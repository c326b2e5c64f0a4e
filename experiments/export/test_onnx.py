#!/usr/bin/env python3
"""Tests of ONNX models against the checkpoints that they were exported from: run `python3 test_onnx.py`
(PyTorch 2, h5py 3, numpy, onnx, onnxruntime)."""

import os
import tempfile
import unittest
import warnings

import h5py
import numpy
import onnx
import torch
from onnx import helper, numpy_helper

import export_maps
import make_fixture
import networks
import onnx_iresnet


class Embedding(torch.nn.Module):
    """What arcface_torch exports: normalised pixels in, embeddings out."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.network.pixels = lambda x: x

    def forward(self, x):
        return self.network(x)[1]


class OnnxTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.faces = numpy.random.default_rng(0).integers(0, 256, (3, 112, 112, 3), dtype=numpy.uint8)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def export(self, kind, batch=None):
        """A network's checkpoint and its ONNX model, as arcface_torch writes one."""
        network = make_fixture.random_iresnet(kind, 5)
        torch.save(network.state_dict(), self.path("network.pth"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Embedding(network), torch.zeros(batch or 1, 3, 112, 112), self.path("network.onnx"),
                input_names=["data"], opset_version=11, dynamo=False,
                dynamic_axes=None if batch else {"data": {0: "n"}},
            )
        return self.path("network.pth"), self.path("network.onnx")

    def change(self, body):
        model = onnx.load(self.path("network.onnx"))
        body(model.graph)
        onnx.save(model, self.path("network.onnx"))

    def expect_same(self, kind, checkpoint, model):
        """Maps, embeddings and tails agree to float32 rounding."""
        ours, theirs = networks.load(kind, checkpoint), networks.load(kind, model)
        self.assertIsInstance(theirs, onnx_iresnet.OnnxIresnet)
        for a, b in zip(networks.run(ours, self.faces), networks.run(theirs, self.faces)):
            self.assertEqual(a.shape, b.shape)
            self.assertLess(numpy.abs(a - b).max(), 1e-5 * numpy.abs(a).max())
        (tensors, attributes), (found, other) = ours.tail(), theirs.tail()
        self.assertEqual(attributes, other)
        self.assertEqual(set(tensors), set(found))
        for name, tensor in tensors.items():
            self.assertEqual(tensor.shape, found[name].shape)
            self.assertLess(numpy.abs(tensor - found[name]).max(), 1e-6, name)

    def test_maps_embeddings_and_tail_are_those_of_the_checkpoint(self):
        for kind in ("arcface", "magface"):
            self.expect_same(kind, *self.export(kind))

    def test_models_of_one_face_at_a_time_or_of_more_than_there_are_do(self):
        for batch in (1, 2):
            self.expect_same("arcface", *self.export("arcface", batch))

    def test_models_that_normalise_pixels_themselves_get_them_as_they_are(self):
        checkpoint, model = self.export("arcface")

        def normalise(graph):
            for node in graph.node:
                node.input[:] = ["inside" if n == "data" else n for n in node.input]
            half = [numpy_helper.from_array(numpy.array([127.5], "f4"), n) for n in ("mean", "scale")]
            graph.initializer.extend(half)
            graph.node.insert(0, helper.make_node("Sub", ["data", "mean"], ["centred"]))
            graph.node.insert(1, helper.make_node("Div", ["centred", "scale"], ["inside"]))

        self.change(normalise)
        self.expect_same("arcface", checkpoint, model)

    def test_a_last_batch_norm_folded_into_the_layer_before_it_changes_no_embedding(self):
        checkpoint, model = self.export("arcface")

        def fold(graph):
            tensors = {t.name: t for t in graph.initializer}
            last, layer = graph.node[-1], graph.node[-2]
            self.assertEqual((last.op_type, layer.op_type), ("BatchNormalization", "Gemm"))
            gamma, beta, mean, variance = (numpy_helper.to_array(tensors[n]) for n in last.input[1:])
            scale = gamma / numpy.sqrt(variance + 1e-5)
            weight, bias = (numpy_helper.to_array(tensors[n]) for n in layer.input[1:])
            for name, value in zip(layer.input[1:], (weight * scale[:, None], (bias - mean) * scale + beta)):
                tensors[name].CopyFrom(numpy_helper.from_array(value.astype("f4"), name))
            layer.output[0] = last.output[0]
            graph.node.remove(last)

        self.change(fold)
        with h5py.File(self.path("faces.h5"), "w") as file:
            file["face"] = self.faces
            file.create_dataset("identity", data=["a", "b", "b"], dtype=h5py.string_dtype("utf-8"))
        for path, out in ((checkpoint, "one.h5"), (model, "two.h5")):
            export_maps.export("arcface", path, self.path("faces.h5"), self.path(out))
        with h5py.File(self.path("one.h5")) as one, h5py.File(self.path("two.h5")) as two:
            for name in ("maps", "embedding"):
                self.assertLess(numpy.abs(one[name][:] - two[name][:]).max(), 1e-4)
            tail = {n: v[:].astype("f8") for n, v in two["tail"].items()}
            eps = two["tail"].attrs["eps"]

            def norm(x, name, shape):
                p = {k: tail[f"{name}_{k}"].reshape(shape) for k in ("weight", "bias", "running_mean", "running_var")}
                return (x - p["running_mean"]) / numpy.sqrt(p["running_var"] + eps) * p["weight"] + p["bias"]

            y = norm(two["maps"][:].astype("f8"), "bn2", (1, -1, 1, 1)).reshape(3, -1)
            e = norm(y @ tail["fc_weight"].T + tail["fc_bias"], "features", (1, -1))
            self.assertLess(numpy.abs(e - two["embedding"][:]).max(), 1e-5)

    def test_other_models_are_refused_with_what_was_found(self):
        self.export("arcface")
        original = onnx.load(self.path("network.onnx"))

        def size(graph):
            graph.input[0].type.tensor_type.shape.dim[2].dim_value = 96

        def end(graph):
            last = graph.node[-1]
            graph.node.append(helper.make_node("Relu", ["before"], [last.output[0]]))
            last.output[0] = "before"

        def outputs(graph):
            graph.output.append(helper.make_tensor_value_info(graph.node[3].output[0], 1, list("nchw")))

        for body, text in (
            (size, "takes [0, 3, 96, 112], expected [faces, 3, 112, 112]"),
            (end, "'Relu' where a fully connected layer was expected"),
            (outputs, "1 inputs and 2 outputs, expected a face and an embedding"),
        ):
            onnx.save(original, self.path("network.onnx"))
            self.change(body)
            with self.assertRaises(networks.ExportError) as found:
                networks.load("arcface", self.path("network.onnx"))
            self.assertIn(text, str(found.exception))
        with open(self.path("broken.onnx"), "w") as file:
            file.write("no model")
        with self.assertRaises(networks.ExportError) as found:
            networks.load("arcface", self.path("broken.onnx"))
        self.assertIn("broken.onnx: no ONNX model", str(found.exception))


if __name__ == "__main__":
    unittest.main()
