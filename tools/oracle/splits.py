"""scikit-learn's splitters without shuffling: the test rows of each fold."""

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, TimeSeriesSplit

from . import case


def data():
    random = np.random.default_rng(42)
    labels = random.choice(3, size=120, p=[0.6, 0.3, 0.1])
    groups = random.integers(0, 31, size=120)
    return labels, groups


def tests(splitter, labels, groups):
    return [test for _, test in splitter.split(np.zeros(len(labels)), labels, groups)]


@case("folds")
def folds():
    labels, groups = data()
    return {
        "labels": labels,
        "groups": groups,
        "kFold": {k: tests(KFold(k), labels, groups) for k in (2, 3, 7)},
        "stratifiedKFold": {k: tests(StratifiedKFold(k), labels, groups) for k in (2, 3, 5)},
        "groupKFold": {k: tests(GroupKFold(k), labels, groups) for k in (2, 3, 5)},
        "stratifiedGroupKFold": {k: tests(StratifiedGroupKFold(k), labels, groups) for k in (2, 3, 5)},
        "timeSeriesSplit": {k: tests(TimeSeriesSplit(k), labels, groups) for k in (2, 3, 7)},
    }
