import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import type { Job } from "../contract/jobs.ts";
import type { LogLine } from "../contract/training.ts";
import { transaction } from "../db/database.ts";
import { orderWrites } from "../db/events.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { finishRun, runLogs } from "../tracking/index.ts";
import { changeJobs } from "./job-events.ts";
import { reviveJob } from "./leases.ts";

/** What a list of jobs is asked for. */
export interface JobQuery extends ListQuery {
  readonly job_status?: Job["job_status"] | undefined;
  readonly kind?: string | undefined;
  /** true: those whose workers ended too often. */
  readonly dead?: boolean | undefined;
}

/** What a job is about, in words: its run's name, or the file that it predicts. */
const nameOf = sql<string | null>`coalesce(r.name, case when j.kind = 'predict' then j.request ->> 'file_name' end)`;

const fields: ListFields = {
  id: required(sql`j.id`, "uuid"),
  kind: required(sql`j.kind`),
  name: optional(nameOf),
  job_status: required(sql`j.status`),
  priority: required(sql`j.priority`, "bigint"),
  run_id: optional(sql`j.run_id`, "uuid"),
  created_by: optional(sql`u.username`),
  schedule_id: optional(sql`j.schedule_id`, "uuid"),
  worker: optional(sql`j.worker`),
  attempt: required(sql`j.attempt`, "bigint"),
  dead: required(sql`j.dead`, "boolean"),
  error: optional(sql`j.error`),
  not_before: required(sql`j.not_before`, "timestamptz"),
  created_at: required(sql`j.created_at`, "timestamptz"),
  started_at: optional(sql`j.started_at`, "timestamptz"),
  completed_at: optional(sql`j.ended_at`, "timestamptz"),
};

/** A job by its id. Throws NotFoundError. */
export async function getJob(session: Session, id: string): Promise<Job> {
  const row = await jobRows(session).select("r.evaluation").where(sql<boolean>`j.id::text = ${id}`).executeTakeFirst();
  if (!row) throw new NotFoundError(`job: no job ${id}`);
  const job = toJob(row);
  return row.status === "completed" && row.run_id
    ? { ...job, results: { ...(job.results as object), evaluation: row.evaluation } }
    : job;
}

/** Jobs, newest first. */
export async function listJobs(session: Session, { job_status, kind, dead, ...page }: JobQuery = {}): Promise<Page<Job>> {
  let query = jobRows(session);
  if (job_status !== undefined) query = query.where("j.status", "=", job_status);
  if (kind !== undefined) query = query.where("j.kind", "=", kind);
  if (dead !== undefined) query = query.where("j.dead", "=", dead);
  return listRows(query, page, { fields, item: toJob });
}

/** Lines of a job's log, oldest first: of its run's, where it has one. */
export async function jobLogs(
  session: Session,
  id: string,
  { limit = 500, after = "0" }: { readonly limit?: number; readonly after?: string } = {},
): Promise<LogLine[]> {
  const { run_id } = await getJob(session, id);
  if (run_id) return runLogs(session, run_id, { limit, after });
  const rows = await session.db
    .selectFrom("job_logs")
    .selectAll()
    .where("job_id", "=", id)
    .where("id", ">", after as never)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id, level, message, at }) => ({ id, level, message, at: at.toISOString() }));
}

/** Cancels a queued or running job and its run; its worker hears of it at once. Throws ConflictError for one that has ended. */
export async function cancelJob(session: Session, jobId: string): Promise<void> {
  await authorize(session, "write");
  const { run_id, job_status, kind } = await getJob(session, jobId);
  const cancelled = await transaction(session.db, async (work) => {
    if (run_id) await orderWrites(work, run_id); // before the job's row, as whoever writes into its run
    const change = sql`update jobs j set status = 'cancelled', ended_at = now(), lease_until = null, progress = null
      where id = ${jobId} and project_id = ${session.projectId} and status in ('queued', 'running')`;
    if ((await changeJobs(work, change, sql`id`)).length === 0) return false;
    await logDeed(session, work, "job.cancel", `job/${jobId}`, { kind });
    if (run_id)
      await finishRun(session, run_id, "cancelled", { inside: work }).catch((error) => {
        if (!(error instanceof ConflictError)) throw error;
      });
    return true;
  });
  if (!cancelled) throw new ConflictError(`job: ${jobId} is ${job_status} and cannot be cancelled`);
}

/** Makes a new attempt of a job that failed or was cancelled, with its run. Throws ConflictError for any other. */
export async function retryJob(session: Session, jobId: string): Promise<void> {
  await authorize(session, "write");
  const { job_status, kind } = await getJob(session, jobId);
  const revived = await transaction(session.db, async (work) => {
    const isBack = await reviveJob(work, session, jobId);
    if (isBack) await logDeed(session, work, "job.retry", `job/${jobId}`, { kind });
    return isBack;
  });
  if (!revived)
    throw new ConflictError(`job: ${jobId} is ${job_status} and cannot be retried: only failed and cancelled jobs can`);
}

function jobRows({ db, projectId }: Session) {
  return db
    .selectFrom("jobs as j")
    .leftJoin("runs as r", "r.id", "j.run_id")
    .leftJoin("users as u", "u.id", "j.created_by")
    .selectAll("j")
    .select(["r.progress as run_progress", "r.metrics", "u.username", nameOf.as("name")])
    .where("j.project_id", "=", projectId);
}

function toJob(row: RowOf<typeof jobRows>): Job {
  const progress = row.status === "running" ? (row.progress ?? row.run_progress) : null;
  return {
    job_id: row.id,
    kind: row.kind,
    name: row.name,
    job_status: row.status,
    run_id: row.run_id,
    model_id: row.kind === "predict" ? (row.request as { model_id: string }).model_id : null,
    created_by: row.username,
    attempt: row.attempt,
    priority: row.priority,
    progress: progress && { ...progress, eta_ms: timeLeft(progress) },
    error: row.error,
    dead: row.dead,
    worker: row.worker,
    not_before: row.not_before.toISOString(),
    timeout_seconds: row.timeout_seconds,
    memory_mb: row.memory_mb,
    schedule_id: row.schedule_id,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    completed_at: row.ended_at?.toISOString() ?? null,
    results: row.status !== "completed" ? null : row.run_id ? { metrics: row.metrics, ...row.result } : row.result,
  };
}

/** Milliseconds left when the steps to come take as long as those before; null before the first. */
function timeLeft({ step, steps, elapsed_ms }: { step: number; steps: number; elapsed_ms: number }): number | null {
  return step > 0 && steps >= step ? Math.round((elapsed_ms * (steps - step)) / step) : null;
}
