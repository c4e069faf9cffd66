"""sklearn.metrics on small random labels, scores and numbers."""

import numpy as np
from sklearn import metrics as m

from . import case


@case("classification")
def classification():
    rng = np.random.default_rng(3)
    classes = ["a", "b", "c"]
    truth = rng.choice(classes, 80, p=[0.5, 0.3, 0.2])
    scores = rng.dirichlet([1, 1, 1], 80) + 0.8 * np.array([[t == c for c in classes] for t in truth])
    proba = scores / scores.sum(axis=1, keepdims=True)
    predicted = np.array(classes)[proba.argmax(axis=1)]
    weights = rng.uniform(0, 2, 80)
    precision, recall, f1, support = m.precision_recall_fscore_support(truth, predicted, labels=classes, zero_division=0)
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "proba": proba,
        "weights": weights,
        "accuracy": m.accuracy_score(truth, predicted),
        "accuracy_weighted": m.accuracy_score(truth, predicted, sample_weight=weights),
        "balanced_accuracy": m.balanced_accuracy_score(truth, predicted),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "support": support,
        **{f"f1_{a}": m.f1_score(truth, predicted, average=a) for a in ["macro", "micro", "weighted"]},
        **{f"precision_{a}": m.precision_score(truth, predicted, average=a) for a in ["macro", "micro", "weighted"]},
        **{f"recall_{a}": m.recall_score(truth, predicted, average=a) for a in ["macro", "micro", "weighted"]},
        "mcc": m.matthews_corrcoef(truth, predicted),
        "log_loss": m.log_loss(truth, proba, labels=classes),
        "roc_auc": m.roc_auc_score(truth, proba, multi_class="ovr", labels=classes),
        "average_precision": m.average_precision_score(np.array([[t == c for c in classes] for t in truth]), proba),
        "confusion": m.confusion_matrix(truth, predicted, labels=classes),
    }


@case("binary")
def binary():
    rng = np.random.default_rng(4)
    truth = rng.random(60) < 0.4
    # scores of one digit: many ties
    scores = np.round(np.clip(rng.normal(0.4 + 0.25 * truth, 0.25), 0, 1), 1)
    fpr, tpr, roc_thresholds = m.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, pr_thresholds = m.precision_recall_curve(truth, scores)
    return {
        "truth": truth,
        "scores": scores,
        "fpr": fpr,
        "tpr": tpr,
        "roc_thresholds": roc_thresholds[1:],
        "precision": precision,
        "recall": recall,
        "pr_thresholds": pr_thresholds,
        "roc_auc": m.roc_auc_score(truth, scores),
        "average_precision": m.average_precision_score(truth, scores),
        "brier": m.brier_score_loss(truth, scores),
    }


@case("regression")
def regression():
    rng = np.random.default_rng(5)
    truth = rng.normal(10, 4, 70)
    predicted = truth + rng.normal(0.5, 1.5, 70)
    weights = rng.uniform(0, 2, 70)
    return {
        "truth": truth,
        "predicted": predicted,
        "weights": weights,
        "mse": m.mean_squared_error(truth, predicted),
        "rmse": m.root_mean_squared_error(truth, predicted),
        "mae": m.mean_absolute_error(truth, predicted),
        "mape": m.mean_absolute_percentage_error(truth, predicted),
        "median_absolute_error": m.median_absolute_error(truth, predicted),
        "r2": m.r2_score(truth, predicted),
        "explained_variance": m.explained_variance_score(truth, predicted),
        "pinball": m.mean_pinball_loss(truth, predicted, alpha=0.2),
        "r2_weighted": m.r2_score(truth, predicted, sample_weight=weights),
        "mae_weighted": m.mean_absolute_error(truth, predicted, sample_weight=weights),
    }
