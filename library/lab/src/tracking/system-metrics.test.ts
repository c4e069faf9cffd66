import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type GpuReader, readGpus } from "./gpu.ts";
import { sampleSystem } from "./system-metrics.ts";

const noGpus: GpuReader = { look: () => {}, read: () => ({}) };
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What a run was told, and when. */
function listener() {
  const told: { at: number; step: number; split: string; metrics: Record<string, number> }[] = [];
  const log = (
    metrics: Readonly<Record<string, number>>,
    { step = 0, split = "train" }: { step?: number; split?: string } = {},
  ) => void told.push({ at: performance.now(), step, split, metrics: { ...metrics } });
  return { told, run: { log } };
}

describe("samples of a process", () => {
  test("begin and end with it, under the split `system`, with the memory that it holds", () => {
    const { told, run } = listener();
    sampleSystem(run, { everyMs: 10_000, gpus: noGpus })();
    expect(told.length).toBe(2);
    for (const { split, metrics } of told) {
      expect(split).toBe("system");
      expect(metrics["memory_mb"]).toBeGreaterThan(20);
    }
  });

  test("count what its worker threads do", async () => {
    const { told, run } = listener();
    const begin = performance.now();
    const stop = sampleSystem(run, { everyMs: 10_000, gpus: noGpus });
    const spentMs = await new Promise<number>((resolve, reject) => {
      const spin = `const used = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
        while (used() < 300);
        require("node:worker_threads").parentPort.postMessage(used());`;
      new Worker(spin, { eval: true }).on("message", resolve).on("error", reject);
    });
    stop();
    let before = begin;
    let seenMs = 0;
    for (const { at, metrics } of told) {
      if (metrics["cpu_percent"] === undefined) continue;
      seenMs += (metrics["cpu_percent"] / 100) * (at - before);
      before = at;
    }
    expect(seenMs).toBeGreaterThan(0.9 * spentMs);
  });

  test("stand close at the begin and far apart after days, by the seconds since the first", () => {
    vi.useFakeTimers();
    const { told, run } = listener();
    const stop = sampleSystem(run, { everyMs: 10_000, gpus: noGpus });
    vi.advanceTimersByTime(60_000);
    expect(told.map(({ step }) => step)).toEqual([0, 1, 2, 4, 8, 16, 26, 36, 46, 56]);
    vi.advanceTimersByTime(86_400_000 - 60_000);
    expect(told.length).toBeLessThan(1600);
    expect(told.at(-1)!.step).toBeGreaterThan(86_100);
    stop();
    const { length } = told;
    vi.advanceTimersByTime(3_600_000);
    expect(told.length).toBe(length);
  });

  test("go on by the clock of an earlier attempt", () => {
    const { told, run } = listener();
    sampleSystem(run, { since: Date.now() - 500_000, gpus: noGpus })();
    expect(told[0]!.step).toBeGreaterThanOrEqual(500);
  });

  test("leave out what cannot be read, and throw nothing", () => {
    vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => {
      throw new Error("EMFILE: too many open files");
    });
    const { told, run } = listener();
    sampleSystem(run, { gpus: noGpus })();
    expect(told.every(({ metrics }) => !("memory_mb" in metrics))).toBe(true);
  });
});

describe("GPUs", () => {
  test("are asked by nvidia-smi; what one does not tell is left out", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gpus-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const program = join(folder, "nvidia-smi");
    writeFileSync(program, "#!/bin/sh\nprintf '0, 87, 20113\\n1, [N/A], 3\\n'\n", { mode: 0o755 });
    const gpus = readGpus(program, true);
    gpus.look();
    await vi.waitFor(
      () => expect(gpus.read()).toEqual({ gpu_0_percent: 87, gpu_0_memory_mb: 20113, gpu_1_memory_mb: 3 }),
      30_000,
    );
  });

  test("are not asked where there is no driver", () => {
    const gpus = readGpus("/nowhere/nvidia-smi", false);
    gpus.look();
    expect(gpus.read()).toEqual({});
  });
});
