"""What polars, pandas and scikit-learn take for the work of data.mjs, in milliseconds, as JSON."""

import json
import sys
import time

import numpy as np
import pandas
import polars
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def best(work):
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        result = work()
        times.append(1000 * (time.perf_counter() - begin))
    return min(times), result


path = sys.argv[1]
found = {"polars": {}, "pandas": {}, "sklearn": {}}
for peer, read in [("polars", lambda: polars.read_csv(path, try_parse_dates=True)), ("pandas", lambda: pandas.read_csv(path))]:
    figures = found[peer]
    figures["csv"], table = best(read)
    if peer == "polars":
        names = polars.DataFrame({"group": range(1000), "name": [f"g{i}" for i in range(1000)]})
        prices = table.select(polars.col("id"), polars.col("price").alias("other"))
        figures["group"], _ = best(lambda: table.group_by("group").agg(polars.col("price").mean(), polars.col("score").sum()))
        figures["sort"], _ = best(lambda: table.sort("score"))
        figures["join small"], _ = best(lambda: table.join(names, on="group"))
        figures["join large"], _ = best(lambda: table.join(prices, on="id"))
    else:
        names = pandas.DataFrame({"group": range(1000), "name": [f"g{i}" for i in range(1000)]})
        prices = table[["id", "price"]].rename(columns={"price": "other"})
        figures["group"], _ = best(lambda: table.groupby("group").agg({"price": "mean", "score": "sum"}))
        figures["sort"], _ = best(lambda: table.sort_values("score"))
        figures["join small"], _ = best(lambda: table.merge(names, on="group"))
        figures["join large"], _ = best(lambda: table.merge(prices, on="id"))
fifth = table[: len(table) // 5]
codes = fifth["city"].astype("category").cat.codes.to_numpy()
mixed = np.column_stack([fifth["price"].to_numpy()] * 10 + [codes] * 10)
steps = [("scale", StandardScaler(), list(range(10))), ("encode", OneHotEncoder(sparse_output=False), list(range(10, 20)))]
found["sklearn"]["scale, one-hot"], _ = best(lambda: ColumnTransformer(steps).fit_transform(mixed))
print(json.dumps(found))
