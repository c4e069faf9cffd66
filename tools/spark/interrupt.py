"""Interrupts a kernel's cell that fits on a Spark, as the button of a front-end does.

The environment says which Spark and which database. Reads lines from stdin: a cell, as JSON, then an empty line when it is to be interrupted.
Writes a line of JSON to stdout: how the cell ended, after how many milliseconds, and what the next cell gives that asks for a name of an earlier
one. The kernel ends with stdin. Needs jupyter_client, and the library built.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "kernel" / "test"))

import kernel_process
from kernel_process import collect, run, start

kernel_process.prepare()
with tempfile.TemporaryDirectory(prefix="assay-spark-kernel-") as folder:
    manager, client = start(folder, env=dict(os.environ))
    try:
        begun = run(client, 'import { connect } from "assay-lab"; const lab = await connect(); const kept = 42')
        if begun.status != "ok":
            raise SystemExit(begun.traceback)
        message_id = client.execute(json.loads(sys.stdin.readline()))
        sys.stdin.readline()
        begin = time.perf_counter()
        manager.interrupt_kernel()
        outcome = collect(client, message_id)
        milliseconds = round(1000 * (time.perf_counter() - begin))
        answer = {"ended": outcome.reply.get("ename"), "milliseconds": milliseconds, "kept": run(client, "kept").result}
        print(json.dumps(answer), flush=True)
        sys.stdin.read()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
