"""Regenerate every fixture:  python make_fixtures.py [--out DIR] [--seed N]

Needs numpy, scipy, scikit-learn, torch (CPU) and h5py.  --seed changes the data
(the expected values are recomputed), so fresh checks can be drawn at any time.
"""
import argparse
import os

import h5py
import numpy as np
from scipy.special import expit

import builders as b
import oracle_lib as o
from fixture_io import write


def r6(x):
    return np.round(np.asarray(x, float), 6)


def metrics(rng):
    g, i = r6(rng.normal(2.2, 1, 150)), r6(rng.normal(0, 1, 4000))
    tied_g, tied_i = np.round(rng.normal(.6, .15, 80), 2), np.round(rng.normal(.2, .15, 1500), 2)
    sat_g = expit(rng.normal(9, 8, 120)).astype(np.float32).astype(float)
    sat_i = expit(rng.normal(-12, 5, 3000)).astype(np.float32).astype(float)
    return [
        b.metrics_case("continuous", g, i, fixed=1.5),
        b.metrics_case("ties_two_decimals", tied_g, tied_i, roc=True),
        b.metrics_case("saturated_float32_probabilities", sat_g, sat_i),
        b.metrics_case("fewer_than_1000_impostors", g[:40], i[:400], fixed=1.5, roc=True),
        b.metrics_case("perfect_separation", [.9, .8, .8], [.1, .2, .3, .3], roc=True),
        b.metrics_case("all_equal", [.5, .5], [.5, .5, .5], roc=True),
        b.metrics_case("inverted", [.1, .2], [.6, .7, .8], roc=True),
        b.metrics_case("single_pair", [.7], [.3], roc=True)]


def pair_world(rng, n_subj, per, d, share_first, groups, gap=.55):
    """Small embedding world with gender structure -> scored comparisons."""
    gen = np.array([groups[0] if k < share_first * n_subj else groups[1] for k in range(n_subj)])
    rng.shuffle(gen)
    axis = rng.normal(size=d)
    axis /= np.linalg.norm(axis)
    mu = rng.normal(size=(n_subj, d)) / np.sqrt(d)
    mu += np.where(gen == groups[0], gap, -gap)[:, None] * axis
    sid = np.repeat(np.arange(n_subj), per)
    x = mu[sid] + rng.normal(size=(n_subj * per, d)) * .75 / np.sqrt(d)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    first = np.array([np.flatnonzero(sid == s)[0] for s in range(n_subj)])
    S = x[first] @ x.T
    rs, ps = np.repeat(np.arange(n_subj), len(x)), np.tile(sid, n_subj)
    self_pair = np.tile(np.arange(len(x)), n_subj) == np.repeat(first, len(x))
    keep = ~self_pair
    return r6(S.ravel()[keep]), (rs == ps)[keep], rs[keep], ps[keep], gen


