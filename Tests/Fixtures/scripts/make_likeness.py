"""Expected values of the statistics of two kinds of samples (definitions 14), with SciPy and
scikit-learn alone.

    python make_likeness.py 1 ../likeness.json

Tested with: Python 3.11, numpy 2.4, scipy 1.17, scikit-learn 1.9.
"""
import os
import sys

import numpy as np
from fixture_io import write
from scipy.spatial.distance import cdist
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

BANDS = 16


def energies(x):
    d = x.shape[1]
    b = min(BANDS, d)
    return np.column_stack([
        np.log(np.maximum((x[:, d * k // b:d * (k + 1) // b] ** 2).mean(axis=1), 1e-12))
        for k in range(b)])


def energy_distance(a, b):
    square = 2 * cdist(a, b).mean() - cdist(a, a).mean() - cdist(b, b).mean()
    return np.sqrt(max(0.0, square))


def decisions(features, labels, folds, penalty):
    out = np.empty(len(labels))
    for fold in np.unique(folds):
        train, test = folds != fold, folds == fold
        scaler = StandardScaler().fit(features[train])
        model = LogisticRegression(C=1 / (penalty * train.sum()), tol=1e-12, max_iter=100_000,
                                   solver="newton-cg")
        model.fit(scaler.transform(features[train]), labels[train])
        out[test] = model.decision_function(scaler.transform(features[test]))
    return out


def swapped(a, b, flags):
    return np.where(flags[:, None], b, a), np.where(flags[:, None], a, b)


def statistics(first, second, cos1, cos2, folds, flags):
    a, b = swapped(first, second, flags)
    c1, c2 = swapped(cos1[:, None], cos2[:, None], flags)
    labels = np.r_[np.ones(len(a)), np.zeros(len(b))]
    both = np.r_[folds, folds]
    result = {"ks": ks_2samp(c1[:, 0], c2[:, 0]).statistic, "energy": energy_distance(a, b)}
    for name, f, penalty in (("differences", lambda x: x, 1.0), ("energies", energies, 0.01)):
        values = decisions(f(np.r_[a, b]), labels, both, penalty)
        result[name] = {"decisions": values, "area": roc_auc_score(labels, values)}
    return result


def main():
    seed, out = int(sys.argv[1]), sys.argv[2]
    cases = []
    # Pairs of as many people, more than there are components; several pairs of a person; few components.
    for number, (people, most, d) in enumerate([(40, 1, 24), (30, 3, 40), (25, 2, 5)]):
        rng = np.random.default_rng([seed, number])
        person = np.repeat(np.arange(people), rng.integers(1, most + 1, people))
        n = len(person)
        scale = np.linspace(1.5, 0.3, d)
        first = rng.normal(size=(n, d)) * scale + 0.3
        second = rng.normal(size=(n, d)) * (0.5 * scale + 0.4)
        cos1 = np.round(rng.uniform(0.2, 0.9, n), 2)  # with ties
        cos2 = np.round(rng.uniform(0.3, 0.8, n), 2)
        fold = rng.permutation(people) % 5
        flags = rng.integers(0, 2, people).astype(bool)
        counts = np.bincount(rng.integers(0, people, people), minlength=people)
        rows = np.repeat(np.arange(n), counts[person])
        residuals = rng.normal(size=(3 * d // 2, d)).astype(np.float32) * 0.2
        moments = residuals.astype(float).T @ residuals / len(residuals)
        values, vectors = np.linalg.eigh(moments)
        values, axes = values[::-1], vectors[:, ::-1].T
        signs = np.sign(axes[np.arange(d), np.abs(axes).argmax(axis=1)])
        own = statistics(first, second, cos1, cos2, fold[person], np.zeros(n, dtype=bool))
        area = {name: roc_auc_score(np.r_[np.ones(len(rows)), np.zeros(len(rows))],
                                    np.r_[own[name]["decisions"][:n][rows],
                                          own[name]["decisions"][n:][rows]])
                for name in ("differences", "energies")}
        cases.append({
            "kind": "likeness", "first": first, "second": second, "first_cosines": cos1,
            "second_cosines": cos2, "person": person, "fold_of_person": fold,
            "swapped_people": flags.astype(int), "multiplicity": counts, "residuals": residuals,
            "expected": {
                "own": own,
                "swapped": statistics(first, second, cos1, cos2, fold[person], flags[person]),
                "drawn": {"ks": ks_2samp(cos1[rows], cos2[rows]).statistic, "area": area},
                "squares": [(first ** 2).sum(axis=1).mean(), (second ** 2).sum(axis=1).mean()],
                "axis_variances": values,
                "components": first @ (axes * signs[:, None]).T,
            }})
    write(os.path.dirname(out) or ".", os.path.basename(out), cases)


if __name__ == "__main__":
    main()
