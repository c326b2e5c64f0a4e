"""Holds what other programs compute from exported scores against the records of a run.

    python read_scores.py FOLDER

FOLDER has results/small (a run) and bob, pyeer, npy, hdf5 with the scores of its cells.
"""

import glob
import json
import os
import sys
import warnings

import bob.measure
import h5py
import numpy as np
import pandas as pd
from pyeer.eer_stats import calculate_roc, get_eer_values

warnings.simplefilter("ignore")
work = sys.argv[1]
checks = 0


def same(what, found, expected):
    """Numbers that are the same but for the last digits of a division."""
    global checks
    checks += 1
    if not np.allclose(found, expected, rtol=1e-9, atol=0):
        sys.exit(f"FAILED: {what}: found {found}, expected {expected}")


for csv in sorted(glob.glob(f"{work}/bob/*.csv")):
    cell = os.path.basename(csv)[:-4]
    record = json.load(open(f"{work}/results/small/records/{cell}.json"))

    def measured(quantity, rule, target=None):
        return next(
            m
            for m in record["measurements"]
            if (m["quantity"], m["group"], m["convention"]) == (quantity, "all", "default")
            and m.get("rule") == rule
            and m.get("target") == target
        )

    # bob: columns of the score file; its rule of the EER takes the middle of both rates where they are nearest.
    table = pd.read_csv(csv, dtype={"probe_subject_id": str, "bio_ref_subject_id": str})
    is_mated = table.probe_subject_id == table.bio_ref_subject_id
    mated, other = table.score[is_mated].to_numpy(), table.score[~is_mated].to_numpy()
    counts = record["counts"]
    same("mated comparisons", len(mated), counts["matedComparisons"])
    same("non-mated comparisons", len(other), counts["nonMatedComparisons"])
    threshold = bob.measure.eer_threshold(other, mated)
    rates = bob.measure.farfrr(other, mated, threshold)
    nearest = measured("eer", "nearest")["value"]
    if abs(sum(rates) / 2 - nearest) > 1 / len(mated):
        sys.exit(f"FAILED: EER of bob.measure {sum(rates) / 2}, ours {nearest}")
    checks += 1

    # PyEER accepts from the threshold on and takes the FMR nearest to the target; ours is the largest that is
    # within it.
    genuine = np.loadtxt(f"{work}/pyeer/{cell}-genuine.txt")
    impostor = np.loadtxt(f"{work}/pyeer/{cell}-impostor.txt")
    same("genuine scores", np.sort(genuine), np.sort(mated))
    same("impostor scores", np.sort(impostor), np.sort(other))
    _, fmr, fnmr = calculate_roc(genuine, impostor)
    same("EER of PyEER", get_eer_values(fmr, fnmr)[3], measured("eer", "fvc")["value"])
    for m in record["measurements"]:
        key = (m["quantity"], m["group"], m["convention"], m.get("rule"))
        if key == ("fnmr", "all", "default", "conservative"):
            # One more threshold, above every score, at which nobody is accepted.
            within = np.append(fmr, 0) <= m["target"]
            same("FNMR of PyEER", np.append(fnmr, 1)[within].min(), m["value"])

    # Matrices: the same scores, own samples set apart.
    scores = []
    with h5py.File(f"{work}/hdf5/{cell}.h5") as file:
        for fold in sorted(file):
            group = file[fold]
            matrix = group["scores"][:]
            number = fold.removeprefix("fold")
            stem = f"{work}/npy/{cell}-fold{number}"
            same("matrix of NumPy", np.load(f"{stem}-scores.npy"), matrix)
            rows = pd.read_csv(f"{stem}-references.csv", dtype=str)
            columns = pd.read_csv(f"{stem}-probes.csv", dtype=str)
            assert list(rows.subject_id) == [s.decode() for s in group["reference_identity"]]
            assert list(columns.key) == [s.decode() for s in group["probe_key"]]
            own = group["own_column"][:]
            assert [int(c) for c in rows.own_column] == list(own)
            keep = np.ones(matrix.shape, bool)
            keep[np.arange(len(own))[own >= 0], own[own >= 0]] = False
            scores.append(matrix[keep])
    same("scores of all folds", np.sort(np.concatenate(scores)), np.sort(table.score.to_numpy(np.float32)))

# Every CSV file is a header and rows.
for path in glob.glob(f"{work}/results/small/tables/*.csv"):
    table = pd.read_csv(path)
    meta = json.load(open(path[:-4] + ".meta.json"))
    assert table.synthetic.all() and meta["synthetic"], path
    assert {"dataset", "value", "lower", "upper"} <= set(table.columns), path
    checks += 1
print(f"{checks} checks passed: PyEER, bob.measure, NumPy, h5py and pandas read what was written")
