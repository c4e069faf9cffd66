"""sklearn.preprocessing and sklearn.impute on a table with holes."""

import warnings

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from . import case


def table():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(25, 4)) * [1, 10, 0.1, 3] + [0, 5, -2, 100]
    x[:, 3] = np.round(x[:, 3])
    return rng, x


@case("imputer")
def imputer():
    rng, x = table()
    holed = x.copy()
    holed[rng.random(x.shape) < 0.2] = np.nan
    strategies = {"mean": "mean", "median": "median", "mode": "most_frequent"}
    filled = {name: SimpleImputer(strategy=theirs).fit_transform(holed) for name, theirs in strategies.items()}
    return {"x": [[None if np.isnan(v) else v for v in row] for row in holed], **filled}


@case("scalers")
def scalers():
    _, x = table()
    x[:, 2] = 7
    return {
        "x": x,
        "standard": StandardScaler().fit_transform(x),
        "minmax": MinMaxScaler(feature_range=(-1, 2)).fit_transform(x),
        "robust": RobustScaler().fit_transform(x),
    }


# a power is searched by values of the likelihood alone, which tell it to the root of the machine's precision
@case("more-scalers", tolerance=1e-5)
def more_scalers():
    rng, x = table()
    x[:, 2] = 7
    x[:, 1] = np.exp(x[:, 1] / 10)
    later = x * 1.5 - 0.3
    scalers = {
        "max_abs": MaxAbsScaler(),
        "clip": MinMaxScaler(clip=True),
        "robust_wide": RobustScaler(quantile_range=(10, 90)),
        "power": PowerTransformer(),
        "power_raw": PowerTransformer(standardize=False),
        "uniform": QuantileTransformer(n_quantiles=10),
        "normal": QuantileTransformer(n_quantiles=25, output_distribution="normal"),
    }
    answers = {name: scaler.fit(x).transform(later) for name, scaler in scalers.items()}
    return {"x": x, "later": later, "lambdas": scalers["power"].lambdas_, **answers}


@case("weighted-scaler")
def weighted_scaler():
    rng, x = table()
    weights = rng.integers(0, 4, size=len(x)).astype(float)
    return {"x": x, "weights": weights, "standard": StandardScaler().fit(x, sample_weight=weights).transform(x)}


@case("bins")
def bins():
    _, x = table()
    x[:, 3] = np.round(x[:, 3] / 2)
    later = x * 1.2 - 0.1
    columns = [0, 1, 3]
    answers = {}
    for strategy in ("uniform", "quantile", "kmeans"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = KBinsDiscretizer(4, encode="ordinal", strategy=strategy).fit(x[:, columns])
        binned = model.transform(later[:, columns])
        answers[strategy] = {
            "edges": [list(edges) for edges in model.bin_edges_],
            "binned": binned,
            "inverse": model.inverse_transform(binned),
        }
    return {"x": x[:, columns], "later": later[:, columns], **answers}


def letters(rng, n, p):
    return rng.choice(list("abcdef"), size=n, p=p)


@case("one-hot")
def one_hot():
    rng = np.random.default_rng(5)
    x = np.column_stack([letters(rng, 60, [0.4, 0.3, 0.15, 0.1, 0.05, 0]), rng.choice(["no", "yes"], size=60)])
    options = {
        "plain": {},
        "first": {"drop": "first"},
        "if_binary": {"drop": "if_binary"},
        "rare": {"min_frequency": 8},
        "share": {"min_frequency": 0.2, "drop": "first"},
        "unknown": {"min_frequency": 8, "handle_unknown": "infrequent_if_exist"},
    }
    later = np.array([["a", "yes"], ["f", "no"], ["e", "yes"], ["b", "no"]])
    answers = {}
    for name, params in options.items():
        model = OneHotEncoder(sparse_output=False, **{"handle_unknown": "ignore", **params}).fit(x)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers[name] = model.transform(later)
    return {"x": x, "later": later, "answers": answers}


@case("target-encoder")
def target_encoder():
    rng = np.random.default_rng(6)
    x = letters(rng, 90, [0.4, 0.3, 0.15, 0.1, 0.03, 0.02])
    effect = np.array([" abcdef".index(letter) for letter in x])
    y = effect + rng.normal(size=90)
    targets = {"regression": y, "binary": (y > 2).astype(int), "multiclass": np.digitize(y, [1.5, 3])}
    answers = {}
    for name, target in targets.items():
        for smooth in ("auto", 3.0):
            folds = KFold(5) if name == "regression" else StratifiedKFold(5)
            encoder = TargetEncoder(smooth=smooth, cv=folds)
            trained = encoder.fit_transform(x[:, None], target)
            answers[f"{name} {smooth}"] = {
                "target": target,
                "trained": trained,
                "later": encoder.transform(np.array([["a"], ["f"], ["z"]])),
            }
    return {"x": x, "answers": answers}
