"""Random forests of scikit-learn: what they score over seeds, with which ours must agree within their spread."""

import numpy as np
from sklearn.datasets import make_classification, make_friedman1
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, f1_score, r2_score, roc_auc_score

from . import case

seeds = range(20)


@case("random-forest-classifier")
def classifier():
    x, y = make_classification(
        n_samples=400, n_features=6, n_informative=4, n_redundant=0, n_classes=3, n_clusters_per_class=2, flip_y=0.1, class_sep=0.8, random_state=5
    )
    x = x.astype(np.float32).astype(np.float64)
    scores = {"accuracy": [], "roc_auc": [], "f1_macro": [], "oob": []}
    importances = []
    for seed in seeds:
        forest = RandomForestClassifier(random_state=seed, oob_score=True, n_jobs=1).fit(x[:250], y[:250])
        proba = forest.predict_proba(x[250:])
        scores["accuracy"].append(accuracy_score(y[250:], proba.argmax(axis=1)))
        scores["roc_auc"].append(roc_auc_score(y[250:], proba, multi_class="ovr"))
        scores["f1_macro"].append(f1_score(y[250:], proba.argmax(axis=1), average="macro"))
        scores["oob"].append(forest.oob_score_)
        importances.append(forest.feature_importances_)
    return {"x": x, "y": y, "train": 250, "scores": scores, "importances": importances}


@case("random-forest-regressor")
def regressor():
    x, y = make_friedman1(n_samples=300, n_features=6, noise=1.0, random_state=6)
    x = x.astype(np.float32).astype(np.float64)
    scores = {"r2": [], "oob": []}
    for seed in seeds:
        forest = RandomForestRegressor(random_state=seed, oob_score=True, n_jobs=1).fit(x[:200], y[:200])
        scores["r2"].append(r2_score(y[200:], forest.predict(x[200:])))
        scores["oob"].append(forest.oob_score_)
    return {"x": x, "y": y, "train": 200, "scores": scores}


def spread(kind, x, y, train, score, weights=None, **params):
    """The score of forests of 50 trees, one for each of 12 seeds."""
    forests = [kind(50, random_state=seed, n_jobs=1, **params).fit(x[:train], y[:train], weights) for seed in range(12)]
    for forest in forests:
        forest.n_jobs = 1  # threads add up a forest's answers in any order
    return [score(forest, x[train:], y[train:]) for forest in forests]


@case("forest-options")
def forest_options():
    """Scores on the data of the two fixtures above, under the options of forests."""
    x, y = make_classification(
        n_samples=400, n_features=6, n_informative=4, n_redundant=0, n_classes=3, n_clusters_per_class=2, flip_y=0.1, class_sep=0.8, random_state=5
    )
    x = x.astype(np.float32).astype(np.float64)
    holed = np.where(np.random.default_rng(1).random(x.shape) < 0.2, np.nan, x)
    rare = np.where((y == 2) & (np.arange(400) % 4 > 0), 1, y)
    weights = np.where(y[:250] == 0, 4.0, 1.0)
    auc = lambda forest, rows, labels: roc_auc_score(labels, forest.predict_proba(rows), multi_class="ovr")  # noqa: E731
    share = lambda forest, rows, labels: (forest.predict(rows) == 0).mean()  # noqa: E731
    recall = lambda forest, rows, labels: (forest.predict_proba(rows)[:, 2]).mean()  # noqa: E731
    xr, yr = make_friedman1(n_samples=300, n_features=6, noise=1.0, random_state=6)
    xr = xr.astype(np.float32).astype(np.float64)
    r2 = lambda forest, rows, targets: r2_score(targets, forest.predict(rows))  # noqa: E731
    return {
        "holes": [[int(i), int(j)] for i, j in zip(*np.nonzero(np.isnan(holed)))],
        "extra trees": spread(ExtraTreesClassifier, x, y, 250, auc),
        "extra trees with holes": spread(ExtraTreesClassifier, holed, y, 250, auc),
        "random forest with holes": spread(RandomForestClassifier, holed, y, 250, auc),
        "random forest of leaves of 10": spread(RandomForestClassifier, x, y, 250, auc, min_samples_leaf=10),
        "share of class 0 by weight": spread(RandomForestClassifier, x, y, 250, share, weights=weights),
        "probability of a rare class, balanced_subsample": spread(RandomForestClassifier, x, rare, 250, recall, class_weight="balanced_subsample", min_samples_leaf=5),
        "extra trees, regression": spread(ExtraTreesRegressor, xr, yr, 200, r2),
        "extra trees, regression, a third of the columns": spread(ExtraTreesRegressor, xr, yr, 200, r2, max_features=0.34, min_samples_leaf=3),
        "random forest, half of the rows": spread(RandomForestRegressor, xr, yr, 200, r2, max_samples=0.5),
        "random forest, absolute error": spread(RandomForestRegressor, xr, yr, 200, r2, criterion="absolute_error", min_samples_leaf=4),
    }
