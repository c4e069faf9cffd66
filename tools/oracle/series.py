"""Series by scipy, statsmodels, pandas, pymannkendall and ruptures: slopes, trends, decomposition, windows, change points, shares by linear programme."""

import warnings

import numpy as np
import pandas as pd
import pymannkendall
import ruptures
from scipy import stats
from scipy.optimize import linprog
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.stattools import acf

from . import case, plain


def null_for_nan(value):
    """The value as plain data with None for NaN, which JSON has not."""
    value = plain(value)
    if isinstance(value, dict):
        return {key: null_for_nan(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [null_for_nan(entry) for entry in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def walk(random, n, step=2.5):
    """A training log's look: a slow rise on a grid with many ties."""
    return np.round((100 + np.cumsum(random.normal(0.4, 2, n))) / step) * step


@case("trends")
def trends():
    random = np.random.default_rng(21)
    lines, tests, taus = [], [], []
    for n in (2, 3, 5, 8, 12, 40):
        for values in (walk(random, n), np.round(random.normal(50, 10, n), 3)):
            x = np.round(np.cumsum(random.exponential(3, n)), 2)
            x[n // 2] = x[n // 2 - 1]  # a tie in x as well
            for place in (None, x):
                if place is not None and len(set(place)) == 1:
                    continue
                for confidence in (0.95, 0.8):
                    for method in ("separate", "joint"):
                        found = stats.theilslopes(values, place, confidence, method)
                        lines.append(dict(y=values, x=place, confidence=confidence, intercept=method, found=list(found)))
            if len(set(values)) > 1:
                found = pymannkendall.original_test(values)
                tests.append(dict(y=values, p=found.p, z=found.z, tau=found.Tau, s=found.s, variance=found.var_s, slope=found.slope))
                for other in (x, np.round(random.normal(0, 1, n), 2)):
                    for alternative in ("two-sided", "greater", "less"):
                        result = stats.kendalltau(values, other, alternative=alternative)
                        taus.append(dict(x=values, y=other, alternative=alternative, tau=result.statistic, p=result.pvalue))
    return null_for_nan(dict(lines=lines, tests=tests, taus=taus))


@case("stl")
def stl():
    random = np.random.default_rng(22)
    rows = []
    for n, period, options in (
        (60, 7, {}),
        (60, 7, dict(robust=True)),
        (48, 12, dict(seasonal=13, robust=True)),
        (40, 4, dict(seasonal_deg=0, trend_deg=0, low_pass_deg=0)),
        (33, 5, dict(seasonal=5, trend=9, low_pass=11)),
        (8, 4, {}),
        (50, 2, dict(seasonal=3)),
    ):
        t = np.arange(n)
        y = 0.1 * t + 3 * np.sin(2 * np.pi * t / period) + random.normal(0, 0.5, n)
        y[n // 3] += 9
        y = np.round(y, 4)
        inner, outer = (1, 3) if n == 48 else (None, None)
        found = STL(y, period=period, **options).fit(inner_iter=inner, outer_iter=outer)
        rows.append(dict(y=y, period=period, options=options, inner=inner, outer=outer,
                         trend=found.trend, seasonal=found.seasonal, weights=found.weights))
    y = np.round(random.normal(0, 1, 40).cumsum(), 3)
    return dict(rows=rows, autocorrelation=dict(y=y, values=acf(y, nlags=12, adjusted=False), standard=len(acf(y)) - 1))


@case("windows")
def windows():
    random = np.random.default_rng(23)
    n = 30
    y = walk(random, n)
    y[[4, 11, 12]] = np.nan
    days = np.cumsum(random.integers(0, 5, n))  # some rows share an instant
    instants = pd.to_datetime(days, unit="D", origin="2024-01-01")
    untimed, timed = pd.Series(y), pd.Series(y, index=instants)
    rows = []
    statistics = ("mean", "median", "min", "max", "std", "sum", "count")
    for statistic in statistics:
        least = 0 if statistic in ("sum", "count") else 1
        for size in (1, 3, 5):
            values = getattr(untimed.rolling(size, min_periods=least, closed="left"), statistic)()
            if statistic == "count":
                values[0] = 0
            if statistic == "sum":
                values[0] = 0
            rows.append(dict(statistic=statistic, rows=size, values=values))
        for size in (7, 28):
            values = getattr(timed.rolling(f"{size}D", min_periods=least, closed="left"), statistic)()
            if least == 0:
                values = values.fillna(0)
            rows.append(dict(statistic=statistic, days=size, values=values))
    means = [dict(alpha=alpha, values=untimed.ewm(alpha=alpha).mean().shift(1)) for alpha in (0.3, 0.6, 1.0)]
    distinct = np.cumsum(random.integers(1, 5, n))
    index = pd.to_datetime(distinct, unit="D", origin="2024-01-01")
    halved = pd.Series(np.nan_to_num(y, nan=100.0), index=index)
    weighted = halved.ewm(halflife="7D", times=index).mean().shift(1)
    return null_for_nan(dict(y=y, days=days, rows=rows, means=means, halved=dict(y=halved, days=distinct, values=weighted)))


@case("change-points")
def change_points():
    random = np.random.default_rng(24)
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in (20, 60, 120):
            level = np.repeat(random.normal(0, 4, 4), n // 4)
            noise = np.repeat(random.uniform(0.3, 2, 4), n // 4)
            y = np.round(level + noise * random.normal(size=len(level)), 3)
            for model, penalty in (("l2", 5.0), ("l2", 20.0), ("normal", 6.0), ("normal", 12.0)):
                for size in (2, 4):
                    cost = ruptures.costs.cost_factory(model)
                    pelt = ruptures.Pelt(model=model, min_size=size, jump=1).fit_predict(y, penalty)
                    binary = ruptures.Binseg(model=model, min_size=size, jump=1).fit(y)
                    cost.fit(y)
                    rows.append(dict(y=y, model=model, penalty=penalty, size=size, pelt=pelt[:-1], cost=cost.sum_of_costs(pelt),
                                     binary=binary.predict(pen=penalty)[:-1], two=binary.predict(n_bkps=2)[:-1]))
    return rows


@case("least-absolute-shares", room="linear")
def least_absolute_shares():
    random = np.random.default_rng(25)
    rows = []
    for n, d in ((1, 2), (3, 2), (12, 3), (40, 4), (90, 7)):
        for grid in (False, True):
            y = random.normal(0, 5, n)
            columns = y[:, None] * random.uniform(0, 1, d) + random.normal(0, 1.5, (n, d)) * random.uniform(0.5, 3, d)
            y, columns = np.round(y, 0 if grid else 3), np.round(columns, 0 if grid else 3)
            weights = np.round(random.uniform(0, 3, n), 2)
            # min Σ w (u + v): y − X s = u − v
            objective = np.r_[np.zeros(d), weights, weights]
            equal = np.block([[columns, np.eye(n), -np.eye(n)], [np.ones((1, d)), np.zeros((1, 2 * n))]])
            found = linprog(objective, A_eq=equal, b_eq=np.r_[y, 1.0], method="highs")
            rows.append(dict(columns=columns.T, y=y, weights=weights, error=found.fun, shares=None if grid else found.x[:d]))
    return rows
