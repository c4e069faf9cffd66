"""sklearn.linear_model on small random problems."""

import numpy as np
from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

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


def rounded(seed, n, d):
    """Three digits a value keep the fixture small."""
    rng, x = problem(seed, n, d)
    return rng, x.round(3)


@case("linear-regression")
def linear_regression():
    cases = []
    for name, n, d, intercept, weighted, positive, tol in [
        ("tall", 60, 5, True, False, False, 1e-12),
        ("tall, no intercept", 60, 5, False, False, False, 1e-12),
        ("weighted", 60, 5, True, True, False, 1e-12),
        ("more columns than rows", 12, 30, True, False, False, 1e-12),
        ("collinear", 40, 6, True, True, False, 1e-9),
        ("a constant column", 40, 4, True, False, False, 1e-9),
        ("positive", 60, 6, True, True, True, 1e-12),
    ]:
        rng, x = rounded(n + d, n, d)
        if name == "collinear":
            x[:, 4] = x[:, 0] - 2 * x[:, 1]
            x[:, 5] = x[:, 0]
        if name == "a constant column":
            x[:, 2] = 7
        y = (3 + x @ rng.normal(size=d) + rng.normal(size=n)).round(3)
        weights = rng.uniform(0.1, 2, n).round(3) if weighted else None
        model = LinearRegression(fit_intercept=intercept, positive=positive, tol=tol).fit(x, y, sample_weight=weights)
        cases.append({"name": name, "x": x, "y": y, "weights": weights, "params": {"fitIntercept": intercept, "positive": positive, "tol": tol}, "coef": model.coef_, "intercept": model.intercept_})
    return {"cases": cases}


@case("polynomial")
def polynomial():
    rng, x = rounded(3, 30, 3)
    y = x[:, 0] ** 2 - x[:, 1] * x[:, 2] + rng.normal(size=30)
    cases = []
    for degree, interaction in [(1, False), (2, False), (3, False), (3, True)]:
        features = PolynomialFeatures(degree, interaction_only=interaction).fit(x)
        model = make_pipeline(PolynomialFeatures(degree, interaction_only=interaction, include_bias=False), LinearRegression(tol=1e-12)).fit(x, y)
        cases.append({"degree": degree, "interactionOnly": interaction, "names": features.get_feature_names_out(), "features": features.transform(x[:4]), "predicted": model.predict(x)})
    return {"x": x, "y": y, "cases": cases}


@case("elastic-net")
def elastic_net():
    cases = []
    for n, d, alpha, ratio, intercept, weighted, positive in [
        (60, 8, 0.1, 1.0, True, False, False),
        (60, 8, 0.5, 1.0, False, True, False),
        (60, 8, 0.2, 0.5, True, True, False),
        (60, 8, 0.05, 0.9, True, False, True),
        (20, 40, 0.1, 1.0, True, False, False),
        (20, 40, 0.1, 0.3, True, True, False),
    ]:
        rng, x = rounded(n + d, n, d)
        y = (1 + x @ (rng.normal(size=d) * (rng.random(d) < 0.5)) + rng.normal(size=n)).round(3)
        weights = rng.uniform(0.1, 2, n).round(3) if weighted else None
        model = ElasticNet(alpha=alpha, l1_ratio=ratio, fit_intercept=intercept, positive=positive, tol=1e-14, max_iter=1_000_000).fit(x, y, sample_weight=weights)
        params = {"alpha": alpha, "l1Ratio": ratio, "fitIntercept": intercept, "positive": positive}
        cases.append({"x": x, "y": y, "weights": weights, "params": params, "coef": model.coef_, "intercept": model.intercept_})
    return {"cases": cases}


@case("logistic-penalties")
def logistic_penalties():
    cases = []
    for classes, penalty, c, ratio, intercept, weighted in [
        (2, "none", 1.0, 0.0, True, False),
        (3, "none", 1.0, 0.0, True, True),
        (2, "l2", 0.3, 0.0, False, True),
        (3, "l2", 2.0, 0.0, True, False),
        (2, "l1", 0.3, 1.0, True, True),
        (2, "l1", 0.1, 1.0, False, False),
        (3, "l1", 0.4, 1.0, True, False),
        (2, "elasticnet", 0.2, 0.4, True, False),
        (3, "elasticnet", 0.5, 0.7, True, True),
    ]:
        rng, x = rounded(100 + 10 * classes, 90, 4)
        scores = x @ rng.normal(size=(4, classes)) + 2 * rng.normal(size=(90, classes))
        y = scores.argmax(axis=1)
        weights = rng.uniform(0.1, 2, 90).round(3) if weighted else None
        solver = "newton-cholesky" if ratio == 0 else "saga"
        model = LogisticRegression(
            C=np.inf if penalty == "none" else c, l1_ratio=ratio, solver=solver, fit_intercept=intercept, tol=1e-12, max_iter=1_000_000
        ).fit(x, y, sample_weight=weights)
        params = {"penalty": penalty, "c": c, "l1Ratio": ratio, "fitIntercept": intercept}
        cases.append({"x": x, "y": y, "weights": weights, "params": params, "coef": model.coef_, "intercept": model.intercept_, "proba": model.predict_proba(x[:5])})
    return {"cases": cases}
