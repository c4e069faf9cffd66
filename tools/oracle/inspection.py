"""Permutation importance by scikit-learn: means over many permutations, and how much one permutation's loss varies."""

import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge

from . import case


@case("permutation-importance")
def permutation():
    random = np.random.default_rng(11)
    x = np.round(random.normal(size=(120, 4)), 3)
    y = np.round(x @ [2.0, -1.0, 0.3, 0.0] + random.normal(0, 0.5, 120), 3)
    labels = (x @ [2.0, -1.0, 0.3, 0.0] + random.normal(0, 0.8, 120) > 0).astype(int)
    ridge = Ridge(alpha=1.0, tol=1e-12).fit(x, y)
    logistic = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, labels)
    cells = []
    for metric, scoring, model, truth in (
        ("r2", "r2", ridge, y),
        ("mae", "neg_mean_absolute_error", ridge, y),
        ("accuracy", "accuracy", logistic, labels),
        ("log_loss", "neg_log_loss", logistic, labels),
    ):
        found = permutation_importance(model, x, truth, scoring=scoring, n_repeats=400, random_state=5)
        cells.append(
            {
                "metric": metric,
                "repeats": 400,
                "mean": np.round(found.importances_mean, 12),
                "sd": np.round(found.importances_std, 12),
            }
        )
    return {"x": x, "y": y, "labels": labels, "cells": cells}
