"""Recognition networks whose last feature maps and last layers can be exported: iresnets of ArcFace
(insightface arcface_torch) and MagFace from their checkpoints or ONNX models, and a MobileFaceNet from an HDF5
file of its layers. Every network gives (maps, embedding) of aligned faces, and its tail as named tensors."""

import json

import h5py
import numpy
import torch
from torch import nn

SIZE = 112


class ExportError(Exception):
    """Something that must not be exported, with what to do."""


class Block(nn.Module):
    """Basic block of an iresnet."""

    def __init__(self, inputs, planes, stride, eps):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs, eps=eps)
        self.conv1 = nn.Conv2d(inputs, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes, eps=eps)
        self.prelu = nn.PReLU(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes, eps=eps)
        self.downsample = None
        if stride != 1 or inputs != planes:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, planes, 1, stride=stride, bias=False),
                nn.BatchNorm2d(planes, eps=eps),
            )

    def forward(self, x):
        y = self.conv1(self.bn1(x))
        y = self.bn3(self.conv2(self.prelu(self.bn2(y))))
        return y + (x if self.downsample is None else self.downsample(x))


class Iresnet(nn.Module):
    """An iresnet in evaluation mode; names of its parameters are those of the checkpoints."""

    # Of what the checkpoints were trained with: eps of batch norms, and pixels from 0..255 RGB.
    KINDS = {
        "arcface": (1e-5, lambda rgb: (rgb / 255 - 0.5) / 0.5),
        "magface": (2e-5, lambda rgb: rgb.flip(1) / 255),
    }

    def __init__(self, kind, depths, planes, dimension):
        super().__init__()
        self.eps, self.pixels = self.KINDS[kind]
        self.conv1 = nn.Conv2d(3, planes[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes[0], eps=self.eps)
        self.prelu = nn.PReLU(planes[0])
        inputs = planes[0]
        for k, (depth, width) in enumerate(zip(depths, planes[1:])):
            blocks = [Block(inputs, width, 2, self.eps)]
            blocks += [Block(width, width, 1, self.eps) for _ in range(depth - 1)]
            setattr(self, f"layer{k + 1}", nn.Sequential(*blocks))
            inputs = width
        self.bn2 = nn.BatchNorm2d(inputs, eps=self.eps)
        self.fc = nn.Linear(inputs * (SIZE // 16) ** 2, dimension)
        self.features = nn.BatchNorm1d(dimension, eps=self.eps)
        self.eval()

    @classmethod
    def load(cls, kind, path):
        """The network of a checkpoint; depth and widths are those of its tensors."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        state = state.get("state_dict", state)
        first = min((n for n in state if n.endswith("conv1.weight")), key=len, default=None)
        if first is None or not any(n.endswith("layer4.0.conv1.weight") for n in state):
            raise ExportError(
                f"{path}: {len(state)} tensors, none of them 'layer4.0.conv1.weight', expected the state of "
                "an iresnet; use the backbone's checkpoint, not the classifier's"
            )
        prefix = first[: -len("conv1.weight")]
        state = {n[len(prefix) :]: t for n, t in state.items() if n.startswith(prefix)}
        depths = [
            len({n.split(".")[1] for n in state if n.startswith(f"layer{k}.")}) for k in range(1, 5)
        ]
        planes = [state["conv1.weight"].shape[0]] + [
            state[f"layer{k}.0.conv2.weight"].shape[0] for k in range(1, 5)
        ]
        network = cls(kind, depths, planes, state["fc.weight"].shape[0])
        found = set(state) - {n for n in state if n.endswith("num_batches_tracked")}
        wanted = {n for n in network.state_dict() if not n.endswith("num_batches_tracked")}
        if not wanted <= found:
            raise ExportError(
                f"{path}: lacks {sorted(wanted - found)[:5]}, expected all tensors of an iresnet"
            )
        network.load_state_dict({n: state[n] for n in wanted}, strict=False)
        return network

    def forward(self, rgb):
        """Maps and embeddings of faces: float 0..255, [n, 3, 112, 112], RGB."""
        x = self.prelu(self.bn1(self.conv1(self.pixels(rgb))))
        for k in range(1, 5):
            x = getattr(self, f"layer{k}")(x)
        return x, self.features(self.fc(torch.flatten(self.bn2(x), 1)))

    def tail(self):
        """Tensors and attributes of the layers after the maps."""
        tensors = {"fc_weight": self.fc.weight, "fc_bias": self.fc.bias}
        for name, norm in (("bn2", self.bn2), ("features", self.features)):
            for part in ("weight", "bias", "running_mean", "running_var"):
                tensors[f"{name}_{part}"] = getattr(norm, part)
        return {n: t.detach().numpy() for n, t in tensors.items()}, {"eps": self.eps}


class MobileFaceNet(nn.Module):
    """A MobileFaceNet of an HDF5 file: attribute `plan` lists its convolutions, groups `layerNN` hold them
    (8-bit weights with a scale per channel), `linear_…` the last layer."""

    def __init__(self, path):
        super().__init__()
        with h5py.File(path) as file:
            if "plan" not in file.attrs or "linear_bias" not in file:
                raise ExportError(
                    f"{path}: no attribute 'plan' or no 'linear_bias', expected a file of a network's layers"
                )
            self.plan = json.loads(file.attrs["plan"])
            self.layers = []
            for step in self.plan:
                group = file[f"layer{step['layer']:02d}"]
                if "weight" in group:
                    weight = group["weight"][:]
                else:
                    weight = group["weight_int8"][:] * group["scale"][:].reshape(-1, 1, 1, 1)
                slope = torch.tensor(group["prelu_slope"][:]) if step["prelu"] else None
                self.layers.append(
                    (torch.tensor(weight).float(), torch.tensor(group["bias"][:]), slope)
                )
            scale = file["linear_scale"][0]
            self.linear = torch.tensor(file["linear_weight_int8"][:] * scale).float()
            self.linear_bias = torch.tensor(file["linear_bias"][:])
        self.eval()

    def forward(self, rgb):
        """Maps and embeddings of faces: float 0..255, [n, 3, 112, 112], RGB."""
        x = (rgb - 127.5) / 127.5
        kept = maps = None
        for step, (weight, bias, slope) in zip(self.plan, self.layers):
            if step is self.plan[-1]:
                maps = x
            if step["residual"] == 1:
                kept = x
            x = nn.functional.conv2d(
                x, weight, bias, stride=step["stride"], padding=step["pad"], groups=step["groups"]
            )
            if slope is not None:
                x = nn.functional.prelu(x, slope)
            if step["residual"] == 2:
                x = x + kept
        return maps, torch.flatten(x, 1) @ self.linear.T + self.linear_bias

    def tail(self):
        """Tensors and attributes of the layers after the maps."""
        weight, bias, _ = self.layers[-1]
        return {
            "depthwise_weight": weight[:, 0].numpy(),
            "depthwise_bias": bias.numpy(),
            "linear_weight": self.linear.numpy(),
            "linear_bias": self.linear_bias.numpy(),
        }, {}


def load(kind, path):
    """The network of a file: 'arcface' and 'magface' checkpoints or ONNX models, 'mobilefacenet' layers in
    HDF5."""
    if kind == "mobilefacenet":
        return MobileFaceNet(path)
    if path.endswith(".onnx"):
        # Only here: checkpoints need neither onnx nor onnxruntime.
        import onnx_iresnet

        return onnx_iresnet.OnnxIresnet(kind, path)
    return Iresnet.load(kind, path)


def faces(path):
    """Faces of an HDF5 file as uint8 [n, 112, 112, 3]; other sizes and orders of axes are refused."""
    with h5py.File(path) as file:
        found = file["face"][:]
    expected = f"expected [images, {SIZE}, {SIZE}, 3]"
    if found.ndim == 4 and found.shape[1] == 3 and found.shape[3] != 3:
        raise ExportError(
            f"{path}: 'face' is {list(found.shape)}, {expected}: channels stand first; transpose to "
            "(image, row, column, channel)"
        )
    if found.ndim != 4 or found.shape[1:] != (SIZE, SIZE, 3):
        raise ExportError(
            f"{path}: 'face' is {list(found.shape)}, {expected}: align the faces to the network's template, "
            "do not resize them"
        )
    if found.dtype != numpy.uint8:
        raise ExportError(f"{path}: 'face' is {found.dtype}, expected uint8, 0 to 255")
    return found


def pixels(found):
    """Faces as a network takes them."""
    return torch.tensor(found).permute(0, 3, 1, 2).float()


def run(network, found, batch=16):
    """Maps and embeddings of faces as float32 arrays."""
    maps, embeddings = [], []
    with torch.no_grad():
        for start in range(0, len(found), batch):
            a, e = network(pixels(found[start : start + batch]))
            maps.append(a.numpy())
            embeddings.append(e.numpy())
    return numpy.concatenate(maps), numpy.concatenate(embeddings)


def check_order(network, found, identities, reference, path):
    """Refuses faces that do not lead to the embeddings of the same people in a file: images of one person
    must have a row of cosine 0.99 there; says so where exchanging red and blue would help."""
    with h5py.File(path) as file:
        rows = file["embeddings"][:].astype(numpy.float64)
        people = [x.decode() if isinstance(x, bytes) else str(x) for x in file["identity"][:]]
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)

    def cosines(embeddings):
        unit = embeddings / numpy.linalg.norm(embeddings, axis=1, keepdims=True)
        best = []
        for vector, identity in zip(unit, identities):
            own = rows[[p == identity for p in people]]
            if len(own) == 0:
                raise ExportError(f"{path}: nobody is called '{identity}', expected every face's person")
            best.append(float((own @ vector).max()))
        return numpy.array(best)

    straight = cosines(reference)
    if straight.min() >= 0.99:
        return
    swapped = cosines(run(network, found[..., ::-1].copy())[1])
    worst = int(straight.argmin())
    hint = (
        "with red and blue exchanged it fits better: the faces are BGR, expected RGB"
        if numpy.median(swapped) > numpy.median(straight)
        else "another network, alignment or normalisation made that file"
    )
    raise ExportError(
        f"{path}: face {worst} ('{identities[worst]}') is like none of that person's rows: cosine "
        f"{straight[worst]:.4f}, expected at least 0.99; {hint}"
    )
