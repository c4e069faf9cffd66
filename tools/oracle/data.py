"""scipy's and numpy's figures of a column with missing cells."""

import numpy as np
from scipy import stats

from . import case


@case("column-figures")
def column_figures():
    values = np.random.default_rng(7).lognormal(size=200)
    other = values + np.random.default_rng(8).normal(size=200)
    quantiles = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    return {
        "values": values,
        "other": other,
        "mean": values.mean(),
        "sd": values.std(ddof=1),
        "skew": stats.skew(values),
        "quantiles": dict(zip(["q05", "q25", "q50", "q75", "q95"], quantiles)),
        "correlation": np.corrcoef(values, other)[0, 1],
    }
