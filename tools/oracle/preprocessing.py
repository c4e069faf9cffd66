"""sklearn.preprocessing and sklearn.impute on a table with holes."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

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
