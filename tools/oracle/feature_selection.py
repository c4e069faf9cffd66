"""Selectors and measures of scikit-learn; mutual information on values without ties, and its estimators on values as they are."""

import numpy as np
from sklearn.feature_selection import (
    RFE,
    RFECV,
    SelectFdr,
    SelectFpr,
    SelectFromModel,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    VarianceThreshold,
    chi2,
    f_classif,
    f_regression,
    mutual_info_classif,
    mutual_info_regression,
    r_regression,
)
from sklearn.feature_selection._mutual_info import _compute_mi_cc, _compute_mi_cd
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.metrics import mutual_info_score

from . import case


def rows(seed, n=80, d=6):
    """Columns of falling use: the first tell the target, the last none of it."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d))
    number = 2 * x[:, 0] - x[:, 1] + 0.4 * x[:, 2] * x[:, 0] + 0.5 * random.normal(size=n)
    label = np.digitize(number, [-1.2, 0.8])
    return x, number, label


@case("tests")
def tests():
    x, number, label = rows(1)
    counts = np.random.default_rng(2).poisson(3 + 2 * (label[:, None] == [0, 1, 2, 1]))
    x[:, 5] = 0  # a constant; of others scikit-learn leaves rounding or ∞
    f, p = f_regression(x, number)
    with np.errstate(all="ignore"):
        fc, pc = f_classif(x[:, :5], label)
    c, cp = chi2(counts, label)
    return {
        "x": x, "number": number, "label": label, "counts": counts,
        "f_regression": {"scores": f, "p": p}, "r_regression": {"scores": r_regression(x, number)},
        "f_classif": {"scores": fc, "p": pc}, "chi2": {"scores": c, "p": cp},
    }  # fmt: skip


@case("mutual-information")
def information():
    x, number, label = rows(3, n=120)
    few = np.random.default_rng(4).integers(0, 4, size=120) + (label == 1)
    ties = np.round(x[:, 0], 1)
    return {
        "x": x, "number": number, "label": label, "few": few, "ties": ties,
        "rounded": np.round(number, 1),
        "classif": {str(k): mutual_info_classif(x, label, n_neighbors=k, random_state=0) for k in (1, 3, 7)},
        "regression": {str(k): mutual_info_regression(x, number, n_neighbors=k, random_state=0) for k in (1, 3, 7)},
        "discrete": mutual_info_score(few, label),
        "discreteOfNumber": mutual_info_regression(few[:, None], number, discrete_features=True, random_state=0)[0],
        "tiesOfNumber": _compute_mi_cc(ties, np.round(number, 1), 3),
        "tiesOfLabel": _compute_mi_cd(ties.copy(), label, 3),
        "tiesOverSeeds": [mutual_info_classif(ties[:, None], label, random_state=seed)[0] for seed in range(40)],
    }  # fmt: skip


@case("univariate")
def univariate():
    x, number, label = rows(5, d=8)
    x[:, 7] = x[:, 6]  # equal scores
    cases = []
    for name, score, y in (("f_classif", f_classif, label), ("f_regression", f_regression, number)):
        for selector, params in (
            (SelectKBest, {"k": 1}), (SelectKBest, {"k": 3}), (SelectKBest, {"k": 7}),
            (SelectPercentile, {"percentile": 30}), (SelectPercentile, {"percentile": 60}), (SelectPercentile, {"percentile": 100}),
            (SelectFpr, {"alpha": 0.05}), (SelectFdr, {"alpha": 0.05}), (SelectFdr, {"alpha": 0.5}), (SelectFwe, {"alpha": 0.05}),
        ):  # fmt: skip
            support = selector(score, **params).fit(x, y).get_support(indices=True)
            cases.append({"selector": selector.__name__, "score": name, "params": params, "selected": support})
    return {"x": x, "number": number, "label": label, "cases": cases}


@case("variance")
def variance():
    x = np.random.default_rng(6).normal(size=(30, 5)) * [1, 0.1, 2, 0, 0.5]
    x[3, 0] = x[7, 2] = np.nan
    cells = [[None if np.isnan(v) else v for v in row] for row in x]
    cases = [VarianceThreshold(t).fit(x) for t in (0.0, 0.2, 0.9)]
    return {
        "x": cells,
        "cases": [
            {"threshold": s.threshold, "variances": s.variances_, "selected": s.get_support(indices=True)} for s in cases
        ],
    }


models = {
    "ridge": (Ridge(alpha=1.0), {"alpha": 1.0}, "number"),
    "lasso": (Lasso(alpha=0.05, tol=1e-10), {"alpha": 0.05, "tol": 1e-10}, "number"),
    "logistic_regression": (LogisticRegression(C=1.0, tol=1e-10, max_iter=1000), {"c": 1.0, "tol": 1e-8, "maxIter": 1000}, "label"),
}


@case("from-model")
def from_model():
    x, number, label = rows(7)
    y = {"number": number, "label": label}
    cases = []
    for name, (model, params, target) in models.items():
        for threshold, most in (("auto", None), ("mean", None), ("median", None), ("1.25*mean", None), (0.1, None), (None, 2), ("median", 2)):
            given = None if threshold == "auto" else -np.inf if threshold is None else threshold
            selector = SelectFromModel(model, threshold=given, max_features=most).fit(x, y[target])
            cases.append({
                "model": name, "params": params, "target": target, "threshold": threshold, "maxFeatures": most,
                "selected": selector.get_support(indices=True),
            })  # fmt: skip
    return {"x": x, "number": number, "label": label, "cases": cases}


@case("rfe")
def elimination():
    x, number, label = rows(8, d=7)
    y = {"number": number, "label": label}
    cases, with_folds = [], []
    for name, (model, params, target) in models.items():
        common = {"model": name, "params": params, "target": target}
        for keep, step in ((None, 1), (2, 1), (3, 2), (0.3, 0.4), (1, 3)):
            fitted = RFE(model, n_features_to_select=keep, step=step).fit(x, y[target])
            cases.append({**common, "keep": keep, "step": step, "ranking": fitted.ranking_})
        if name == "lasso":
            continue  # weights of exactly 0 are ties
        for least, step in ((1, 1), (2, 2)):
            fitted = RFECV(model, min_features_to_select=least, step=step, cv=4).fit(x, y[target])
            scores = np.array([fitted.cv_results_[f"split{k}_test_score"] for k in range(4)])
            with_folds.append({**common, "least": least, "step": step, "ranking": fitted.ranking_, "tried": fitted.cv_results_["n_features"], "scores": scores})
    return {"x": x, "number": number, "label": label, "cases": cases, "withFolds": with_folds}


@case("sequential")
def sequential():
    x, number, label = rows(9, d=5)
    y = {"number": number, "label": label}
    cases = []
    for name in ("ridge", "logistic_regression"):
        model, params, target = models[name]
        for direction in ("forward", "backward"):
            for keep, tol, metric in (("auto", None, None), (2, None, None), (0.5, None, None), ("auto", 0.01 if direction == "forward" else -0.01, None), (2, None, "loss")):
                scoring = {None: None, "loss": "neg_log_loss" if target == "label" else "neg_mean_absolute_error"}[metric]
                fitted = SequentialFeatureSelector(
                    model, n_features_to_select=keep, tol=tol, direction=direction, scoring=scoring, cv=4
                ).fit(x, y[target])
                cases.append({
                    "model": name, "params": params, "target": target, "direction": direction, "keep": keep, "tol": tol,
                    "metric": {None: None, "neg_log_loss": "log_loss", "neg_mean_absolute_error": "mae"}[scoring],
                    "selected": fitted.get_support(indices=True),
                })  # fmt: skip
    return {"x": x, "number": number, "label": label, "cases": cases}


@case("correlation")
def correlation():
    """The rule said in numpy: from the strongest down, no column that repeats a kept one."""
    x, number, _ = rows(10, d=6)
    x[:, 4] = x[:, 0] + 0.2 * x[:, 4]
    r = np.abs(np.corrcoef(np.column_stack([x, number]), rowvar=False))
    cases = []
    for threshold, redundancy, most in ((0, 1, None), (0, 0.9, None), (0.2, 0.9, None), (0, 0.3, 2)):
        kept = []
        for j in np.argsort(-r[-1, :-1], kind="stable"):
            if r[-1, j] >= threshold and all(r[j, k] <= redundancy for k in kept) and len(kept) < (most or 6):
                kept.append(j)
        cases.append({"threshold": threshold, "redundancy": redundancy, "maxFeatures": most, "selected": sorted(kept)})
    return {"x": x, "number": number, "scores": r[-1, :-1], "cases": cases}
