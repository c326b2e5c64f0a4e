"""Reference implementations ("oracles") of every quantity of the harness.

Only numpy/scipy/scikit-learn/torch are used.  Everything is float64 unless a
name ends in _f32.  The functions are written for clarity, not speed.
"""
import itertools
import math

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import betaincinv, expit, logsumexp

# --------------------------------------------------------------------------
# deterministic numbers that any language can regenerate (SplitMix64)
# --------------------------------------------------------------------------
_M = (1 << 64) - 1


def splitmix_u01(seed, n):
    """n doubles in [0,1): element i uses state seed + (i+1)*0x9E3779B97F4A7C15."""
    out = np.empty(n)
    for i in range(n):
        z = (seed + (i + 1) * 0x9E3779B97F4A7C15) & _M
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _M
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _M
        z ^= z >> 31
        out[i] = (z >> 11) * 2.0 ** -53
    return out


def splitmix_uniform(seed, shape, lo, hi):
    n = int(np.prod(shape))
    return (lo + (hi - lo) * splitmix_u01(seed, n)).reshape(shape)


# --------------------------------------------------------------------------
# 1. verification metrics.  Decision rule everywhere: accept iff score >= t.
# --------------------------------------------------------------------------
def roc_points(gen, imp, wg=None, wi=None):
    """All ROC points, thresholds descending; the first is t=+inf (FMR=0, FNMR=1).

    One point per distinct score value (ties collapse).  Optional weights.
    Returns thresholds, fmr, fnmr.
    """
    gen, imp = np.asarray(gen, float), np.asarray(imp, float)
    wg = np.ones(len(gen)) if wg is None else np.asarray(wg, float)
    wi = np.ones(len(imp)) if wi is None else np.asarray(wi, float)
    t = np.unique(np.concatenate([gen, imp]))[::-1]
    og, oi = np.argsort(gen), np.argsort(imp)
    cg = np.concatenate([[0.0], np.cumsum(wg[og])])
    ci = np.concatenate([[0.0], np.cumsum(wi[oi])])
    tp = cg[-1] - cg[np.searchsorted(gen[og], t, "left")]
    fp = ci[-1] - ci[np.searchsorted(imp[oi], t, "left")]
    thr = np.concatenate([[np.inf], t])
    fmr = np.concatenate([[0.0], fp / ci[-1]])
    fnmr = np.concatenate([[1.0], 1.0 - tp / cg[-1]])
    return thr, fmr, fnmr


def roc_counts(gen, imp):
    """Integer version: thresholds, false-match counts, true-match counts."""
    gen, imp = np.sort(np.asarray(gen, float)), np.sort(np.asarray(imp, float))
    t = np.unique(np.concatenate([gen, imp]))[::-1]
    tp = len(gen) - np.searchsorted(gen, t, "left")
    fp = len(imp) - np.searchsorted(imp, t, "left")
    return t, fp, tp


def rates_at(gen, imp, t):
    gen, imp = np.asarray(gen, float), np.asarray(imp, float)
    return float(np.mean(imp >= t)), float(np.mean(gen < t))


def auc(gen, imp):
    """Mann-Whitney: P(g>i) + 0.5 P(g==i) == trapezoid area under the ROC."""
    gen, imp = np.sort(np.asarray(gen, float)), np.sort(np.asarray(imp, float))
    lo = np.searchsorted(imp, gen, "left")
    hi = np.searchsorted(imp, gen, "right")
    return float((lo + 0.5 * (hi - lo)).sum() / (len(gen) * len(imp)))


