import { isConnectionLoss, openDatabase } from "../db/database.ts";
import { ensureServer } from "../db/server.ts";
import { openStoreOf } from "../db/store-transfer.ts";
import type { Session } from "../projects/session.ts";
import type { StopReason, ToChild, ToWorker } from "./child-messages.ts";
import { openContext } from "./context.ts";
import { jobKind, readRequest } from "./kinds.ts";
import { endJob, type TakenJob } from "./leases.ts";
import { sampleJob } from "./sample-job.ts";

/** Time after the request to keep a checkpoint until the abort, when a worker stops. */
const keepMs = 1500;
/** SQLSTATE of a write that was refused because the attempt has ended. */
const lostAttempt = "AS001";

/** Does jobs that the worker sends, one after the other, until the worker ends. */
export function serveJobs(): void {
  let current: RunningJob | undefined;
  const tell = (message: ToWorker): void => void process.send?.(message);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {}); // the worker says when to stop
  process.on("disconnect", () => process.exit(1)); // the worker is gone, and with it the right to write
  process.on("message", (message: ToChild) => {
    if ("abort" in message) return current?.stop(message.abort);
    const running = startJob(message.job);
    current = running;
    void running.ended.then((end) => {
      current = undefined;
      tell(end);
    });
  });
  if (process.platform !== "linux") setInterval(() => tell({ resident: process.memoryUsage.rss() }), 500).unref();
  tell({ ready: true });
}

interface RunningJob {
  readonly ended: Promise<ToWorker>;
  stop(reason: StopReason): void;
}

function startJob(job: TakenJob): RunningJob {
  const abort = new AbortController();
  const soon = new AbortController();
  let reason: StopReason | undefined;
  const stop = (why: StopReason): void => {
    reason ??= why;
    const error = new DOMException(words(why, job), why === "timeout" ? "TimeoutError" : "AbortError");
    if (why === "stop") soon.abort();
    setTimeout(() => abort.abort(error), why === "stop" ? keepMs : 0);
  };
  const ended = doJob(job, abort.signal, soon.signal, () => reason).catch(
    (error: Error): ToWorker => ({ ended: "again", error: error.message }),
  );
  return { ended, stop };
}

function words(reason: StopReason, { timeoutSeconds }: TakenJob): string {
  if (reason === "timeout") return `the job took longer than its timeout of ${timeoutSeconds} s`;
  return { cancelled: "the job was cancelled", stop: "the worker was told to stop", lost: "the job was given to another worker" }[
    reason
  ];
}

async function doJob(
  job: TakenJob,
  signal: AbortSignal,
  soon: AbortSignal,
  reason: () => StopReason | undefined,
): Promise<ToWorker> {
  const session = await openAttempt(job);
  try {
    const context = await openContext(session, job, signal, soon);
    const stopSampling = await sampleJob(session, job);
    try {
      const kind = jobKind(job.kind);
      const result = await kind.run(session, readRequest(kind, job.request), context);
      await Promise.all([context.close(), stopSampling()]);
      await endJob(session, job, "completed", { result, forgets: true });
      return { ended: "over" };
    } catch (error) {
      await Promise.all([context.close().catch(() => {}), stopSampling()]);
      return await endFailed(session, job, error as Error, reason());
    }
  } finally {
    await session.db.destroy();
  }
}

/** What an error means for its job: its own ends it, the database's absence or a stop has it tried again. */
async function endFailed(session: Session, job: TakenJob, error: Error, reason: StopReason | undefined): Promise<ToWorker> {
  if (reason === "cancelled") return { ended: "over" }; // whoever cancelled it has ended it
  if (reason === "stop" || reason === "lost" || (error as { code?: string }).code === lostAttempt) return { ended: "stopped" };
  if (error.name === "StoreError" || isConnectionLoss(error)) return { ended: "again", error: error.message };
  const message = reason === "timeout" ? words("timeout", job) : error.message;
  await endJob(session, job, "failed", { error: message, stack: error.stack, forgets: reason === undefined });
  return { ended: "over" };
}

/** The session of an attempt: of the job's project and user, on connections whose writes are refused once the attempt is over. */
async function openAttempt({ jobId, attempt, projectId, userId }: TakenJob): Promise<Session> {
  const server = await ensureServer(undefined, { again: true });
  const db = openDatabase(server, 4, { attempt: `${jobId}/${attempt}` });
  return { db, store: await openStoreOf(db, { claims: false }), projectId, userId };
}
