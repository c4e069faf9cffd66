"""`python -m parity.write <folder> <seeds> [rows]`: the tables in the forms that algorithms take, with their splits, for both sides.

`raw` keeps missing values (NaN) and categories (codes); `nominal` has numbers as codes of five bins of equally many rows, too; `plain` has medians, one-hot categories and standardised columns; `counts` has
whole numbers from 0 to 10. Values of columns are exact in single precision, which is what tree oracles see; numeric targets are standardised.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from . import tables


def single(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def raw(columns):
    """Numbers and category codes (n × d), missing as NaN, and each column's levels."""
    levels = [[str(level) for level in columns[c].cat.categories] if columns[c].dtype == "category" else None for c in columns]
    codes = [columns[c].cat.codes.replace(-1, np.nan) if columns[c].dtype == "category" else columns[c] for c in columns]
    return single(np.column_stack([np.asarray(column, dtype=float) for column in codes])), levels


def plain(columns):
    """Finite, standardised numbers (n × d'); a category's first level and constant columns are left out."""
    categories = [c for c in columns if columns[c].dtype == "category"]
    filled = columns.fillna(columns.median(numeric_only=True))
    wide = pd.get_dummies(filled, columns=categories, drop_first=True).to_numpy(float)
    spread = wide.std(axis=0)
    kept = spread > 1e-9
    return single((wide[:, kept] - wide[:, kept].mean(axis=0)) / spread[kept])


def counts(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return np.round(10 * (x - low) / (high - low))


def nominal(x, levels):
    """Every column as codes: of its levels, or of five bins of equally many rows; and how many levels each has."""
    cuts = [None if each else np.unique(np.nanquantile(column, (0.2, 0.4, 0.6, 0.8))) for column, each in zip(x.T, levels)]
    codes = [
        column if cut is None else np.where(np.isnan(column), np.nan, np.searchsorted(cut, column, side="left"))
        for column, cut in zip(x.T, cuts)
    ]
    return np.column_stack(codes), [len(each) if each else len(cut) + 1 for each, cut in zip(levels, cuts)]


def splits(task, y, groups, seeds):
    """Test rows of each seed's split: a quarter, stratified by class, or by whole groups."""
    maker = GroupShuffleSplit if groups is not None else StratifiedShuffleSplit if task == "classification" else ShuffleSplit
    rows = np.zeros(len(y))
    return [next(maker(1, test_size=0.25, random_state=seed).split(rows, y, groups))[1].tolist() for seed in range(seeds)]


def sample(columns, y, groups):
    """6,000 rows of a table that has more than 10,000."""
    if len(y) <= 10_000:
        return columns, y, groups
    rows = np.random.default_rng(1).permutation(len(y))[:6000]
    return columns.iloc[rows].reset_index(drop=True), y[rows], None if groups is None else groups[rows]


def write(folder, name, seeds, most):
    found = tables.read(name)
    if found is None or len(found[2]) > most:
        return None
    task, *rest = found
    columns, y, groups = sample(*rest)
    x, levels = raw(columns)
    forms = {"raw": x, "plain": plain(columns)}
    sizes = []
    if task == "classification":
        forms["counts"] = counts(forms["plain"])
        forms["nominal"], sizes = nominal(x, levels)
    for form, values in forms.items():
        values.tofile(folder / f"{name}.{form}.f64")
    (y.astype(float) if task == "classification" else (y - y.mean()) / y.std()).tofile(folder / f"{name}.y.f64")
    return {
        "name": name,
        "task": task,
        "rows": len(y),
        "classes": int(y.max()) + 1 if task == "classification" else 0,
        "missing": int(np.isnan(x).any(axis=1).sum()),
        "levels": levels,
        "nominal": sizes,
        "columns": {form: values.shape[1] for form, values in forms.items()},
        "splits": splits(task, y, groups, seeds),
    }


def main(folder, seeds, most="1000000"):
    made = {name: write(Path(folder), name, int(seeds), int(most)) for name in tables.makers}
    (Path(folder) / "tables.json").write_text(json.dumps([table for table in made.values() if table]))
    print(json.dumps([name for name, table in made.items() if not table]))


if __name__ == "__main__":
    main(*sys.argv[1:])
