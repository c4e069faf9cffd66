"""`assay-kernel install`, `uninstall` and `doctor`, as they are called from a shell."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import kernel_process
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from kernel_process import DEADLINE, REPOSITORY, client_of, run, through_files

COMMAND = REPOSITORY / "kernel" / "src" / "install" / "cli.cjs"


def setUpModule():
    kernel_process.prepare()


class Install(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-install-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        # Jupyter of this Python and nothing else of this machine
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.variables = {**os.environ, "PATH": path, "HOME": str(self.folder), "JUPYTER_PATH": "", "JUPYTER_PREFER_ENV_PATH": "no"}
        for name in ("JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
            self.variables.pop(name, None)

    def call(self, *words, **variables):
        node = os.environ.get("ASSAY_NODE", "node")
        return subprocess.run(
            [node, str(COMMAND), *words], env={**self.variables, **variables}, capture_output=True, text=True, timeout=DEADLINE, cwd=self.folder
        )

    def ok(self, *words, **variables):
        done = self.call(*words, **variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_a_kernel_that_was_installed_below_a_folder_runs_cells_and_is_removed(self):
        place = self.folder / "share" / "jupyter" / "kernels" / "assay"
        self.assertEqual(self.ok("install", "--prefix", str(self.folder)), f"installed {place}\n")
        self.assertEqual({file.name for file in place.iterdir()}, {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"})
        manager = KernelManager(kernel_name="assay", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(place.parent)]), **through_files())
        manager.start_kernel(cwd=str(self.folder))
        self.addCleanup(lambda: manager.has_kernel and manager.shutdown_kernel(now=True))
        client = client_of(manager)
        self.addCleanup(client.stop_channels)
        self.assertEqual(run(client, "const n: number = 6 * 7; n").result, "42")
        self.assertEqual(self.ok("uninstall", "--prefix", str(self.folder)), f"removed {place}\n")
        self.assertFalse(place.exists())

    def test_without_a_place_it_is_for_the_user(self):
        for variables, data in (
            ({}, self.folder / ".local" / "share" / "jupyter"),
            ({"XDG_DATA_HOME": str(self.folder / "x")}, self.folder / "x" / "jupyter"),
            ({"JUPYTER_DATA_DIR": str(self.folder / "d")}, self.folder / "d"),
        ):
            self.assertEqual(self.ok("install", **variables), f"installed {data / 'kernels' / 'assay'}\n")
            self.assertEqual(self.ok("install", "--user", **variables), f"installed {data / 'kernels' / 'assay'}\n")
            self.ok("uninstall", **variables)

    def test_sys_prefix_is_that_of_the_active_python(self):
        bin = self.folder / "bin"
        bin.mkdir()
        (bin / "python").write_text(f"#!/bin/sh\necho {self.folder}/environment\n")
        (bin / "python").chmod(0o755)
        said = self.ok("install", "--sys-prefix", PATH=os.pathsep.join([str(bin), self.variables["PATH"]]))
        self.assertEqual(said, f"installed {self.folder}/environment/share/jupyter/kernels/assay\n")

    def test_the_kernelspec_of_another_writer_stays(self):
        place = self.folder / "share" / "jupyter" / "kernels" / "assay"
        place.mkdir(parents=True)
        (place / "kernel.json").write_text('{ "argv": ["python"], "display_name": "x", "language": "typescript" }')
        done = self.call("uninstall", "--prefix", str(self.folder))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("is not of \"assay-kernel install\"", done.stderr)
        self.assertTrue(place.exists())

    def test_what_is_wrong_is_said_in_one_line(self):
        for words, sentence in (
            (["bake"], "command must be install, uninstall or doctor, got bake"),
            (["install", "--user", "--sys-prefix"], "place must be one of --user, --sys-prefix, --prefix, got --user and --sys-prefix"),
            (["install", "--prefix", ""], "--prefix must name a folder, got nothing"),
            (["install", "--prefux", "x"], "Unknown option '--prefux'"),
            (["install", "here"], "install: takes no further words, got here"),
            (["uninstall"], "uninstall: there must be a kernelspec, found none in"),
        ):
            done = self.call(*words)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1), done.stderr)
            self.assertIn(f"assay-kernel: {sentence}", done.stderr)

    def test_the_doctor_finds_everything_well(self):
        self.ok("install")
        said = self.ok("doctor")
        lines = said.splitlines()
        self.assertEqual([line.split()[:2] for line in lines], [["ok", name] for name in ("Node", "ZeroMQ", "TypeScript", "Jupyter", "A")], said)
        self.assertIn(str(self.folder / ".local" / "share" / "jupyter" / "kernels" / "assay"), lines[3])
        self.assertIn("1 + 1 is 2", lines[4])

    def test_the_doctor_names_what_is_missing_with_its_remedy(self):
        self.ok("install")
        file = self.folder / ".local" / "share" / "jupyter" / "kernels" / "assay" / "kernel.json"
        spec = json.loads(file.read_text())
        file.write_text(json.dumps({**spec, "argv": ["/nowhere/node", *spec["argv"][1:]]}))
        done = self.call("doctor")
        self.assertEqual(done.returncode, 1)
        self.assertIn("NO  Jupyter kernelspec names /nowhere/node, which is gone; assay-kernel install", done.stdout)
        bin = self.folder / "bin"
        bin.mkdir()
        (bin / "node").symlink_to(os.environ.get("ASSAY_NODE") or shutil.which("node"))
        done = self.call("doctor", PATH=str(bin))
        self.assertEqual(done.returncode, 1)
        self.assertIn("NO  Jupyter must be on the PATH, got no command jupyter; pip install jupyterlab", done.stdout)
        self.assertIn("ok  A cell runs", done.stdout)  # the kernel itself is well

    def test_the_doctor_says_how_a_kernel_ended_that_never_listened(self):
        self.ok("install")
        file = self.folder / ".local" / "share" / "jupyter" / "kernels" / "assay" / "kernel.json"
        program = self.folder / "kernel"
        # longer than the doctor would have to ask twice
        program.write_text("#!/bin/sh\nsleep 2\necho no library here >&2\nexit 3\n")
        program.chmod(0o755)
        file.write_text(json.dumps({**json.loads(file.read_text()), "argv": [str(program), "{connection_file}"]}))
        done = self.call("doctor")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("NO  A cell must answer, the kernel ended with 3: no library here", done.stdout)

    def test_the_doctor_tries_other_ports_where_somebody_took_one(self):
        self.ok("install")
        file = self.folder / ".local" / "share" / "jupyter" / "kernels" / "assay" / "kernel.json"
        spec = json.loads(file.read_text())
        program = self.folder / "kernel"
        taken = "[ -e tried ] || { touch tried; echo assay-kernel: Error: Address already in use >&2; echo '    at bind' >&2; exit 1; }"
        program.write_text(f'#!/bin/sh\ncd {self.folder}\n{taken}\nexec "$@"\n')
        program.chmod(0o755)
        file.write_text(json.dumps({**spec, "argv": [str(program), *spec["argv"]]}))
        self.assertIn("1 + 1 is 2", self.ok("doctor"))
        self.assertTrue((self.folder / "tried").exists())

    def test_a_node_too_old_for_the_kernel_is_not_installed(self):
        older = self.folder / "older.cjs"
        older.write_text('Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });')
        done = self.call("install", NODE_OPTIONS=f"--require {older}")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("assay-kernel: Node must be 22 or newer, got v", done.stderr)
        self.assertFalse((self.folder / ".local").exists())


if __name__ == "__main__":
    unittest.main()
