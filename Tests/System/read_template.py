"""Loads one model-template into PyTorch and prints its logits for the unit vectors.

    python read_template.py FILE IDENTITY

The function is the one of datasets.md.
"""
import sys

import h5py
import torch


def load_template(path, identity):
    with h5py.File(path) as f:
        i = [name.decode() for name in f["identity"][:]].index(identity)
        layers = []
        for k in range(1, int(f.attrs["layers"]) + 1):
            w, b = (torch.tensor(f[f"fc{k}/{n}"][i]).float() for n in ("weight", "bias"))
            if f"fc{k}/scale" in f:  # int8
                w = w * torch.tensor(f[f"fc{k}/scale"][i])[:, None]
            layers += [torch.nn.Linear(w.shape[1], w.shape[0]), torch.nn.ReLU()]
            layers[-2].load_state_dict({"weight": w, "bias": b})
        return torch.nn.Sequential(*layers[:-1]).eval()


net = load_template(sys.argv[1], sys.argv[2])
with torch.no_grad():
    print(*net(torch.eye(net[0].in_features)).flatten().tolist())
