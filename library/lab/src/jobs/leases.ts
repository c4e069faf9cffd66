import { ConflictError } from "assay";
import { type RawBuilder, sql } from "kysely";
import { type Database, transaction, type Work } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import { type Ending, type EndOptions, finishRun, keptText } from "../tracking/index.ts";
import { forgetCheckpoints } from "./checkpoints.ts";
import { changeJobs, tellRuns } from "./job-events.ts";

/** Signs of a job's error at most. */
const errorMost = 10_000;

/** A job as its worker holds it; the attempt is the right to write. */
export interface HeldJob {
  readonly jobId: string;
  readonly runId: string | undefined;
  readonly attempt: number;
}

/** A job that was taken. */
export interface TakenJob extends HeldJob {
  readonly kind: string;
  readonly request: unknown;
  readonly projectId: string;
  readonly userId: string;
  readonly timeoutSeconds: number | undefined;
}

/** How jobs are taken. */
interface TakeOptions {
  readonly worker: string;
  /** Jobs at most. */
  readonly count: number;
  /** Kinds that this worker knows. */
  readonly kinds: readonly string[];
  /** What this worker gives to a job; jobs that need more are left to others. Default without a bound. */
  readonly memoryMb?: number | undefined;
  /** The job goes to another when it is not renewed for so long. */
  readonly leaseSeconds: number;
}

/** Takes the waiting jobs that come first: highest priority, then oldest. Nobody else takes them while the lease is renewed. */
export async function takeJobs(db: Database, { worker, count, kinds, memoryMb, leaseSeconds }: TakeOptions): Promise<TakenJob[]> {
  if (count < 1) return [];
  const { taken, over } = await transaction(db, async (work) => {
    const rows = await changeJobs<TakenRow>(
      work,
      sql`update jobs j set status = 'running', attempt = j.attempt + (j.started_at is not null)::integer, worker = ${worker},
          started_at = now(), ended_at = null, error = null, lease_until = now() + ${leaseSeconds} * interval '1 second'
        from (select id from jobs where status = 'queued' and not_before <= now() and kind = any(${kinds}::text[])
            and (memory_mb is null or memory_mb <= coalesce(${memoryMb ?? null}::integer, memory_mb))
          order by priority desc, id limit ${count} for update skip locked) as n
        where j.id = n.id`,
      sql`id, run_id, attempt, kind, request, project_id, created_by, timeout_seconds, priority`,
    );
    rows.sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
    const runs = await beginRuns(work, rows);
    const isOver = ({ run_id }: TakenRow): boolean => run_id !== null && !runs.has(run_id);
    return { taken: rows.filter((row) => !isOver(row)).map(toTaken), over: rows.filter(isOver).map(toTaken) };
  });
  for (const job of over) await endLikeRun(db, job);
  return taken;
}

/** pending → training for the runs of jobs that were taken; gives those that had not ended. */
async function beginRuns(work: Work, rows: readonly TakenRow[]): Promise<Set<string>> {
  const ids = rows.filter(({ run_id }) => run_id !== null).map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const begun = await sql<{ id: string }>`
    update runs r set attempt = j.attempt, status = 'training', started_at = now(), ended_at = null, error = null, progress = null
    from jobs j where j.id = any(${ids}::uuid[]) and r.id = j.run_id and r.status in ('pending', 'training')
    returning r.id`.execute(work);
  const runs = begun.rows.map(({ id }) => id);
  await tellRuns(work, runs);
  return new Set(runs);
}

interface TakenRow {
  readonly id: string;
  readonly run_id: string | null;
  readonly attempt: number;
  readonly kind: string;
  readonly request: unknown;
  readonly project_id: string;
  readonly created_by: string;
  readonly timeout_seconds: number | null;
  readonly priority: number;
}

function toTaken(row: TakenRow): TakenJob {
  return {
    jobId: row.id,
    runId: row.run_id ?? undefined,
    attempt: row.attempt,
    kind: row.kind,
    request: row.request,
    projectId: row.project_id,
    userId: row.created_by,
    timeoutSeconds: row.timeout_seconds ?? undefined,
  };
}

/** A worker ended between the end of a run and that of its job: the job ends as the run did. */
async function endLikeRun(db: Database, job: TakenJob): Promise<void> {
  const run = await db.selectFrom("runs").select(["status", "error"]).where("id", "=", job.runId!).executeTakeFirst();
  const status = run?.status === "completed" || run?.status === "failed" ? run.status : "cancelled";
  await endJobs(db, [job], status, { error: run?.error ?? undefined });
}

