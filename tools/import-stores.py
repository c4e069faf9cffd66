"""Writes the stores of other programs that the import tests read: library/lab/src/tracking/fixtures/{mlflow,optuna}-*.json.

Run once with `pip install mlflow==3.17.2 optuna==4.9.0`, in an empty folder: ids and times differ each time, so the files are kept as they are.
"""

import json
import math
import os
import pathlib
import sqlite3

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"

import mlflow  # noqa: E402
import optuna  # noqa: E402
from mlflow.entities import Metric  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

fixtures = pathlib.Path(__file__).parent.parent / "library/lab/src/tracking/fixtures"
long_name = "search: a long name that the writer of YAML folds, for it has far more than the eighty signs of a line"


def fill_mlflow(uri, artifacts):
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment('flowers & petals: "a"', artifact_location=artifacts)
    parent = client.create_run(experiment, run_name=long_name, start_time=1700000000000, tags={"mlflow.user": "ana", "team": "moss"}).info.run_id
    client.log_param(parent, "algorithm", "random_forest")
    for k in range(2):
        tags = {"mlflow.parentRunId": parent, "mlflow.user": "ana", "mlflow.source.git.commit": f"deadbeef{k}", "mlflow.note.content": "a *note*\nof two lines"}
        run = client.create_run(experiment, run_name=f"forest {k}", start_time=1700000001000 + k * 1000, tags=tags).info.run_id
        params = {"max_depth": 5 + k, "learning_rate": 1e-05, "bootstrap": True, "none": None, "id": "00012", "model/alpha": "0.5", "big": "12345678901234567890"}
        for name, value in params.items():
            client.log_param(run, name, value)
        points = [Metric(name, scale / (step + 1) + k, 1700000002000 + step * 10, step) for step in range(20) for name, scale in (("loss", 1), ("val_loss", 1.5))]
        odd = [Metric("odd", value, 1700000003000 + step, step) for step, value in enumerate((math.nan, math.inf, -math.inf))]
        client.log_batch(run, metrics=[*points, *odd, Metric("test_accuracy", 0.9 + k / 100, 1700000003000, 0)])
        if uri.startswith("file"):
            client.log_text(run, "hello\n", "notes/readme.txt")
        client.set_terminated(run, "FINISHED" if k == 0 else "FAILED", end_time=1700000004000 + k)
    client.set_terminated(parent, "FINISHED", end_time=1700000009000)
    client.create_run(experiment, run_name="running", start_time=1700000005000)
    deleted = client.create_run(experiment, run_name="deleted", start_time=1700000006000).info.run_id
    client.set_terminated(deleted, "KILLED", end_time=1700000006500)
    client.delete_run(deleted)


def fill_optuna(storage):
    single = optuna.create_study(study_name="single", storage=storage, direction="maximize")
    single.set_user_attr("team", "moss")
    single.set_user_attr("odd", float("nan"))

    def objective(trial):
        x = trial.suggest_float("x", -5, 5)
        trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        trial.suggest_float("q", 0, 1, step=0.25)
        trial.suggest_int("n", 1, 10)
        trial.suggest_int("m", 1, 1024, log=True)
        trial.suggest_categorical("c", ["a", None, True, 3, 0.5])
        for step in range(3):
            trial.report(float("nan") if trial.number == 1 and step == 2 else x * step, step)
        if trial.number == 1:
            raise optuna.TrialPruned()
        if trial.number == 2:
            raise ValueError("bad")
        trial.set_user_attr("note", f"trial {trial.number}")
        return {3: math.inf, 4: -math.inf}.get(trial.number, x)

    single.optimize(objective, n_trials=6, catch=(ValueError,))
    single.enqueue_trial({"x": 1.0, "n": 3})
    single.ask()
    single.enqueue_trial({"x": 2.0})
    several = optuna.create_study(study_name="several", storage=storage, directions=["minimize", "maximize"])
    several.optimize(lambda trial: (trial.suggest_float("x", 0, 1), trial.suggest_int("k", 0, 3)), n_trials=3)
    optuna.create_study(study_name="empty", storage=storage)


def write(name, value):
    text = json.dumps(value, indent=1).replace(os.getcwd(), "/elsewhere")
    (fixtures / f"{name}.json").write_text(text + "\n")
    print(name, len(text))


def dump(path, tables=None):
    with sqlite3.connect(path) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table' order by name") if tables is None or name in tables]
        lines = [line for line in database.iterdump() if any(line.startswith((f"CREATE TABLE {name} ", f'CREATE TABLE "{name}"', f'INSERT INTO "{name}"')) for name in names)]
    return lines


fill_mlflow(f"file://{os.getcwd()}/mlruns", None)
files = [path for path in sorted(pathlib.Path("mlruns").rglob("*")) if path.is_file()]
write("mlflow-files", {str(path): path.read_text() for path in files})
fill_mlflow("sqlite:///mlflow.db", "s3://bucket/flowers")
write("mlflow-sqlite", dump("mlflow.db", {"experiments", "runs", "metrics", "params", "tags"}))
fill_optuna("sqlite:///optuna.db")
write("optuna-sqlite", dump("optuna.db"))
fill_optuna(optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend("journal.log")))
write("optuna-journal", pathlib.Path("journal.log").read_text().splitlines())
