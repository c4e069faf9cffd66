"""The corpus of cells on both converters: each gives on ours what it says, and on tslab's what the README says."""

import json
import os
import subprocess
import unittest

import kernel_process
from kernel_process import REPOSITORY

KERNEL = REPOSITORY / "kernel"


class Corpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        kernel_process.prepare()
        program = [os.environ.get("ASSAY_NODE", "node"), str(KERNEL / "test" / "corpus" / "differences.cjs"), "--json"]
        cls.found = json.loads(subprocess.run(program, check=True, stdout=subprocess.PIPE).stdout)

    def test_it_holds_at_least_150_cells(self):
        self.assertGreaterEqual(sum(len(notebook["cells"]) for notebook in self.found["notebooks"]), 150)

    def test_every_cell_gives_what_it_says(self):
        for notebook in self.found["notebooks"]:
            for cell in notebook["cells"]:
                with self.subTest(notebook["title"], code=cell["code"]):
                    self.assertEqual(cell["found"], cell["expected"])

    def test_the_readme_lists_what_tslabs_converter_gives_instead(self):
        # `node kernel/test/corpus/differences.cjs` prints the table anew
        _, table = (KERNEL / "README.md").read_text().split(self.found["heading"])
        listed = table.split("\n\n")[0].rstrip().split("\n")
        self.assertEqual(listed, self.found["rows"])


if __name__ == "__main__":
    unittest.main()
