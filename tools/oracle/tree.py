"""Decision trees of scikit-learn on data whose splits have no ties."""

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from . import case


def rows(seed, n=120, d=4):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d)).astype(np.float32).astype(np.float64)  # scikit-learn's trees see 32 bits
    return x, random


def answers(kind, params, weighted, x, y, weights, query):
    """What a tree answers; refuses data with ties, which scikit-learn breaks by its random state."""
    trees = [kind(random_state=seed, **params).fit(x, y, weights if weighted else None) for seed in range(20)]
    predict = [tree.predict_proba(query) if kind is DecisionTreeClassifier else tree.predict(query) for tree in trees]
    for tree, predicted in zip(trees, predict):
        assert np.allclose(tree.feature_importances_, trees[0].feature_importances_, rtol=0, atol=1e-12), params
        assert np.allclose(predicted, predict[0], rtol=0, atol=1e-12), params
    return {
        "params": params,
        "weighted": weighted,
        "n_nodes": trees[0].tree_.node_count,
        "predict": predict[0],
        "importances": trees[0].feature_importances_,
    }


@case("decision-tree-classifier")
def classifier():
    x, random = rows(1)
    y = np.digitize(x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + random.normal(scale=0.3, size=len(x)), [-0.5, 0.6])
    weights = random.integers(1, 4, size=len(x)).astype(float)
    query = rows(2, 40)[0]
    cases = [
        {"criterion": "gini", "max_depth": 3},
        {"criterion": "entropy", "max_depth": 3},
        {"criterion": "gini", "max_depth": 5, "min_samples_leaf": 6, "min_samples_split": 15},
        {"criterion": "gini", "min_impurity_decrease": 0.02},
        {"criterion": "gini", "max_depth": 2, "class_weight": "balanced"},
    ]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "cases": [
            answers(DecisionTreeClassifier, params, weighted, x, y, weights, query)
            for params in cases for weighted in (False, True)
        ],
    }  # fmt: skip


@case("decision-tree-regressor")
def regressor():
    x, random = rows(3)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + random.normal(scale=0.1, size=len(x))
    weights = random.integers(1, 4, size=len(x)).astype(float)
    query = rows(4, 40)[0]
    cases = [{"max_depth": 3, "min_samples_leaf": 5}, {"min_samples_leaf": 5}, {"max_depth": 6, "min_samples_leaf": 4, "min_impurity_decrease": 0.02}]
    return {
        "x": x, "y": y, "weights": weights, "query": query,
        "cases": [
            answers(DecisionTreeRegressor, params, weighted, x, y, weights, query)
            for params in cases for weighted in (False, True)
        ],
    }  # fmt: skip
