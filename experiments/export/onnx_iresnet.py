"""Iresnets as ONNX models (what insightface's arcface_torch exports and its model zoo holds): the last feature
maps become an added output of the graph, the tail's tensors are read from its initialisers. Needs onnx and
onnxruntime."""

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

import networks


class OnnxIresnet:
    """Gives (maps, embedding) of aligned faces as `networks.Iresnet` does."""

    def __init__(self, kind, path):
        self.path = path
        self.eps, pixels = networks.Iresnet.KINDS[kind]
        try:
            model = onnx.load(path)
            onnx.checker.check_model(model)
        except Exception as error:  # of protobuf, of the checker: neither has a common base
            raise networks.ExportError(f"{path}: no ONNX model: {error}") from None
        self.graph = model.graph
        self.tensors = {t.name: numpy_helper.to_array(t) for t in self.graph.initializer}
        for node in self.graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self.tensors[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        self.maker = {name: node for node in self.graph.node for name in node.output}
        inputs = [i for i in self.graph.input if i.name not in self.tensors]
        if len(inputs) != 1 or len(self.graph.output) != 1:
            raise networks.ExportError(
                f"{path}: {len(inputs)} inputs and {len(self.graph.output)} outputs, expected a face and an "
                "embedding; use the recognition model, not a detector"
            )
        shape = inputs[0].type.tensor_type.shape.dim
        sizes = [d.dim_value for d in shape]
        if sizes[1:] != [3, networks.SIZE, networks.SIZE]:
            raise networks.ExportError(
                f"{path}: takes {sizes}, expected [faces, 3, {networks.SIZE}, {networks.SIZE}]: another size or "
                "channels last"
            )
        self.input, self.batch = inputs[0].name, sizes[0] or None
        # Models of MXNet bring pixels to -1...1 themselves.
        first = [n.op_type for n in self.graph.node if self.input in n.input]
        self.pixels = (lambda rgb: rgb) if set(first) & {"Sub", "Mul", "Div"} else pixels
        self.maps, self.parts = self.read_tail()
        self.graph.output.append(onnx.helper.make_empty_tensor_value_info(self.maps))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            onnx.shape_inference.infer_shapes(model).SerializeToString(), options,
            providers=["CPUExecutionProvider"],
        )

    def read_tail(self):
        """Follows the graph from its output back to the maps: batch norm, fully connected, flatten, batch norm;
        a batch norm that was folded into the layer before it is one that changes nothing.

        Returns the maps' name, and the tail's tensors by name."""
        name, after = self.norm(self.graph.output[0].name)
        node = self.maker.get(name)
        bias = None
        if node is not None and node.op_type == "Add":
            constants = [n for n in node.input if n in self.tensors]
            if len(constants) == 1:
                bias = self.tensors[constants[0]]
                name = next(n for n in node.input if n not in self.tensors)
                node = self.maker.get(name)
        if node is None or node.op_type not in ("Gemm", "MatMul") or node.input[1] not in self.tensors:
            raise self.unlike("a fully connected layer", node)
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if attributes.get("alpha", 1.0) != 1 or attributes.get("beta", 1.0) != 1 or attributes.get("transA", 0):
            raise self.unlike("a fully connected layer without scales", node)
        weight = self.tensors[node.input[1]]
        weight = weight if attributes.get("transB", 0) else weight.T
        if node.op_type == "Gemm" and len(node.input) == 3:
            bias = self.tensors[node.input[2]]
        name = self.passing(node.input[0], ("Flatten", "Reshape", "Dropout", "Identity"))
        maps, before = self.norm(name)
        maps = self.passing(maps, ("Dropout", "Identity"))
        dimension = weight.shape[0]
        channels = weight.shape[1] // (networks.SIZE // 16) ** 2
        tensors = {
            "fc_weight": weight,
            "fc_bias": numpy.zeros(dimension, "f4") if bias is None else bias.reshape(-1),
        }
        for layer, norm, count in (("bn2", before, channels), ("features", after, dimension)):
            if norm is None:
                ones, zeros = numpy.ones(count, "f4"), numpy.zeros(count, "f4")
                norm = (ones, zeros, zeros, ones - self.eps)
            for part, value in zip(("weight", "bias", "running_mean", "running_var"), norm):
                if value.size != count:
                    raise networks.ExportError(
                        f"{self.path}: {layer}_{part} has {value.size} values, expected {count} as the fully "
                        f"connected layer {list(weight.shape)} needs of 7x7 cells"
                    )
                tensors[f"{layer}_{part}"] = value.reshape(-1)
        return maps, tensors

    def norm(self, name):
        """The input of the batch norm that makes a tensor, and its parameters for the kind's eps; the tensor
        itself and None where another layer makes it."""
        name = self.passing(name, ("Flatten", "Reshape", "Identity"))
        node = self.maker.get(name)
        if node is None or node.op_type != "BatchNormalization":
            return name, None
        eps = next((a.f for a in node.attribute if a.name == "epsilon"), 1e-5)
        weight, bias, mean, variance = (self.tensors[n] for n in node.input[1:5])
        return node.input[0], (weight, bias, mean, variance + numpy.float32(eps - self.eps))

    def passing(self, name, kinds):
        """The tensor before layers that change no value."""
        while name in self.maker and self.maker[name].op_type in kinds:
            name = self.maker[name].input[0]
        return name

    def unlike(self, expected, node):
        found = "the input" if node is None else f"'{node.op_type}'"
        return networks.ExportError(
            f"{self.path}: {found} where {expected} was expected: not the end of an iresnet (batch norm, "
            "flatten, fully connected, batch norm)"
        )

    def __call__(self, rgb):
        """Maps and embeddings of faces: float 0..255, [n, 3, 112, 112], RGB."""
        x = self.pixels(rgb).numpy().astype("f4")
        size = self.batch or len(x)
        found = []
        for start in range(0, len(x), size):
            part = x[start : start + size]
            padded = numpy.concatenate([part, numpy.repeat(part[-1:], size - len(part), axis=0)])
            e, a = self.session.run(None, {self.input: padded})
            found.append((a[: len(part)], e[: len(part)]))
        maps, embeddings = (torch.tensor(numpy.concatenate(v)) for v in zip(*found))
        return maps, embeddings

    def tail(self):
        """Tensors and attributes of the layers after the maps."""
        return self.parts, {"eps": self.eps}
