#!/usr/bin/env python3
"""Writes Tests/Fixtures/autograd_maps.h5: maps and tail of a small, randomly initialised iresnet, and
Grad-CAM++ of a random network's logit with the gradient by PyTorch's autograd through the layers after the
maps, not by the closed form that the tests hold against it.

usage: make_fixture.py OUTPUT      (PyTorch 2, h5py 3)"""

import sys

import h5py
import numpy
import torch

import export_maps
import networks


def random_iresnet(kind, seed):
    """Small widths, batch norms as after training: scales, shifts and statistics that are not 1 and 0."""
    torch.manual_seed(seed)
    network = networks.Iresnet(kind, [1, 1, 1, 1], [4, 6, 8, 8, 12], 16)
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.3, 1.5)
    return network


def gradcam(network, maps, mlp, normalised, rule):
    """Grad-CAM++ of one image's logit (Chattopadhay et al. 2018, Eq. 19), float64."""
    a = maps.clone().requires_grad_(True)
    e = network.features(network.fc(torch.flatten(network.bn2(a), 1)))
    x = e / e.norm() if normalised else e
    logit = mlp(x)[0, 0]
    g = torch.autograd.grad(logit, a)[0][0]
    a = maps[0]
    denominator = 2 * g**2 + a.sum((1, 2), keepdim=True) * g**3
    if rule == "library":
        alpha = torch.where(g == 0, torch.zeros_like(g), g**2 / (denominator + 1e-6))
    else:
        zero = denominator == 0
        alpha = torch.where(zero, torch.zeros_like(g), g**2 / torch.where(zero, 1.0, denominator))
    weights = (alpha * g.clamp(min=0)).sum((1, 2))
    cam = (weights[:, None, None] * a).sum(0).clamp(min=0)
    outside = ((alpha < 0) | (alpha > 1)).double().mean()
    return {"logit": logit.detach(), "gradient": g}, {
        "weights": weights, "map": cam, "alpha_outside_01": outside,
    }


if __name__ == "__main__":
    output = sys.argv[1]
    network = random_iresnet("magface", 1)
    rng = numpy.random.default_rng(2)
    faces = rng.integers(0, 256, (2, networks.SIZE, networks.SIZE, 3), dtype=numpy.uint8)
    maps, embeddings = networks.run(network, faces)
    export_maps.write(
        output, network, maps, embeddings, ["a", "b"], None, {}, False, "random iresnet, seed 1"
    )
    torch.manual_seed(3)
    mlp = torch.nn.Sequential(
        torch.nn.Linear(16, 8), torch.nn.ReLU(), torch.nn.Linear(8, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1)
    )
    with h5py.File(output, "a", libver=("earliest", "v110")) as file:
        for k, layer in enumerate([mlp[0], mlp[2], mlp[4]]):
            file[f"check/layer{k}_weight"] = layer.weight.detach().numpy()
            file[f"check/layer{k}_bias"] = layer.bias.detach().numpy()
        network, mlp = network.double(), mlp.double()
        image = torch.tensor(maps[:1]).double()
        for name in ("normalised", "raw"):
            for rule in ("library", "paper"):
                shared, own = gradcam(network, image, mlp, name == "normalised", rule)
                for what, value in own.items():
                    file[f"check/{name}/{rule}_{what}"] = value.detach().numpy()
            for what, value in shared.items():
                file[f"check/{name}/{what}"] = value.detach().numpy()
