"""sklearn.cluster.KMeans: runs from given centres, and the inertia over seeds."""

import numpy as np
from sklearn.cluster import KMeans

from . import case


def blobs(seed, n, d, k, spread):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(k, d)) * 3
    return rng, np.round(centres[rng.integers(0, k, n)] + rng.normal(size=(n, d)) * spread, 4)


@case("k-means")
def k_means():
    cases = []
    for seed, n, d, k, weighted, max_iter in [(1, 120, 2, 3, False, 300), (2, 90, 5, 6, True, 300), (3, 100, 3, 5, False, 2), (4, 61, 1, 4, True, 300)]:
        rng, x = blobs(seed, n, d, k, 1.5)
        init = x[rng.choice(n, k, replace=False)]
        weights = np.round(rng.uniform(0.1, 3, n), 3) if weighted else None
        model = KMeans(k, init=init, n_init=1, tol=1e-4, max_iter=max_iter).fit(x, sample_weight=weights)
        cases.append({
            "x": x, "init": init, "weights": weights, "maxIter": max_iter, "centres": model.cluster_centers_, "labels": model.labels_,
            "inertia": model.inertia_, "iterations": model.n_iter_, "transform": model.transform(x[:5]),
        })  # fmt: skip
    return {"cases": cases}


@case("k-means-seeds")
def seeds():
    _, x = blobs(7, 300, 4, 12, 0.9)
    fits = {init: [KMeans(12, init=init, n_init=1, random_state=seed).fit(x).inertia_ for seed in range(20)] for init in ("k-means++", "random")}
    return {"x": x, "inertia": fits}
