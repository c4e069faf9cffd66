"""sklearn.naive_bayes on small counts and numbers: log-probabilities of each variant."""

import numpy as np
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB

from . import case


def answers(kind, cases, x, y, weights, query):
    out = []
    for params, weighted in cases:
        model = kind(**params).fit(x, y, sample_weight=weights if weighted else None)
        out.append({"params": params, "weighted": weighted, "logProba": model.predict_log_proba(query), "predict": model.predict(query)})
    return {"x": x, "y": y, "weights": weights, "query": query, "cases": out}


def counts(seed, n, d, classes):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, n)
    rates = rng.gamma(1.5, size=(classes, d))
    return rng, rng.poisson(rates[y]).astype(float), y


@case("gaussian-nb")
def gaussian():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 80)
    x = rng.normal(size=(80, 4)) * [1, 5, 0.1, 30] + y[:, None] * [0.7, 2, -0.1, 1] + [0, 100, 0, -7]
    cases = [({}, False), ({}, True), ({"priors": [0.2, 0.5, 0.3]}, False), ({"var_smoothing": 0.01}, True)]
    return answers(GaussianNB, cases, x, y, rng.uniform(0.1, 3, 80), np.vstack([x[:15], x[:15] * 1.5]))


def count_cases(extra):
    plain = [{}, {"alpha": 0.1}, {"alpha": 1e-12, "force_alpha": False}, {"fit_prior": False}, {"class_prior": [0.5, 0.2, 0.3]}]
    return [(params, weighted) for params in plain + extra for weighted in (False, True)]


@case("multinomial-nb")
def multinomial():
    rng, x, y = counts(2, 60, 6, 3)
    return answers(MultinomialNB, count_cases([]), x, y, rng.uniform(0.1, 3, 60), counts(3, 20, 6, 3)[1])


@case("complement-nb")
def complement():
    rng, x, y = counts(4, 60, 6, 3)
    return answers(ComplementNB, count_cases([{"norm": True}]), x, y, rng.uniform(0.1, 3, 60), counts(5, 20, 6, 3)[1])


@case("bernoulli-nb")
def bernoulli():
    rng, x, y = counts(6, 60, 6, 3)
    # with a tiny alpha scikit-learn's log(1 - exp(log p)) keeps five digits only
    cases = [(params, weighted) for params, weighted in count_cases([{"binarize": 1.5}]) if "force_alpha" not in params]
    return answers(BernoulliNB, cases, x, y, rng.uniform(0.1, 3, 60), counts(7, 20, 6, 3)[1])
