"""Inspection by scikit-learn, shap, scipy and statsmodels: permutation importance, partial dependence, Shapley values, tests of differences."""

import numpy as np
import shap
from scipy import stats
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from . import case


@case("permutation-importance")
def permutation():
    random = np.random.default_rng(11)
    x = np.round(random.normal(size=(120, 4)), 3)
    y = np.round(x @ [2.0, -1.0, 0.3, 0.0] + random.normal(0, 0.5, 120), 3)
    labels = (x @ [2.0, -1.0, 0.3, 0.0] + random.normal(0, 0.8, 120) > 0).astype(int)
    ridge = Ridge(alpha=1.0, tol=1e-12).fit(x, y)
    logistic = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, labels)
    cells = []
    for metric, scoring, model, truth in (
        ("r2", "r2", ridge, y),
        ("mae", "neg_mean_absolute_error", ridge, y),
        ("accuracy", "accuracy", logistic, labels),
        ("log_loss", "neg_log_loss", logistic, labels),
    ):
        found = permutation_importance(model, x, truth, scoring=scoring, n_repeats=400, random_state=5)
        cells.append(
            {
                "metric": metric,
                "repeats": 400,
                "mean": np.round(found.importances_mean, 12),
                "sd": np.round(found.importances_std, 12),
            }
        )
    return {"x": x, "y": y, "labels": labels, "cells": cells}


@case("partial-dependence")
def dependence():
    random = np.random.default_rng(5)
    x = np.round(random.normal(size=(60, 3)), 2)
    x[:, 2] = random.integers(0, 4, 60)
    y = np.round(x[:, 0] * x[:, 1] + x[:, 2] + random.normal(0, 0.1, 60), 3)
    labels = np.digitize(x[:, 0] + 0.3 * x[:, 2], [0.0, 0.8])
    weights = np.round(random.uniform(0.2, 3, 60), 2)
    ridge = Ridge(alpha=1.0, tol=1e-12).fit(np.c_[x, x[:, :1] * x[:, 1:2]][:, :3], y)
    binary = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, (labels > 0).astype(int))
    classes = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, labels)
    cells = []
    for name, model, features, options in (
        ("ridge", ridge, [0], {"grid_resolution": 10}),
        ("ridge", ridge, [2], {"grid_resolution": 10}),
        ("ridge", ridge, [0, 2], {"grid_resolution": 5}),
        ("ridge", ridge, [1], {"grid_resolution": 7, "percentiles": (0.1, 0.8)}),
        ("binary", binary, [0], {"grid_resolution": 8}),
        ("binary", binary, [0, 1], {"grid_resolution": 4}),
        ("classes", classes, [1], {"grid_resolution": 6}),
        ("binary", binary, [0], {"grid_resolution": 8, "weights": True}),
    ):
        weighted = options.pop("weights", False)
        found = partial_dependence(
            model, x, features, kind="average", method="brute", sample_weight=weights if weighted else None, **options
        )
        each = partial_dependence(model, x[:4], features, kind="individual", method="brute", custom_values=None, **options)
        cells.append(
            {
                "model": name,
                "features": features,
                "options": {"gridResolution": options["grid_resolution"], "percentiles": options.get("percentiles", (0.05, 0.95))},
                "weighted": weighted,
                "grid": found["grid_values"],
                "average": [values.ravel() for values in found["average"]],
                "individual": [[row.ravel() for row in values] for values in each["individual"]],
            }
        )
    return {"x": x, "y": y, "labels": labels, "weights": weights, "cells": cells}


def arrays(tree):
    return {
        "feature": np.maximum(tree.feature, -1),
        "threshold": np.where(tree.feature < 0, 0.0, tree.threshold),
        "left": tree.children_left,
        "right": tree.children_right,
        "value": tree.value[:, 0, :].ravel(),
        "outputs": tree.value.shape[2],
        "weight": tree.weighted_n_node_samples,
        "impurity": tree.impurity,
    }


