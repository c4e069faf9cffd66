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


@case("drift")
def drift():
    before = np.random.default_rng(1).normal(size=150)
    after = np.random.default_rng(2).normal(0.4, 1.3, size=90)
    edges = np.concatenate([[-np.inf], np.quantile(before, np.arange(1, 10) / 10), [np.inf]])
    shares = [np.maximum(1e-4, np.array([((v > a) & (v <= b)).mean() for a, b in zip(edges, edges[1:])])) for v in (before, after)]
    test = stats.ks_2samp(before, after, method="asymp")
    return {
        "before": before,
        "after": after,
        "psi": ((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum(),
        "distance": test.statistic,
        "pValue": test.pvalue,
    }
