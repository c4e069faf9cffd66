"""Voting, stacking, bagging, calibration and isotonic regression of scikit-learn, from parts whose fits are unique."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_friedman1
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from . import case


def rows(seed, n=150, d=4):
    random = np.random.default_rng(seed)
    return random.normal(size=(n, d)).astype(np.float32).astype(np.float64), random


def logistic(c=1.0):
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-10)


def tree(kind, seed, depth=2):
    return kind(max_depth=depth, min_samples_leaf=8, random_state=seed)


def unique(answer):
    """What every seed of the trees answers; refuses data with ties."""
    answers = [answer(seed) for seed in range(4)]
    assert all(np.allclose(other, answers[0], rtol=0, atol=1e-9) for other in answers)
    return answers[0]


def classes_data():
    x, random = rows(31)
    y = np.digitize(x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + random.normal(scale=0.4, size=len(x)), [-0.4, 0.7])
    return x, y, random.uniform(0.5, 3, size=len(x)), rows(32, 30)[0]


def numbers_data():
    x, random = rows(33)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + random.normal(scale=0.2, size=len(x))
    return x, y, random.uniform(0.5, 3, size=len(x)), rows(34, 30)[0]


@case("voting", room="ensemble")
def voting():
    x, y, weights, query = classes_data()

    def parts(seed):
        return [("a", logistic()), ("b", tree(DecisionTreeClassifier, seed)), ("c", logistic(0.01))]

    def vote(kind, given, seed):
        model = VotingClassifier(parts(seed), voting=kind, weights=given).fit(x, y, sample_weight=weights)
        return model.predict_proba(query) if kind == "soft" else model.predict(query)

    def mean(given, seed):
        model = VotingRegressor([("a", Ridge()), ("b", tree(DecisionTreeRegressor, seed))], weights=given)
        return model.fit(u, v, sample_weight=w).predict(ask)

    u, v, w, ask = numbers_data()
    return {
        "classes": {"x": x, "y": y, "weights": weights, "query": query,
                    "cases": [{"voting": kind, "weights": given, "predict": unique(lambda seed: vote(kind, given, seed))} for kind in ("hard", "soft") for given in (None, [2, 1, 1.5])]},
        "numbers": {"x": u, "y": v, "weights": w, "query": ask,
                    "cases": [{"weights": given, "predict": unique(lambda seed: mean(given, seed))} for given in (None, [1, 3])]},
    }  # fmt: skip


@case("stacking", room="ensemble")
def stacking():
    x, y, _, query = classes_data()
    u, v, _, ask = numbers_data()

    def classify(target, passthrough, seed):
        parts = [("a", logistic()), ("b", tree(DecisionTreeClassifier, seed))]
        return StackingClassifier(parts, logistic(), passthrough=passthrough).fit(x, target).predict_proba(query)

    def regress(passthrough, seed):
        parts = [("a", Ridge()), ("b", tree(DecisionTreeRegressor, seed))]
        return StackingRegressor(parts, Ridge(), passthrough=passthrough).fit(u, v).predict(ask)

    return {
        "classes": {"x": x, "y": y, "query": query,
                    "cases": [{"binary": binary, "passthrough": passthrough, "predict": unique(lambda seed: classify((y > 0).astype(int) if binary else y, passthrough, seed))}
                              for binary in (True, False) for passthrough in (False, True)]},
        "numbers": {"x": u, "y": v, "query": ask,
                    "cases": [{"passthrough": passthrough, "predict": unique(lambda seed: regress(passthrough, seed))} for passthrough in (False, True)]},
    }  # fmt: skip


class ProbabilitiesOnly(ClassifierMixin, BaseEstimator):
    """A logistic regression that hides its decision function: ours calibrates probabilities."""

    def fit(self, x, y, sample_weight=None):
        self.model_ = logistic().fit(x, y, sample_weight)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, x):
        return self.model_.predict_proba(x)

    def predict(self, x):
        return self.model_.predict(x)


# a temperature is searched by values of the loss alone, which tell it to the root of the machine's precision
@case("calibration", room="ensemble", tolerance=1e-6)
def calibration():
    x, y, weights, query = classes_data()
    fresh, random = rows(35, 60)
    truth = np.digitize(fresh[:, 0] + random.normal(scale=0.4, size=60), [-0.4, 0.7])

    def calibrate(method, ensemble, target, weight):
        model = CalibratedClassifierCV(ProbabilitiesOnly(), method=method, cv=4, ensemble=ensemble)
        return model.fit(x, target, weight).predict_proba(query)

    def prefit(method):
        model = FrozenEstimator(ProbabilitiesOnly().fit(x, y))
        return CalibratedClassifierCV(model, method=method).fit(fresh, truth).predict_proba(query)

    return {
        "x": x, "y": y, "weights": weights, "query": query, "fresh": fresh, "truth": truth,
        "cases": [
            {"method": method, "ensemble": ensemble, "binary": binary, "weighted": weighted,
             "predict": calibrate(method, ensemble, (y > 0).astype(int) if binary else y, weights if weighted else None)}
            for method in ("sigmoid", "isotonic", "temperature") for ensemble in (True, False)
            for binary, weighted in ((True, False), (False, False), (False, True))
        ],
        "prefit": [{"method": method, "predict": prefit(method)} for method in ("sigmoid", "isotonic", "temperature")],
    }  # fmt: skip


@case("isotonic-regression", room="ensemble")
def isotonic():
    random = np.random.default_rng(36)
    x = np.round(random.uniform(0, 10, size=80), 1)
    y = np.log1p(x) + random.normal(scale=0.4, size=80)
    weights = random.integers(0, 4, size=80).astype(float)
    query = np.linspace(-1, 11, 40)
    cases = []
    for params, sign in (({}, 1), ({"increasing": False}, -1), ({"increasing": "auto"}, -1), ({"y_min": 0.5, "y_max": 2.0}, 1)):
        for weighted in (False, True):
            model = IsotonicRegression(out_of_bounds="clip", **params).fit(x, sign * y, weights if weighted else None)
            cases.append({"params": params, "sign": sign, "weighted": weighted, "thresholds": model.X_thresholds_, "predict": model.predict(query)})
    return {"x": x, "y": y, "weights": weights, "query": query, "cases": cases}


@case("bagging", room="ensemble")
def bagging():
    """Scores over seeds, with which ours must agree within their spread."""
    x, y = make_friedman1(n_samples=220, n_features=6, noise=1.0, random_state=6)
    x = x.astype(np.float32).astype(np.float64)
    labels = (y > 14).astype(int)
    known, asked = slice(0, 150), slice(150, 220)
    configurations = [
        {"n_estimators": 40, "oob_score": True},
        {"n_estimators": 30, "max_samples": 0.5, "max_features": 0.5, "bootstrap": False},
        {"n_estimators": 30, "max_features": 4, "bootstrap_features": True},
    ]

    def regress(params, seed):
        model = BaggingRegressor(random_state=seed, **params).fit(x[known], y[known])
        return {"r2": r2_score(y[asked], model.predict(x[asked])), **({"oob": model.oob_score_} if "oob_score" in params else {})}

    def classify(params, seed):
        model = BaggingClassifier(random_state=seed, **params).fit(x[known], labels[known])
        proba = model.predict_proba(x[asked])
        scores = {"accuracy": accuracy_score(labels[asked], proba.argmax(axis=1)), "roc_auc": roc_auc_score(labels[asked], proba[:, 1])}
        return {**scores, **({"oob": model.oob_score_} if "oob_score" in params else {})}

    def spread(score, params):
        runs = [score(params, seed) for seed in range(15)]
        return {key: [run[key] for run in runs] for key in runs[0]}

    return {
        "x": x, "y": y, "labels": labels, "train": 150,
        "cases": [{"params": params, "regression": spread(regress, params), "classification": spread(classify, params)} for params in configurations],
    }  # fmt: skip
