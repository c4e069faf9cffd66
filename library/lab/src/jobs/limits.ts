import { ParamsError, poolSize } from "assay";
import { memoryBytes } from "../memory-bytes.ts";
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
  const totalMb = numberSetting("ASSAY_MEMORY_MB") ?? Math.floor((0.6 * memoryBytes()) / 2 ** 20);
  return {
    concurrency,
    threads: Math.max(1, Math.floor(poolSize() / concurrency)),
    memoryMb: Math.max(64, Math.floor(totalMb / concurrency)),
    totalMb,
  };
}
