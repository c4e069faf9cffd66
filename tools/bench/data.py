"""What polars and pandas take for the work of data.mjs, in milliseconds, as JSON."""

import json
import sys
import time

import pandas
import polars


def best(work):
    times = []
    for _ in range(2):
        begin = time.perf_counter()
        result = work()
        times.append(1000 * (time.perf_counter() - begin))
    return min(times), result


path = sys.argv[1]
found = {"polars": {}, "pandas": {}}
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
print(json.dumps(found))
