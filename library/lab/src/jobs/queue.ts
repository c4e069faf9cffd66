import { ConflictError, NotFoundError } from "assay";
import { CompiledQuery, sql } from "kysely";
import { PgBoss } from "pg-boss";
import { v7 as uuidv7 } from "uuid";
import type { Job } from "../contract/training.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { ensureServer } from "../db/server.ts";
import { authorize, type Session } from "../projects/session.ts";
import { createRun, finishRun } from "../tracking/index.ts";
import type { Training } from "./training.ts";

/** The queue's name in pg-boss. */
export const queueName = "assay";
/** Where jobs go whose workers died too often. */
export const deadQueueName = "assay-dead";
/** How often a job is taken up. */
export const attemptsMax = 3;

/** What pg-boss carries; what people see lies in our tables. */
export interface QueuedJob {
  readonly jobId: string;
  readonly runId: string;
}

/** pg-boss on our database, its queues made. It delivers and notices dead workers; `supervise` where the process stays. */
export async function openBoss({
  supervise,
  onError,
}: {
  readonly supervise: boolean;
  readonly onError: (error: Error) => void;
}): Promise<PgBoss> {
  const { connection } = await ensureServer();
  const boss = new PgBoss({
    ...(connection as object),
    schema: "pgboss",
    max: 4,
    schedule: false,
    supervise,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    useListenNotify: true,
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(deadQueueName);
  await boss.createQueue(queueName, {
    retryLimit: attemptsMax - 1,
    retryDelay: 1,
    expireInSeconds: 23 * 3600,
    heartbeatSeconds: 10,
    deadLetter: deadQueueName,
    notify: true,
  });
  return boss;
}

/** A boss to send with, one a process; it runs nothing. */
let sender: Promise<PgBoss> | undefined;

/** Closes what this process sends jobs with. */
export async function closeSender(): Promise<void> {
  const open = sender;
  sender = undefined;
  await (await open)?.stop({ graceful: false });
}

/** Queues a planned training with its run, both or neither. */
export async function queueTraining(
  session: Session,
  training: Training,
  run: {
    readonly experiment: string;
    readonly name?: string | undefined;
    readonly description?: string | undefined;
    readonly tags?: Readonly<Record<string, string>> | undefined;
  },
  priority = 0,
): Promise<{ jobId: string; runId: string }> {
  await authorize(session, "write");
  sender ??= openBoss({ supervise: false, onError: () => {} });
  const boss = await sender;
  return transaction(session.db, async (db) => {
    const runId = await createRun(session, { ...training.run, ...run, status: "pending" }, db);
    const jobId = uuidv7();
    await db
      .insertInto("jobs")
      .values({
        id: jobId,
        project_id: session.projectId,
        run_id: runId,
        kind: "train",
        priority,
        request: JSON.stringify(training.request),
        created_by: session.userId,
      })
      .execute();
    const executeSql = async (text: string, values: unknown[] = []) => ({
      rows: (await db.executeQuery(CompiledQuery.raw(text, values))).rows as never[],
    });
    await boss.send(queueName, { jobId, runId } satisfies QueuedJob, { priority, db: { executeSql } });
    await emit(db, session.projectId, jobId, { kind: "job", job_id: jobId, run_id: runId, job_status: "queued" });
    return { jobId, runId };
  });
}

/**
 * Takes a job for this worker. What an earlier attempt wrote of metrics is removed: the run shows one attempt whole. Undefined when the
 * job was cancelled, or is done.
 */
export async function takeJob(
  session: Session,
  { jobId, runId }: QueuedJob,
  worker: string,
): Promise<{ request: unknown; attempt: number } | undefined> {
  return transaction(session.db, async (db) => {
    const row = await db
      .selectFrom("jobs")
      .select(["status", "attempt", "request", "started_at"])
      .where("id", "=", jobId)
      .forUpdate()
      .executeTakeFirst();
    if (!row || (row.status !== "queued" && row.status !== "running")) return undefined;
    const attempt = row.started_at === null ? row.attempt : row.attempt + 1;
    await db
      .updateTable("jobs")
      .set({ status: "running", attempt, worker, started_at: new Date() })
      .where("id", "=", jobId)
      .execute();
    await db
      .updateTable("runs")
      .set({ attempt, status: "training", started_at: new Date(), error: null })
      .where("id", "=", runId)
      .where("status", "in", ["pending", "training"])
      .execute();
    if (attempt > 1) {
      await db.deleteFrom("run_metrics").where("run_id", "=", runId).execute();
      await db
        .insertInto("run_logs")
        .values({ run_id: runId, level: "warn", message: `attempt ${attempt}: the worker before ended in the middle of the fit` })
        .execute();
    }
    await emit(db, session.projectId, jobId, { kind: "job", job_id: jobId, run_id: runId, job_status: "running" });
    await emit(db, session.projectId, runId, { kind: "run", run_id: runId, run_status: "training" });
    return { request: row.request, attempt };
  });
}

/** Ends a job and its run; an attempt that was taken over changes nothing. */
export async function endJob(
  session: Session,
  { jobId, runId }: QueuedJob,
  attempt: number,
  status: "completed" | "failed" | "cancelled",
  error?: string,
): Promise<void> {
  const ended = await transaction(session.db, async (db) => moveJob(session, db, jobId, attempt, status, error));
  if (ended)
    await finishRun(session, runId, status, { error, attempt }).catch((failure) => {
      if (!(failure instanceof ConflictError)) throw failure;
    });
}

/** running → queued, when a worker is told to stop. */
export async function giveBack(session: Session, { jobId, runId }: QueuedJob, attempt: number): Promise<void> {
  await transaction(session.db, async (db) => {
    await db
      .updateTable("jobs")
      .set({ status: "queued", worker: null })
      .where("id", "=", jobId)
      .where("attempt", "=", attempt)
      .where("status", "=", "running")
      .execute();
    await emit(db, session.projectId, jobId, { kind: "job", job_id: jobId, run_id: runId, job_status: "queued" });
  });
}

async function moveJob(
  session: Session,
  db: Work,
  jobId: string,
  attempt: number,
  status: "completed" | "failed" | "cancelled",
  error: string | undefined,
): Promise<boolean> {
  const row = await db
    .updateTable("jobs")
    .set({ status, error: error ?? null, ended_at: new Date() })
    .where("id", "=", jobId)
    .where("attempt", "=", attempt)
    .where("status", "in", ["queued", "running"])
    .returning("run_id")
    .executeTakeFirst();
  if (row) await emit(db, session.projectId, jobId, { kind: "job", job_id: jobId, run_id: row.run_id, job_status: status });
  return row !== undefined;
}

/** Cancels a queued or running job and its run; its worker hears of it at once. Throws ConflictError for one that has ended. */
export async function cancelJob(session: Session, jobId: string): Promise<void> {
  await authorize(session, "write");
  const { job_status, run_id, attempt } = await getJob(session, jobId);
  const done = await transaction(session.db, (db) => moveJob(session, db, jobId, attempt, "cancelled", undefined));
  if (!done) throw new ConflictError(`job: ${jobId} is ${job_status} and cannot be cancelled`);
  if (run_id) await finishRun(session, run_id, "cancelled").catch(() => {});
}

/** A job by its id. Throws NotFoundError. */
export async function getJob(session: Session, id: string): Promise<Job> {
  const row = await jobRows(session).where(sql<boolean>`j.id::text = ${id}`).executeTakeFirst();
  if (!row) throw new NotFoundError(`job: no job ${id}`);
  return toJob(row);
}

/** Jobs, newest first. */
export async function listJobs(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<Job>> {
  let query = jobRows(session)
    .orderBy("j.id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("j.id", "<", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toJob, (row) => [row.id]);
}

function jobRows({ db, projectId }: { readonly db: Database; readonly projectId: string }) {
  return db
    .selectFrom("jobs as j")
    .leftJoin("runs as r", "r.id", "j.run_id")
    .selectAll("j")
    .select(["r.progress", "r.metrics", "r.evaluation"])
    .where("j.project_id", "=", projectId);
}

function toJob(row: Awaited<ReturnType<ReturnType<typeof jobRows>["execute"]>>[number]): Job {
  return {
    job_id: row.id,
    kind: row.kind,
    job_status: row.status,
    run_id: row.run_id,
    attempt: row.attempt,
    progress: row.progress,
    error: row.error,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    completed_at: row.ended_at?.toISOString() ?? null,
    results: row.status === "completed" ? { metrics: row.metrics, evaluation: row.evaluation } : null,
  };
}
