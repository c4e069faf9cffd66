"""A scikit-learn forest of 100 trees on the rows of a CSV file, saved for MLflow's model server: `serving.py <rows.csv> <folder>`."""

import sys

import mlflow.sklearn
import pandas
from sklearn.ensemble import RandomForestClassifier

path, folder = sys.argv[1:]
rows = pandas.read_csv(path)
x, y = rows.drop(columns="y"), rows["y"]
forest = RandomForestClassifier(n_estimators=100, random_state=42, n_jobs=1).fit(x, y)
mlflow.sklearn.save_model(forest, folder, input_example=x.head(1), pip_requirements=[], serialization_format="cloudpickle")
