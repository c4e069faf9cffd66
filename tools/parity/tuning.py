"""python -m parity.tuning [--surfaces] [name …]: what Optuna's TPE reaches in 100 trials, for library/core/src/tuning/fixtures/optuna-quartiles.json.

The objectives are written again in library/core/src/tuning/parity.test.ts; the surfaces are tables of scikit-learn's scores at points drawn evenly,
and both optimisers are given the score of the nearest point. About five minutes on two cores, the surfaces two more.
"""

import json
import math
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import optuna
from optuna._hypervolume import compute_hypervolume
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

fixtures = Path(__file__).resolve().parents[2] / "library" / "core" / "src" / "tuning" / "fixtures"
seeds, trials = range(20), 100


def floats(trial, n, low, high):
    return [trial.suggest_float(f"x{k}", low, high) for k in range(n)]


def sphere(trial):
    return sum(x * x for x in floats(trial, 5, -5, 5))


def rosenbrock(trial):
    x = floats(trial, 4, -5, 10)
    return sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(3))


def rastrigin(trial):
    return sum(10 + x * x - 10 * math.cos(2 * math.pi * x) for x in floats(trial, 5, -5.12, 5.12))


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    return (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
HARTMANN_P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]  # fmt: skip


def hartmann(trial):
    x = floats(trial, 6, 0, 1)
    total = 0
    for alpha, a, p in zip([1, 1.2, 3, 3.2], HARTMANN_A, HARTMANN_P):
        total -= alpha * math.exp(-sum(a[j] * (x[j] - p[j]) ** 2 for j in range(6)))
    return total


def ackley(trial):
    x = floats(trial, 5, -32, 32)
    return 20 + math.e - 20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / 5)) - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / 5)


def styblinski_tang(trial):
    return 0.5 * sum(x**4 - 16 * x * x + 5 * x for x in floats(trial, 5, -5, 5))


def mixed(trial):
    kind = trial.suggest_categorical("kind", ["a", "b", "c", "d"])
    rate = trial.suggest_float("rate", 1e-5, 1, log=True)
    size = trial.suggest_int("size", 1, 200, log=True)
    share = trial.suggest_float("share", 0, 1, step=0.1)
    return {"a": 2, "b": 0, "c": 1, "d": 0.5}[kind] + abs(math.log10(rate) + 2.3) + 0.5 * abs(math.log(size) - 3) + (share - 0.7) ** 2


def conditional(trial):
    if trial.suggest_categorical("branch", ["near", "far"]) == "near":
        return 0.2 + abs(trial.suggest_float("near_x", -10, 10) - 3) + 0.1 * trial.suggest_int("near_k", 0, 10)
    return abs(trial.suggest_float("far_x", -10, 10) + 4) + abs(trial.suggest_float("far_y", -10, 10) - 1)


def noisy(trial):
    noise = math.sin(12.9898 * (trial.number + 1)) * 43758.5453
    return sum(x * x for x in floats(trial, 3, -5, 5)) + 0.5 * (noise - math.floor(noise))


def zdt1(trial):
    """Two objectives whose best trade-offs are 1 − √x."""
    x = floats(trial, 4, 0, 1)
    g = 1 + 3 * sum(x[1:])
    return x[0], g * (1 - math.sqrt(x[0] / g))


OBJECTIVES = [sphere, rosenbrock, rastrigin, branin, hartmann, ackley, styblinski_tang, mixed, conditional, noisy]


