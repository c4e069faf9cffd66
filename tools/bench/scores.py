"""python -m bench.scores <folder>: milliseconds of scikit-learn's metrics and scipy's bootstrap, the best of five, as JSON."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import metrics as m

folder = Path(sys.argv[1])
truth, share, predicted = (np.fromfile(folder / f"{name}.bin") for name in ("truth", "share", "predicted"))
truth, predicted = truth.astype(int), predicted.astype(int)
proba = np.column_stack([1 - share, share])
right = (truth == predicted)[: len(truth) // 10].astype(float)
works = {
    "roc_auc": lambda: m.roc_auc_score(truth, share),
    "average_precision": lambda: m.average_precision_score(truth, share),
    "log_loss": lambda: m.log_loss(truth, proba),
    "brier": lambda: m.brier_score_loss(truth, share),
    "roc_curve": lambda: m.roc_curve(truth, share),
    "f1": lambda: m.f1_score(truth, predicted),
    "bootstrap": lambda: stats.bootstrap((right,), np.mean, n_resamples=1000, method="percentile", batch=10),
}


def best(work, rounds):
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return min(times)


print(json.dumps({name: best(work, 1 if name == "bootstrap" else 5) for name, work in works.items()}))
