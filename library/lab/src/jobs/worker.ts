import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { StoreError } from "assay";
import { sql } from "kysely";
import { databaseFailure } from "../db/database.ts";
import { holdLock, ofClass } from "../db/hold.ts";
import { listen } from "../db/listener.ts";
import { homeless, isHomeless } from "../db/server.ts";
import { isHome, serveTransfers } from "../db/store-transfer.ts";
import { programFlags, programPath } from "../program.ts";
import type { Session } from "../projects/session.ts";
import { type JobEnd, JobProcess } from "./child-process.ts";
import { beat, endBeat } from "./heartbeat.ts";
import { queueSubject } from "./job-events.ts";
import { jobKindNames } from "./kinds.ts";
import { crashJobs, endJob, giveBack, reclaimJobs, renewLeases, type TakenJob, takeJobs } from "./leases.ts";
import { type Limits, limitsOf } from "./limits.ts";
import { noteLastMemory } from "./sample-job.ts";
import { fireSchedules } from "./schedules.ts";

/** Class of the advisory lock that every living worker shares. */
export const workers = 4245;
/** How often a worker looks without being woken. */
const lookMs = 1000;

/** How a worker runs. */
interface WorkerOptions {
  /** Ends the worker: jobs under way keep a checkpoint and are given back to the queue. */
  readonly signal: AbortSignal;
  /** Jobs side by side; default 1. */
  readonly concurrency?: number | undefined;
  /** A job goes to another worker when this one has not been heard for so long; default 15 s. */
  readonly leaseSeconds?: number | undefined;
  /** Ends by itself after so long without a job, unless one waits or a schedule is on; default never. */
  readonly idleExitMs?: number | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** Takes jobs until the signal, each done in a process of its own. Throws StoreError where the embedded database's folder is removed. */
export function runWorker(session: Session, options: WorkerOptions): Promise<void> {
  return new Worker(session, options).run();
}

interface Running {
  readonly job: TakenJob;
  readonly process: JobProcess;
}

class Worker {
  readonly #session: Session;
  readonly #options: WorkerOptions;
  readonly #name = `${hostname()}/${process.pid}/${randomBytes(3).toString("hex")}`;
  readonly #leaseSeconds: number;
  readonly #limits: Limits;
  readonly #running = new Map<string, Running>();
  readonly #warm: JobProcess[] = [];
  #lastJob = Date.now();
  #wake: () => void = () => {};
  #awake = false;
  #away = false;

  constructor(session: Session, options: WorkerOptions) {
    this.#session = session;
    this.#options = options;
    this.#leaseSeconds = options.leaseSeconds ?? 15;
    this.#limits = limitsOf(options.concurrency ?? 1);
  }

