import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { livingWorkers } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";

const testKinds = new URL("./test-kinds.ts", import.meta.url).href;

/** What a worker is started with that a test makes silent while it lives: soon after that its job is another's. */
export const shortLease = ["--lease", "6"] as const;

/** Ends every lease of a job at once, as the silence of its worker does in time: for tests whose workers are all killed or frozen. */
export async function endLeases({ db }: Session): Promise<void> {
  await sql`update jobs set lease_until = now() - interval '1 second' where lease_until is not null`.execute(db);
}

/** A worker process on the database of the environment, which no load of the machine makes lose its jobs; it knows the jobs of `test-kinds.ts`. */
export function startWorker(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=assay-source", main, "worker", "--lease", "60", ...args], {
    stdio: "ignore",
    env: { ...process.env, ASSAY_THREADS: "2", ASSAY_CHECKPOINT_SECONDS: "0.2", NODE_OPTIONS: `--import=${testKinds}`, ...env },
  });
}

/** The same once it lives: whoever waits for a job while none lives starts another, of its own settings. */
export async function livingWorker({ db }: Session, ...given: Parameters<typeof startWorker>): Promise<ChildProcess> {
  const worker = startWorker(...given);
  while (!(await livingWorkers(db)).some(({ name }) => name.includes(`/${worker.pid}/`))) await sleep(50);
  return worker;
}

/** Sends a signal to a process and all that it started. */
export function signalAll(worker: ChildProcess, signal: NodeJS.Signals): void {
  signalEach([worker.pid!, ...descendants(worker.pid!)], signal);
}

/** Sends a signal to all that a process started, and none to itself. */
export function signalStarted(worker: ChildProcess, signal: NodeJS.Signals): void {
  signalEach(descendants(worker.pid!), signal);
}

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch {} // it has just ended
}

/** Processes that a process has started, and theirs. */
function descendants(pid: number): number[] {
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