@case("tree-shap")
def tree_shap():
    random = np.random.default_rng(3)
    x = np.round(random.normal(size=(80, 4)), 2)
    y = np.round(x[:, 0] * x[:, 1] + 2 * (x[:, 2] > 0.3) + random.normal(0, 0.2, 80), 3)
    binary = (y > 0.7).astype(int)
    labels = np.digitize(y, [0.3, 1.5])
    weights = np.round(random.uniform(0.2, 3, 80), 2)
    small = {"max_depth": 4, "random_state": 1}
    few = {**small, "n_estimators": 3}
    cells = []
    for name, task, model, truth in (
        ("decision_tree", "regression", DecisionTreeRegressor(**small), y),
        ("decision_tree", "classification", DecisionTreeClassifier(**small), labels),
        ("random_forest", "regression", RandomForestRegressor(**few), y),
        ("random_forest", "classification", RandomForestClassifier(**few), labels),
        ("random_forest", "classification", RandomForestClassifier(**few), binary),
        ("extra_trees", "regression", ExtraTreesRegressor(**few), y),
        ("extra_trees", "classification", ExtraTreesClassifier(**few), binary),
        ("gradient_boosting", "regression", GradientBoostingRegressor(**few), y),
        ("gradient_boosting", "classification", GradientBoostingClassifier(**few), binary),
    ):
        model.fit(x, truth, sample_weight=weights)
        explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
        values = np.asarray(explainer.shap_values(x[:6]))
        values = values.reshape(6, 4, -1).transpose(2, 0, 1).reshape(-1, 24)
        estimators = [model] if name == "decision_tree" else np.ravel(model.estimators_)
        prior = []
        if name == "gradient_boosting":
            prior = model.init_.predict(x[:1]) if task == "regression" else [float(model._raw_predict_init(x[:1])[0, 0])]
        cells.append(
            {
                "name": name,
                "task": task,
                "classes": len(set(truth.tolist())) if task == "classification" else 0,
                "trees": [arrays(each.tree_) for each in estimators],
                "rate": model.learning_rate if name == "gradient_boosting" else 1,
                "prior": prior,
                "base": np.ravel(explainer.expected_value),
                "values": values,
            }
        )
    return {"x": x[:6], "cells": cells}


@case("linear-shap")
def linear_shap():
    random = np.random.default_rng(9)
    x = np.round(random.normal(size=(30, 3)), 2)
    y = np.round(x @ [1.0, -2.0, 0.5] + random.normal(0, 0.2, 30), 3)
    labels = np.digitize(y, [-1.0, 1.0])
    ridge = Ridge(alpha=1.0, tol=1e-12).fit(x, y)
    logistic = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, labels)
    binary = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(x, (labels > 1).astype(int))
    linear = lambda model: shap.LinearExplainer(model, x)
    exact = shap.ExactExplainer(lambda rows: logistic.predict_proba(rows), shap.maskers.Independent(x[:12], max_samples=12))
    proba = exact(x[:4])
    return {
        "x": x,
        "y": y,
        "labels": labels,
        "ridge": {"base": linear(ridge).expected_value, "values": linear(ridge).shap_values(x[:5])},
        "binary": {"base": np.ravel(linear(binary).expected_value), "values": linear(binary).shap_values(x[:5])},
        "logistic": {
            "base": linear(logistic).expected_value,
            "values": np.asarray(linear(logistic).shap_values(x[:5])).transpose(2, 0, 1),
        },
        "exact": {"base": proba.base_values[0], "values": proba.values.transpose(2, 0, 1)},
    }


@case("difference-tests")
def differences():
    random = np.random.default_rng(2)
    p = np.round(np.r_[random.uniform(0, 1, 12), [0.01, 0.01, 0.001, 1.0, 0.0]], 4)
    shares = []
    for ones, count, others, rest in ((12, 30, 40, 300), (0, 25, 10, 200), (25, 25, 100, 200), (1, 40, 60, 400), (300, 900, 2000, 9000)):
        low, high = confint_proportions_2indep(ones, count, others, rest, method="newcomb", compare="diff")
        shares.append(
            {
                "counts": [ones, count, others, rest],
                "p": stats.fisher_exact([[ones, count - ones], [others, rest - others]], alternative="greater").pvalue,
                "interval": [low, high],
            }
        )
    means = []
    for shift, sizes in ((0.5, (20, 60)), (0.0, (5, 9)), (-0.4, (30, 200))):
        a = np.round(random.normal(shift, 1, sizes[0]), 3)
        b = np.round(random.normal(0, 2, sizes[1]), 3)
        test = stats.ttest_ind(a, b, equal_var=False, alternative="greater")
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        means.append({"a": a, "b": b, "p": test.pvalue, "interval": [interval.low, interval.high]})
    tables = [
        {"counts": [b, c], "p": mcnemar([[50, b], [c, 20]], exact=True).pvalue} for b, c in ((3, 12), (0, 6), (7, 7), (140, 190), (1, 0))
    ]
    return {
        "p": p,
        "adjusted": multipletests(p, method="fdr_bh")[1],
        "shares": shares,
        "means": means,
        "mcnemar": tables,
    }
