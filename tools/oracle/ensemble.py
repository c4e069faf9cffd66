"""Random forests of scikit-learn: what they score over seeds, with which ours must agree within their spread."""

import numpy as np
from sklearn.datasets import make_classification, make_friedman1
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
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
        forest = RandomForestClassifier(random_state=seed, oob_score=True, n_jobs=2).fit(x[:250], y[:250])
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
        forest = RandomForestRegressor(random_state=seed, oob_score=True, n_jobs=2).fit(x[:200], y[:200])
        scores["r2"].append(r2_score(y[200:], forest.predict(x[200:])))
        scores["oob"].append(forest.oob_score_)
    return {"x": x, "y": y, "train": 200, "scores": scores}