def linear_cases(seed):
    """Networks without hidden layers, and the hinge loss; draws of their own."""
    rng, cases = np.random.default_rng(seed + 31), []
    for name, dims, loss, kind, wd, max_lr, drop in [
            ("logistic_regression", (21, 1), "bce", "adam", 5e-3, .1, False),
            ("linear_support_vector_machine", (21, 1), "hinge", "adam", 5e-3, .1, False),
            ("hinge_with_hidden_layers", (6, 5, 4, 1), "hinge", "adamw", 5e-5, .1, False),
            ("hinge_with_masks", (6, 5, 4, 1), "hinge", "adam", 5e-2, .1, True)]:
        W, B = b.linear_init(seed + 51, dims)
        bat = []
        for k in (16, 16, 7):
            y = (np.arange(k) % 3 == 0).astype(float)
            bat.append((r6(rng.normal(size=(k, dims[0])) + .5 * (2 * y - 1)[:, None]), y))
        val = (r6(rng.normal(size=(9, dims[0]))), (np.arange(9) % 2).astype(float))
        masks = None
        if drop:
            masks = [[(rng.random((len(x), h)) < .5).astype(float) for h in dims[1:-1]]
                     for _ in range(4) for x, _ in bat]
        c, t64, _ = b.train_case(name, W, B, bat, val, 4, kind, wd, 4 * len(bat), True,
                                 max_lr=max_lr, masks=masks, keep=.5 if drop else 1.0, loss=loss)
        c.update(dims=dims, loss=loss, initial_weights=W, initial_biases=B,
                 batches=[dict(x=x, y=y) for x, y in bat], validation=dict(x=val[0], y=val[1]),
                 masks=masks)
        c["expected"].update(final_weights=t64[3], final_biases=t64[4])
        cases.append(c)
    return cases


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", default="fixtures")
    ap.add_argument("--seed", type=int, default=20250526)
    a = ap.parse_args()
    out, seed = a.out, a.seed
    rng = np.random.default_rng(seed)

    write(out, "metrics.json", metrics(rng))
    write(out, "intervals.json", b.ci_case([(0, 100), (1, 100), (5, 60), (39, 1000), (30, 30000),
                                            (100, 100), (3, 3000)]))

    G = ("male", "female")
    s, y, rs, ps, gen = pair_world(rng, 24, 4, 24, .6, G)
    write(out, "fairness_scores.json",
          b.fairness_scores_case(s, y, gen[rs], gen[ps], G, .01))
    write(out, "fairness.json", [
        b.fairness_case([.001, .001], [.0340, .0424]),
        b.fairness_case([.001, .001], [.0336, .0364]),
        b.fairness_case([.001, .001], [.0013, .0003]),
        b.fairness_case([.0009, .0021], [.0566, .0566]),
        b.fairness_case([.001, .004, .002], [.02, .05, .03]),
        b.fairness_case([0, .002], [.01, .03]),
        b.fairness_case([0, 0], [.01, .03]),
        b.fairness_case([0, 0, 0, 0], [0, 0, 0, 0]),
        b.fairness_case([.001] * 5, [.01, .02, .03, .04, .05])])
    s, y, rs, ps, _ = pair_world(rng, 10, 3, 16, .5, G)
    write(out, "bootstrap.json",
          b.bootstrap_case(s, y, rs, ps, 10, 40, seed, .02, float(np.quantile(s[~y], .98))))

    # attack: a common offset collapses the argmax although the ranking leaks
    att = np.array(["male"] * 20 + ["female"] * 20)
    tgt = np.array(["male", "female"] * 15)
    lean = np.where(tgt == "male", 1.0, -1.0)[:, None] * np.where(att == "male", 1.0, -1.0)
    noise = rng.normal(size=(30, 40)) * 2.0
    offs = rng.normal(size=(30, 1)) * 1.5
    collapse = r6(-9 + offs + 1.2 * lean - 6.0 * (att == "male") + noise)
    plain = r6(-2 + .8 * lean + noise)
    flat = np.full((30, 40), -40.0)
    write(out, "attack.json", [
        b.attack_case("collapsed_by_common_offset", collapse, att, tgt, G, (1, 5, 10), 10),
        b.attack_case("no_offset", plain, att, tgt, G, (1, 5), 10),
        b.attack_case("identical_scores_all_ties", flat, att, tgt, G, (1,), 10)])

    write(out, "kde.json", [
        b.kde_case("d4", r6(rng.normal(size=(37, 4)))),
        b.kde_case("d32_concentrated", r6(rng.normal(size=(110, 32)) * .06)),
        b.kde_case("d3_with_zero_rows", r6(np.vstack([np.zeros((6, 3)),
                                                      rng.normal(size=(19, 3)) * .4]))),
        b.kde_case("fewer_rows_than_folds", r6(rng.normal(size=(3, 2))))])
    X = r6(rng.normal(size=(7, 3)) * .1)
    write(out, "kde_sample.json", b.kde_sample_case(
        X, .0412, np.array([0, .1428, .2, .57142857142857, .9999999, .5]),
        r6(rng.normal(size=(6, 3))), r6(rng.normal(size=3))))

    write(out, "onecycle.json", [
        b.onecycle_case(100, 99), b.onecycle_case(10, 9),
        b.onecycle_case(300, 299, max_lr=.05, pct=.25, div=10., final_div=100., every=7),
        b.onecycle_case(120 * 647, 120, every=10),
        b.onecycle_case(120 * 3, 120, every=10)])

    g = r6(rng.normal(size=(6, 4)))
    g[2] = 0
    write(out, "adam.json", [
        b.adam_case([.5, -.2, 0., 1.], g, [.01] * 6, [.9] * 6, 5e-5, "adamw"),
        b.adam_case([.5, -.2, 0., 1.], g, [.01] * 6, [.9] * 6, 5e-5, "adam"),
        b.adam_case([.5, -.2, 0., 1.], g, [4e-4, 2e-3, 6e-3, .01, .004, 4e-8],
                    [.95, .93, .9, .85, .9, .95], .1, "adamw"),
        b.adam_case([.5, -.2, 0., 1.], g, [4e-4, 2e-3, 6e-3, .01, .004, 4e-8],
                    [.95, .93, .9, .85, .9, .95], .1, "adam")])
    write(out, "bce.json", b.bce_case([-800., -30., -1.5, 0., 0., .7, 40., 900.],
                                      [0., 1., 0., 1., 0., 1., 0., 1.]))
    write(out, "early_stop.json", [
        b.early_stop_case([.9, .8, .8, .79, .85, .84, .83, .82, .81, .2], 5, 120),
        b.early_stop_case([.5, .4, .3], 5, 120), b.early_stop_case([.5, .5, .5], 1, 120),
        b.early_stop_case([3., 2., 1., .9, .8, .7], 2, 4)])

    # tiny runs: everything in the file
    dims = (6, 5, 4, 3, 1)
    cases = []
    for name, kind, wd, per_batch, drop in [
            ("adamw_per_batch_no_dropout", "adamw", 5e-5, True, False),
            ("adam_l2_per_batch_no_dropout", "adam", 5e-5, True, False),
            ("adamw_per_epoch_no_dropout", "adamw", 5e-5, False, False),
            ("adamw_per_batch_given_masks", "adamw", 5e-2, True, True)]:
        W, B = b.linear_init(seed + 11, dims)
        bat = [(r6(rng.normal(size=(k, 6))), (np.arange(k) % 3 == 0).astype(float))
               for k in (8, 8, 5)]
        val = (r6(rng.normal(size=(9, 6))), (np.arange(9) % 2).astype(float))
        masks = None
        if drop:
            masks = [[(rng.random((len(x), h)) < .5).astype(float) for h in dims[1:-1]]
                     for _ in range(3) for x, _ in bat]
        c, t64, _ = b.train_case(name, W, B, bat, val, 3, kind, wd, 3 * len(bat), per_batch,
                                 masks=masks, keep=.5 if drop else 1.0)
        c.update(dims=dims, initial_weights=W, initial_biases=B,
                 batches=[dict(x=x, y=y) for x, y in bat], validation=dict(x=val[0], y=val[1]),
                 masks=masks)
        c["expected"].update(final_weights=t64[3], final_biases=t64[4])
        cases.append(c)
    write(out, "train_tiny.json", cases)
    write(out, "train_tiny_linear.json", linear_cases(seed))

    # full-size run from SplitMix64 numbers; final float64 weights in HDF5
    dims = (512, 128, 64, 16, 1)
    W, B = b.linear_init(1000, dims)
    f = [w.astype(np.float32).astype(float) for w in W], [v.astype(np.float32).astype(float)
                                                           for v in B]
    bat, n = [], 128
    for k in range(4):
        x = o.splitmix_uniform(2000 + k, (n, 512), -.1, .1)
        yy = (np.arange(n) % 3 == 0).astype(float)
        x[:, :8] += .08 * (2 * yy - 1)[:, None]
        bat.append((x.astype(np.float32).astype(float), yy))
    xv = o.splitmix_uniform(3000, (64, 512), -.1, .1)
    yv = (np.arange(64) % 3 == 0).astype(float)
    xv[:, :8] += .08 * (2 * yv - 1)[:, None]
    xv = xv.astype(np.float32).astype(float)
    c, t64, t32 = b.train_case("full_size", *f, bat, (xv, yv), 3, "adamw", 5e-5, 12, True)
    c.update(dims=dims, init="SplitMix64 seeds 1000..1007, see README; cast to float32",
             batches="4 x 128 rows, SplitMix64 seeds 2000..2003 in [-0.1,0.1), +-0.08 on the "
                     "first 8 columns (+ where y=1), y = (row % 3 == 0); cast to float32",
             validation="64 rows, seed 3000, same recipe")
    c["expected"].update(
        weight_norms=[float(np.linalg.norm(w)) for w in t64[3]],
        bias_norms=[float(np.linalg.norm(v)) for v in t64[4]],
        first_entries=[w.ravel()[:5] for w in t64[3]])
    write(out, "train_full.json", c)
    p = os.path.join(out, "train_full.h5")
    with h5py.File(p, "w", libver="earliest") as h:
        for k in range(len(W)):
            h.create_dataset("fc%d.weight" % (k + 1), data=t64[3][k].astype("<f4"))
            h.create_dataset("fc%d.bias" % (k + 1), data=t64[4][k].astype("<f4"))
    print("%-28s %8d bytes" % ("train_full.h5", os.path.getsize(p)))

    x, q = r6(rng.normal(size=64)), r6(rng.normal(size=64))
    near = r6(x + .5 * rng.normal(size=64))
    e, e2 = r6(rng.normal(size=512) / 22), r6(rng.normal(size=512) / 22)
    write(out, "pemiu.json", [
        b.pemiu_case(x, near, 8, rng.permutation(8), rng.permutation(8)),
        b.pemiu_case(x, q, 8, rng.permutation(8), rng.permutation(8)),
        b.pemiu_case(x, near, 16, np.arange(4), rng.permutation(4)),
        b.pemiu_case(e, r6(e + .4 * e2), 16, rng.permutation(32), rng.permutation(32))])
    write(out, "noise_and_negative.json", dict(
        csn=[b.csn_case(r6(rng.normal(size=10)), r6(rng.normal(size=10)), c, L)
             for c, L in ((.8, 1.), (.5, 37.), (-.2, 5.))],
        nfr=[dict(positive=p_, negative=n_, expected=o.nfr_score(p_, n_)) for p_, n_ in
             (([0, 1, 2, 3], [1, 0, 3, 2]), ([0, 1, 2, 3], [0, 1, 3, 2]))]))
    z = lambda n_: r6(rng.normal(size=(12, n_)))
    ff = np.arange(12) % 2
    xx, xr, zi, zd = z(6), z(6), z(5), z(2)
    write(out, "pfrnet_loss.json", dict(x=xx, reconstruction=xr, z_ind=zi, z_dep=zd,
                                        is_female=ff, lambda_align=.01, lambda_separate=.01,
                                        expected=b.o.pfrnet_loss(xx, xr, zi, zd, ff)))

    def cam_inputs(C, H, D, s0):
        A = np.maximum(o.splitmix_uniform(s0, (C, H, H), -1, 1.5), 0)
        u = lambda k, n_, lo, hi: o.splitmix_uniform(s0 + k, (n_,), lo, hi)
        p_ = dict(bn2_gamma=u(1, C, .5, 1.5), bn2_beta=u(2, C, -.2, .2), bn2_mean=u(3, C, 0, .5),
                  bn2_var=u(4, C, .2, 1.2), bn2_eps=1e-5,
                  fc_w=o.splitmix_uniform(s0 + 5, (D, C * H * H), -.1, .1),
                  fc_b=u(6, D, -.1, .1), bn1_gamma=u(7, D, .8, 1.2), bn1_beta=u(8, D, -.1, .1),
                  bn1_mean=u(9, D, -.1, .1), bn1_var=u(10, D, .2, 1.2), bn1_eps=1e-5)
        return A, p_
    A, p_ = cam_inputs(4, 3, 6, 5000)
    W, B = b.linear_init(5100, (6, 5, 4, 1))
    W[-1] *= 6
    small = dict(feature_maps=A, **p_, weights=W, biases=B)
    c1 = b.cam_case("small_all_in_file", A, p_, W, B, (7, 5), small)
    A, p_ = cam_inputs(24, 7, 32, 6000)
    W, B = b.linear_init(6100, (32, 16, 8, 4, 1))
    W[-1] *= 20
    c2 = b.cam_case("c24_7x7_splitmix", A, p_, W, B, (112, 112), dict(
        recipe="README: SplitMix64 base 6000, C=24 H=W=7 D=32, net 32-16-8-4-1 base 6100, last "
               "weight matrix times 20"))
    for v in c2["expected"].values():     # keep the file small
        v["cam01_upsampled_row56"] = v.pop("cam01_upsampled")[56]
    write(out, "gradcampp.json", [c1, c2])

    W, B = b.linear_init(seed + 77, (8, 6, 5, 1))
    write(out, "inversion.json", b.inversion_case(W, B, r6(rng.normal(size=8)), .2, 15))


if __name__ == "__main__":
    main()
