"""Programs that run notebooks and cells without a browser."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import kernel_process
import nbformat
from kernel_process import DEADLINE, WHEEL, patient, through_files
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def setUpModule():
    kernel_process.prepare()


def book(*sources, tags=()):
    """A notebook of these cells; the first has the tags."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    metadata = {"kernelspec": {"name": "assay", "display_name": "TypeScript (Assay)", "language": "typescript"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


class FrontEnds(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-front-ends-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_nbclient_runs_a_notebook_and_stops_at_an_error(self):
        notebook = book("const half: number = 21", "half * 2", "throw new RangeError('stop here')", "'never'")
        with self.assertRaises(CellExecutionError) as caught:
            NotebookClient(notebook, timeout=DEADLINE, kernel_name="assay", resources={"metadata": {"path": str(self.folder)}}, **patient()).execute()
        self.assertIn("RangeError: stop here", kernel_process.plain(str(caught.exception)))
        self.assertEqual(notebook.cells[1].outputs[0]["data"]["text/plain"], "42")
        self.assertEqual(notebook.cells[3].outputs, [])
        self.assertEqual(notebook.metadata.language_info["file_extension"], ".ts")

    def test_the_console_shows_results_asks_and_ends(self):
        # outputs and replies keep no order: behind a further cell those of the question are there
        cells = "const half: number = 21\nhalf * 2\nconst wrong: string = half\nawait input('who? ')\nVera\n'behind'\nexit\n"
        talk = [f"--{name}={value}" for name, value in through_files().items()]
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_console", "--kernel", "assay", "--simple-prompt", *talk],
            input=cells, capture_output=True, text=True, timeout=DEADLINE, cwd=self.folder, env={**os.environ, "TERM": "dumb"},
        )
        said = kernel_process.plain(done.stdout)
        self.assertIn("Out[2]: 42", said, done.stderr)
        self.assertIn("TS2322", said + kernel_process.plain(done.stderr))
        self.assertIn("'Vera'", said)

    def test_papermill_runs_a_notebook_with_parameters(self):
        import papermill

        sys.path.insert(0, str(WHEEL))
        self.addCleanup(sys.path.remove, str(WHEEL))
        import assay_jupyter.papermill  # noqa: F401  as its entry point does

        told = patient()
        told["start_timeout"] = told.pop("startup_timeout")  # by this name here
        source, target = self.folder / "in.ipynb", self.folder / "out.ipynb"
        nbformat.write(book("const alpha = 0.1; // learning rate\nconst names: string[] = []", "({ alpha: alpha.toFixed(3), names })", tags=["parameters"]), source)
        papermill.execute_notebook(
            source, target, parameters={"alpha": 0.25, "names": ['a"b\\', "π🙂"]}, cwd=self.folder, progress_bar=False, execution_timeout=DEADLINE, **told
        )
        result = nbformat.read(target, as_version=4).cells[-1].outputs[0]["data"]["text/plain"]
        self.assertEqual(result, "{ alpha: '0.250', names: [ 'a\"b\\\\', 'π🙂' ] }")
        found = papermill.inspect_notebook(source)
        self.assertEqual((found["alpha"]["default"], found["alpha"]["help"]), ("0.1", "learning rate"))
        self.assertEqual(found["names"]["inferred_type_name"], "string[]")

    def test_papermill_writes_every_kind_of_parameter(self):
        sys.path.insert(0, str(WHEEL))
        self.addCleanup(sys.path.remove, str(WHEEL))
        from assay_jupyter.papermill import TypeScriptTranslator

        values = {"none": None, "yes": True, "big": 2**60, "nan": math.nan, "low": -math.inf, "tree": {"__proto__": [1, {"x": "\u2028"}], "": {}}}
        said = TypeScriptTranslator.codify(values).splitlines()
        self.assertEqual(said, [
            "// Parameters",
            "let none = null;",
            "let yes = true;",
            "let big = 1152921504606846976n;",
            "let nan = NaN;",
            "let low = -Infinity;",
            f'let tree = {{ ["__proto__"]: [1, {{ ["x"]: {json.dumps(chr(0x2028))} }}], [""]: {{}} }};',
        ])


if __name__ == "__main__":
    unittest.main()
