"""`python -m bench.rows <folder> <rows> …`: the tables of the benches as files that both sides read: synthetic ones of these sizes, and real ones.

Values are double precision, row by row (`<name>.x.f64`), the target beside them (`<name>.y.f64`), test rows as `<name>-test`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from parity import tables, write

real = ["kepler", "adult", "california"]


def synthetic(rows, seed, columns=28):
    """Classes that depend on sums, products and waves of bell-shaped and skewed columns, as in the Higgs data; the rule is the same for all seeds."""
    draw = np.random.default_rng(seed)
    x = draw.standard_normal((rows, columns)).astype(np.float32)
    x[:, 7:14] = np.exp(0.7 * x[:, 7:14])
    x[:, 21] = x[:, 0] * x[:, 1] + 0.3 * x[:, 21]
    x[:, 22] = np.hypot(x[:, 2], x[:, 3]) + 0.2 * x[:, 22]
    x[:, 20] = np.round(2 * x[:, 20]) / 2
    weights = 0.3 * np.random.default_rng(123).standard_normal(columns).astype(np.float32)
    z = x @ weights + 0.8 * x[:, 0] * x[:, 1] - 0.6 * np.sin(2 * x[:, 2]) * x[:, 3]
    z += 0.5 * (x[:, 4] > 0.5) * x[:, 8] - 0.4 * np.abs(x[:, 5]) * x[:, 22] + 0.3 * x[:, 20] * x[:, 7]
    z = 0.8 * (z - np.median(z))
    return x.astype(float), (draw.random(rows) < 1 / (1 + np.exp(-z))).astype(float)


def counts(x):
    """The same rows as whole numbers ≥ 0, for models of counts."""
    return np.floor(3 * np.abs(x))


def leave(folder, name, x, y, classes, levels=None):
    x.tofile(folder / f"{name}.x.f64")
    y.astype(float).tofile(folder / f"{name}.y.f64")
    return {name: {"rows": len(y), "columns": x.shape[1], "classes": classes, "levels": levels or [None] * x.shape[1]}}


def main(folder, *sizes):
    folder = Path(folder)
    x, y = synthetic(100_000, 4)
    made = leave(folder, "synthetic-test", x, y, 2) | leave(folder, "counts-test", counts(x), y, 2)
    for size in map(int, sizes):
        x, y = synthetic(size, size)
        made |= leave(folder, f"synthetic-{size}", x, y, 2)
        if size <= 100_000:
            made |= leave(folder, f"counts-{size}", counts(x), y, 2)
    for name in real:
        found = tables.read(name)
        if found is None:
            continue
        task, columns, y, groups = found
        x, levels = write.raw(columns)
        classes = int(y.max()) + 1 if task == "classification" else 0
        test = np.zeros(len(y), dtype=bool)
        test[write.splits(task, y, groups, 1)[0]] = True
        made |= leave(folder, name, x[~test], y[~test], classes, levels)
        made |= leave(folder, f"{name}-test", x[test], y[test], classes, levels)
    (folder / "tables.json").write_text(json.dumps(made))


main(*sys.argv[1:])
