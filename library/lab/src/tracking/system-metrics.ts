import { readFileSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";
import { systemSplit } from "../contract/system-metrics.ts";
import { numberSetting } from "../number-setting.ts";
import type { ActiveRun } from "./active-run.ts";
import { type GpuReader, readGpus } from "./gpu.ts";

/** How a process is sampled. */
interface SampleOptions {
  /** Time between two samples; the first come sooner, those of a long run later. Default ASSAY_SYSTEM_METRICS_SECONDS. */
  readonly everyMs?: number | undefined;
  /** When the run's first sample was taken, in milliseconds since 1970; default now. */
  readonly since?: number | undefined;
  /** Asks the GPUs; default nvidia-smi where there is one. */
  readonly gpus?: GpuReader | undefined;
}

/** The time between samples that the environment says: 10 s, or 0 for none. Throws ParamsError for a setting that is no number. */
export function systemEveryMs(): number {
  return 1000 * (numberSetting("ASSAY_SYSTEM_METRICS_SECONDS") ?? 10);
}

/** The first sample is taken after so long, the next when as much again has passed, until they are `everyMs` apart. */
const soonestMs = 1000;
/** A sample is written when the run has grown by this share since the last: 360 in its first hour, 1,500 in a day, 2,200 in a week. */
const growth = 1 / 360;
/** A share of the processor says nothing of a shorter time. */
const shortestMs = 50;

/**
 * Samples this process, all of its threads, and its machine into a run's metrics of split `system` until the answer is called, which takes the last
 * sample: processor and disk since the sample before, the most memory that was seen since. What cannot be read is left out; nothing is thrown.
 */
export function sampleSystem(
  run: Pick<ActiveRun, "log">,
  { everyMs = systemEveryMs() || 10_000, since, gpus = readGpus() }: SampleOptions = {},
): () => void {
  const begin = performance.now();
  const origin = since ?? Date.now();
  const meter = openMeter();
  let last = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const sample = (isLast: boolean): void => {
    const age = performance.now() - begin;
    meter.look();
    gpus.look();
    if (isLast || age - last >= age * growth) {
      last = age;
      const metrics = { ...meter.read(), ...gpus.read() };
      if (Object.keys(metrics).length > 0)
        run.log(metrics, { step: Math.max(0, Math.round((Date.now() - origin) / 1000)), split: systemSplit });
    }
    if (!isLast) timer = setTimeout(sample, Math.min(everyMs, Math.max(Math.min(soonestMs, everyMs), age)), false).unref();
  };
  sample(false);
  return () => {
    clearTimeout(timer);
    sample(true);
  };
}

/** What a process and its machine did since they were read last. */
interface Meter {
  look(): void;
  read(): Record<string, number>;
}

function openMeter(): Meter {
  let [used, at, machine] = [process.cpuUsage(), performance.now(), machineTimes()];
  const atFirst = diskUse();
  let most = 0;
  return {
    look() {
      most = Math.max(most, residentBytes());
    },
    read() {
      const elapsed = performance.now() - at;
      const metrics: Record<string, number> = { ...share(), ...memory(), ...disk() };
      most = 0;
      return metrics;

      function share(): Record<string, number> {
        if (elapsed < shortestMs) return {};
        const spent = process.cpuUsage(used);
        const now = machineTimes();
        const all = now.all - machine.all;
        const busy = all > 0 ? { machine_cpu_percent: rounded(100 * (1 - (now.idle - machine.idle) / all)) } : {};
        [used, at, machine] = [process.cpuUsage(), performance.now(), now];
        return { cpu_percent: rounded((spent.user + spent.system) / 10 / elapsed), ...busy };
      }
    },
  };

  function memory(): Record<string, number> {
    const total = totalmem();
    return {
      ...(most > 0 && { memory_mb: rounded(most / 2 ** 20) }),
      ...(total > 0 && { machine_memory_percent: rounded(100 * (1 - freemem() / total)) }),
    };
  }

  function disk(): Record<string, number> {
    const now = diskUse();
    if (!now || !atFirst) return {};
    return {
      disk_read_mb: rounded((now.read - atFirst.read) / 2 ** 20),
      disk_written_mb: rounded((now.written - atFirst.written) / 2 ** 20),
    };
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** 0 where it cannot be read, as when the process has no file descriptor left: a run does not fail for that. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}

function machineTimes(): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

/** Bytes that this process had the disk read and write, caches left out; Linux alone says it, and not in every container. */
function diskUse(): { readonly read: number; readonly written: number } | undefined {
  try {
    const text = readFileSync("/proc/self/io", "latin1");
    const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)![1]);
    return { read: of("read_bytes"), written: of("write_bytes") };
  } catch {
    return undefined;
  }
}
