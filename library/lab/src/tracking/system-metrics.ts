import { freemem, loadavg } from "node:os";
import type { ActiveRun } from "./active-run.ts";

/** Samples this process and machine into a run's metrics of split `system`, a step each, until the answer is called. Default every 10 s. */
export function sampleSystem(run: ActiveRun, everyMs = 10_000): () => void {
  let before = process.cpuUsage();
  let at = performance.now();
  let step = 0;
  const sample = (): void => {
    const used = process.cpuUsage(before);
    const now = performance.now();
    const metrics = {
      cpu_percent: ((used.user + used.system) / 1000 / Math.max(1, now - at)) * 100,
      memory_mb: process.memoryUsage.rss() / 2 ** 20,
      free_memory_mb: freemem() / 2 ** 20,
      load: loadavg()[0]!,
    };
    before = process.cpuUsage();
    at = now;
    run.log(metrics, { step: step++, split: "system" });
  };
  const timer = setInterval(sample, Math.max(100, everyMs)).unref();
  return () => {
    clearInterval(timer);
    sample();
  };
}
