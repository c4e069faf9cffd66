"""How long a cell goes on after an interrupt, in milliseconds: the median of each kind of cell, for a kernel that is installed."""

import json
import statistics
import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

# each cell prints `begun` when it is where it will be stopped
TYPESCRIPT = {
    "synchronous loop": "console.log('begun'); while (true) {}",
    "loop with timers": "console.log('begun'); for (;;) await new Promise((done) => setTimeout(done, 20))",
    "synchronous loop behind an await": "await null; console.log('begun'); while (true) {}",
    "loop of microtasks": "console.log('begun'); for (;;) await null",
    "loop in a timer": "setTimeout(() => { console.log('begun'); while (true) {} }, 10); await new Promise(() => {})",
    "wait for ever": "console.log('begun'); await new Promise(() => {})",
}
PYTHON = {
    "synchronous loop": "print('begun', flush=True)\nwhile True: pass",
    "loop with timers": "import asyncio\nprint('begun', flush=True)\nwhile True: await asyncio.sleep(0.02)",
}
ROUNDS = 5
DEADLINE = 10


def stop(manager, client, code):
    """Milliseconds from the interrupt to the reply; None where none comes."""
    message_id = client.execute(code)

    def wait(get, kind):
        while (message := get(timeout=DEADLINE))["msg_type"] != kind or message["parent_header"].get("msg_id") != message_id:
            pass

    try:
        wait(client.get_iopub_msg, "stream")
        begin = time.perf_counter()
        manager.interrupt_kernel()
        wait(client.get_shell_msg, "execute_reply")
        return 1000 * (time.perf_counter() - begin)
    except Empty:
        return None


def measure(kernel, rounds=ROUNDS):
    """The median of each kind of cell, in milliseconds; None where the kernel did not stop."""
    cells = PYTHON if kernel == "python3" else TYPESCRIPT
    found = {}
    for kind, code in cells.items():
        manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=120)
        try:
            client.execute_interactive("1", timeout=60, output_hook=lambda _: None)
            times = []
            for _ in range(rounds):
                times.append(stop(manager, client, code))
                if times[-1] is None:
                    break
            found[kind] = None if None in times else round(statistics.median(times))
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1] if len(sys.argv) > 1 else "assay")))
