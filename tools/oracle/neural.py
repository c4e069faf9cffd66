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


def correlate(x, kernel, bias, padding):
    """A convolution along one axis, channels last: x (n, length, channels), kernel (width, channels, filters)."""
    width = len(kernel)
    if padding == "same":
        x = np.pad(x, ((0, 0), ((width - 1) // 2, width // 2), (0, 0)))
    windows = [x[:, i : i + width] for i in range(x.shape[1] - width + 1)]
    return np.stack([np.einsum("nwc,wcf->nf", window, kernel) for window in windows], 1) + bias


def pool(x, size, choose):
    parts = x[:, : x.shape[1] // size * size].reshape(len(x), -1, size, x.shape[2])
    if choose == "mean":
        return parts.mean(2)
    return np.take_along_axis(parts, parts.real.argmax(2)[:, :, None], 2)[:, :, 0]


def layered_loss(w, curve, star, label, period, depth):
    """The loss of one batch; analytic in the weights, so that a complex step gives its gradient to the last digit."""
    h = correlate(curve, w["conv1d_1/kernel"], w["conv1d_1/bias"], "same")
    h = np.where(h.real > 0, h, 0)
    mean = h.mean((0, 1))
    variance = ((h - mean) ** 2).mean((0, 1))
    h = (h - mean) / np.sqrt(variance + 1e-3) * w["batchNormalization_1/gamma"] + w["batchNormalization_1/beta"]
    h = pool(h, 2, "mean")
    h = np.tanh(correlate(h, w["conv1d_2/kernel"], w["conv1d_2/bias"], "valid"))
    h = pool(h, 2, "max").reshape(len(h), -1)
    s = 1 / (1 + np.exp(-(star @ w["star_2/kernel"] + w["star_2/bias"])))
    h = np.concatenate([h, s], 1) @ w["dense_2/kernel"] + w["dense_2/bias"]
    h = np.where(h.real > 0, h, np.exp(np.where(h.real > 0, 0, h)) - 1)
    sums = h @ w["label/head/kernel"] + w["label/head/bias"]
    top = sums.real.max(1, keepdims=True)
    entropy = np.log(np.exp(sums - top).sum(1)) + top[:, 0] - sums[np.arange(len(label)), label]
    off = (h @ w["period/head/kernel"] + w["period/head/bias"])[:, 0] - period
    huber = np.where(abs(off.real) <= 0.5, 0.5 * off**2, 0.5 * (off * np.sign(off.real) - 0.25))
    off = (h @ w["depth/head/kernel"] + w["depth/head/bias"])[:, 0] - depth
    return entropy.mean() + 0.3 * huber.mean() + 0.5 * (off * np.sign(off.real)).mean()


@case("network-gradient")
def network_gradient():
    rng = np.random.default_rng(11)
    draw = lambda *shape: np.round(rng.normal(size=shape), 4)
    curve, star, label = draw(7, 12, 2), draw(7, 3), rng.integers(0, 3, 7)
    period, depth = draw(7), draw(7)
    shapes = {
        "conv1d_1/kernel": (4, 2, 3), "conv1d_1/bias": (3,), "batchNormalization_1/gamma": (3,), "batchNormalization_1/beta": (3,),
        "conv1d_2/kernel": (3, 3, 5), "conv1d_2/bias": (5,), "star_2/kernel": (3, 2), "star_2/bias": (2,),
        "dense_2/kernel": (12, 4), "dense_2/bias": (4,), "label/head/kernel": (4, 3), "label/head/bias": (3,),
        "period/head/kernel": (4, 1), "period/head/bias": (1,), "depth/head/kernel": (4, 1), "depth/head/bias": (1,),
    }  # fmt: skip
    weights = {name: draw(*shape) for name, shape in shapes.items()}
    data = curve, star, label, period, depth
    gradients = {}
    for name, shape in shapes.items():
        flat = np.zeros(int(np.prod(shape)))
        for i in range(len(flat)):
            step = {key: value.astype(complex) for key, value in weights.items()}
            step[name].reshape(-1)[i] += 1e-30j
            flat[i] = layered_loss(step, *data).imag / 1e-30
        gradients[name] = flat
    return {
        "curve": curve.reshape(7, -1), "star": star, "label": label, "period": period, "depth": depth,
        "weights": {name: value.ravel() for name, value in weights.items()},
        "loss": layered_loss({k: v.astype(complex) for k, v in weights.items()}, *data).real,
        "gradients": gradients,
    }  # fmt: skip
