import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { sql } from "kysely";
import { listen } from "../db/listener.ts";
import { programFlags, programPath } from "../program.ts";
import type { Session } from "../projects/session.ts";
import { holdRun } from "../tracking/index.ts";
import { deadQueueName, endJob, getJob, giveBack, openBoss, type QueuedJob, queueName, takeJob } from "./queue.ts";
import { planTraining, train } from "./training.ts";

/** Class of the advisory lock that every living worker shares. */
const workers = 4244;

/** How a worker runs. */
export interface WorkerOptions {
  /** Ends the worker: the fit under way is given back to the queue. */
  readonly signal: AbortSignal;
  /** Ends by itself after so long without a job; default never. */
  readonly idleExitMs?: number | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** Takes jobs one at a time until the signal. A job's own failure ends its run; the worker's death gives it to another. */
export async function runWorker(session: Session, { signal, idleExitMs, log }: WorkerOptions): Promise<void> {
  const name = `${hostname()}/${process.pid}`;
  const boss = await openBoss({ supervise: true, onError: (error) => log.warn(error.message) });
  let lastJob = Date.now();
  let busy = false;
  const living = session.db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock_shared(${workers}, 0)`.execute(connection);
    while (!signal.aborted && !(idleExitMs !== undefined && !busy && Date.now() - lastJob > idleExitMs))
      await pause(1000, signal);
  });
  await boss.work<QueuedJob>(
    queueName,
    { pollingIntervalSeconds: 2, heartbeatRefreshSeconds: 3, batchSize: 1 },
    async ([job]) => {
      busy = true;
      try {
        await runJob(session, job!.data, name, signal, log);
      } finally {
        busy = false;
        lastJob = Date.now();
      }
    },
  );
  await boss.work<QueuedJob>(deadQueueName, { pollingIntervalSeconds: 2 }, async ([job]) => {
    const { attempt, job_status } = await getJob(session, job!.data.jobId);
    if (job_status === "queued" || job_status === "running")
      await endJob(session, job!.data, attempt, "failed", `its worker ended in the middle of the fit, ${attempt} times`);
  });
  log.info(`worker ${name} is ready`);
  await living;
  await boss.stop({ graceful: true, timeout: 5000 });
}

async function runJob(
  session: Session,
  queued: QueuedJob,
  worker: string,
  signal: AbortSignal,
  log: WorkerOptions["log"],
): Promise<void> {
  const taken = await takeJob(session, queued, worker);
  if (!taken) return;
  const cancel = new AbortController();
  const ignore = await listen(async (wake) => {
    if (wake && wake.subject !== queued.jobId && wake.subject !== queued.runId) return;
    const { job_status, attempt } = await getJob(session, queued.jobId).catch(() => ({
      job_status: "cancelled",
      attempt: taken.attempt,
    }));
    if (job_status === "cancelled" || attempt !== taken.attempt)
      cancel.abort(new DOMException("the job was cancelled", "AbortError"));
  });
  const release = await holdRun(queued.runId);
  const begin = performance.now();
  try {
    const training = await planTraining(session, taken.request);
    await train(session, training, queued.runId, AbortSignal.any([signal, cancel.signal]));
    await endJob(session, queued, taken.attempt, "completed");
    log.info(`run ${queued.runId} completed in ${Math.round(performance.now() - begin)} ms`);
  } catch (error) {
    if (signal.aborted && !cancel.signal.aborted) {
      await giveBack(session, queued, taken.attempt);
      throw new Error("the worker was told to stop"); // pg-boss hands the job to the next worker
    }
    if (cancel.signal.aborted) await endJob(session, queued, taken.attempt, "cancelled");
    else await endJob(session, queued, taken.attempt, "failed", (error as Error).message);
    log.warn(`run ${queued.runId} ${cancel.signal.aborted ? "cancelled" : `failed: ${(error as Error).message}`}`);
  } finally {
    await release();
    await ignore();
  }
}

/** Whether a worker lives, on any machine. */
export async function hasWorker({ db }: Session): Promise<boolean> {
  const { rows } =
    await sql`select 1 from pg_locks where locktype = 'advisory' and classid = ${workers} and granted limit 1`.execute(db);
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