def fnmr_at_fmr(gen, imp, target, method):
    """Returns dict(threshold, fmr, fnmr).  Methods:

    conservative  smallest observed threshold whose FMR <= target (bob.measure)
    nearest       ROC point with FMR closest to target, all points; first of ties
                  when walking thresholds downwards (sklearn, drop_intermediate=False)
    nearest_drop  same but on the ROC with sklearn's drop_intermediate=True
    interpolated  linear interpolation of FNMR over FMR on the ROC polyline
    quantile      t = type-7 quantile of the impostor scores at 1-target (NIST)
    """
    thr, fmr, fnmr = roc_points(gen, imp)
    if method == "conservative":
        k = np.flatnonzero(fmr <= target)[-1]
        return dict(threshold=float(thr[k]), fmr=float(fmr[k]), fnmr=float(fnmr[k]))
    if method in ("nearest", "nearest_drop"):
        if method == "nearest_drop":
            keep = drop_mask(gen, imp)
            thr, fmr, fnmr = thr[keep], fmr[keep], fnmr[keep]
        k = int(np.argmin(np.abs(fmr - target)))
        return dict(threshold=float(thr[k]), fmr=float(fmr[k]), fnmr=float(fnmr[k]))
    if method == "interpolated":
        # at equal FMR keep the best (smallest) FNMR: the top of a vertical run
        k = np.flatnonzero(fmr <= target)[-1]
        if fmr[k] == target or k == len(fmr) - 1:
            return dict(threshold=None, fmr=float(target), fnmr=float(fnmr[k]))
        a = (target - fmr[k]) / (fmr[k + 1] - fmr[k])
        return dict(threshold=None, fmr=float(target),
                    fnmr=float(fnmr[k] + a * (fnmr[k + 1] - fnmr[k])))
    if method == "quantile":
        t = float(np.quantile(np.asarray(imp, float), 1.0 - target, method="linear"))
        f, n = rates_at(gen, imp, t)
        return dict(threshold=t, fmr=f, fnmr=n)
    raise ValueError(method)


def drop_mask(gen, imp):
    """Points kept by scikit-learn's roc_curve(drop_intermediate=True), with the
    leading t=inf point.  A point goes when the second difference of BOTH counts
    is zero there (so only evenly spaced runs are thinned)."""
    _, fp, tp = roc_counts(gen, imp)
    n = len(fp)
    keep = np.ones(n, bool)
    if n > 2:
        keep[1:-1] = (np.diff(fp, 2) != 0) | (np.diff(tp, 2) != 0)
    return np.concatenate([[True], keep])


def eer(gen, imp, method):
    thr, fmr, fnmr = roc_points(gen, imp)
    if method == "nearest":            # mean of both at argmin |FMR-FNMR|, first
        k = int(np.argmin(np.abs(fmr - fnmr)))
        return float((fmr[k] + fnmr[k]) / 2)
    if method == "interpolated":       # polyline crossing FMR = FNMR
        d = fmr - fnmr                 # goes from -1 to >= 0
        k = int(np.flatnonzero(d >= 0)[0])
        if d[k] == 0 or k == 0:
            return float(fmr[k])
        a = -d[k - 1] / (d[k] - d[k - 1])
        return float(fmr[k - 1] + a * (fmr[k] - fmr[k - 1]))
    if method == "fvc":                # FVC2000 / pyeer midpoint rule
        # ascending thresholds up to t = inf (reject all), which pyeer leaves out: it then returns 1 for constant scores
        f, n = fmr[::-1], fnmr[::-1]
        d = f - n
        t2 = int(np.flatnonzero(d <= 0)[0])
        t1 = t2 - 1 if (d[t2] != 0 and t2 != 0) else t2
        k = t1 if f[t1] + n[t1] <= f[t2] + n[t2] else t2
        return float((f[k] + n[k]) / 2)
    if method == "rocch":              # EER on the convex hull of the ROC
        pts = sorted(set(zip(fmr.tolist(), (1 - fnmr).tolist())))
        hull = []
        for p in pts:                  # upper hull
            while len(hull) >= 2 and _cross(hull[-2], hull[-1], p) >= 0:
                hull.pop()
            hull.append(p)
        for (x0, y0), (x1, y1) in zip(hull, hull[1:]):
            g0, g1 = x0 - (1 - y0), x1 - (1 - y1)
            if g0 <= 0 <= g1:
                if g1 == g0:
                    return float(x0)
                a = -g0 / (g1 - g0)
                return float(x0 + a * (x1 - x0))
    raise ValueError(method)


