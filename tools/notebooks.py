"""Runs every notebook top to bottom in a fresh folder, as a user would, and says how many passed."""

import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

root = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root / "kernel/test"))
from kernel_process import patient  # noqa: E402


def execute(path, folder):
    """The executed notebook; raises on the first cell that fails or that leaves no trace of having run."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=300, kernel_name="assay", resources={"metadata": {"path": str(folder)}}, **patient()).execute()
    empty = [cell for cell in book.cells if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None]
    if empty:
        raise AssertionError(f"cell did not run: {empty[0].source[:80]}")
    return book


def processes_of(home):
    """Ids of the processes whose ASSAY_HOME this is, where the system tells (Linux does)."""
    mark = f"ASSAY_HOME={home}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() + b"\0" and int(folder.name) != os.getpid():
                found.append(int(folder.name))
        except OSError:
            pass  # it has just ended, or is somebody else's
    return found


def end_all(home):
    """Ends the workers and the database that the notebooks' jobs have left waiting for more: they write in the folder that is to be removed."""
    end = time.monotonic() + 60
    asked = set()
    while (there := processes_of(home)) and time.monotonic() < end:
        for pid in set(there) - asked:
            asked.add(pid)
            try:
                os.kill(pid, signal.SIGTERM)
            except OSError:
                pass
        time.sleep(0.1)


def main(names):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="assay-notebooks-", ignore_cleanup_errors=True) as home:
        os.chmod(home, 0o755)  # as root, PostgreSQL runs as another user, who must pass
        os.environ.setdefault("ASSAY_HOME", f"{home}/home")
        os.environ.setdefault("ASSAY_FAST", "1")
        # a small application has small files
        os.environ.setdefault("ETL_MIN_TRAIN_MB", "0.1")
        os.environ.setdefault("ETL_MIN_TEST_MB", "0.02")
        for path in sorted((root / "notebooks").glob("*.ipynb")):
            if names and path.stem not in names:
                continue
            begin = time.perf_counter()
            try:
                book = execute(path, path.parent)
                out = os.environ.get("ASSAY_NOTEBOOK_OUT")
                if out:
                    Path(out).mkdir(parents=True, exist_ok=True)
                    nbformat.write(book, Path(out) / path.name)
                passed += 1
                print(f"ok   {path.name} {time.perf_counter() - begin:.1f} s")
            except (CellExecutionError, AssertionError, TimeoutError, RuntimeError) as error:
                failed += 1
                print(f"FAIL {path.name}: {re.sub(chr(27) + r'[[][0-9;]*m', '', str(error))[-4000:]}")
        end_all(f"{home}/home")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
