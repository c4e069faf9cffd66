"""sklearn.decomposition.PCA by both solvers, tall and wide."""

import numpy as np
from sklearn.decomposition import PCA

from . import case


@case("pca")
def pca():
    cases = []
    for seed, n, d, params in [
        (1, 60, 4, {}),
        (2, 60, 4, {"n_components": 2, "whiten": True}),
        (3, 60, 4, {"n_components": 0.9, "svd_solver": "full"}),
        (4, 60, 4, {"n_components": 3, "svd_solver": "covariance_eigh", "whiten": True}),
        (5, 12, 20, {"svd_solver": "full"}),
        (6, 12, 20, {"n_components": 3, "svd_solver": "full", "whiten": True}),
    ]:
        rng = np.random.default_rng(seed)
        x = np.round(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + np.arange(d) * 10, 5)
        model = PCA(**params).fit(x)
        kept = slice(0, 11 if n < d and "n_components" not in params else None)  # twelve centred rows have eleven directions
        reduced = model.transform(x[:6])
        cases.append({
            "x": x, "params": params, "components": model.components_[kept], "explainedVariance": model.explained_variance_[kept],
            "explainedVarianceRatio": model.explained_variance_ratio_[kept], "singularValues": model.singular_values_[kept],
            "noiseVariance": model.noise_variance_, "mean": model.mean_, "transform": reduced[:, kept],
            "inverse": model.inverse_transform(reduced),
        })  # fmt: skip
    return {"cases": cases}