def _cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def accuracies(gen, imp, fixed=0.5, target=1e-3):
    gen, imp = np.asarray(gen, float), np.asarray(imp, float)
    ng, ni = len(gen), len(imp)

    def acc(t):
        return float(((gen >= t).sum() + (imp < t).sum()) / (ng + ni))
    t, fp, tp = roc_counts(gen, imp)
    correct = np.concatenate([[ni], tp + ni - fp])
    thr = np.concatenate([[np.inf], t])
    k = int(np.argmax(correct))        # first maximum = largest threshold
    c = fnmr_at_fmr(gen, imp, target, "conservative")["threshold"]
    fm, fn = rates_at(gen, imp, fixed)
    return dict(at_fixed=acc(fixed), best=float(correct[k] / (ng + ni)),
                best_threshold=float(thr[k]), at_target_fmr=acc(c),
                reject_all=ni / (ng + ni), balanced_at_fixed=1 - (fm + fn) / 2)


# --------------------------------------------------------------------------
# confidence intervals
# --------------------------------------------------------------------------
def wilson(k, n, z=1.959963984540054):
    p = k / n
    den = 1 + z * z / n
    c = (p + z * z / (2 * n)) / den
    h = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / den
    return (0.0 if k == 0 else c - h), (1.0 if k == n else c + h)


def clopper_pearson(k, n, alpha=0.05):
    lo = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, alpha / 2))
    hi = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - alpha / 2))
    return lo, hi


def subject_bootstrap(scores, genuine, ref_subj, probe_subj, counts, target, fixed_t):
    """Two-way subject bootstrap.  counts[b][s] = multiplicity of subject s.

    Genuine pair of subject s: weight m_s.  Impostor pair (i,j): m_i*m_j.
    Per replicate: FNMR/FMR at a fixed threshold, and FNMR at the replicate's
    own conservative FMR<=target threshold."""
    scores = np.asarray(scores, float)
    genuine = np.asarray(genuine, bool)
    r, p = np.asarray(ref_subj), np.asarray(probe_subj)
    out = dict(fmr_fixed=[], fnmr_fixed=[], fnmr_at_target=[])
    for c in counts:
        c = np.asarray(c, float)
        w = np.where(genuine, c[r], c[r] * c[p])
        g, i = genuine, ~genuine
        out["fmr_fixed"].append(float((w[i] * (scores[i] >= fixed_t)).sum() / w[i].sum()))
        out["fnmr_fixed"].append(float((w[g] * (scores[g] < fixed_t)).sum() / w[g].sum()))
        gi, ii = g & (w > 0), i & (w > 0)
        thr, fmr, fnmr = roc_points(scores[gi], scores[ii], w[gi], w[ii])
        k = np.flatnonzero(fmr <= target)[-1]
        out["fnmr_at_target"].append(float(fnmr[k]))
    ci = {k: [float(x) for x in np.quantile(v, [0.025, 0.975], method="linear")]
          for k, v in out.items()}
    return out, ci


# --------------------------------------------------------------------------
# 2. fairness
# --------------------------------------------------------------------------
def gini(x):
    """n/(n-1)-corrected Gini; 0 when all values are 0."""
    x = np.asarray(x, float)
    n, m = len(x), float(np.mean(x))
    if m == 0.0:
        return 0.0
    s = float(np.abs(x[:, None] - x[None, :]).sum())
    return (n / (n - 1)) * s / (2 * n * n * m)


