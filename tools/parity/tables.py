"""Real tables: scikit-learn's own, and those of a data folder where it exists. Each answers its columns, its target and its groups."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

folder = Path(os.environ.get("ASSAY_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
makers = {}


def table(task):
    """Registers a table's maker under the name of its function."""

    def register(make):
        makers[make.__name__] = (task, make)
        return make

    return register


def bundled(loader):
    bunch = loader(as_frame=True)
    return bunch.data, bunch.target


def csv(name, **options):
    return pd.read_csv(folder / name, **options)


def apart(frame, target, without=()):
    """A frame as columns and target; rows without a target are left out."""
    frame = frame[frame[target].notna()]
    return frame.drop(columns=[target, *without]), frame[target]


@table("classification")
def iris():
    return bundled(datasets.load_iris)


@table("classification")
def wine():
    return bundled(datasets.load_wine)


@table("classification")
def breast_cancer():
    return bundled(datasets.load_breast_cancer)


@table("classification")
def digits():
    return bundled(datasets.load_digits)


@table("regression")
def diabetes():
    return bundled(datasets.load_diabetes)


@table("classification")
def kepler():
    koi = csv("exoplanets/koi_cumulative.csv", comment="#")
    physical = ["koi_period", "koi_duration", "koi_depth", "koi_prad", "koi_teq", "koi_insol", "koi_model_snr", "koi_steff", "koi_srad"]
    return koi[physical], koi["koi_disposition"], koi["kepid"]


@table("classification")
def pima():
    return apart(csv("benchmarks/pima-indians-diabetes.csv", header=None), 8)


@table("classification")
def titanic():
    return apart(csv("dirty/titanic_train.csv"), "Survived", ["PassengerId", "Name", "Ticket", "Cabin"])


@table("classification")
def german_credit():
    return apart(csv("dirty/german.csv", header=None), 20)


@table("classification")
def adult():
    return apart(csv("dirty/adult-train.csv", header=None, skipinitialspace=True, na_values="?"), 14)


@table("classification")
def breast_recurrence():
    return apart(csv("dirty/breast-cancer.csv", header=None, quotechar="'", na_values="?"), 9)


@table("classification")
def lightgbm_binary():
    return apart(csv("benchmarks/lightgbm_binary.train", header=None, sep="\t"), 0)


@table("regression")
def lightgbm_regression():
    return apart(csv("benchmarks/lightgbm_regression.train", header=None, sep="\t"), 0)


@table("regression")
def california():
    return apart(csv("benchmarks/california_housing.csv"), "median_house_value")


@table("regression")
def wine_quality():
    return apart(csv("benchmarks/winequality-red.csv", header=None), 11)


@table("regression")
def bikes():
    return apart(csv("benchmarks/bike_day.csv"), "cnt", ["instant", "dteday", "casual", "registered"])


@table("regression")
def auto_imports():
    return apart(csv("dirty/auto_imports.csv", header=None, na_values="?"), 25)


@table("regression")
def cars():
    frame = pd.read_json(folder / "dirty/cars.json")
    frame["Year"] = pd.to_datetime(frame["Year"]).dt.year
    return apart(frame, "Miles_per_Gallon", ["Name"])


@table("regression")
def temperatures():
    return lags("benchmarks/daily-min-temperatures.csv", 7)


@table("regression")
def airline():
    return lags("benchmarks/monthly-airline-passengers.csv", 12)


def lags(name, count):
    """A series as its next value and the `count` values before it."""
    series = pd.to_numeric(csv(name).iloc[:, 1], errors="coerce").interpolate()
    frame = pd.DataFrame({f"lag{k}": series.shift(k) for k in range(1, count + 1)})
    return frame[count:], series[count:]


def read(name):
    """Task, columns (categories as pandas categories), target (n) and groups (n or None) of a table; None where its file is absent."""
    task, make = makers[name]
    try:
        columns, target, *groups = make()
    except FileNotFoundError:
        return None
    columns = columns.reset_index(drop=True)
    columns.columns = [str(column) for column in columns.columns]
    for column in columns.columns:
        if not pd.api.types.is_numeric_dtype(columns[column]):
            columns[column] = columns[column].astype("category")
    y = np.unique(target, return_inverse=True)[1] if task == "classification" else target.to_numpy(float)
    return task, columns, y, groups[0].to_numpy() if groups else None
