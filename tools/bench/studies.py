"""Optuna's RDBStorage on a PostgreSQL: `python -m bench.studies <url> <sampler> <params> <trials>` prints the seconds of a study."""

import sys
import time

import optuna


def main(url: str, sampler: str, params: int, trials: int) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = optuna.storages.RDBStorage(url)
    samplers = {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler}
    study = optuna.create_study(storage=storage, sampler=samplers[sampler](seed=0))
    begin = time.perf_counter()
    study.optimize(lambda trial: sum(trial.suggest_float(f"x{j}", -5, 5) ** 2 for j in range(params)), n_trials=trials)
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