def fairness(fmr, fnmr, alpha=0.5):
    fmr, fnmr = list(map(float, fmr)), list(map(float, fnmr))
    a, b = max(fmr) - min(fmr), max(fnmr) - min(fnmr)
    gm, gn = gini(fmr), gini(fnmr)
    if min(fmr) > 0 and min(fnmr) > 0:
        ir = (max(fmr) / min(fmr)) ** alpha * (max(fnmr) / min(fnmr)) ** (1 - alpha)
    else:
        ir = None
    garbe = alpha * gm + (1 - alpha) * gn
    return dict(A=a, B=b, FDR=1 - (alpha * a + (1 - alpha) * b), gini_fmr=gm,
                gini_fnmr=gn, GARBE=garbe, iGARBE=1 - garbe, IR=ir)


def group_rates(scores, genuine, ref_g, probe_g, groups, target, threshold, impostors,
                denominator="conditional", point="conservative"):
    """Per-group FMR/FNMR.

    threshold  'global' | 'per_group'
    impostors  'reference' (group of the reference only) | 'same' (both in group)
    denominator 'conditional' | 'joint' (divide by all comparisons of the group)
    point      'conservative' | 'nearest' | 'nearest_drop'
    """
    s, y = np.asarray(scores, float), np.asarray(genuine, bool)
    rg, pg = np.asarray(ref_g), np.asarray(probe_g)
    tg = fnmr_at_fmr(s[y], s[~y], target, point)["threshold"]
    res = {}
    for g in groups:
        m = (rg == g) if impostors == "reference" else ((rg == g) & (pg == g))
        gen, imp = s[m & y], s[m & ~y]
        t = tg if threshold == "global" else fnmr_at_fmr(gen, imp, target, point)["threshold"]
        fm, fn = int((imp >= t).sum()), int((gen < t).sum())
        if denominator == "conditional":
            fmr, fnmr = fm / len(imp), fn / len(gen)
        else:
            n = len(imp) + len(gen)
            fmr, fnmr = fm / n, fn / n
        res[g] = dict(threshold=float(t), fmr=fmr, fnmr=fnmr, n_genuine=len(gen),
                      n_impostor=len(imp))
    return res


# --------------------------------------------------------------------------
# 3. attack
# --------------------------------------------------------------------------
def attack_scores(S, att_gender, groups, variant="mean", n=None):
    """S: targets x attacker samples.  One column of group scores per group.

    mean            mean of all scores of the group (the paper's wording)
    top             mean of the n largest scores of the group
    log / linear    sum over ranks r=1..n of w_r * s_(r), with
                    w_r = -log10(r/(r+1)) and w_r = 1/(r+1)
    max             n=1
    """
    S = np.asarray(S, float)
    a = np.asarray(att_gender)
    out = []
    for g in groups:
        x = -np.sort(-S[:, a == g], axis=1)
        if variant == "mean":
            out.append(x.mean(1))
            continue
        k = min(n if n else 1, x.shape[1])
        r = np.arange(1, k + 1)
        if variant in ("top", "max"):
            out.append(x[:, :k].mean(1))
        elif variant == "log":
            out.append((x[:, :k] * -np.log10(r / (r + 1))).sum(1))
        elif variant == "linear":
            out.append((x[:, :k] / (r + 1)).sum(1))
    return np.stack(out, 1)


def attack_report(G, true, groups):
    """G: targets x 2 group scores (columns follow groups).  Larger wins; an
    exact tie goes to groups[0].  AUC treats groups[0] as positive and ranks
    targets by G[:,0]-G[:,1]."""
    true = np.asarray(true)
    d = G[:, 0] - G[:, 1]
    pred0 = d >= 0
    is0 = true == groups[0]
    r0 = float(np.mean(pred0[is0]))
    r1 = float(np.mean(~pred0[~is0]))
    best = best_threshold_bacc(d, is0)
    a = auc(d[is0], d[~is0])
    return dict(difference=d.tolist(), predicted_first=pred0.tolist(),
                ties=int((d == 0).sum()), recall_first=r0, recall_second=r1,
                balanced_accuracy=(r0 + r1) / 2,
                accuracy=float(np.mean(pred0 == is0)),
                share_predicted_first=float(np.mean(pred0)),
                auc=a, auc_two_sided=max(a, 1 - a),
                median_split_balanced_accuracy=bacc_at(d, is0, float(np.median(d))),
                oracle_threshold_balanced_accuracy=best)


