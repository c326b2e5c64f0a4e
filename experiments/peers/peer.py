"""A peer of `make bench`: one workload as PyTorch, scikit-learn or NumPy users run it.

    python peer.py train official --threads 1        # then: one line on standard input = one run

Every line read from standard input starts one timed run; the answer is one JSON line with wall and
CPU seconds and the amount of work done. End of input ends the program. So a benchmark can keep
several peers ready and run them in turn, without paying for imports or warm-up each time. An answer
carries the largest resident size and, for rates and kde, the number computed, so that exactness is
checked in the same run.

The data are synthetic: unit vectors of dimension 512 clustered by identity (mated cosine about
0.65). With --data FOLDER they are read from the files `Harness bench` writes for both sides;
without, they are drawn here. Work and sizes are those of the harness's own benchmark.

`--threads` bounds PyTorch's threads; the benchmark also sets OMP_NUM_THREADS and its like, which
NumPy's and SciPy's BLAS obey.

    train    one 512-128-64-1 model (--arch code: 512-128-64-16-1), cohort + half as many synthetic
             mated rows, batch 128, dropout 0.5, AdamW, a fixed number of epochs; validation only
             with --development
               official  the loop of the public MOTE code: DataLoader, loss.item() per batch
               careful   one permutation per epoch, fused AdamW, no synchronisation per batch
               manual    careful, with a hand-written backward pass and bit masks for dropout
               batched   manual for --group identities in lock step with batched matrix products
    score    every probe against --models models
               official  the loop of the public evaluate.py: DataLoader, sigmoid, Python lists
               careful   one model at a time, inference mode, blocks of 1,024 probes
               batched   first layer of 8 models as one matrix product, then batched products
    search   --probes probes, --batch at a time, against --models vectors (rows of the cohort);
             result: the mean of the probes' highest cosines
               faiss     IndexFlatIP, exact; the highest score alone
    rates    FNMR at FMR 1e-3 over --scores scores; result: the FNMR
               sklearn   roc_curve, then the nearest point (the public evaluate.py)
               partition NumPy's selection of the order statistic, exact threshold
    kde      40 bandwidths x 5 folds on --rows residuals; result: largest mean fold likelihood
               sklearn   GridSearchCV(KernelDensity) (the public kde_high_dimension.py)
               gram      squared distances once, then logsumexp (NumPy, SciPy)
"""
import argparse
import json
import os
import resource
import sys
import time

import numpy as np

D, H1, H2, H3 = 512, 128, 64, 16


def parse():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("workload", choices=["train", "score", "search", "rates", "kde"])
    ap.add_argument("mode")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--data", help="folder with the input files of the benchmark")
    ap.add_argument("--arch", default="paper", choices=["paper", "code"])
    ap.add_argument("--cohort", type=int, default=4000)
    ap.add_argument("--development", type=int, default=0,
                    help="rows whose loss is taken after every epoch, with half as many mated ones")
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--batch", type=int, default=128)
    ap.add_argument("--group", type=int, default=4)
    ap.add_argument("--models", type=int, default=16)
    ap.add_argument("--probes", type=int, default=13233)
    ap.add_argument("--scores", type=int, default=5749 * 13233)
    ap.add_argument("--rows", type=int, default=2000)
    return ap.parse_args()


def clustered(identities, each, seed, spread=0.73):
    """Unit vectors around unit centroids: cosine of two of one identity about 1/(1+spread^2)."""
    rng = np.random.default_rng(seed)
    c = rng.standard_normal((identities, D), dtype=np.float32)
    c /= np.linalg.norm(c, axis=1, keepdims=True)
    noise = rng.standard_normal((identities * each, D), dtype=np.float32)
    e = np.repeat(c, each, axis=0) + noise * np.float32(spread / np.sqrt(D))
    return (e / np.linalg.norm(e, axis=1, keepdims=True)).astype(np.float32)


def rows_of(a, name, rows, draw):
    """The first rows of an input file of the benchmark; without a folder, what `draw` gives."""
    if not a.data:
        return draw()
    path = os.path.join(a.data, name + ".f32")
    return np.fromfile(path, np.float32, rows * D).reshape(rows, D)


