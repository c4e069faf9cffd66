import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const testKinds = new URL("./test-kinds.ts", import.meta.url).href;

/** A worker process on the database of the environment, with a lease of two seconds; it knows the jobs of `test-kinds.ts`. */
export function startWorker(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=assay-source", main, "worker", "--lease", "2", ...args], {
    stdio: "ignore",
    env: { ...process.env, ASSAY_THREADS: "2", ASSAY_CHECKPOINT_SECONDS: "0.2", NODE_OPTIONS: `--import=${testKinds}`, ...env },
  });
}

/** Processes that a process has started, and theirs. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]));
    } catch {} // it has just ended
  const found: number[] = [];
  for (const from of [pid])
    for (const next = [from]; next.length > 0; ) {
      const parent = next.pop()!;
      for (const [child, its] of parents)
        if (its === parent) {
          found.push(child);
          next.push(child);
        }
    }
  return found;
}

/** Sends a signal to a process and all that it started. */
export function signalAll(worker: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of [worker.pid!, ...descendants(worker.pid!)])
    try {
      process.kill(pid, signal);
    } catch {} // it has just ended
}
