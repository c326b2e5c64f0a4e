"""Expected values of the cluster-robust Wilson interval of FNMR, computed with awslabs/cis-matching-tasks 0.1.2 (its plug-in variance and
Wilson interval with effective trials). Run: python make_wilson_clusters.py SEED OUT.json with that package on the path."""
import json, sys
import numpy as np
from cimat.uncertainty_estimator import UncertaintyEstimator
seed, out = int(sys.argv[1]), sys.argv[2]; rng = np.random.default_rng(seed); cases = []
def case(name, n, p):
    s = len(n); scores = {i: {j: [] for j in range(s)} for i in range(s)}; errors = []
    for i in range(s):
        e = rng.binomial(n[i], p[i]); errors.append(int(e)); scores[i][i] = [0.0] * int(e) + [1.0] * int(n[i] - e)
        for j in range(s):
            if i < j: v = [float(rng.random() < .02)]; scores[i][j] = v; scores[j][i] = v
    u = UncertaintyEstimator(scores); vf, vp = u.compute_variance(.5)
    (lo, hi), _ = u.get_binerror_ci(var_fnr=vf, var_fpr=vp); mu = sum(errors) / sum(n)
    cases.append(dict(name=name, trials=[int(x) for x in n], errors=errors, alpha=.05, expected=dict(rate=mu, variance=float(vf), effective_trials=float(mu * (1 - mu) / vf) if 0 < mu < 1 else float(sum(n)), lower=lo, upper=hi)))
case("equal_clusters", [4] * 40, [.1] * 40)
case("one_dominant", [120] + [3] * 30, [.2] + [.01] * 30)
case("unequal", list(rng.integers(1, 12, 60)), list(rng.beta(.5, 8, 60)))
case("few_errors", [5] * 80, [.006] * 80)
case("no_error", [3] * 25, [0.] * 25)
case("all_errors", [2] * 12, [1.] * 12)
case("single_trials", [1] * 100, [.15] * 100)
case("two_subjects", [6, 9], [.4, .1])
json.dump(cases, open(out, "w"), indent=0)
for c in cases: print(c["name"], sum(c["errors"]), sum(c["trials"]), {k: round(v, 6) for k, v in c["expected"].items()})