/** Renews the leases of these jobs; gives the ids of those that are still held. The others were cancelled, or given to another. */
export async function renewLeases(db: Database, held: readonly HeldJob[], leaseSeconds: number): Promise<Set<string>> {
  if (held.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    update jobs j set lease_until = now() + ${leaseSeconds} * interval '1 second'
    from unnest(${held.map(({ jobId }) => jobId)}::uuid[], ${held.map(({ attempt }) => attempt)}::integer[]) as h (id, attempt)
    where j.id = h.id and j.attempt = h.attempt and j.status = 'running' returning j.id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Ends held jobs that have no run; those of an attempt that was taken over stay as they are. Gives the ids that ended. */
export async function endJobs(
  db: Database,
  held: readonly HeldJob[],
  status: Ending,
  { error, result }: { readonly error?: string | undefined; readonly result?: unknown } = {},
): Promise<string[]> {
  return transaction(db, (work) => moveHeld(work, held, ended(status, error, result)));
}

function ended(status: Ending, error: string | undefined, result: unknown): RawBuilder<unknown> {
  return sql`status = ${status}, ended_at = now(), lease_until = null, error = ${error === undefined ? null : keptText(error, errorMost)}, progress = null,
    result = ${result === undefined ? null : JSON.stringify(result)}::jsonb`;
}

/** What is said of a job's end. */
interface JobEnd {
  readonly error?: string | undefined;
  readonly stack?: string | undefined;
  readonly result?: unknown;
  /** Whether its checkpoints go with it: nobody is to go on behind them. */
  readonly forgets?: boolean;
}

/** Ends a held job and its run in one; an attempt that was taken over changes nothing. Says whether it ended. */
export async function endJob(
  session: Session,
  held: HeldJob,
  status: Ending,
  { error, stack, result, forgets = false }: JobEnd = {},
): Promise<boolean> {
  const { isOver, files } = await transaction(session.db, async (work) => {
    if (held.runId) await endRun(session, held.runId, status, { error, stack, attempt: held.attempt, inside: work });
    const files = forgets ? await forgetCheckpoints(work, held) : [];
    return { isOver: (await moveHeld(work, [held], ended(status, error, result))).length > 0, files };
  });
  for (const file of files) await session.store.remove(file);
  return isOver;
}

/** Ends a run that may have ended before, or that another attempt has. */
async function endRun(session: Session, runId: string, status: Ending, options: EndOptions): Promise<void> {
  await finishRun(session, runId, status, options).catch((failure) => {
    if (!(failure instanceof ConflictError)) throw failure;
  });
}

/** Gives held jobs back, as a worker does that is told to stop; they wait at least so long. */
export async function giveBack(db: Database, held: readonly HeldJob[], delaySeconds = 0): Promise<void> {
  const waiting = sql`status = 'queued', worker = null, lease_until = null, not_before = now() + ${delaySeconds} * interval '1 second'`;
  await transaction(db, (work) => moveHeld(work, held, waiting));
}

async function moveHeld(work: Work, held: readonly HeldJob[], changes: RawBuilder<unknown>): Promise<string[]> {
  if (held.length === 0) return [];
  const rows = await changeJobs<{ id: string }>(
    work,
    sql`update jobs j set ${changes}
      from unnest(${held.map(({ jobId }) => jobId)}::uuid[], ${held.map(({ attempt }) => attempt)}::integer[]) as h (id, attempt)
      where j.id = h.id and j.attempt = h.attempt and j.status = 'running'`,
    sql`id`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Takes these jobs from a worker that ended in the middle: they wait for the next, or, after `retries` such ends, fail and go to the
 * dead-letter list with the reason. Throws nothing for jobs that moved on.
 */
export async function crashJobs(db: Database, held: readonly HeldJob[], reason: string): Promise<void> {
  await crashWhere(
    db,
    keptText(reason, errorMost),
    sql`(id, attempt) in (select * from unnest(${held.map(({ jobId }) => jobId)}::uuid[],
    ${held.map(({ attempt }) => attempt)}::integer[]))`,
  );
}

/** The same for every job whose worker has not renewed its lease; none while a restarted server waits for everybody to come back. */
export async function reclaimJobs(db: Database, leaseSeconds: number): Promise<void> {
  await crashWhere(
    db,
    "its worker ended in the middle of it",
    sql`(lease_until is null or lease_until < now())
      and pg_postmaster_start_time() < now() - ${leaseSeconds} * interval '1 second'`,
  );
}

async function crashWhere(db: Database, reason: string, condition: RawBuilder<unknown>): Promise<void> {
  await transaction(db, async (work) => {
    const rows = await changeJobs<DeadRow>(
      work,
      sql`update jobs j set crashes = crashes + 1, worker = null, lease_until = null, dead = lost.is_dead,
          status = case when lost.is_dead then 'failed' else 'queued' end,
          ended_at = case when lost.is_dead then now() end,
          not_before = now() + least(30, power(2, crashes)) * interval '1 second' * (not lost.is_dead)::integer,
          error = case when lost.is_dead then ${`${reason}, `}::text || (crashes + 1) || case when crashes = 0 then ' time' else ' times' end
            else ${reason}::text end
        from (select id, crashes + 1 > retries as is_dead from jobs where status = 'running' and ${condition}
          order by id limit 500 for update skip locked) as lost
        where j.id = lost.id`,
      sql`id, run_id, attempt, dead, error, project_id, created_by`,
    );
    for (const row of rows) if (row.dead) await failRun(db, work, row);
  });
}

interface DeadRow {
  readonly id: string;
  readonly run_id: string | null;
  readonly attempt: number;
  readonly dead: boolean;
  readonly error: string;
  readonly project_id: string;
  readonly created_by: string;
}

async function failRun(db: Database, work: Work, { run_id, attempt, error, project_id, created_by }: DeadRow): Promise<void> {
  if (run_id === null) return;
  await endRun({ db, projectId: project_id, userId: created_by } as Session, run_id, "failed", { error, attempt, inside: work });
}

/** Brings an ended job back for another attempt, and its run with it. Throws ConflictError for one that has not ended, or that was completed. */
export async function reviveJob(work: Work, { projectId }: Session, jobId: string): Promise<boolean> {
  const rows = await changeJobs<{ run_id: string | null }>(
    work,
    sql`update jobs j set status = 'queued', crashes = 0, dead = false, ended_at = null, worker = null, not_before = now()
      where id = ${jobId} and project_id = ${projectId} and status in ('failed', 'cancelled')`,
    sql`run_id`,
  );
  if (rows.length === 0) return false;
  const runs = rows.flatMap(({ run_id }) => (run_id === null ? [] : [run_id]));
  await sql`update runs set status = 'pending', error = null, ended_at = null, metrics = '{}'
    where id = any(${runs}::uuid[]) and status in ('failed', 'cancelled')`.execute(work);
  await tellRuns(work, runs);
  return true;
}
