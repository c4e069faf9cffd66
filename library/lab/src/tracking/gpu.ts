import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** What the machine's GPUs do. */
export interface GpuReader {
  /** Asks them; the answer comes later. */
  look(): void;
  /** What they answered last: `gpu_0_percent`, `gpu_0_memory_mb`. */
  read(): Readonly<Record<string, number>>;
}

const answerMs = 5000;

/** Asks NVIDIA's GPUs by a program that answers as `nvidia-smi`; where the driver is not there, or does not answer, nothing is asked any more. */
export function readGpus(program = "nvidia-smi", isThere = existsSync("/proc/driver/nvidia/version")): GpuReader {
  let [silent, asked] = [!isThere, false];
  let found: Record<string, number> = {};
  const query = ["--query-gpu=index,utilization.gpu,memory.used", "--format=csv,noheader,nounits"];
  return {
    look() {
      if (silent || asked) return;
      asked = true;
      const child = execFile(program, query, { timeout: answerMs, windowsHide: true }, (error, text) => {
        asked = false;
        silent = error !== null;
        found = silent ? {} : gpusOf(text);
      });
      child.unref();
    },
    read: () => found,
  };
}

/** A line a GPU; "[N/A]" is left out. */
function gpusOf(text: string): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const line of text.trim().split("\n")) {
    const [index, percent, memory] = line.split(",").map((field) => Number.parseFloat(field));
    if (!Number.isInteger(index)) continue;
    if (Number.isFinite(percent)) metrics[`gpu_${index}_percent`] = percent!;
    if (Number.isFinite(memory)) metrics[`gpu_${index}_memory_mb`] = memory!;
  }
  return metrics;
}
