"""sklearn.neighbors on random rows, which have no ties."""

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from . import case

metrics = [
    {"metric": "euclidean", "algorithm": "brute"},
    {"metric": "euclidean", "algorithm": "kd_tree"},
    {"metric": "manhattan", "algorithm": "brute"},
    {"metric": "manhattan", "algorithm": "ball_tree"},
    {"metric": "minkowski", "p": 3, "algorithm": "kd_tree"},
    {"metric": "minkowski", "p": 1.5, "algorithm": "brute"},
    {"metric": "cosine", "algorithm": "brute"},
]


def problem(seed):
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(90, 3)) * [1, 4, 0.2] + [0, 50, 0], 6)
    query = np.vstack([np.round(rng.normal(size=(12, 3)) * [1, 4, 0.2] + [0, 50, 0], 6), x[:3]])
    return rng, x, query


def answers(kind, x, y, query):
    cases = []
    for number, params in enumerate(metrics):
        for weights, k in (("uniform", 5), ("distance", 8)):
            if weights == "distance" and params["metric"] == "euclidean" and params["algorithm"] == "brute":
                continue  # scikit-learn multiplies out the square there: half the digits of a small distance are lost
            model = kind(n_neighbors=k, weights=weights, **params).fit(x, y)
            distances, indices = model.kneighbors(query)
            answer = {"params": params, "weights": weights, "nNeighbors": k, "predict": model.predict(query)}
            if kind is KNeighborsClassifier:
                answer["proba"] = model.predict_proba(query)
            if weights == "distance" and number != 6:  # cosine distances near 0 differ in their last bits
                answer |= {"distances": distances, "indices": indices}
            cases.append(answer)
    return {"x": x, "y": y, "query": query, "cases": cases}


@case("knn-classifier")
def classifier():
    rng, x, query = problem(1)
    return answers(KNeighborsClassifier, x, rng.integers(0, 3, len(x)), query)


@case("knn-regressor")
def regressor():
    rng, x, query = problem(2)
    return answers(KNeighborsRegressor, x, np.round(x[:, 0] + rng.normal(size=len(x)), 6), query)
