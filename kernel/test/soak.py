"""`python soak.py 10000`: so many cells in one kernel; it answers each, and what it needs grows by less than 100 MB."""

import json
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import hostile
import kernel_process
from kernel_process import DEADLINE, ask, run, start
from test_hostile import Hostile

# until caches are filled
SETTLING = 300
GROWTH_MB = 100
# of hostile cells, those that leave the realm and the files as they are and end by themselves
BEARABLE = [
    code
    for kind, cells in (("value", hostile.VALUES), ("thrown", hostile.THROWN), ("late", hostile.LATE))
    for name, code in cells.items()
    if "without end" not in name and "never" not in name and "loop" not in name and "listener" not in name and "signals" not in name
]


def cell(k, draw):
    """The k-th cell, as people write them: names again and anew, types, errors, waiting, displays, output."""
    kinds = [
        f"const again = {k}; again * 2",
        f"const value{k} = {{ k: {k}, list: [{k}, 'x'] }}; value{k}.list.length",
        f"function step(x: number): number {{ return x + {k} }} step(1)",
        f"interface Row {{ id: number; name: string }} const rows: Row[] = [{{ id: {k}, name: 'n{k}' }}]; rows",
        f"class Shape {{ constructor(readonly size = {k}) {{}} area() {{ return this.size ** 2 }} }} new Shape().area()",
        f"await new Promise<number>((done) => setTimeout(() => done({k}), 1))",
        f"const wrong: number = 'text {k}'",
        f"throw new RangeError('thrown {k}')",
        f"for (let line = 0; line < 200; line++) console.log('line', line, {k})",
        f"display(html`<b>${{{k}}}</b>`); md`# ${{{k}}}`",
        f"import {{ comms }} from 'tslab'; const line = comms.open('soak', {{ k: {k} }}); line.send([{k}]); line.close()",
        f"import {{ z }} from 'zod'; z.object({{ a: z.number() }}).parse({{ a: {k} }})",
        "Array.from({ length: 10_000 }, (_, i) => i)",
        "Promise.reject(new Error('nobody listens'))",
    ]
    return draw.choice(BEARABLE) if k % 50 == 0 else kinds[draw.randrange(len(kinds))]


# collects the garbage of every thread, and tells in bytes what is left of their heaps, of memory outside them, and of the process; the heaps are the
# main thread's and, in the order of their start, the others'
MEASURE = """await (async () => {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  const threads: string[] = [];
  const open = new Map<number, (result: any) => void>();
  session.on("NodeWorker.attachedToWorker", ({ params }) => void threads.push(params.sessionId));
  session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
    const { id, result } = JSON.parse(params.message);
    open.get(id)?.(result);
  });
  let sent = 0;
  const post = (sessionId: string, method: string) =>
    new Promise<any>((done) => {
      open.set(++sent, done);
      session.post("NodeWorker.sendMessageToWorker", { sessionId, message: JSON.stringify({ id: sent, method }) });
    });
  await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  await session.post("HeapProfiler.collectGarbage");
  const heaps = [(await session.post("Runtime.getHeapUsage") as any).usedSize];
  for (const thread of threads) {
    await post(thread, "HeapProfiler.collectGarbage");
    heaps.push((await post(thread, "Runtime.getHeapUsage")).usedSize);
  }
  await session.post("NodeWorker.disable");
  session.disconnect();
  const { external, rss } = process.memoryUsage();
  console.log(JSON.stringify({ heaps, external, rss }));
})();"""


class Memory:
    """Megabytes that a kernel needs once garbage is collected; what the process holds beyond that is V8's to give back when it likes."""

    def __init__(self, client):
        outcome = run(client, MEASURE, timeout=DEADLINE)
        assert outcome.status == "ok", outcome.traceback
        told = json.loads(outcome.stdout)
        self.heaps = [heap / 2**20 for heap in told["heaps"]]
        self.external = told["external"] / 2**20
        self.process = told["rss"] / 2**20
        self.needed = sum(self.heaps) + self.external

    def __str__(self):
        heaps = " + ".join(f"{heap:.1f}" for heap in self.heaps)
        return f"heaps {heaps}, outside {self.external:.1f}, process {self.process:.0f} MB"


def cells(count, seed):
    """Runs the cells; answers with the growth in MB since they settled."""
    draw = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="assay-soak-"))
    manager, client = start(folder)
    settled = None
    begin = time.monotonic()
    try:
        for k in range(1, count + 1):
            run(client, cell(k, draw), timeout=DEADLINE)
            if k % 20 == 0:
                ask(client, "complete_request", {"code": "again.toF", "cursor_pos": 9})
                ask(client, "inspect_request", {"code": "step(1)", "cursor_pos": 2, "detail_level": 0})
            if k % 100 == 0:
                outcome = run(client, "1 + 1", timeout=DEADLINE)
                assert outcome.result == "2", outcome.traceback
            if k == min(SETTLING, count // 2):
                settled = Memory(client)
            if k % 500 == 0:
                print(f"{k:6} cells, {Memory(client)}, {(time.monotonic() - begin) / k * 1000:.0f} ms each", flush=True)
        return Memory(client).needed - settled.needed
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        shutil.rmtree(folder, ignore_errors=True)


def hostile_cells(seed):
    """The whole hostile corpus in an order of its own; answers with the names of cells after which the kernel did not answer."""
    names = sorted(hostile.STAYING)
    random.Random(seed).shuffle(names)
    kernel = Hostile()
    lost = []
    try:
        for k, name in enumerate(names):
            if k % 20 == 0:
                kernel.begin()
            alive = kernel.give(hostile.STAYING[name])
            if not alive or kernel.answer().result != "2":
                lost.append(name)
                kernel.begin()
    finally:
        kernel.end()
    return lost


def main(count):
    seed = int(os.environ.get("ASSAY_HOSTILE_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}", flush=True)
    kernel_process.prepare()
    lost = hostile_cells(seed)
    print(f"{len(hostile.STAYING)} hostile cells, {len(lost)} after which the kernel did not answer{''.join(f'; {name}' for name in lost)}", flush=True)
    grown = cells(count, seed)
    print(f"{count} cells, grown by {grown:.0f} MB")
    return 0 if grown < GROWTH_MB and not lost else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
