"""scikit-learn's times for the fits of the bench, all cores, the median of three, in seconds."""

import json
import statistics
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(1)
x = rng.normal(size=(20_000, 20))
y = x[:, 0] + x[:, 1] * x[:, 2] + 0.5 * rng.normal(size=20_000) > 0
models = {
    "random forest, 100 trees": RandomForestClassifier(100, n_jobs=-1),
    "logistic regression": LogisticRegression(),
    "decision tree": DecisionTreeClassifier(),
}


def seconds(model):
    begin = time.perf_counter()
    model.fit(x, y)
    return time.perf_counter() - begin


print(json.dumps({name: statistics.median(seconds(model) for _ in range(3)) for name, model in models.items()}))