def bacc_at(d, is0, t):
    """predict first group iff d > t"""
    return float((np.mean(d[is0] > t) + np.mean(d[~is0] <= t)) / 2)


def best_threshold_bacc(d, is0):
    """Upper bound: best balanced accuracy over all thresholds, either direction."""
    ts = np.concatenate([[-np.inf], np.unique(d)])
    v = [bacc_at(d, is0, t) for t in ts]
    return float(max(max(v), 1 - min(v)))


def calibrated_bacc(d_cal, is0_cal, d, is0):
    """Threshold chosen on the attacker's own enrolled models (first maximum of
    balanced accuracy over midpoints of neighbouring distinct values, plus
    -inf/+inf), then applied to the targets."""
    u = np.unique(d_cal)
    ts = np.concatenate([[-np.inf], (u[:-1] + u[1:]) / 2, [np.inf]])
    v = [bacc_at(d_cal, is0_cal, t) for t in ts]
    t = float(ts[int(np.argmax(v))])
    return t, bacc_at(d, is0, t)


def znorm_rows(S):
    """per-model (row) standardisation over the attacker's probes, ddof=0"""
    S = np.asarray(S, float)
    sd = S.std(1, keepdims=True)
    return (S - S.mean(1, keepdims=True)) / np.where(sd == 0, 1.0, sd)


def znorm_cols(S):
    """per-probe (column) centring over all models the attacker can query, ddof=0"""
    S = np.asarray(S, float)
    sd = S.std(0, keepdims=True)
    return (S - S.mean(0, keepdims=True)) / np.where(sd == 0, 1.0, sd)


# --------------------------------------------------------------------------
# 4. baselines
# --------------------------------------------------------------------------
def pemiu_protect(x, block, perm):
    """perm[k] = index of the source block that lands in position k."""
    x = np.asarray(x, float)
    b = [x[i:i + block] for i in range(0, len(x), block)]
    return np.concatenate([b[p] for p in perm])


def pemiu_score(ref, probe, block):
    """Both vectors already protected.  Euclidean (not squared) block distances,
    optimal assignment, cosine of the reference with the re-ordered probe."""
    R = np.asarray(ref, float).reshape(-1, block)
    P = np.asarray(probe, float).reshape(-1, block)
    C = np.sqrt(((R[:, None] - P[None]) ** 2).sum(-1))
    _, col = linear_sum_assignment(C)
    adj = P[col].reshape(-1)
    r = R.reshape(-1)
    s = float(r @ adj / (np.linalg.norm(r) * np.linalg.norm(adj)))
    return s, C, col, adj


def csn(v, r, similarity, length):
    """Cosine-sensitive noise: the vector of norm `length` at cosine `similarity`
    to v in span{v, r+v/|v|}; r is the raw Gaussian draw."""
    v = np.asarray(v, float)
    vh = v / np.linalg.norm(v)
    q = np.asarray(r, float) + vh
    q = q - (q @ vh) * vh
    q /= np.linalg.norm(q)
    return length * (similarity * vh + math.sqrt(1 - similarity ** 2) * q)


def nfr_score(pos, neg):
    return 1.0 - float(np.mean(np.asarray(pos) == np.asarray(neg)))


