import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { programFlags, programPath } from "../program.ts";
import type { StopReason, ToChild, ToWorker } from "./child-messages.ts";
import type { TakenJob } from "./leases.ts";

/** How a job's process left it. */
export type JobEnd =
  | Extract<ToWorker, { ended: string }>
  | { readonly ended: "crashed"; readonly error: string }
  | { readonly ended: "tooLarge"; readonly residentMb: number };

/** What a process for jobs may use. */
interface ChildLimits {
  readonly memoryMb: number;
  readonly threads: number;
}

/** A job that ignores its abort is killed after so long. */
const obeyMs = 5000;
const lookMs = 100;
const pageBytes = 4096;

/**
 * A process that does jobs one after the other: started once, kept warm between small jobs, and alone in its fall: what a job does to it,
 * by memory or by a crash of native code, ends that job only.
 */
export class JobProcess {
  readonly #child: ChildProcess;
  readonly #limits: ChildLimits;
  #finish: ((end: JobEnd) => void) | undefined;
  #resident = 0;
  /** As it was seen last. */
  #residentMb = 0;
  #tooLarge = false;
  #disobedience: NodeJS.Timeout | undefined;
  #said = "";
  #gone = false;

  constructor(limits: ChildLimits) {
    this.#limits = limits;
    const { memoryMb, threads } = limits;
    this.#child = fork(programPath(), ["job"], {
      execArgv: [...programFlags(), `--max-old-space-size=${memoryMb}`],
      env: { ...process.env, ASSAY_THREADS: String(threads) },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#child.stderr!.on("data", (data) => {
      this.#said = (this.#said + data).slice(-4000);
    });
    this.#child.on("message", (message: ToWorker) => this.#hear(message));
    this.#child.on("error", () => {});
    this.#child.on("exit", (code, signal) => this.#left(code, signal));
  }

  /** Whether it can take another job. */
  get isUsable(): boolean {
    return !this.#gone && !this.#tooLarge && this.#child.connected && this.#residentNow() < (this.#limits.memoryMb * 2 ** 20) / 2;
  }

  /** Does a job to its end, whatever that is. */
  async do(job: TakenJob): Promise<JobEnd> {
    const watch = setInterval(() => this.#watchMemory(), lookMs);
    try {
      return await new Promise<JobEnd>((resolve) => {
        this.#finish = resolve;
        if (this.#gone) this.#left(null, null);
        else this.#child.send({ job } satisfies ToChild, (error) => error && this.#left(null, null));
      });
    } finally {
      clearInterval(watch);
      clearTimeout(this.#disobedience);
      this.#finish = undefined;
    }
  }

  /** Tells the job to stop; kills the process when it has not within 5 s. */
  stop(reason: StopReason): void {
    if (!this.#finish || this.#gone) return;
    if (this.#child.connected) this.#child.send({ abort: reason } satisfies ToChild, () => {});
    this.#disobedience ??= setTimeout(() => this.kill(), obeyMs);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #hear(message: ToWorker): void {
    if ("resident" in message) this.#resident = message.resident;
    if ("ended" in message) this.#finish?.(message);
  }

  #left(code: number | null, signal: NodeJS.Signals | null): void {
    this.#gone = true;
    if (this.#tooLarge || /heap out of memory/i.test(this.#said)) {
      this.#finish?.({ ended: "tooLarge", residentMb: this.#residentMb });
      return;
    }
    const last = this.#said.trim().split("\n").at(-1);
    this.#finish?.({
      ended: "crashed",
      error: `its process ended with ${signal ?? `code ${code}`}${last ? `: ${last.slice(0, 300)}` : ""}`,
    });
  }

  #watchMemory(): void {
    const resident = this.#residentNow();
    if (resident > 0) this.#residentMb = resident / 2 ** 20;
    if (resident <= this.#limits.memoryMb * 2 ** 20) return;
    this.#tooLarge = true;
    this.kill();
  }

  #residentNow(): number {
    if (process.platform !== "linux") return this.#resident;
    try {
      return Number(readFileSync(`/proc/${this.#child.pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
    } catch {
      return 0;
    }
  }
}
