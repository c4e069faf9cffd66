"""scikit-learn's splitters without shuffling: the test rows of each fold."""

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    PredefinedSplit,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
)

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
        "rareClasses": tests(StratifiedKFold(3), list("abaaac"), None),
    }


def both(splitter, n):
    return [[train, test] for train, test in splitter.split(np.zeros(n))]


def counts(splitter, labels, groups):
    """How many rows of each class (or how many groups) a random splitter takes for training and test."""
    train, test = next(splitter.split(np.zeros(len(labels)), labels, groups))
    of = lambda rows: np.bincount(labels[rows], minlength=3)
    return {"train": of(train), "test": of(test), "groups": [len(set(groups[train])), len(set(groups[test]))]}


@case("more-splits")
def more_splits():
    labels, groups = data()
    fold_of = np.random.default_rng(3).integers(-1, 4, size=40)
    shares = [(0.1, None), (0.25, None), (0.33, 0.5), (0.2, 0.1)]
    return {
        "labels": labels,
        "groups": groups,
        "timeSeries": [
            {"options": options, "folds": both(TimeSeriesSplit(**theirs), 23)}
            for options, theirs in (
                ({"folds": 3, "gap": 2}, {"n_splits": 3, "gap": 2}),
                ({"folds": 4, "maxTrainSize": 5}, {"n_splits": 4, "max_train_size": 5}),
                ({"folds": 3, "testSize": 4, "gap": 1}, {"n_splits": 3, "test_size": 4, "gap": 1}),
            )
        ],
        "lateLabels": labels[::-1] * 2 % 5,
        "stratifiedLate": tests(StratifiedKFold(4), labels[::-1] * 2 % 5, groups),
        "leaveOneOut": both(LeaveOneOut(), 5),
        "leaveOneGroupOut": tests(LeaveOneGroupOut(), labels, groups),
        "testFold": fold_of,
        "predefined": [[train, test] for train, test in PredefinedSplit(fold_of).split()],
        "shares": [
            {
                "test": test,
                "train": train,
                "shuffle": counts(ShuffleSplit(1, test_size=test, train_size=train, random_state=0), labels, groups),
                "stratified": counts(StratifiedShuffleSplit(1, test_size=test, train_size=train, random_state=0), labels, groups),
                "group": counts(GroupShuffleSplit(1, test_size=test, train_size=train, random_state=0), labels, groups),
            }
            for test, train in shares
        ],
    }
