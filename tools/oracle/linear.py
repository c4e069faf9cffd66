"""sklearn.linear_model on small random problems."""

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

from . import case


def problem(seed, n, d):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) * np.linspace(0.5, 3, d)
    return rng, x


@case("ridge")
def ridge():
    cases = []
    for n, d, alpha, intercept, weighted in [(40, 5, 1.0, True, False), (40, 5, 0.1, False, False), (40, 5, 10.0, True, True), (12, 30, 2.0, True, False), (12, 30, 2.0, True, True)]:
        rng, x = problem(n + d, n, d)
        y = x @ rng.normal(size=d) + rng.normal(size=n)
        weights = rng.uniform(0.1, 2, n) if weighted else None
        model = Ridge(alpha=alpha, fit_intercept=intercept, solver="cholesky").fit(x, y, sample_weight=weights)
        cases.append({"x": x, "y": y, "alpha": alpha, "fitIntercept": intercept, "weights": weights, "coef": model.coef_, "intercept": model.intercept_})
    return {"cases": cases}


@case("logistic-regression")
def logistic_regression():
    cases = []
    for classes, c, balanced in [(2, 1.0, False), (2, 0.1, True), (3, 1.0, False), (4, 5.0, True)]:
        rng, x = problem(10 * classes, 80, 4)
        scores = x @ rng.normal(size=(4, classes)) + rng.normal(size=(80, classes))
        y = scores.argmax(axis=1)
        model = LogisticRegression(C=c, class_weight="balanced" if balanced else None, tol=1e-10, max_iter=10_000).fit(x, y)
        cases.append({"x": x, "y": y, "c": c, "classWeight": "balanced" if balanced else "none", "proba": model.predict_proba(x)})
    return {"cases": cases}
