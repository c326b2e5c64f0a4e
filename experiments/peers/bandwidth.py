"""The bandwidths that scikit-learn's grid search finds, as YAML for a spec (definitions 5).

    python bandwidth.py EMBEDDINGS.h5 PROTOCOL.csv > kde.yaml

The public MOTE code takes its bandwidths from GridSearchCV(KernelDensity(), cv=5). The tree
summation of KernelDensity loses contributions to round-off in many dimensions, so that it finds
other, mostly smaller, bandwidths than the exact likelihood that the harness computes. This script
makes the residuals that the harness makes of a part and searches them with scikit-learn; what it
prints goes into a spec (`kde`) or one of its configurations (`configurations: NAME: kde`).

EMBEDDINGS.h5 is a file as the harness reads it (embeddings, identity, gender), PROTOCOL.csv a
division as a run or `Harness protocol` writes it (fold, part, dataset, identity, row). Rows are taken
in the order of the division, the folds of the search follow that order. Time grows with the square
of the rows: 363 and 102 of 512 dimensions took 8 seconds of one core.
"""
import argparse
import csv
import sys

import h5py
import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KernelDensity

BANDWIDTHS = 10 ** np.linspace(-2.5, 0.4, 40)
USUAL_CODES = {"male": ["m", "male", "man"], "female": ["f", "female", "woman"]}


def parse():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("embeddings", help="HDF5 file of the dataset whose rows the part holds")
    ap.add_argument("protocol", help="CSV file of the division")
    ap.add_argument("--part", default="cohort", choices=["cohort", "development"])
    ap.add_argument("--fold", type=int, default=0)
    ap.add_argument("--dataset", help="name in the division; needed where the part has several")
    ap.add_argument("--raw", action="store_true", help="vectors as in the file (input: raw)")
    ap.add_argument("--keep-single-image", action="store_true", help="as kde: keep_single_image")
    ap.add_argument("--shrinkage", action="store_true", help="as kde: shrinkage")
    ap.add_argument("--exact", action="store_true",
                    help="one leaf for all rows: the exact likelihood, to check against the harness")
    ap.add_argument("--male", action="append", help="label of men in the file; the usual: M, male, man")
    ap.add_argument("--female", action="append", help="label of women; the usual: F, female, woman")
    ap.add_argument("--jobs", type=int, default=1, help="processes of the search")
    for name in ("embeddings", "identity", "gender"):
        ap.add_argument(f"--{name}-path", default=name, help=f"HDF5 path (default: {name})")
    return ap.parse_args()


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def rows_of_part(a):
    """(row, identity) of the part, in the order of the division."""
    with open(a.protocol, newline="", encoding="utf-8") as f:
        lines = [line for line in csv.DictReader(f)
                 if line["part"] == a.part and int(line["fold"]) == a.fold]
    names = sorted({line["dataset"] for line in lines})
    if a.dataset:
        lines = [line for line in lines if line["dataset"] == a.dataset]
    elif len(names) > 1:
        sys.exit(f"{a.protocol}: the {a.part} has rows of {', '.join(names)}; choose with --dataset")
    if not lines:
        sys.exit(f"{a.protocol}: no {a.part} rows in fold {a.fold}"
                 + (f" of '{a.dataset}'" if a.dataset else ""))
    return [(int(line["row"]), line["identity"]) for line in lines]


def load(a, rows):
    """Vectors [n, d] in float32 and genders by person."""
    with h5py.File(a.embeddings, "r") as f:
        for path in (a.embeddings_path, a.identity_path, a.gender_path):
            if path not in f:
                sys.exit(f"{a.embeddings}: no '{path}'; name it with --…-path")
        vectors = np.asarray(f[a.embeddings_path], dtype=np.float32)
        identity = [text(v) for v in f[a.identity_path][...]]
        label = [text(v) for v in f[a.gender_path][...]]
    for row, name in rows:
        if row >= len(identity) or identity[row] != name:
            found = f"is of '{identity[row]}'" if row < len(identity) else "does not exist"
            sys.exit(f"{a.embeddings}: row {row} {found}, the division says '{name}'; is this the file "
                     "that it was made from?")
    codes = {g: getattr(a, g) or USUAL_CODES[g] for g in USUAL_CODES}
    exact = {g: bool(getattr(a, g)) for g in USUAL_CODES}

    def gender(value):
        for g, known in codes.items():
            if (value if exact[g] else value.lower()) in known:
                return g
        return None

    genders = {identity[row]: gender(label[row]) for row, _ in rows}
    vectors = vectors[[row for row, _ in rows]]
    if not a.raw:
        norms = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1))
        vectors = (vectors / norms.astype(np.float32).astype(np.float64)[:, None]).astype(np.float32)
    return vectors, genders


def residuals(a, vectors, names, genders, gender):
    """Deviations from the mean of the person, rows in order: float32 values in float64."""
    places = {}
    for i, name in enumerate(names):
        if genders[name] == gender:
            places.setdefault(name, []).append(i)
    chosen = {}
    for own in places.values():
        if len(own) == 1 and not a.keep_single_image:
            continue
        x = vectors[own].astype(np.float64)
        r = x - x.mean(axis=0) if len(own) > 1 else np.zeros_like(x)
        if a.shrinkage and len(own) > 1:
            r *= np.sqrt(len(own) / (len(own) - 1))
        for i, row in zip(own, r):
            chosen[i] = row.astype(np.float32)
    return np.array([chosen[i] for i in sorted(chosen)], dtype=np.float64)


def search(a, rows):
    leaf = {"leaf_size": len(rows)} if a.exact else {}
    grid = GridSearchCV(KernelDensity(kernel="gaussian", **leaf), {"bandwidth": BANDWIDTHS},
                        cv=min(5, len(rows)), n_jobs=a.jobs)
    return grid.fit(rows).best_params_["bandwidth"]


def main():
    a = parse()
    rows = rows_of_part(a)
    vectors, genders = load(a, rows)
    names = [name for _, name in rows]
    print(f"# scikit-learn {sklearn.__version__}, GridSearchCV(KernelDensity"
          + ("(leaf_size=n): exact" if a.exact else "()") + f"); {a.part} of {a.protocol}, fold {a.fold}")
    found = {}
    for gender in ("male", "female"):
        values = residuals(a, vectors, names, genders, gender)
        if len(values) < 2:
            print(f"# {gender}: {len(values)} residuals, no bandwidth")
            continue
        found[gender] = float(search(a, values))
        length = np.median(np.sqrt((values ** 2).sum(axis=1)))
        print(f"# {gender}: {len(values)} residuals of median length {length:.4f}, noise of length "
              f"h sqrt(d) = {found[gender] * values.shape[1] ** 0.5:.4f}")
    if not found:
        sys.exit("no gender has two residuals; use more people with two samples")
    print("kde:\n  bandwidth: {" + ", ".join(f"{g}: {h!r}" for g, h in found.items()) + "}")


if __name__ == "__main__":
    main()
