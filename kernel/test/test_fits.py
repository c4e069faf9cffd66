"""What the library's fits do when their cell is interrupted, with the real lab."""

import os
import shutil
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

import kernel_process
from kernel_process import REPOSITORY, collect, run, start, wait_for

LAB = REPOSITORY / "library" / "lab" / "bin" / "assay.mjs"


def setUpModule():
    kernel_process.prepare()


class Fits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="assay-fits-"))
        cls.folder.chmod(0o755)  # as root, PostgreSQL runs as another user, who must pass
        cls.variables = {**os.environ, "ASSAY_HOME": str(cls.folder / "home"), "ASSAY_THREADS": "2"}
        cls.manager, cls.client = start(cls.folder, env=cls.variables)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)
        node = os.environ.get("ASSAY_NODE", "node")
        subprocess.run([node, str(LAB), "db", "stop"], env=cls.variables, capture_output=True, timeout=kernel_process.DEADLINE)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ok(self, code):
        outcome = run(self.client, textwrap.dedent(code).strip())
        self.assertEqual(outcome.status, "ok", outcome.traceback)
        return outcome

    def setUp(self):
        self.ok(
            """
            import * as ml from "assay";
            import { connect } from "assay-lab";
            const lab = await connect();
            const x = Array.from({ length: 2_000 }, (_, i) => Array.from({ length: 20 }, (_, j) => ((i * 31 + j * 17) % 101) / 101));
            const y = x.map((row) => (row[0]! > 0.5 ? "yes" : "no"));
            let id = "";
            """
        )

    def assert_cancelled(self, fit):
        """Interrupts a cell whose run tracks a fit that would never end; what earlier cells made is kept, and the run is cancelled."""
        message_id = self.client.execute(
            textwrap.dedent(
                f"""
                const run = await lab.experiment("stopped").run("long", async (run) => {{
                  id = run.id;
                  let told = false;
                  const observer: ml.Observer = {{ progress() {{ if (!told) console.log("fitting"); told = true }} }};
                  await {fit};
                }});
                """
            )
        )
        wait_for(self.client, message_id, "stream")
        self.manager.interrupt_kernel()
        outcome = collect(self.client, message_id)
        self.assertEqual((outcome.status, outcome.reply["ename"]), ("error", "Interrupted"), outcome.traceback)
        # the run is ended by the library, which waits for nobody
        status = self.ok(
            """
            import { setTimeout as sleep } from "node:timers/promises";
            let status = (await lab.run(id)).status;
            while (status === "training" || status === "pending") { await sleep(50); status = (await lab.run(id)).status }
            status
            """
        )
        self.assertEqual((status.result, self.ok("x.length").result), ("'cancelled'", "2000"))

    def test_beside_a_fit_cells_run_and_names_are_completed(self):
        self.ok(
            """
            const stop = new AbortController();
            let ended = "not yet";
            const fit = ml.mlpClassifier({ maxIter: 100_000, nIterNoChange: 100_000, hiddenLayerSizes: [256, 256] }).fit(x, y, { signal: stop.signal });
            fit.catch(({ name }: Error) => { ended = name });
            """
        )
        self.assertEqual(self.ok("x.length").result, "2000")
        self.assertIn("lab", self.client.complete("la", reply=True, timeout=kernel_process.DEADLINE)["content"]["matches"])
        self.assertEqual(self.ok("ended").result, "'not yet'")
        self.assertEqual(self.ok("stop.abort(); await fit.catch(() => {}); ended").result, "'AbortError'")

    def test_a_fit_on_threads_that_is_interrupted_leaves_its_run_cancelled(self):
        self.assert_cancelled("ml.mlpClassifier({ maxIter: 100_000, nIterNoChange: 100_000, hiddenLayerSizes: [256, 256] }).fit(x, y, { observer })")

    def test_a_fit_of_many_trees_that_is_interrupted_leaves_its_run_cancelled(self):
        self.assert_cancelled("ml.gradientBoostingClassifier({ nEstimators: 100_000 }).fit(x, y, { observer })")


if __name__ == "__main__":
    unittest.main()
