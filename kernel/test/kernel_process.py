"""A running kernel and what a test asks of it."""

import atexit
import os
import queue
import re
import shutil
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from traitlets.config import Config

REPOSITORY = Path(__file__).parents[2]
WHEEL = REPOSITORY / "extension" / "python"
DEADLINE = 120


def prepare():
    """Makes the kernelspec `assay` findable: the installed wheel's, else the source tree's from a folder of its own."""
    os.environ["ASSAY_KERNEL"] = str(REPOSITORY / "kernel" / "src" / "kernel.cjs")
    nodes = sorted(REPOSITORY.glob("node_modules/node-*/bin/node"))
    if nodes:
        os.environ.setdefault("ASSAY_NODE", str(nodes[0]))
    if "assay" in KernelSpecManager().find_kernel_specs():
        return
    folder = Path(tempfile.mkdtemp(prefix="assay-kernelspec-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(WHEEL / "kernelspec", folder / "kernels" / "assay")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), os.environ.get("JUPYTER_PATH")]))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(WHEEL), os.environ.get("PYTHONPATH")]))


def through_files():
    """What a kernel manager is told so that kernel and clients talk through files in a folder of their own: a port that is free when it is
    chosen may be another process's before the kernel has bound it, and then the client talks to a stranger."""
    sockets = tempfile.mkdtemp(prefix="assay-sockets-")
    atexit.register(shutil.rmtree, sockets, ignore_errors=True)
    return {"transport": "ipc", "ip": f"{sockets}/s"}


def patient():
    """What an nbclient is told: it talks through files, and gives nothing up because the machine is busy."""
    return {"startup_timeout": DEADLINE, "iopub_timeout": DEADLINE, "config": Config({"KernelManager": through_files()})}


def start(folder, **options):
    """A KernelManager and a client that is ready, with `folder` as the notebook's folder."""
    manager = KernelManager(kernel_name="assay", **through_files())
    manager.start_kernel(cwd=str(folder), **options)
    return manager, client_of(manager)


def client_of(manager):
    """A client of a kernel that has been started, once the kernel answers."""
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=DEADLINE)
    return client


def ready_again(client):
    """Waits until the kernel that was started anew answers and is heard. What a client still holds of the one before proves nothing of either;
    whom this one has welcomed misses nothing."""
    session = None
    end = time.monotonic() + DEADLINE
    while not session and time.monotonic() < end:
        try:
            session = answer_to(client, "kernel_info_request", timeout=1)["header"]["session"]
        except queue.Empty:
            pass  # asked before anybody was there
    while True:
        message = client.get_iopub_msg(timeout=DEADLINE)
        if (message["msg_type"], message["header"]["session"]) == ("iopub_welcome", session):
            return


def arrived(client):
    """Waits until the kernel has read all that was sent to its shell socket: its sockets keep no order with one another."""
    ask(client, "is_complete_request", {"code": ""})


class Outcome:
    """What a cell gave: its reply and everything published for it."""

    def __init__(self, reply, messages):
        self.reply = reply["content"]
        self.messages = messages

    def of(self, kind):
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    @property
    def status(self):
        return self.reply["status"]

    @property
    def stdout(self):
        return "".join(content["text"] for content in self.of("stream") if content["name"] == "stdout")

    @property
    def stderr(self):
        return "".join(content["text"] for content in self.of("stream") if content["name"] == "stderr")

    @property
    def result(self):
        """The text of the last expression."""
        found = self.of("execute_result")
        return found[0]["data"]["text/plain"] if found else None

    @property
    def traceback(self):
        return plain("\n".join(self.reply.get("traceback", [])))


def plain(text):
    """The text without colours."""
    return re.sub(r"\x1b\[\d+m", "", text)


def run(client, code, timeout=DEADLINE, **options):
    """Runs a cell to its end."""
    return collect(client, client.execute(code, **options), timeout)


def wait_for(client, message_id, kind):
    """Waits until something of this kind is published for a request, and returns its content."""
    while True:
        message = client.get_iopub_msg(timeout=DEADLINE)
        if message["msg_type"] == kind and message["parent_header"].get("msg_id") == message_id:
            return message["content"]


def collect(client, message_id, timeout=DEADLINE):
    """Waits for the reply and the idle status of a request."""
    end = time.monotonic() + timeout
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=max(0.01, end - time.monotonic()))
        if message["parent_header"].get("msg_id") != message_id:
            continue
        messages.append(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    while True:
        reply = client.get_shell_msg(timeout=max(0.01, end - time.monotonic()))
        if reply["parent_header"].get("msg_id") == message_id:
            return Outcome(reply, messages)


def ask(client, kind, content=None, channel="shell"):
    """Sends any request, and returns the content of its reply."""
    return answer_to(client, kind, content, channel)["content"]


def answer_to(client, kind, content=None, channel="shell", timeout=DEADLINE):
    """Sends any request, and returns its reply."""
    message = client.session.msg(kind, content or {})
    getattr(client, f"{channel}_channel").send(message)
    get = getattr(client, f"get_{channel}_msg")
    end = time.monotonic() + timeout
    while True:
        reply = get(timeout=max(0.01, end - time.monotonic()))
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply


def alive(pid):
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def ended(pid):
    """Waits until a process has ended."""
    end = time.monotonic() + DEADLINE
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


class OneKernel(unittest.TestCase):
    """Tests that share a kernel in an empty folder."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="assay-kernel-"))
        cls.manager, cls.client = start(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def setUp(self):
        """A kernel that an earlier test left stuck is not this one's: that test has failed, and no other waits for it."""
        try:
            ask(self.client, "kernel_info_request")
        except queue.Empty:
            self.tearDownClass()
            self.setUpClass()

    def run_cell(self, code, **options):
        return run(self.client, textwrap.dedent(code).strip(), **options)

    def ok(self, code, **options):
        outcome = self.run_cell(code, **options)
        self.assertEqual(outcome.status, "ok", outcome.traceback)
        return outcome