def residuals(rows):
    e = clustered((rows + 3) // 4, 4, 7).reshape(-1, 4, D)
    return (e - e.mean(axis=1, keepdims=True)).reshape(-1, D)[:rows]


# ------------------------------------------------------------------------------------------ train
def network(torch, arch):
    widths = [D, H1, H2] + ([H3] if arch == "code" else []) + [1]
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers.append(torch.nn.Linear(a, b))
        if b != 1:
            layers += [torch.nn.ReLU(), torch.nn.Dropout(0.5)]
    return torch.nn.Sequential(*layers)


def bit_mask(torch, shape, units):
    """Dropout factors 0 or 2 from one random bit a unit: bernoulli_ costs 12 ns an element."""
    words = (units + 63) // 64
    r = torch.randint(-(2**63), 2**63 - 1, (*shape, words))
    bits = (r[..., None] >> torch.arange(64)) & 1
    return bits.reshape(*shape, words * 64)[..., :units].to(torch.float32).mul_(2)


class Train:
    """One call trains one identity (batched: --group identities)."""

    def __init__(self, a):
        import torch

        torch.set_num_threads(a.threads)
        torch.set_num_interop_threads(1)
        torch.manual_seed(0)
        self.t, self.a = torch, a
        cohort = rows_of(
            a, "cohort", a.cohort, lambda: clustered((a.cohort + 3) // 4, 4, 1)[: a.cohort].copy())
        self.cohort = torch.from_numpy(cohort)
        self.kde = torch.from_numpy(rows_of(a, "residuals", 4000, lambda: residuals(4000)))
        self.refs = torch.from_numpy(rows_of(a, "references", 64, lambda: clustered(64, 1, 2)))
        self.h, self.mated, self.k = 0.01, a.cohort // 2, 0
        n = a.development
        self.probes = torch.empty(0, D) if not n else torch.from_numpy(rows_of(
            a, "probes", n, lambda: clustered((n + 2) // 3, 3, 5)[:n].copy()))
        self.run = getattr(self, a.mode)
        self.identities = a.group if a.mode == "batched" else 1
        self.work = a.epochs * (a.cohort + self.mated) * self.identities

    def draw(self, *shape):
        t = self.t
        rows = self.kde[t.randint(len(self.kde), shape)]
        return t.randn(*shape, D).mul_(self.h).add_(rows)

    def development(self):
        """Rows and labels of validation; no rows without --development."""
        torch, n = self.t, self.a.development
        x = torch.cat((self.probes, self.draw(n // 2) + self.refs[self.k % 64]))
        return x, torch.cat((torch.zeros(n), torch.ones(n // 2)))

    def schedule(self, optimiser, batches):
        return self.t.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=0.01, steps_per_epoch=batches, epochs=100)

    def official(self):
        torch, a = self.t, self.a
        from torch.utils.data import DataLoader, TensorDataset

        x = torch.cat((self.cohort, self.draw(self.mated) + self.refs[self.k % 64]))
        y = torch.cat((torch.zeros(a.cohort), torch.ones(self.mated)))
        loader = DataLoader(TensorDataset(x, y), batch_size=a.batch, shuffle=True)
        xv, yv = self.development()
        validation = DataLoader(TensorDataset(xv, yv), batch_size=a.batch) if len(xv) else []
        model, loss_of = network(torch, a.arch), torch.nn.BCEWithLogitsLoss()
        optimiser = torch.optim.AdamW(model.parameters(), lr=0.0015, weight_decay=5e-5)
        schedule, total = self.schedule(optimiser, len(loader)), 0.0
        for _ in range(a.epochs):
            model.train()
            for xb, yb in loader:
                optimiser.zero_grad()
                loss = loss_of(model(xb), yb.unsqueeze(1))
                loss.backward()
                optimiser.step()
                total += loss.item() * xb.size(0)
            schedule.step()
            model.eval()
            with torch.no_grad():
                for xb, yb in validation:
                    total += loss_of(model(xb), yb.unsqueeze(1)).item() * xb.size(0)

    def careful(self):
        self.epochs_of(manual=False)

    def manual(self):
        self.epochs_of(manual=True)

    def epochs_of(self, manual):
        torch, a = self.t, self.a
        x = torch.cat((self.cohort, self.draw(self.mated) + self.refs[self.k % 64]))
        y = torch.cat((torch.zeros(a.cohort, 1), torch.ones(self.mated, 1)))
        xv, yv = self.development()
        model, loss_of = network(torch, a.arch), torch.nn.BCEWithLogitsLoss()
        p = list(model.parameters())
        if manual:
            for q in p:
                q.requires_grad_(False)
                q.grad = torch.zeros_like(q)
        optimiser = torch.optim.AdamW(p, lr=0.0015, weight_decay=5e-5, fused=True)
        n = len(x)
        schedule = self.schedule(optimiser, -(-n // a.batch))
        for _ in range(a.epochs):
            model.train()
            order = torch.randperm(n)
            xs, ys, total = x[order], y[order], torch.zeros(())
            for i in range(0, n, a.batch):
                xb, yb = xs[i : i + a.batch], ys[i : i + a.batch]
                if manual:
                    loss = self.backward(p, xb, yb)
                else:
                    optimiser.zero_grad(set_to_none=True)
                    loss = loss_of(model(xb), yb)
                    loss.backward()
                optimiser.step()
                total += loss.detach() * len(xb)
            schedule.step()
            model.eval()
            with torch.inference_mode():
                for i in range(0, len(xv), 1024):
                    xb = xv[i : i + 1024]
                    total += loss_of(model(xb), yv[i : i + 1024, None]) * len(xb)

    def backward(self, p, x, y):
        """Forward, loss and gradients by hand; works for [b, d] and for [g, b, d] with stacks."""
        torch = self.t
        w, b = p[0::2], p[1::2]
        lead, n = x.shape[:-1], x.shape[-2]
        hs, masks, h = [x], [], x
        for k in range(len(w) - 1):
            m = bit_mask(torch, lead, w[k].shape[-2])
            z = torch.matmul(h, w[k].transpose(-1, -2)).add_(b[k].unsqueeze(-2))
            h = z.relu_().mul_(m)
            hs.append(h)
            masks.append(m)
        z = torch.matmul(h, w[-1].transpose(-1, -2)).add_(b[-1].unsqueeze(-2))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
        g = torch.sigmoid(z).sub_(y).mul_(1.0 / n)
        for k in range(len(w) - 1, -1, -1):
            w[k].grad.copy_(torch.matmul(g.transpose(-1, -2), hs[k]))
            b[k].grad.copy_(g.sum(-2))
            if k:
                g = torch.matmul(g, w[k]).mul_(masks[k - 1]).mul_(hs[k] > 0)
        return loss

    def batched(self):
        torch, a = self.t, self.a
        group = a.group
        models = [list(network(torch, a.arch).parameters()) for _ in range(group)]
        p = [torch.stack([m[k].detach() for m in models]) for k in range(len(models[0]))]
        for q in p:
            q.grad = torch.zeros_like(q)
        optimiser = torch.optim.AdamW(p, lr=0.0015, weight_decay=5e-5, fused=True)
        n = a.cohort + self.mated
        schedule = self.schedule(optimiser, -(-n // a.batch))
        mated = self.draw(group, self.mated).add_(self.refs[:group, None])
        pool = torch.cat((self.cohort, mated.reshape(-1, D)))
        offset = (torch.arange(group) * self.mated)[:, None]
        matedv = self.draw(group, a.development // 2).add_(self.refs[:group, None])
        for _ in range(a.epochs):
            order = torch.stack([torch.randperm(n) for _ in range(group)])
            source = torch.where(order < a.cohort, order, order + offset)
            labels = (order >= a.cohort).float()[:, :, None]
            for i in range(0, n, a.batch):
                self.backward(p, pool[source[:, i : i + a.batch]], labels[:, i : i + a.batch])
                optimiser.step()
            schedule.step()
            with torch.inference_mode():
                self.losses(p, self.probes, matedv)

    def losses(self, p, x, mated):
        """Sums of losses of stacked networks: rows x [n, d] of label 0 that all of them share, mated
        [g, m, d] of their own; the first layers of all networks are one product."""
        torch, group = self.t, p[0].shape[0]

        def of_logits(h, label):
            h = h.relu_()
            for k in range(2, len(p), 2):
                h = torch.baddbmm(p[k + 1].unsqueeze(-2), h, p[k].transpose(-1, -2))
                h = h.relu_() if k + 2 < len(p) else h
            return torch.nn.functional.binary_cross_entropy_with_logits(
                h, torch.full_like(h, label), reduction="none").sum((1, 2))

        total, flat, bias = torch.zeros(group), p[0].reshape(-1, D), p[1].reshape(-1)
        for i in range(0, len(x), 1024):
            h = torch.addmm(bias, x[i : i + 1024], flat.t()).view(-1, group, H1)
            total += of_logits(h.transpose(0, 1), 0.0)
        for i in range(0, mated.shape[1], 1024):
            rows = mated[:, i : i + 1024]
            total += of_logits(
                torch.baddbmm(p[1].unsqueeze(-2), rows, p[0].transpose(-1, -2)), 1.0)
        return total


# ------------------------------------------------------------------------------------------ score
class Score:
    """One call scores every probe with every model."""

    def __init__(self, a):
        import torch

        torch.set_num_threads(a.threads)
        torch.set_num_interop_threads(1)
        torch.manual_seed(0)
        self.t, self.a = torch, a
        probes = rows_of(
            a, "probes", a.probes, lambda: clustered((a.probes + 2) // 3, 3, 5)[: a.probes].copy())
        self.x = torch.from_numpy(probes)
        self.models = [network(torch, "paper").eval() for _ in range(a.models)]
        parameters = [list(m.parameters()) for m in self.models]
        self.p = [torch.stack([q[k].detach() for q in parameters]) for k in range(6)]
        self.run = getattr(self, a.mode)
        self.work, self.identities = a.models * a.probes, a.models

    def official(self):
        torch = self.t
        from torch.utils.data import DataLoader, TensorDataset

        data = TensorDataset(self.x, torch.zeros(len(self.x)))
        for m in self.models:
            labels, scores = [], []
            with torch.no_grad():
                for x, y in DataLoader(data, batch_size=128):
                    scores.extend(torch.sigmoid(m(x)).cpu().numpy().flatten())
                    labels.extend(y.numpy())

    def careful(self):
        out = self.t.empty(len(self.models), len(self.x))
        with self.t.inference_mode():
            for k, m in enumerate(self.models):
                for i in range(0, len(self.x), 1024):
                    out[k, i : i + 1024] = m(self.x[i : i + 1024]).squeeze(1)

    def batched(self):
        torch = self.t
        w1, b1, w2, b2, w3, b3 = self.p
        out = torch.empty(len(self.models), len(self.x))
        with torch.inference_mode():
            for i in range(0, len(self.x), 1024):
                x = self.x[i : i + 1024]
                for g in range(0, len(self.models), 8):
                    e = min(g + 8, len(self.models))
                    flat = w1[g:e].reshape(-1, D)
                    h = torch.addmm(b1[g:e].reshape(-1), x, flat.t()).relu_()
                    h = h.view(len(x), e - g, H1).transpose(0, 1)
                    h = torch.baddbmm(b2[g:e, None], h, w2[g:e].transpose(1, 2)).relu_()
                    z = torch.baddbmm(b3[g:e, None], h, w3[g:e].transpose(1, 2))
                    out[g:e, i : i + 1024] = z.squeeze(2)


# ----------------------------------------------------------------------------------------- search
class Search:
    """One call finds the most similar vector of every probe."""

    def __init__(self, a):
        import faiss

        faiss.omp_set_num_threads(a.threads)
        self.index = faiss.IndexFlatIP(D)
        self.index.add(rows_of(
            a, "cohort", a.models, lambda: clustered((a.models + 3) // 4, 4, 1)[: a.models].copy()))
        self.x = rows_of(
            a, "probes", a.probes, lambda: clustered((a.probes + 2) // 3, 3, 5)[: a.probes].copy())
        self.batch, self.work, self.identities = a.batch, a.models * a.probes, a.probes

    def run(self):
        found = [self.index.search(self.x[i : i + self.batch], 1)[0]
                 for i in range(0, len(self.x), self.batch)]
        return float(np.concatenate(found).astype(np.float64).mean())


# ------------------------------------------------------------------------------------ rates, kde
class Rates:
    def __init__(self, a):
        if a.data:
            s = np.fromfile(os.path.join(a.data, "scores.f32"), np.float32)
            mated = np.fromfile(os.path.join(a.data, "mated.u32"), np.uint32)
        else:
            rng = np.random.default_rng(1)
            s = rng.standard_normal(a.scores, dtype=np.float32) * 3 - 9
            mated = rng.choice(a.scores, max(1000, a.scores // 5749), replace=False)
            s[mated] = rng.standard_normal(len(mated), dtype=np.float32) * 4 + 8
        y = np.zeros(len(s), np.uint8)
        y[mated] = 1
        self.s, self.y, self.mode, self.work, self.identities = s, y, a.mode, len(s), 1
        if a.mode == "sklearn":  # imported here: a slow baseline has no warm-up run
            from sklearn.metrics import roc_curve

            self.roc_curve = roc_curve

    def run(self):
        if self.mode == "sklearn":
            fpr, tpr, _ = self.roc_curve(self.y, self.s)
            return float(1 - tpr[np.argmin(np.abs(fpr - 1e-3))])
        is_mated = self.y == 1
        v, g = self.s[~is_mated], self.s[is_mated]
        # At most k non-mated scores may match: the threshold is the smallest score above the
        # (k + 1)-th largest of them, so all mated scores up to that one are missed.
        k = int(np.floor(1e-3 * len(v)))
        last = len(v) - k - 1
        return float((g <= np.partition(v, last)[last]).mean())


class KDE:
    def __init__(self, a):
        self.x = rows_of(a, "residuals", a.rows, lambda: residuals(a.rows)).astype(np.float64)
        self.bandwidths = 10 ** np.linspace(-2.5, 0.4, 40)
        self.mode, self.work, self.identities = a.mode, a.rows, 1
        if a.mode == "sklearn":
            from sklearn.model_selection import GridSearchCV
            from sklearn.neighbors import KernelDensity

            grid = {"bandwidth": self.bandwidths}
            self.search = GridSearchCV(KernelDensity(), grid, cv=5, refit=False)

    def run(self):
        if self.mode == "sklearn":
            return float(self.search.fit(self.x).best_score_)
        from scipy.special import logsumexp

        x, (n, d) = self.x, self.x.shape
        q = (x * x).sum(1)
        d2 = np.maximum(q[:, None] + q[None] - 2 * x @ x.T, 0)
        total = np.zeros(len(self.bandwidths))
        for fold in np.array_split(np.arange(n), 5):
            rest = np.ones(n, bool)
            rest[fold] = False
            part = d2[fold][:, rest]
            for i, h in enumerate(self.bandwidths):
                norm = np.log(part.shape[1]) + d * np.log(h) + d / 2 * np.log(2 * np.pi)
                total[i] += (logsumexp(-part / (2 * h * h), axis=1) - norm).sum()
        return float(total.max() / 5)


def versions():
    found = {"python": sys.version.split()[0], "numpy": np.__version__}
    for name in ("torch", "sklearn", "scipy", "faiss"):
        if name in sys.modules:
            found[name] = sys.modules[name].__version__
    return found


def peak_bytes():
    """Largest resident size; ru_maxrss would begin with that of the program that started this one."""
    try:
        with open("/proc/self/status") as status:
            return next(int(s.split()[1]) * 1024 for s in status if s.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main():
    a = parse()
    peer = dict(train=Train, score=Score, search=Search, rates=Rates, kde=KDE)[a.workload](a)
    heavy = a.workload in ("rates", "kde") and a.mode == "sklearn"
    if not heavy:  # warm-up; the slow baselines take minutes and gain nothing from it
        peer.run()
    print(json.dumps(dict(ready=True)), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        result = peer.run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps(dict(wall_seconds=wall, cpu_seconds=cpu, work=peer.work,
                              identities=peer.identities, versions=versions(), peak_bytes=peak_bytes(),
                              result=result)), flush=True)


if __name__ == "__main__":
    main()
