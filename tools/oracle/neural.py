"""sklearn.neural_network from recorded first weights, step by step without shuffling, and its scores over seeds."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from . import case

warnings.simplefilter("ignore", ConvergenceWarning)


def problem(seed, n, d, kind):
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(n, d)), 4)
    score = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * rng.normal(size=n)
    y = np.round(score, 4) if kind == "identity" else np.digitize(score, [0.0] if kind == "logistic" else [-0.5, 0.6])
    return rng, x, y


def started(kind):
    """The estimator of a kind that keeps the weights it began with."""
    base = MLPRegressor if kind == "identity" else MLPClassifier

    class Started(base):
        def _init_coef(self, fan_in, fan_out, dtype):
            coef, intercept = super()._init_coef(fan_in, fan_out, dtype)
            coef, intercept = np.round(coef, 5), np.round(intercept, 5)
            self.first_ = getattr(self, "first_", []) + [(coef.copy(), intercept.copy())]
            return coef, intercept

    return Started


def weights(model):
    return {"coefs": [c.ravel() for c in model.coefs_], "intercepts": model.intercepts_}


def first(model):
    return {"coefs": [c.ravel() for c, _ in model.first_], "intercepts": [i for _, i in model.first_]}


@case("mlp-steps")
def steps():
    cases = []
    for number, (kind, params) in enumerate([
        ("logistic", {"solver": "adam", "activation": "relu", "hidden_layer_sizes": (7,)}),
        ("softmax", {"solver": "adam", "activation": "tanh", "hidden_layer_sizes": (9, 5), "alpha": 0.1}),
        ("identity", {"solver": "adam", "activation": "logistic", "hidden_layer_sizes": (6,), "beta_1": 0.8, "beta_2": 0.99}),
        ("identity", {"solver": "sgd", "activation": "identity", "hidden_layer_sizes": (4,)}),
        ("logistic", {"solver": "sgd", "activation": "tanh", "hidden_layer_sizes": (7,), "nesterovs_momentum": False}),
        ("softmax", {"solver": "sgd", "activation": "relu", "hidden_layer_sizes": (8,), "learning_rate": "invscaling", "power_t": 0.3}),
        ("identity", {"solver": "sgd", "activation": "relu", "hidden_layer_sizes": (8,), "learning_rate": "adaptive", "n_iter_no_change": 1, "tol": 0.5, "max_iter": 12}),
    ]):  # fmt: skip
        rng, x, y = problem(number, 50, 3, kind)
        sample_weight = np.round(rng.uniform(0.2, 2, 50), 3) if number % 2 else None
        params = {"max_iter": 6, "batch_size": 16, "learning_rate_init": 0.02, **params}
        model = started(kind)(shuffle=False, random_state=number, **params).fit(x, y, sample_weight=sample_weight)
        cases.append({"x": x, "y": y, "weights": sample_weight, "output": kind, "params": params, "first": first(model), "last": weights(model), "lossCurve": model.loss_curve_})
    return {"cases": cases}


@case("mlp-lbfgs")
def lbfgs():
    cases = []
    for number, (kind, activation, sizes, alpha) in enumerate([
        ("logistic", "tanh", (4,), 1.0), ("softmax", "logistic", (5,), 0.5), ("identity", "tanh", (4, 3), 1.0), ("identity", "identity", (3,), 0.1),
    ]):  # fmt: skip
        _, x, y = problem(20 + number, 60, 3, kind)
        model = started(kind)(solver="lbfgs", activation=activation, hidden_layer_sizes=sizes, alpha=alpha, tol=1e-9, max_iter=5000, random_state=number, warm_start=True)
        start = first(model.fit(x, y))
        for _ in range(40):  # scipy stops where the loss hardly falls; begun again, it goes on
            model.fit(x, y)
        predicted = model.predict(x) if kind == "identity" else model.predict_proba(x)
        cases.append({"x": x, "y": y, "output": kind, "params": {"activation": activation, "hidden_layer_sizes": sizes, "alpha": alpha}, "first": start, "loss": round(model.loss_, 7), "predicted": np.round(predicted[:10], 4)})  # as far as any BLAS agrees
    return {"cases": cases}


def scores(kind, seed, params):
    _, x, y = problem(seed, 320, 3, kind)
    estimator = MLPRegressor if kind == "identity" else MLPClassifier
    fits = [estimator(random_state=s, **params).fit(x[:160], y[:160]) for s in range(20)]
    return {"x": x, "y": y, "train": 160, "params": params, "scores": [round(fit.score(x[160:], y[160:]), 3) for fit in fits]}


@case("mlp-seeds")
def seeds():
    return {
        "classifier": scores("softmax", 40, {"hidden_layer_sizes": (30,), "learning_rate_init": 0.01}),
        "regressor": scores("identity", 41, {"hidden_layer_sizes": (30,), "learning_rate_init": 0.01}),
        "early": scores("logistic", 42, {"hidden_layer_sizes": (20, 10), "early_stopping": True, "learning_rate_init": 0.01}),
    }
