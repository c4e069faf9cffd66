"""`python -m bench.theirs <folder> <job as JSON>`: one job on the peer's side, as ours.mjs does it; prints seconds, score and peak memory."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

folder, job = Path(sys.argv[1]), json.loads(sys.argv[2])
tables = json.loads((folder / "tables.json").read_text())
threads, params = job["threads"], dict(job["params"])


def table(name, most=None):
    about = tables[name]
    rows = min(about["rows"], most or about["rows"])
    x = np.fromfile(folder / f"{name}.x.f64", count=rows * about["columns"]).reshape(rows, -1)
    y = np.fromfile(folder / f"{name}.y.f64", count=rows)
    return x, y.astype(np.int32) if about["classes"] else y, about["classes"], about["levels"]


class LightGBM:
    """LightGBM by its own interface, binning included."""

    def __init__(self, classes, levels):
        objective = {0: "regression", 2: "binary"}.get(classes, "multiclass")
        self.params = {"objective": objective, "num_threads": threads, "verbose": -1, **({"num_class": classes} if classes > 2 else {})}
        self.coded = [j for j, each in enumerate(levels) if each is not None]

    def fit(self, x, y):
        import lightgbm

        rows = lightgbm.Dataset(x, y, categorical_feature=self.coded)
        self.model = lightgbm.train(self.params, rows, num_boost_round=params.get("n_estimators", 100))

    def predict_proba(self, x):
        return self.model.predict(x, num_threads=threads)

    predict = predict_proba


class XGBoost:
    """XGBoost's histogram trees by its own interface, binning included."""

    def __init__(self, classes, levels):
        self.params = {"objective": "binary:logistic", "tree_method": "hist", "nthread": threads}

    def fit(self, x, y):
        import xgboost

        self.model = xgboost.train(self.params, xgboost.QuantileDMatrix(x, y, nthread=threads), num_boost_round=100)

    def predict_proba(self, x):
        return self.model.inplace_predict(x)


def estimator(x, classes, levels):
    if job["peer"] != "scikit-learn":
        return {"LightGBM": LightGBM, "XGBoost": XGBoost}[job["peer"]](classes, levels)
    from sklearn import cluster, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree

    return {
        "random_forest": lambda: ensemble.RandomForestClassifier(n_jobs=threads, random_state=1),
        "extra_trees": lambda: ensemble.ExtraTreesClassifier(n_jobs=threads, random_state=1),
        "decision_tree": lambda: tree.DecisionTreeClassifier(random_state=1),
        "knn": lambda: neighbors.KNeighborsClassifier(n_jobs=threads, **params),
        "logistic_regression": lambda: linear_model.LogisticRegression(max_iter=200),
        "svm": lambda: svm.SVC(),
        "k_means": lambda: cluster.KMeans(params["first"], init=x[: params["first"]], n_init=1),
        "neural_network": lambda: neural_network.MLPClassifier(random_state=1, **params),
        "gaussian_nb": lambda: naive_bayes.GaussianNB(),
        "multinomial_nb": lambda: naive_bayes.MultinomialNB(),
        "complement_nb": lambda: naive_bayes.ComplementNB(),
        "bernoulli_nb": lambda: naive_bayes.BernoulliNB(),
    }[job["estimator"]]()


def best(work):
    """Best of up to three times, as many as fit into three seconds."""
    times, start = [], time.perf_counter()
    while len(times) < 3 and (not times or time.perf_counter() - start < 3):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def score(model, x, y, classes):
    from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

    if job["estimator"] == "k_means":
        return {"−inertia": -float(model.inertia_)}
    if classes == 0:
        return {"R²": r2_score(y, model.predict(x))}
    if classes > 2 or job["estimator"] == "svm":
        labels = model.predict(x)
        return {"accuracy": accuracy_score(y, labels if labels.ndim == 1 else labels.argmax(axis=1))}
    proba = model.predict_proba(x)
    return {"AUC": roc_auc_score(y, proba if proba.ndim == 1 else proba[:, 1])}


def peak_kb():
    """Largest memory that this process ever held, in kB."""
    return next((int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")), None)


def main():
    x, y, classes, levels = table(job["table"])
    model = estimator(x, classes, levels)
    if job["estimator"] != "k_means":
        model.fit(x[:500], y[:500])
    seconds = best(lambda: model.fit(x, y))
    peak = peak_kb()
    test_x, test_y, *_ = table(job["test"], job.get("queries"))
    if job["measure"] == "predict":
        seconds = best(lambda: model.predict_proba(test_x) if classes else model.predict(test_x))
    print(json.dumps({"seconds": seconds, "score": score(model, test_x, test_y, classes), "peakKb": peak}))


os.environ.setdefault("PYTHONWARNINGS", "ignore")
main()
