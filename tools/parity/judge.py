"""`python -m parity.judge <folder> <set or algorithm …>`: fits the oracles on the splits that ours had, scores both sides, and prints all as JSON."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

from . import algorithms, multiway, trees

plan = json.loads((Path(__file__).parent / "plan.json").read_text())


def values(folder, table, form):
    x = np.fromfile(folder / f"{table['name']}.{form}.f64").reshape(table["rows"], table["columns"][form])
    y = np.fromfile(folder / f"{table['name']}.y.f64")
    return x, y.astype(int) if table["classes"] else y


def answer(model, x, task):
    """Probabilities where there are any, else labels or values; the inertia, or the explained variances."""
    for figure in ("inertia_", "explained_variance_"):
        if hasattr(model, figure):
            return np.ravel(getattr(model, figure))
    return model.predict_proba(x) if task == "classification" and hasattr(model, "predict_proba") else model.predict(x)


def scores(answer, y, classes):
    """Figures of one answer, larger is better: accuracy, and the area under ROC curves one against the rest where there are probabilities; or R²."""
    if classes == 0:
        return {"R²": r2_score(y, answer)}
    if answer.size == len(y):
        return {"accuracy": accuracy_score(y, answer)}
    proba = answer.reshape(len(y), classes)
    figures = {"accuracy": accuracy_score(y, proba.argmax(axis=1))}
    present = np.unique(y)
    if len(present) == classes:
        figures["ROC AUC"] = np.mean([roc_auc_score(y == k, proba[:, k]) for k in present])
    return figures


def apart(ours, theirs, classes):
    """How far two answers are from each other: labels that differ, and the largest difference of a number, relative to the largest."""
    ours, theirs = np.ravel(ours), np.ravel(theirs)
    most = float(np.abs(ours - theirs).max() / max(1, np.abs(theirs).max()))
    if classes and ours.size % classes == 0:
        labels = [each.reshape(-1, classes).argmax(axis=1) for each in (ours, theirs)]
        return {"labels": int((labels[0] != labels[1]).sum()), "of": len(labels[0]), "largest": most}
    return {"labels": 0, "of": len(ours), "largest": most}


def judge(folder, table, name, split):
    """Scores of both sides on one split: {score: [ours, theirs by random state]}."""
    entry, task, classes = plan[name], table["task"], table["classes"]
    file = folder / "ours" / name / f"{table['name']}.{split}.f64"
    if not file.exists() or (name == "decision_tree_c45" and multiway.jar() is None):
        return None
    x, y = values(folder, table, entry.get("form", "plain"))
    test = np.zeros(len(y), dtype=bool)
    test[table["splits"][split]] = True
    answers = [np.fromfile(file)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for state in range(entry.get("states", 1)):
            model = algorithms.oracle(name, task, state, table["levels"])
            model.fit(x[~test], y[~test])
            answers.append(answer(model, x[table["splits"][split]], task))
    if "score" in entry:
        unit = -x[~test].size if entry["score"] == "−inertia" else x.shape[1]  # a share of what the standardised columns have
        figures = [{entry["score"]: float(each[0]) / unit} for each in answers]
    else:
        figures = [scores(each, y[table["splits"][split]], classes) for each in answers]
    found = {"scores": {key: [each[key] for each in figures] for key in figures[0]}}
    if entry.get("exact"):
        found["apart"] = apart(answers[0], answers[1], 0 if "score" in entry else classes)
    if name == "decision_tree":
        found["nodes"] = trees.compare(model, np.fromfile(folder / "ours" / "tree" / file.name), x[~test], y[~test], classes)
    return found


def weights(folder, table, name, make):
    """Largest difference of a convex model's weights and intercepts, relative to the largest weight above 1."""
    file = folder / "ours" / name / f"{table['name']}.weights.f64"
    if not file.exists():
        return None
    x, y = values(folder, table, "plain")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = make().fit(x, y)
    theirs = np.concatenate([np.ravel(model.coef_), np.ravel(model.intercept_)])
    return float(np.abs(np.fromfile(file) - theirs).max() / max(1, np.abs(theirs).max()))


def main(folder, *wanted):
    folder = Path(folder)
    tables = json.loads((folder / "tables.json").read_text())
    jobs = [
        (table, name, split)
        for table in tables
        for name, entry in plan.items()
        if (entry["set"] in wanted or name in wanted) and table["task"] in entry["tasks"] and table["rows"] <= entry.get("rows", 1e9)
        for split in range(len(table["splits"]))
    ]
    judged = Parallel(n_jobs=-1)(delayed(judge)(folder, *job) for job in jobs)
    convex = [
        (table, name, make) for table in tables if table["rows"] <= 1000 for name, make in algorithms.convex[table["task"]].items()
    ]
    differences = [weights(folder, *job) for job in convex] if "models" in wanted else []
    print(
        json.dumps(
            {
                "splits": [{"table": t["name"], "algorithm": a, "split": s, **found} for (t, a, s), found in zip(jobs, judged) if found],
                "weights": [{"table": t["name"], "model": m, "largest": d} for (t, m, _), d in zip(convex, differences) if d is not None],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