  async run(): Promise<void> {
    const { signal, log } = this.#options;
    const release = await holdLock(workers, "worker");
    const rouse = (): void => {
      this.#awake = true;
      this.#wake();
    };
    const ignore = await listen((wake) => (!wake || wake.subject === queueSubject) && rouse());
    signal.addEventListener("abort", rouse);
    const heart = setInterval(() => void this.#renew().catch((error) => this.#missed(error)), (this.#leaseSeconds * 1000) / 3);
    this.#warm.push(new JobProcess(this.#limits)); // the first job finds a process that is up
    log.info(
      `worker ${this.#name} is ready: ${this.#limits.concurrency} at a time, ${this.#limits.threads} threads and ${this.#limits.memoryMb} MB each`,
    );
    while (!signal.aborted && !isHomeless() && !(await this.#isIdle())) {
      this.#awake = false;
      await this.#look().catch((error) => this.#missed(error));
      if (!this.#awake && !signal.aborted) await this.#pause();
    }
    await this.#stopJobs();
    clearInterval(heart);
    for (const process of this.#warm) process.kill();
    await endBeat(this.#session.db, this.#name).catch(() => {}); // without a database it is forgotten in a day
    await Promise.all([ignore(), release()]);
    if (isHomeless()) throw new StoreError(homeless());
  }

  /** One look at the queue: what others left, what is due, what is lost, and what is next. */
  async #look(): Promise<void> {
    const { db, store } = this.#session;
    await this.#renew(); // first: a worker that was held up does not take its own jobs for lost
    await reclaimJobs(db, this.#leaseSeconds);
    await fireSchedules(this.#session);
    if (await isHome(db)) await serveTransfers(db, store);
    const count = this.#limits.concurrency - this.#running.size;
    const kinds = jobKindNames();
    const { memoryMb } = this.#limits;
    for (const job of await takeJobs(db, { worker: this.#name, count, kinds, memoryMb, leaseSeconds: this.#leaseSeconds }))
      void this.#do(job).catch((error) => this.#missed(error));
    if (this.#away) this.#options.log.info("the queue is looked at again");
    this.#away = false;
  }

  async #do(job: TakenJob): Promise<void> {
    const process = this.#takeProcess();
    this.#running.set(job.jobId, { job, process });
    const begin = performance.now();
    const late =
      job.timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => process.stop("timeout"), Math.min(2 ** 31 - 1, job.timeoutSeconds * 1000));
    const end = await process.do(job);
    clearTimeout(late);
    if (process.isUsable) this.#warm.push(process);
    else process.kill();
    try {
      await this.#settle(job, end);
      this.#options.log.info(`job ${job.jobId} ${end.ended} in ${Math.round(performance.now() - begin)} ms`);
    } finally {
      this.#running.delete(job.jobId);
      this.#lastJob = Date.now();
      this.#awake = true;
      this.#wake();
    }
  }

  #takeProcess(): JobProcess {
    for (let process = this.#warm.pop(); process; process = this.#warm.pop()) {
      if (process.isUsable) return process;
      process.kill();
    }
    return new JobProcess(this.#limits);
  }

  /** Writes how a job ended, where its process has not; again and again while the database is away and the lease may hold. */
  async #settle(job: TakenJob, end: JobEnd): Promise<void> {
    const { db } = this.#session;
    const session = { ...this.#session, projectId: job.projectId, userId: job.userId };
    for (let attempt = 0; ; attempt++)
      try {
        if (end.ended === "stopped") return await giveBack(db, [job]);
        if (end.ended === "again") return await crashJobs(db, [job], end.error);
        if (end.ended === "crashed") return await this.#settleCrash(session, job, end.error);
        if (end.ended === "tooLarge") {
          await noteLastMemory(session, job, end.residentMb).catch(() => {}); // that it is told ends no job otherwise
          await endJob(session, job, "failed", { error: this.#tooLarge() });
        }
        return;
      } catch (error) {
        if (attempt === 10) throw error; // its lease runs out, and somebody else takes it up
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
  }

  /** A process that was killed because it did not obey ends its job by the reason why it should have. */
  async #settleCrash(session: Session, job: TakenJob, error: string): Promise<void> {
    const begun = await session.db.selectFrom("jobs").select(["started_at"]).where("id", "=", job.jobId).executeTakeFirst();
    const elapsed = Date.now() - (begun?.started_at?.getTime() ?? Date.now());
    if (job.timeoutSeconds !== undefined && elapsed > job.timeoutSeconds * 1000)
      await endJob(session, job, "failed", { error: `the job took longer than its timeout of ${job.timeoutSeconds} s` });
    else if (this.#options.signal.aborted) await giveBack(session.db, [job]);
    else await crashJobs(session.db, [job], error);
  }

  #tooLarge(): string {
    const { memoryMb, concurrency, totalMb } = this.#limits;
    return `the job needed more than ${memoryMb} MB, its share of ASSAY_MEMORY_MB = ${totalMb} with ${concurrency} at a time: give it fewer rows or columns, or the worker more`;
  }

  /** Renews the leases; a job that is no longer ours is stopped. */
  async #renew(): Promise<void> {
    await beat(this.#session.db, this.#name, this.#limits, this.#leaseSeconds, this.#running.size);
    const running = [...this.#running.values()];
    const held = await renewLeases(
      this.#session.db,
      running.map(({ job }) => job),
      this.#leaseSeconds,
    );
    for (const { job, process } of running) if (!held.has(job.jobId) && this.#running.has(job.jobId)) process.stop("cancelled");
  }

  async #stopJobs(): Promise<void> {
    for (const { process } of this.#running.values()) process.stop("stop");
    for (const until = Date.now() + 7000; this.#running.size > 0 && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const { process } of this.#running.values()) process.kill();
  }

  async #isIdle(): Promise<boolean> {
    const { idleExitMs } = this.#options;
    if (idleExitMs === undefined || this.#running.size > 0 || Date.now() - this.#lastJob < idleExitMs) return false;
    const { rows } =
      await sql`select 1 where exists (select 1 from jobs where status = 'queued' and coalesce(memory_mb, 0) <= ${this.#limits.memoryMb})
      or exists (select 1 from schedules where not paused)`.execute(this.#session.db);
    return rows.length === 0;
  }

  #missed(error: Error): void {
    if (!this.#away) this.#options.log.warn(`the queue waits: ${databaseFailure(error)?.message ?? error.message}`);
    this.#away = true;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Whether a worker of this database lives, on any machine. */
export async function hasWorker({ db }: Pick<Session, "db">): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_locks l where ${ofClass(workers)} and l.granted limit 1`.execute(db);
  return rows.length > 0;
}

/** Starts a worker of its own process where none lives; it ends two minutes after its last job. */
export async function ensureWorker(session: Session): Promise<void> {
  if (await hasWorker(session)) return;
  const child = spawn(process.execPath, [...programFlags(), programPath(), "worker", "--idle-exit", "120"], {
    detached: true,
    stdio: "ignore",
    env: process.env,
  });
  child.on("error", () => {});
  child.unref();
}
