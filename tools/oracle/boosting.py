"""Exact gradient boosting and AdaBoost of scikit-learn, on data whose splits have no ties."""

import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeClassifier

from . import case


def rows(seed, n=120, d=4):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d)).astype(np.float32).astype(np.float64)  # scikit-learn's trees see 32 bits
    return x, random


def unique(kind, params, x, y, weights, answer):
    """The answer of a model; refuses data with ties, which scikit-learn breaks by its random state."""
    answers = [answer(kind(random_state=seed, **params).fit(x, y, weights)) for seed in range(6)]
    for other in answers[1:]:
        for key, value in other.items():
            assert np.allclose(value, answers[0][key], rtol=0, atol=1e-11), (params, key)
    return answers[0]


def boosted(kind, params, weighted, x, y, weights, query):
    def answer(model):
        return {
            "predict": model.predict_proba(query) if hasattr(model, "predict_proba") else model.predict(query),
            "train_score": model.train_score_,
            "importances": model.feature_importances_,
        }

    answers = unique(kind, params, x, y, weights if weighted else None, answer)
    return {"params": params, "weighted": weighted, **answers}


@case("gradient-boosting-classifier", room="ensemble")
def gradient_boosting_classifier():
    x, random = rows(25, 150)
    y = np.digitize(x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + random.normal(scale=0.3, size=len(x)), [-0.5, 0.6])
    weights = random.uniform(0.5, 3, size=len(x))
    query = rows(12, 25)[0]
    leaf = {"n_estimators": 12, "min_samples_leaf": 6}
    binary = [
        {**leaf, "loss": "log_loss"},
        {**leaf, "loss": "exponential"},
        {**leaf, "loss": "log_loss", "init": "zero", "learning_rate": 0.5, "max_depth": 2},
    ]
    multinomial = [leaf, {**leaf, "init": "zero", "learning_rate": 0.3, "max_depth": 2}]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "binary": [
            boosted(GradientBoostingClassifier, params, weighted, x, (y > 0).astype(int), weights, query)
            for params in binary for weighted in (False, True)
        ],
        "multinomial": [
            boosted(GradientBoostingClassifier, params, weighted, x, y, weights, query)
            for params in multinomial for weighted in (False, True)
        ],
    }  # fmt: skip


@case("gradient-boosting-regressor", room="ensemble")
def gradient_boosting_regressor():
    x, random = rows(13, 150)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + random.standard_t(3, size=len(x)) * 0.2
    weights = random.uniform(0.5, 3, size=len(x))
    query = rows(14, 25)[0]
    leaf = {"n_estimators": 12, "min_samples_leaf": 6}
    wide = {"n_estimators": 5, "min_samples_leaf": 15, "max_depth": 2}  # signs as gradients make ties in small leaves
    cases = [
        {**leaf, "loss": "squared_error"},
        {**leaf, "loss": "squared_error", "init": "zero", "max_depth": 2, "min_impurity_decrease": 0.01},
        {**wide, "loss": "absolute_error"},
        {**leaf, "loss": "huber"},
        {**leaf, "loss": "huber", "alpha": 0.6, "max_depth": 2},
        {**wide, "loss": "quantile", "alpha": 0.2},
    ]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "cases": [
            boosted(GradientBoostingRegressor, params, weighted, x, y, weights, query)
            for params in cases for weighted in (False, True)
        ],
    }  # fmt: skip


@case("adaboost-classifier", room="ensemble")
def adaboost_classifier():
    x, random = rows(25, 150)
    y = np.digitize(x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + random.normal(scale=0.3, size=len(x)), [-0.5, 0.6])
    weights = random.uniform(0.5, 3, size=len(x))
    query = rows(12, 40)[0]
    tree = DecisionTreeClassifier(max_depth=2, min_samples_leaf=8)

    def adaboost(random_state, deep=False, **params):
        estimator = DecisionTreeClassifier(max_depth=2, min_samples_leaf=8) if deep else None
        return AdaBoostClassifier(estimator, random_state=random_state, **params)

    def answer(model):
        return {"predict": model.predict_proba(query), "errors": model.estimator_errors_, "importances": model.feature_importances_}

    def boosted(params, target, weighted):
        return {"params": params, "weighted": weighted, **unique(adaboost, params, x, target, weights if weighted else None, answer)}

    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "binary": [
            boosted(params, (y > 0).astype(int), weighted)
            for params in ({"n_estimators": 15}, {"n_estimators": 10, "learning_rate": 0.5, "deep": True}) for weighted in (False, True)
        ],
        "several": [boosted(params, y, True) for params in ({"n_estimators": 15}, {"n_estimators": 10, "deep": True})],
    }  # fmt: skip


@case("adaboost-regressor", room="ensemble")
def adaboost_regressor():
    """Scores over seeds: every learner sees rows drawn by weight."""
    x, y = make_friedman1(n_samples=250, n_features=6, noise=1.0, random_state=6)
    x = x.astype(np.float32).astype(np.float64)
    scores = {
        loss: [
            r2_score(y[160:], AdaBoostRegressor(loss=loss, random_state=seed).fit(x[:160], y[:160]).predict(x[160:]))
            for seed in range(20)
        ]
        for loss in ("linear", "square", "exponential")
    }
    return {"x": x, "y": y, "train": 160, "scores": scores}
