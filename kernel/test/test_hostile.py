"""Whatever a cell does, the kernel answers the next one."""

import os
import queue
import random
import shutil
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

import hostile
import kernel_process
from kernel_process import DEADLINE, ask, ready_again, run, start

# so long may a cell go on before it is interrupted
PATIENCE = 1
# cells that one kernel has to bear before it is started afresh
TOGETHER = 12


def setUpModule():
    kernel_process.prepare()


class Hostile:
    """Kernels that are given hostile cells; each lives in a folder of its own."""

    def __init__(self):
        self.manager = None

    def begin(self):
        self.end()
        self.folder = Path(tempfile.mkdtemp(prefix="assay-hostile-"))
        self.manager, self.client = start(self.folder)

    def end(self):
        if not self.manager:
            return
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def give(self, code, patience=PATIENCE):
        """Runs a cell and, where it takes its time, interrupts it; answers whether the kernel's process is still there."""
        message_id = self.client.execute(textwrap.dedent(code))
        behind = self.client.is_complete("")  # what is said of it is said once the cell is there: an interrupt that comes before is for none
        arrived = interrupted = False
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end or not interrupted:
            if not self.manager.is_alive():
                return False
            if behind in self.drain() and not arrived:
                arrived, end = True, time.monotonic() + patience
            try:
                if self.client.get_shell_msg(timeout=0.2)["parent_header"].get("msg_id") == message_id:
                    return True
            except queue.Empty:
                pass
            if time.monotonic() >= end and not interrupted:
                ask(self.client, "interrupt_request", channel="control")  # answered when it has had its effect: no later cell is hit
                interrupted, end = True, time.monotonic() + DEADLINE
        raise AssertionError("neither ended nor interrupted")

    def drain(self):
        """Takes what has been published, and answers for which requests: what nobody takes is kept in memory here and in the kernel."""
        requests = set()
        for _ in range(1_000):
            if not self.client.iopub_channel.msg_ready():
                break
            requests.add(self.client.get_iopub_msg()["parent_header"].get("msg_id"))
        return requests

    def answer(self):
        """What the kernel says to 1 + 1; the pager and the outputs of what went before are passed over."""
        return run(self.client, "1 + 1", timeout=5 * DEADLINE)  # a cell that shows without end has shown much until it is interrupted


class HostileCells(unittest.TestCase):
    def setUp(self):
        self.kernel = Hostile()
        self.addCleanup(self.kernel.end)

    def assert_answers(self, name):
        outcome = self.kernel.answer()
        self.assertEqual((outcome.status, outcome.result), ("ok", "2"), f"{name}\n{outcome.traceback}\n{outcome.stderr}")

    def test_the_kernel_answers_after_every_hostile_cell_in_any_order(self):
        seed = int(os.environ.get("ASSAY_HOSTILE_SEED", "1"))
        names = sorted(hostile.STAYING)
        random.Random(seed).shuffle(names)
        for k, name in enumerate(names):
            if k % TOGETHER == 0:
                self.kernel.begin()
                given = []
            given.append(name)
            with self.subTest(name, seed=seed, behind=given[:-1]):
                try:
                    self.assertTrue(self.kernel.give(hostile.STAYING[name]), "the kernel's process is gone")
                    self.assert_answers(name)
                except BaseException:
                    self.kernel.begin()  # the next cells are not to blame
                    given = []
                    raise

    def test_it_answers_after_cells_that_do_harm_only_one_after_another(self):
        for names in hostile.SEQUENCES:
            self.kernel.begin()
            for name in names:
                with self.subTest(name, behind=names):
                    self.assertTrue(self.kernel.give(hostile.STAYING[name]), "the kernel's process is gone")
                    self.assert_answers(name)

    def test_where_its_process_ends_the_next_one_answers(self):
        for name, code in hostile.ENDINGS.items():
            with self.subTest(name):
                self.kernel.begin()
                self.assertFalse(self.kernel.give(code, patience=DEADLINE))
                self.kernel.manager.restart_kernel(now=True)
                ready_again(self.kernel.client)
                self.assert_answers(name)


if __name__ == "__main__":
    unittest.main()
