"""Fits by PySpark's own classes, in a Spark of its own, what lab.spark.fit fits over Spark Connect.

Reads JSON from stdin: {"table": …, "ratings": …, "models": {algorithm: folder of a model that lab.spark.fit wrote}, "features": […]}.
Writes JSON to stdout: what each model has learnt, its figures on the test rows, and what PipelineModel.load of the folder predicts.
Needs pyspark and numpy.
"""

import json
import sys

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import (
    BinaryClassificationEvaluator,
    ClusteringEvaluator,
    MulticlassClassificationEvaluator,
    RegressionEvaluator,
)
from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import GBTRegressor
from pyspark.sql import SparkSession, functions as f

asked = json.load(sys.stdin)
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
table = spark.read.parquet(asked["table"])
numbers, category = ["dose", "age"], "colour"
seed = 42


def parts(label):
    rows = table.select("dose", "age", "colour", *([label.cast("double").alias("label")] if label is not None else []))
    return rows.randomSplit([0.8, 0.2], seed=seed)


def stages(spread):
    indexer = StringIndexer(inputCols=[category], outputCols=["level"], handleInvalid="keep")
    if not spread:
        return [indexer, VectorAssembler(inputCols=[*numbers, "level"], outputCol="features")]
    encoder = OneHotEncoder(inputCols=["level"], outputCols=["levels"], dropLast=True)
    return [indexer, encoder, VectorAssembler(inputCols=[*numbers, "levels"], outputCol="features")]


def of_classes(rows):
    multi = lambda name: MulticlassClassificationEvaluator(labelCol="label", metricName=name).evaluate(rows)
    area = BinaryClassificationEvaluator(labelCol="label", numBins=0).evaluate(rows)
    return {"accuracy": multi("accuracy"), "log_loss": multi("logLoss"), "roc_auc": area}


def of_numbers(rows):
    one = lambda name: RegressionEvaluator(labelCol="label", metricName=name).evaluate(rows)
    return {"rmse": one("rmse"), "mae": one("mae"), "r2": one("r2")}


answers = {}
train, test = parts(f.col("sick") == "yes")
rows = train.count()
logistic = LogisticRegression(regParam=1 / (2 * rows), standardization=False, maxIter=200, tol=1e-6, labelCol="label")
model = Pipeline(stages=[*stages(True), logistic]).fit(train)
last = model.stages[-1]
answers["logistic_regression"] = {
    "rows": rows,
    "learnt": [*last.coefficients.toArray().tolist(), last.intercept],
    "figures": of_classes(model.transform(test)),
}
forest = RandomForestClassifier(numTrees=7, maxDepth=4, featureSubsetStrategy="sqrt", seed=seed, labelCol="label")
model = Pipeline(stages=[*stages(False), forest]).fit(train)
answers["random_forest"] = {
    "learnt": model.stages[-1].featureImportances.toArray().tolist(),
    "figures": of_classes(model.transform(test)),
}
train, test = parts(f.col("days"))
boosting = GBTRegressor(maxIter=8, stepSize=0.1, maxDepth=3, featureSubsetStrategy="all", seed=seed, labelCol="label")
model = Pipeline(stages=[*stages(False), boosting]).fit(train)
answers["gradient_boosting"] = {
    "learnt": model.stages[-1].featureImportances.toArray().tolist(),
    "figures": of_numbers(model.transform(test)),
}
train, test = parts(None)
means = KMeans(k=3, maxIter=300, tol=1e-4, seed=seed)
model = Pipeline(stages=[*stages(True), means]).fit(train)
answers["k_means"] = {
    "learnt": [center.tolist() for center in model.stages[-1].clusterCenters()],
    "figures": {"silhouette": ClusteringEvaluator().evaluate(model.transform(test))},
    "inertia": model.stages[-1].summary.trainingCost,
}
ratings = spark.read.parquet(asked["ratings"]).select("user", "item", f.col("rating").cast("double").alias("label"))
train, test = ratings.randomSplit([0.8, 0.2], seed=seed)
indexer = StringIndexer(inputCols=["user"], outputCols=["level"], handleInvalid="keep")
als = ALS(userCol="level", itemCol="item", ratingCol="label", rank=4, regParam=0.05, maxIter=6, seed=seed)
model = Pipeline(stages=[indexer, als]).fit(train)
answers["als"] = {"figures": of_numbers(model.transform(test).where(~f.isnan("prediction")))}
for name, place in asked["models"].items():
    loaded = PipelineModel.load(place)
    source = spark.read.parquet(asked["ratings"]) if name == "als" else table
    answers[name]["predicted"] = [row[0] for row in loaded.transform(source).orderBy("id").select("prediction").collect()]
json.dump(answers, sys.stdout)
spark.stop()
