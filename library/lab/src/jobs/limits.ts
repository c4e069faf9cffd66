import { totalmem } from "node:os";
import { ParamsError, poolSize } from "assay";
import { numberSetting } from "../number-setting.ts";

/** What a worker gives to each of its jobs. */
export interface Limits {
  /** Jobs side by side. */
  readonly concurrency: number;
  /** Threads of a job. */
  readonly threads: number;
  /** Resident memory of a job at most. */
  readonly memoryMb: number;
  /** Of all jobs together. */
  readonly totalMb: number;
}

/** Memory (ASSAY_MEMORY_MB, else 60 % of what there is) and threads (ASSAY_THREADS, else all), divided between so many jobs. Throws ParamsError. */
export function limitsOf(concurrency: number): Limits {
  if (!(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 1000))
    throw new ParamsError(`worker: concurrency must be a whole number from 1 to 1000, got ${concurrency}`);
  const there = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const totalMb = numberSetting("ASSAY_MEMORY_MB") ?? Math.floor((0.6 * there) / 2 ** 20);
  return {
    concurrency,
    threads: Math.max(1, Math.floor(poolSize() / concurrency)),
    memoryMb: Math.max(64, Math.floor(totalMb / concurrency)),
    totalMb,
  };
}
