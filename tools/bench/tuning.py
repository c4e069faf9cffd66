"""python -m bench.tuning <sampler> <parameters> <trials> <rounds>: seconds of Optuna's study in memory, the best of the rounds."""

import sys
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
sampler, params, trials, rounds = sys.argv[1], *(int(word) for word in sys.argv[2:])


def objective(trial):
    return sum(trial.suggest_float(f"x{j}", -5, 5) ** 2 for j in range(params))


def seconds(seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed) if sampler == "tpe" else optuna.samplers.RandomSampler(seed=seed))
    begin = time.perf_counter()
    study.optimize(objective, n_trials=trials)
    return time.perf_counter() - begin


print(min(seconds(seed) for seed in range(rounds)))
