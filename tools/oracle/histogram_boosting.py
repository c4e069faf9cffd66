"""LightGBM's answers on a small table with missing values and categories, loss by loss: ours must be the same trees.

LightGBM passes over a column in a whole subtree once it offered nothing there; ours looks again. Settings that make many splits
worthless (penalties, a small largest step) therefore have stumps here, or few trees."""

import lightgbm
import numpy as np

from . import case

trees = 20
shared = dict(verbose=-1, num_threads=1, min_data_in_leaf=5, num_leaves=12, deterministic=True, force_col_wise=True)


def rows():
    draw = np.random.default_rng(5)
    n = 260
    x = draw.normal(size=(n, 5))
    x[:, 3] = np.round(x[:, 3] * 2)
    x[draw.random((n, 5)) < 0.08] = np.nan
    category = draw.integers(0, 9, n).astype(float)
    signal = np.nan_to_num(x[:, 0]) * 1.5 - np.nan_to_num(x[:, 1] * x[:, 2]) + 0.7 * np.isin(category, [1, 4, 7]) + np.isnan(x[:, 4])
    x = np.column_stack([x, category])
    weights = np.round(draw.random(n) * 2 + 0.1, 2)
    queries = np.sort(draw.integers(0, 20, n))
    targets = {
        "number": signal * 3 + draw.normal(size=n),
        "count": draw.poisson(np.exp(np.clip(signal, -3, 2))).astype(float),
        "positive": np.exp(signal * 0.5 + draw.normal(size=n) * 0.3),
        "two": (signal + draw.logistic(size=n) * 0.5 > 0).astype(int),
        "three": np.digitize(signal + draw.normal(size=n) * 0.2, [-0.5, 0.8]),
        "grade": np.digitize(signal + draw.normal(size=n) * 0.5, [-1, 0, 1.5]),
    }
    return np.round(x, 4), weights, queries, targets


@case("lightgbm", room="ensemble/boosting")
def losses():
    x, weights, queries, targets = rows()
    cases = []

    def add(name, target, weighted=False, categories=False, group=None, trees=trees, **params):
        data = x if categories else x[:, :5]
        table = lightgbm.Dataset(
            data,
            targets[target],
            weight=weights if weighted else None,
            group=np.unique(queries, return_counts=True)[1] if group else None,
            categorical_feature=[5] if categories else "auto",
            params={**shared, **params},
        )
        model = lightgbm.train({**shared, **params}, table, trees)
        cases.append(dict(name=name, target=target, weighted=weighted, categories=categories, trees=trees, params=params, raw=np.round(model.predict(data, raw_score=True), 7)))

    add("squared error", "number", objective="regression")
    add("squared error, weighted", "number", weighted=True, objective="regression")
    add("absolute error", "number", objective="regression_l1")
    add("Huber", "number", objective="huber", alpha=0.7)
    add("quantile", "number", objective="quantile", alpha=0.75)
    add("Poisson", "count", objective="poisson")
    add("gamma", "positive", objective="gamma")
    add("Tweedie", "count", objective="tweedie")
    add("two classes, weighted", "two", weighted=True, objective="binary")
    add("three classes, weighted", "three", weighted=True, objective="multiclass", num_class=3)
    add("penalties", "number", objective="regression", num_leaves=2, lambda_l1=1.5, lambda_l2=2.0)
    add("a largest step", "number", objective="regression", num_leaves=2, max_delta_step=0.4)
    add("monotone columns", "number", trees=2, objective="regression", monotone_constraints=[1, -1, 0, 0, 0])
    add("columns that may meet", "number", objective="regression", interaction_constraints=[[0, 1], [2, 3, 4]])
    add("a bounded depth", "number", objective="regression", max_depth=3)
    add("few bins", "number", objective="regression", max_bin=16)
    add("categories, one against the others", "number", categories=True, objective="regression", max_cat_to_onehot=20)
    add("categories in sets", "number", categories=True, trees=5, objective="regression", min_data_per_group=10)
    add("ranking", "grade", group=True, objective="lambdarank")
    return {"x": [[None if np.isnan(v) else v for v in row] for row in x], "weights": weights, "queries": queries, "targets": targets, "cases": cases}


@case("shap", room="ensemble/boosting")
def contributions():
    x, _, _, targets = rows()
    cases = []
    for target, categories, params in [("number", False, {}), ("number", True, dict(min_data_per_group=10)), ("three", False, dict(objective="multiclass", num_class=3))]:
        data = x if categories else x[:, :5]
        table = lightgbm.Dataset(data, targets[target], categorical_feature=[5] if categories else "auto", params={**shared, **params})
        model = lightgbm.train({**shared, **params}, table, 5)
        cases.append(dict(target=target, categories=categories, text=model.model_to_string(), contributions=model.predict(data[:20], pred_contrib=True)))
    return {"x": [[None if np.isnan(v) else v for v in row] for row in x[:20]], "cases": cases}