def surfaces():
    """Five tuning tasks: the space, and scikit-learn's score at each point."""
    cancer, digits, wine = datasets.load_breast_cancer(return_X_y=True), datasets.load_digits(return_X_y=True), datasets.load_wine(return_X_y=True)
    diabetes = datasets.load_diabetes(return_X_y=True)
    scaled = lambda estimator: make_pipeline(StandardScaler(), estimator)
    log = lambda low, high: {"type": "float", "low": low, "high": high, "log": True}
    tasks = {
        "boosting on breast cancer": (cancer, {"rate": log(0.01, 0.5), "leaves": {"type": "int", "low": 3, "high": 63, "log": True}, "l2": log(1e-3, 100)},
            lambda rate, leaves, l2: HistGradientBoostingClassifier(learning_rate=rate, max_leaf_nodes=leaves, l2_regularization=l2, max_iter=30), "roc_auc"),
        "forest on diabetes": (diabetes, {"depth": {"type": "int", "low": 1, "high": 16}, "leaf": {"type": "int", "low": 1, "high": 40, "log": True}, "share": {"type": "float", "low": 0.1, "high": 1.0}},
            lambda depth, leaf, share: RandomForestRegressor(30, max_depth=depth, min_samples_leaf=leaf, max_features=share, random_state=0), "r2"),
        "SVC on digits": ((digits[0][:600], digits[1][:600]), {"c": log(1e-2, 1e3), "gamma": log(1e-5, 1)},
            lambda c, gamma: SVC(C=c, gamma=gamma), "accuracy"),
        "logistic regression on wine": (wine, {"c": log(1e-4, 1e3), "balanced": {"type": "categorical", "choices": ["none", "balanced"]}},
            lambda c, balanced: scaled(LogisticRegression(C=c, class_weight=None if balanced == "none" else balanced)), "neg_log_loss"),
        "network on wine": (wine, {"alpha": log(1e-6, 1), "rate": log(1e-4, 0.3), "width": {"type": "int", "low": 4, "high": 64, "log": True}},
            lambda alpha, rate, width: scaled(MLPClassifier((width,), alpha=alpha, learning_rate_init=rate, max_iter=30, random_state=0)), "neg_log_loss"),
    }  # fmt: skip
    found = {}
    for name, (data, space, make, scoring) in tasks.items():
        study = optuna.create_study(sampler=optuna.samplers.QMCSampler(seed=1))
        points = [suggest(study.ask(), space) for _ in range(160)]
        scores = [float(np.mean(cross_val_score(make(*point), *data, cv=3, scoring=scoring))) for point in points]
        found[name] = {"space": space, "points": [[round(v, 6) if isinstance(v, float) else v for v in point] for point in points], "scores": [round(s, 5) for s in scores]}
    return found


def suggest(trial, space):
    values = []
    for name, entry in space.items():
        options = {key: value for key, value in entry.items() if key != "type"}
        values.append({"float": trial.suggest_float, "int": trial.suggest_int, "categorical": trial.suggest_categorical}[entry["type"]](name, **options))
    return values


def place(value, entry):
    """Where a value lies in its range, from 0 to 1."""
    if entry["type"] == "categorical":
        return float(entry["choices"].index(value))
    low, high, at = (math.log(entry["low"]), math.log(entry["high"]), math.log(value)) if entry.get("log") else (entry["low"], entry["high"], value)
    return (at - low) / (high - low)


def nearest(surface):
    entries = list(surface["space"].values())
    places = np.array([[place(v, e) for v, e in zip(point, entries)] for point in surface["points"]])

    def objective(trial):
        at = np.array([place(v, e) for v, e in zip(suggest(trial, surface["space"]), entries)])
        return -surface["scores"][int(np.argmin(((places - at) ** 2).sum(axis=1)))]

    return objective


def best_of(name, seed):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    if name.startswith("zdt1"):
        by_tpe = name == "zdt1 by tpe"
        sampler = optuna.samplers.TPESampler(seed=seed) if by_tpe else optuna.samplers.NSGAIISampler(seed=seed)
        study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
        study.optimize(zdt1, n_trials=trials if by_tpe else 3 * trials)
        values = np.array([t.values for t in study.best_trials])
        return -compute_hypervolume(np.minimum(values, [1.1, 11.0]), np.array([1.1, 11.0]))
    known = {objective.__name__: objective for objective in OBJECTIVES}
    objective = known[name] if name in known else nearest(json.loads((fixtures / "surfaces.json").read_text())[name])
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=trials)
    return study.best_value


def main():
    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if "--surfaces" in sys.argv:
        (fixtures / "surfaces.json").write_text(json.dumps(surfaces(), separators=(",", ":")) + "\n")
    names = [objective.__name__ for objective in OBJECTIVES] + list(json.loads((fixtures / "surfaces.json").read_text())) + ["zdt1 by tpe", "zdt1 by nsga2"]
    wanted = [word for word in sys.argv[1:] if not word.startswith("--")]
    known = fixtures / "optuna-quartiles.json"
    quartiles = json.loads(known.read_text()) if wanted else {}
    with ProcessPoolExecutor(2) as pool:
        for name in wanted or names:
            drawn = range(60) if name == "zdt1 by nsga2" else seeds  # its front's volume varies much, and it is quick
            best = list(pool.map(best_of, [name] * len(drawn), drawn))
            quartiles[name] = [round(float(q), 6) for q in np.quantile(best, [0.25, 0.5, 0.75])]
            print(name, quartiles[name], flush=True)
    known.write_text(json.dumps(quartiles, indent=1) + "\n")


if __name__ == "__main__":
    main()