def pfrnet_loss(x, xr, zi, zd, is_f, la=0.01, lb=0.01):
    """Reconstruction + moment alignment (zi) + moment separation (zd); orders 1, 2.
    Normalisation as in the public re-implementation: means over coordinates."""
    x, xr, zi, zd = (np.asarray(v, float) for v in (x, xr, zi, zd))
    f = np.asarray(is_f, bool)
    rec = float(((x - xr) ** 2).mean())
    align = sum(float((((zi[f] ** k).mean(0) - (zi[~f] ** k).mean(0)) ** 2).mean())
                for k in (1, 2))
    sep = float(sum(np.exp(-((zd[f] ** k).mean(0) - (zd[~f] ** k).mean(0)) ** 2)
                    for k in (1, 2)).mean())
    return dict(reconstruction=rec, align=align, separate=sep,
                total=rec + la * align + lb * sep)


# --------------------------------------------------------------------------
# 5. KDE
# --------------------------------------------------------------------------
BANDWIDTHS = 10 ** np.linspace(-2.5, 0.4, 40)


def kfold(n, k):
    """Unshuffled KFold: first n%k folds get one extra row."""
    sizes = np.full(k, n // k)
    sizes[:n % k] += 1
    b = np.concatenate([[0], np.cumsum(sizes)])
    return [(int(b[i]), int(b[i + 1])) for i in range(k)]


def kde_logpdf(train, x, h):
    train, x = np.asarray(train, float), np.asarray(x, float)
    d = train.shape[1]
    s = ((x[:, None] - train[None]) ** 2).sum(-1)
    return (logsumexp(-s / (2 * h * h), axis=1) - math.log(len(train))
            - d * math.log(h) - 0.5 * d * math.log(2 * math.pi))


def kde_cv(X, bandwidths=BANDWIDTHS, cv=5):
    """scores[bandwidth][fold] = total held-out log-likelihood; choice = first
    maximum of the unweighted mean over folds.  Squared distances once."""
    X = np.asarray(X, float)
    n, d = X.shape
    cv = min(cv, n)
    D = ((X[:, None] - X[None]) ** 2).sum(-1) if n * n * d < 5e7 else _dist_gram(X)
    S = np.zeros((len(bandwidths), cv))
    for j, (a, b) in enumerate(kfold(n, cv)):
        tr = np.r_[0:a, b:n]
        sub = D[a:b][:, tr]
        for i, h in enumerate(bandwidths):
            S[i, j] = (logsumexp(-sub / (2 * h * h), axis=1).sum()
                       + (b - a) * (-math.log(len(tr)) - d * math.log(h)
                                    - 0.5 * d * math.log(2 * math.pi)))
    mean = S.mean(1)
    return S, mean, int(np.argmax(mean))


def _dist_gram(X):
    g = X @ X.T
    q = np.diag(g)
    D = q[:, None] + q[None] - 2 * g
    np.fill_diagonal(D, 0)
    return np.maximum(D, 0)


def kde_sample(X, h, u, z, ref=None):
    """u in [0,1) picks row floor(u*n); z ~ N(0,1); + reference if given."""
    X = np.asarray(X, float)
    rows = np.floor(np.asarray(u) * len(X)).astype(int)
    s = X[rows] + h * np.asarray(z, float)
    return s if ref is None else s + np.asarray(ref, float)


# --------------------------------------------------------------------------
# 6. training
# --------------------------------------------------------------------------
def onecycle(total, max_lr=0.01, pct=0.3, div=25.0, final_div=1e4, base_m=0.85, max_m=0.95):
    """Returns f(step) -> (lr, beta1), step = number of scheduler.step() calls."""
    lr0, lrend = max_lr / div, max_lr / div / final_div
    e1, e2 = pct * total - 1, total - 1

    def cosann(a, b, p):
        return b + (a - b) / 2 * (math.cos(math.pi * p) + 1)

    def f(s):
        if s <= e1:
            p = s / e1
            return cosann(lr0, max_lr, p), cosann(max_m, base_m, p)
        p = (s - e1) / (e2 - e1)
        return cosann(max_lr, lrend, p), cosann(base_m, max_m, p)
    return f


def bce_logits(z, y):
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


def hinge_logits(z, y):
    return np.maximum(0, 1 - (2 * np.asarray(y, float) - 1) * np.asarray(z, float))


def hinge_slope(z, y):
    """d hinge / d z; the corner counts as met."""
    s = 2 * np.asarray(y, float) - 1
    return np.where(s * z < 1, -s, 0.0)


def adam_step(p, g, m, v, t, lr, b1, b2=0.999, eps=1e-8, wd=0.0, decoupled=True):
    """One torch Adam/AdamW step; t is 1-based.  Bias correction uses the CURRENT
    beta1 (matters when OneCycle moves it).  Returns p, m, v."""
    if decoupled:
        p = p * (1 - lr * wd)
    else:
        g = g + wd * p
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    den = np.sqrt(v) / math.sqrt(1 - b2 ** t) + eps
    return p - (lr / (1 - b1 ** t)) * m / den, m, v


def mlp_forward(W, B, x, masks=None, keep=1.0):
    """ReLU -> inverted dropout after every hidden layer; last layer is linear.
    Returns logits (n,) and the caches for the backward pass."""
    h, cache = np.asarray(x, float), []
    for k, (w, b) in enumerate(zip(W, B)):
        a = h @ w.T + b
        cache.append((h, a))
        if k == len(W) - 1:
            return a[:, 0], cache
        h = np.maximum(a, 0)
        if masks is not None:
            h = h * masks[k] / keep


def mlp_backward(W, cache, dz, masks=None, keep=1.0):
    """dz: d(loss)/d(logit), shape (n,).  Returns dW, dB, dx."""
    g = dz[:, None]
    dW, dB = [None] * len(W), [None] * len(W)
    for k in range(len(W) - 1, -1, -1):
        h, _ = cache[k]
        dW[k], dB[k] = g.T @ h, g.sum(0)
        g = g @ W[k]
        if k > 0:
            if masks is not None:
                g = g * masks[k - 1] / keep
            g = g * (cache[k - 1][1] > 0)
    return dW, dB, g


def train_numpy(W, B, batches, epochs, sched, per_batch, opt, wd, masks=None, keep=1.0,
                lr_const=None, loss="bce"):
    """batches: list of (x, y) reused in order each epoch.  masks: iterator of
    per-step lists of hidden masks or None.  Returns losses per step, W, B, lrs."""
    W, B = [w.copy() for w in W], [b.copy() for b in B]
    P = W + B
    M = [np.zeros_like(p) for p in P]
    V = [np.zeros_like(p) for p in P]
    step, t, losses, lrs = 0, 0, [], []
    for _ in range(epochs):
        for x, y in batches:
            mk = next(masks) if masks is not None else None
            z, cache = mlp_forward(W, B, x, mk, keep)
            value = hinge_logits(z, y) if loss == "hinge" else bce_logits(z, y)
            losses.append(float(value.mean()))
            slope = hinge_slope(z, y) if loss == "hinge" else expit(z) - y
            dz = slope / len(y)
            dW, dB, _ = mlp_backward(W, cache, dz, mk, keep)
            t += 1
            lr, b1 = sched(step) if sched else (lr_const, 0.9)
            lrs.append((lr, b1))
            G = dW + dB
            for i in range(len(P)):
                P[i], M[i], V[i] = adam_step(P[i], G[i], M[i], V[i], t, lr, b1,
                                             wd=wd, decoupled=(opt == "adamw"))
            W, B = P[:len(W)], P[len(W):]
            if per_batch:
                step += 1
        if not per_batch:
            step += 1
    return losses, W, B, lrs


# --------------------------------------------------------------------------
# 7. Grad-CAM++
# --------------------------------------------------------------------------
def backbone_tail(A, p):
    """A (C,H,W) -> BN2d (eval) -> flatten (C,H,W order) -> FC -> BN1d (eval) -> e.
    p: bn2_{gamma,beta,mean,var}, bn2_eps, fc_w (D, C*H*W), fc_b, bn1_*, bn1_eps."""
    s2 = p["bn2_gamma"] / np.sqrt(p["bn2_var"] + p["bn2_eps"])
    y = s2[:, None, None] * (A - p["bn2_mean"][:, None, None]) + p["bn2_beta"][:, None, None]
    f = p["fc_w"] @ y.reshape(-1) + p["fc_b"]
    s1 = p["bn1_gamma"] / np.sqrt(p["bn1_var"] + p["bn1_eps"])
    return s1 * (f - p["bn1_mean"]) + p["bn1_beta"], s2, s1


def gradcampp(A, p, W, B, normalise=True, eps=1e-6, alpha_rule="library"):
    """Gradient of the MOTE logit w.r.t. A in closed form, then Grad-CAM++.

    alpha_rule 'library'  g^2 / (2 g^2 + (sum_ab A) g^3 + eps), 0 where g == 0
               'paper'    g^2 / (2 g^2 + (sum_ab A) g^3), 0 where the denominator is 0
    """
    e, s2, s1 = backbone_tail(A, p)
    n = np.linalg.norm(e)
    x = e / n if normalise else e
    z, cache = mlp_forward(W, B, x[None])
    _, _, gx = mlp_backward(W, cache, np.ones(1))
    gx = gx[0]
    ge = (gx - x * (x @ gx)) / n if normalise else gx      # L2-norm Jacobian
    g = (p["fc_w"].T @ (s1 * ge)).reshape(A.shape) * s2[:, None, None]
    g2, g3 = g * g, g * g * g
    S = A.sum((1, 2))[:, None, None]
    den = 2 * g2 + S * g3
    if alpha_rule == "library":
        al = np.where(g != 0, g2 / (den + eps), 0.0)
    else:
        al = np.where(den != 0, g2 / np.where(den == 0, 1.0, den), 0.0)
    w = (al * np.maximum(g, 0)).sum((1, 2))
    cam = np.maximum((w[:, None, None] * A).sum(0), 0)
    lo, hi = cam.min(), cam.max()
    nrm = (cam - lo) / (hi - lo) if hi > lo else np.zeros_like(cam)
    return dict(logit=float(z[0]), grad=g, alpha=al, weights=w, cam=cam, cam01=nrm)


def upsample_bilinear(a, h, w):
    """align_corners=False (half-pixel centres, edge clamp)"""
    H, W = a.shape
    y = np.clip((np.arange(h) + 0.5) * H / h - 0.5, 0, H - 1)
    x = np.clip((np.arange(w) + 0.5) * W / w - 0.5, 0, W - 1)
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    y1, x1 = np.minimum(y0 + 1, H - 1), np.minimum(x0 + 1, W - 1)
    fy, fx = (y - y0)[:, None], (x - x0)[None]
    return ((1 - fy) * (1 - fx) * a[y0][:, x0] + (1 - fy) * fx * a[y0][:, x1]
            + fy * (1 - fx) * a[y1][:, x0] + fy * fx * a[y1][:, x1])


# --------------------------------------------------------------------------
# adaptive attack: model inversion in embedding space
# --------------------------------------------------------------------------
def invert_model(W, B, x0, step, iters):
    """Projected gradient ascent of the logit on the unit sphere:
    x <- normalise(x + step * g / |g|).  Stops moving where g == 0."""
    x = np.asarray(x0, float)
    x = x / np.linalg.norm(x)
    traj, zs = [x.copy()], []
    for _ in range(iters):
        z, c = mlp_forward(W, B, x[None])
        zs.append(float(z[0]))
        _, _, g = mlp_backward(W, c, np.ones(1))
        n = np.linalg.norm(g[0])
        if n > 0:
            x = x + step * g[0] / n
            x = x / np.linalg.norm(x)
        traj.append(x.copy())
    zs.append(float(mlp_forward(W, B, x[None])[0][0]))
    return np.array(traj), zs
