"""sklearn.svm on small random problems, solved to a tight tolerance."""

import numpy as np
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR

from . import case


def problem(seed, n, d, classes):
    """Three digits a value keep the fixture small."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)).round(3)
    scores = x @ rng.normal(size=(d, classes)) + 0.8 * x[:, :1] * x[:, 1:2] * np.arange(classes) + 0.7 * rng.normal(size=(n, classes))
    return rng, x, scores.argmax(axis=1)


kernels = [
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": "auto", "c": 10.0},
    {"kernel": "linear", "c": 0.5},
    {"kernel": "poly", "degree": 3, "coef0": 1.0, "gamma": 0.2},
    {"kernel": "sigmoid", "gamma": 0.05, "coef0": -0.2},
]


def sklearn_names(params):
    return {{"c": "C", "classWeight": "class_weight"}.get(name, name): value for name, value in params.items()}


@case("svc")
def svc():
    cases = []
    for classes in [2, 4]:
        for number, params in enumerate(kernels):
            rng, x, y = problem(10 * classes + number, 70, 4, classes)
            weights = rng.uniform(0.1, 2, 70).round(3) if number % 2 else None
            balanced = {"class_weight": "balanced"} if number == 2 else {}
            model = SVC(**sklearn_names(params), **balanced, tol=1e-10, decision_function_shape="ovo", shrinking=False).fit(x, y, sample_weight=weights)
            fresh = rng.normal(size=(8, 4)).round(3)
            cases.append({
                "x": x, "y": y, "weights": weights, "params": {**params, "classWeight": "balanced" if balanced else "none"}, "fresh": fresh,
                "decision": model.decision_function(fresh).reshape(8, -1), "predicted": model.predict(fresh), "support": model.n_support_,
            })
    return {"cases": cases}


@case("svr")
def svr():
    cases = []
    for number, params in enumerate(kernels):
        rng, x, _ = problem(number, 60, 4, 2)
        y = (np.sin(2 * x[:, 0]) + x[:, 1] + 0.3 * rng.normal(size=60)).round(3)
        weights = rng.uniform(0.1, 2, 60).round(3) if number % 2 else None
        epsilon = [0.1, 0.0, 0.3, 0.2, 0.5][number]
        model = SVR(**sklearn_names(params), epsilon=epsilon, tol=1e-10, shrinking=False).fit(x, y, sample_weight=weights)
        cases.append({"x": x, "y": y, "weights": weights, "params": {**params, "epsilon": epsilon}, "predicted": model.predict(x)})
    return {"cases": cases}


@case("linear-svc")
def linear_svc():
    cases = []
    for classes, loss, c, scaling, intercept, weighted, balanced in [
        (2, "squared_hinge", 1.0, 1.0, True, False, False),
        (2, "hinge", 0.5, 1.0, True, True, False),
        (3, "squared_hinge", 0.2, 5.0, True, True, True),
        (3, "hinge", 1.0, 1.0, False, False, False),
    ]:
        rng, x, y = problem(30 + classes + 7 * weighted, 70, 4, classes)
        weights = rng.uniform(0.1, 2, 70).round(3) if weighted else None
        model = LinearSVC(
            C=c, loss=loss, dual=True, intercept_scaling=scaling, fit_intercept=intercept, class_weight="balanced" if balanced else None, tol=1e-10, max_iter=10_000_000, random_state=0
        ).fit(x, y, sample_weight=weights)
        cases.append({
            "x": x, "y": y, "weights": weights, "params": {"loss": loss, "c": c, "interceptScaling": scaling, "fitIntercept": intercept, "classWeight": "balanced" if balanced else "none"},
            "coef": model.coef_, "intercept": np.ravel(model.intercept_) if intercept else np.zeros(1 if classes == 2 else classes),
        })
    return {"cases": cases}


@case("linear-svr")
def linear_svr():
    cases = []
    for loss, c, epsilon, weighted in [("epsilon_insensitive", 1.0, 0.1, False), ("squared_epsilon_insensitive", 0.3, 0.2, True), ("epsilon_insensitive", 0.2, 0.0, True)]:
        rng, x, _ = problem(50 + weighted, 60, 4, 2)
        y = (x @ rng.normal(size=4) + 1 + 0.5 * rng.normal(size=60)).round(3)
        weights = rng.uniform(0.1, 2, 60).round(3) if weighted else None
        model = LinearSVR(C=c, epsilon=epsilon, loss=loss, dual=True, tol=1e-10, max_iter=10_000_000, random_state=0).fit(x, y, sample_weight=weights)
        cases.append({"x": x, "y": y, "weights": weights, "params": {"loss": loss, "c": c, "epsilon": epsilon}, "coef": model.coef_, "intercept": model.intercept_[0]})
    return {"cases": cases}


@case("pairwise")
def pairwise():
    """The coupled probabilities by their own linear system: Q p + b 1 = 0, Σp = 1 (Wu, Lin, Weng 2004, algorithm 1)."""
    rng = np.random.default_rng(9)
    cases = []
    for k in [3, 5]:
        r = np.triu(rng.uniform(0.05, 0.95, (k, k)), 1)
        r = r + np.tril(1 - r.T, -1)
        q = -r.T * r
        q[np.diag_indices(k)] = [(np.delete(r[:, t], t) ** 2).sum() for t in range(k)]
        system = np.block([[q, np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])
        cases.append({"r": r, "p": np.linalg.solve(system, np.append(np.zeros(k), 1))[:k]})
    return {"cases": cases}
