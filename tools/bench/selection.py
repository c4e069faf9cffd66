"""python -m bench.selection <work> <folder> <rows of the folds>: seconds of scikit-learn, the better of one process and all."""

import sys
import time
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.model_selection import cross_validate

work, folder, fewer = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
x = np.fromfile(folder / "x.bin").reshape(-1, 30)
number = np.fromfile(folder / "y.bin")
label = (number > 0).astype(int) + (number > 1)
forest = RandomForestClassifier(n_estimators=50, random_state=1)
works = {
    "mutual_info_classif": lambda jobs: mutual_info_classif(x, label, random_state=1, n_jobs=jobs),
    "mutual_info_regression": lambda jobs: mutual_info_regression(x, number, random_state=1, n_jobs=jobs),
    "cross_validate": lambda jobs: cross_validate(forest, x[:fewer], label[:fewer], cv=5, scoring="accuracy", n_jobs=jobs),
}


def seconds(jobs):
    begin = time.perf_counter()
    works[work](jobs)
    return time.perf_counter() - begin


print(min(seconds(jobs) for jobs in (None, -1)))
