"""Round trips in the kernel, on both converters, beside stock tslab, ipykernel and, where ASSAY_DENO names its program, Deno; in milliseconds,
as JSON. `--small` asks less often and stops each kind of endless cell once."""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import interrupts
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[2]
DEADLINE = 180
TIMES = 5 if "--small" in sys.argv else 20
STOPS = 1 if "--small" in sys.argv else interrupts.ROUNDS

TYPESCRIPT = {
    "imports": 'import * as ml from "assay";\nimport { connect } from "assay-lab";',
    "before": [
        "const x = Array.from({ length: 200 }, (_, i) => [i % 7, i % 11]);\nconst y = x.map(([a]) => (a! > 3 ? 'yes' : 'no'));",
        "const model = await ml.logisticRegression().fit(x, y);",
    ],
    "warm": "const kind{k}: string = ml.accuracy(y, model.predict(x)) > 0.{k} ? typeof connect : 'none';\nkind{k}",
    "fit": "const tree{k}: number = (await ml.decisionTreeClassifier({{ maxDepth: 3 }}).fit(x, y)).columns.length + {k};\ntree{k}",
    "complete": "ml.decision",
    "inspect": "model.predict",
    "figure": "ml.plotConfusion(ml.confusionMatrix(y, model.predict(x)))",
}
PYTHON = {
    "imports": "import sklearn.linear_model as lm, sklearn.tree as st, sklearn.metrics as sm",
    "before": [
        "x = [[i % 7, i % 11] for i in range(200)]\ny = ['yes' if a > 3 else 'no' for a, _ in x]",
        "model = lm.LogisticRegression().fit(x, y)",
    ],
    "warm": "kind{k} = 'some' if sm.accuracy_score(y, model.predict(x)) > 0.{k} else 'none'\nkind{k}",
    "fit": "tree{k} = st.DecisionTreeClassifier(max_depth=3).fit(x, y).n_features_in_ + {k}\ntree{k}",
    "complete": "lm.Logistic",
    "inspect": "model.predict",
    "figure": None,
}


# the packages are for Node: of Deno only what needs none is asked
DENO = {"imports": None, "complete": "Math.ma", "inspect": "Math.max"}


def install(folder, name, argv):
    """A kernelspec of a kernel as it comes, in a folder for JUPYTER_PATH."""
    spec = folder / "kernels" / name
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name, "language": "typescript"}))


def stock_tslab():
    node = os.environ.get("ASSAY_NODE") or next(iter(sorted(map(str, ROOT.glob("node_modules/node-*/bin/node")))), "node")
    return [node, str(ROOT / "node_modules" / "tslab" / "bin" / "tslab"), "kernel", "--config-path", "{connection_file}"]


class Kernel:
    """A kernel that has just been started."""

    def __init__(self, name, environment):
        self.began = time.perf_counter()
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(env={**os.environ, **environment})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=DEADLINE)
        self.ready = self.since(self.began)

    @staticmethod
    def since(begin):
        return 1000 * (time.perf_counter() - begin)

    def cell(self, code):
        """Runs a cell to its reply and its last output; answers the milliseconds, or none where it failed."""
        begin = time.perf_counter()
        reply = self.client.execute_interactive(code, timeout=DEADLINE, output_hook=lambda _: None)
        return self.since(begin) if reply["content"]["status"] == "ok" else None

    def question(self, kind, code):
        begin = time.perf_counter()
        ask = self.client.complete if kind == "complete" else self.client.inspect
        ask(code, len(code), reply=True, timeout=DEADLINE)
        return self.since(begin)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def median(values):
    """The median, or none where one is missing."""
    return None if None in values else statistics.median(values)


def measure(name, cells, environment={}):
    kernel = Kernel(name, environment)
    try:
        kernel.cell("1")
        first = kernel.since(kernel.began)
        found = {"ready": kernel.ready, "first": first, "plain": median([kernel.cell("1 + 1") for _ in range(TIMES)])}
        if cells["imports"]:
            found["imports"] = kernel.cell(cells["imports"])
            if found["imports"] is None or None in [kernel.cell(code) for code in cells["before"]]:
                return found
            for kind in ("warm", "fit"):
                kernel.cell(cells[kind].format(k=0))
                found[kind] = median([kernel.cell(cells[kind].format(k=k)) for k in range(1, TIMES + 1)])
        for kind in ("complete", "inspect"):
            kernel.question(kind, cells[kind])
            # as it is typed: each time another text
            found[kind] = median([kernel.question(kind, f"{k} + {cells[kind]}") for k in range(TIMES)])
        if cells.get("figure"):
            found["figure"] = kernel.cell(cells["figure"])
        return found
    finally:
        kernel.end()


folder = Path(tempfile.mkdtemp(prefix="assay-bench-"))
try:
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), os.environ.get("JUPYTER_PATH")]))
    install(folder, "tslab-stock", stock_tslab())
    kernels = {"assay": ("assay", TYPESCRIPT), "tslab": ("tslab-stock", TYPESCRIPT), "ipykernel": ("python3", PYTHON)}
    if deno := os.environ.get("ASSAY_DENO"):
        install(folder, "deno-stock", [deno, "jupyter", "--kernel", "--conn", "{connection_file}"])
        kernels["deno"] = ("deno-stock", DENO)
    answers = {who: {**measure(name, cells), "interrupts": interrupts.measure(name, STOPS)} for who, (name, cells) in kernels.items()}
    answers["assay on tslab's converter"] = measure("assay", TYPESCRIPT, {"ASSAY_KERNEL_CONVERTER": "tslab"})
    print(json.dumps(answers))
finally:
    shutil.rmtree(folder, ignore_errors=True)
