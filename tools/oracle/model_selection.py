"""Student's t and the corrected resampled t-test by scipy; cross-validation and curves by scikit-learn."""

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RepeatedKFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
    permutation_test_score,
    validation_curve,
)

from . import case


@case("student-t")
def student():
    cells = [(t, df) for t in (-30.0, -2.5, -0.1, 0.0, 0.5, 1.0, 2.776, 12.0) for df in (1, 2, 4, 9, 49, 1000)]
    return {"cells": [{"t": t, "df": df, "p": 2 * stats.t.sf(abs(t), df)} for t, df in cells]}


@case("corrected-resampled")
def corrected():
    random = np.random.default_rng(7)
    cells = []
    for folds, shift in ((3, 0.01), (5, 0.02), (10, 0.0), (10, 0.05)):
        differences = random.normal(shift, 0.02, size=folds)
        share = 1 / (folds - 1)
        t = differences.mean() / np.sqrt(differences.var(ddof=1) * (1 / folds + share))
        cells.append({"differences": differences, "share": share, "p": 2 * stats.t.sf(abs(t), folds - 1)})
    return {"cells": cells}


def rows(seed, n=90):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, 4))
    number = 2 * x[:, 0] - x[:, 1] + random.normal(size=n)
    return x, number, np.digitize(number, [-1.0, 0.9])


def split(folds):
    return [{"train": train, "test": test} for train, test in folds]


@case("cross-validate")
def validation():
    x, number, label = rows(11)
    number_folds = list(RepeatedKFold(n_splits=3, n_repeats=2, random_state=1).split(x))
    label_folds = list(StratifiedKFold(4, shuffle=True, random_state=2).split(x, label))
    ridge, logistic = Ridge(alpha=2.0), LogisticRegression(C=0.7, tol=1e-10, max_iter=2000)
    numbers = cross_validate(
        ridge, x, number, cv=number_folds, return_train_score=True,
        scoring={"r2": "r2", "mae": "neg_mean_absolute_error", "rmse": "neg_root_mean_squared_error"},
    )  # fmt: skip
    labels = cross_validate(
        logistic, x, label, cv=label_folds, return_train_score=True,
        scoring={"accuracy": "accuracy", "f1_macro": "f1_macro", "log_loss": "neg_log_loss", "roc_auc": "roc_auc_ovr"},
    )  # fmt: skip
    sign = {"r2": 1, "mae": -1, "rmse": -1, "accuracy": 1, "f1_macro": 1, "log_loss": -1, "roc_auc": 1}
    scores = lambda found: {
        side: {name: sign[name] * found[f"{side}_{name}"] for name in sign if f"{side}_{name}" in found} for side in ("train", "test")
    }
    sizes, train, test = learning_curve(ridge, x, number, cv=number_folds, train_sizes=[0.2, 0.5, 0.77, 1.0])
    alphas = [0.01, 1.0, 30.0, 1000.0]
    v_train, v_test = validation_curve(ridge, x, number, param_name="alpha", param_range=alphas, cv=number_folds)
    inner = GridSearchCV(Ridge(), {"alpha": alphas}, cv=KFold(4))
    permuted, _, _ = permutation_test_score(ridge, x, number, cv=KFold(5), n_permutations=1)
    return {
        "x": x, "number": number, "label": label, "numberFolds": split(number_folds), "labelFolds": split(label_folds),
        "numbers": scores(numbers), "labels": scores(labels),
        "outOfFold": cross_val_predict(logistic, x, label, cv=label_folds, method="predict_proba"),
        "learning": {"sizes": sizes, "train": train, "test": test},
        "validation": {"alphas": alphas, "train": v_train, "test": v_test},
        "nested": cross_val_score(inner, x, number, cv=KFold(5)),
        "permutation": permuted,
    }  # fmt: skip


@case("holm")
def adjusted():
    """Step-down by its definition: the smallest is multiplied by m, the next by m − 1 …, never falling."""
    cells = []
    for seed, m in ((1, 1), (2, 4), (3, 12)):
        p = np.random.default_rng(seed).uniform(size=m) ** 3
        order = np.argsort(p)
        out = np.empty(m)
        out[order] = np.minimum(1, np.maximum.accumulate((m - np.arange(m)) * p[order]))
        cells.append({"p": p, "adjusted": out})
    return {"cells": cells}
