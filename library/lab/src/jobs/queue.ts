import { ConflictError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { savepoint, transaction, type Work } from "../db/database.ts";
import { requireSpace } from "../db/disk.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { createRun, type NewRun } from "../tracking/index.ts";
import { changeJobs } from "./job-events.ts";
import { jobKind, readRequest } from "./kinds.ts";
import { type MemoryNeed, requireMemory } from "./memory.ts";
import type { Training } from "./training.ts";

/** How a job waits and is run. */
export interface QueueOptions {
  /** The higher is taken first; default 0. */
  readonly priority?: number | undefined;
  /** Taken at this instant at the earliest. */
  readonly notBefore?: Date | undefined;
  /** Ends it as failed when it takes longer; default never. */
  readonly timeoutSeconds?: number | undefined;
  /** How often it is taken up again after its worker ended in the middle; default 2. Errors of its own end it at once. */
  readonly retries?: number | undefined;
  /** Submitted again under the same key, the job is not queued twice: the first one is answered. */
  readonly idempotencyKey?: string | undefined;
  /** The schedule that queues it. */
  readonly scheduleId?: string | undefined;
}

/** The same, with the run that the job does: a new one, or one that is there. */
interface RunOptions extends QueueOptions {
  readonly run?: NewRun | { readonly id: string } | undefined;
  /** What it needs at the very least; workers that give less leave it to others. Default unknown. */
  readonly memory?: MemoryNeed | undefined;
}

/** A job that was queued. */
export interface QueuedJob {
  readonly jobId: string;
  readonly runId: string | undefined;
}

/**
 * Queues a job of a kind with its run, both or neither; inside the caller's transaction where one is given. Throws ParamsError for a
 * request that the kind refuses, ConflictError for another request under a known idempotency key, LimitError for what no worker could hold.
 */
export async function queueJob(
  session: Session,
  kind: string,
  request: unknown,
  options: RunOptions = {},
  inside?: Work,
): Promise<QueuedJob> {
  const own = within(session, inside);
  await authorize(own, "write");
  requireSpace(session.store.folder, 0, "job");
  const body = JSON.stringify(readRequest(jobKind(kind), request));
  const known = await queuedBefore(own, kind, body, options.idempotencyKey);
  if (known) return known;
  if (options.memory) await requireMemory(own, kind, options.memory);
  const queue = async (db: Work): Promise<QueuedJob> => {
    const { run } = options;
    const runId = run && ("id" in run ? run.id : await createRun(session, { ...run, status: "pending" }, db));
    const jobId = uuidv7();
    await insertJobs(session, db, kind, options, [jobId], [body], runId);
    if (options.scheduleId === undefined) await logDeed(session, db, "job.queue", `job/${jobId}`, { kind }); // a firing is nobody's deed
    return { jobId, runId };
  };
  try {
    return await (inside ? savepoint(inside, () => queue(inside)) : transaction(session.db, queue));
  } catch (error) {
    if ((error as { code?: string }).code !== "23505") throw error;
    const twin = await queuedBefore(own, kind, body, options.idempotencyKey); // somebody was faster under the same key
    if (!twin) throw error;
    return twin;
  }
}

/** Queues many jobs of a kind at once, none of them with a run; gives their ids in order. */
export async function queueJobs(
  session: Session,
  kind: string,
  requests: readonly unknown[],
  options: Omit<QueueOptions, "idempotencyKey"> = {},
): Promise<string[]> {
  await authorize(session, "write");
  const known = jobKind(kind);
  const ids = requests.map(() => uuidv7());
  const bodies = requests.map((request) => JSON.stringify(readRequest(known, request)));
  if (ids.length === 0) return [];
  await transaction(session.db, async (db) => {
    await insertJobs(session, db, kind, options, ids, bodies);
    await logDeed(session, db, "job.queue", `job/${ids[0]}`, { kind, jobs: ids.length });
  });
  return ids;
}

/** Checks a request as its kind plans it, and queues it with the run that the plan describes. */
export async function submitJob(
  session: Session,
  kind: string,
  request: unknown,
  {
    experiment,
    runName,
    ...options
  }: QueueOptions & { readonly experiment?: string | undefined; readonly runName?: string | undefined } = {},
  inside?: Work,
): Promise<QueuedJob> {
  const known = jobKind(kind);
  const checked = readRequest(known, request);
  const planned = (await known.plan?.(session, checked)) ?? { request: checked };
  const run = planned.run && {
    ...planned.run,
    experiment: experiment ?? "default",
    ...(runName !== undefined && { name: runName }),
  };
  return queueJob(session, kind, planned.request, { ...options, run, memory: planned.memory }, inside);
}

/** Queues a planned training with its run, both or neither. */
export async function queueTraining(
  session: Session,
  training: Training,
  run: Pick<NewRun, "experiment" | "name" | "description" | "tags">,
  options: QueueOptions = {},
): Promise<{ jobId: string; runId: string }> {
  const { jobId, runId } = await queueJob(session, "train", training.request, {
    ...options,
    run: { ...training.run, ...run },
    memory: training.memory,
  });
  return { jobId, runId: runId! };
}

/** The session on a transaction's own connection: whoever asks for a second one while it holds the first may wait for ever. */
function within(session: Session, inside: Work | undefined): Session {
  return inside ? { ...session, db: inside } : session;
}

async function insertJobs(
  { projectId, userId }: Session,
  db: Work,
  kind: string,
  { priority = 0, notBefore, timeoutSeconds, retries = 2, idempotencyKey, scheduleId, memory }: Omit<RunOptions, "run">,
  ids: readonly string[],
  bodies: readonly string[],
  runId?: string,
): Promise<void> {
  await changeJobs(
    db,
    sql`insert into jobs as j (id, request, run_id, project_id, created_by, kind, priority, not_before, timeout_seconds, retries,
        idempotency_key, schedule_id, memory_mb)
      select t.id, t.request::jsonb, ${runId ?? null}::uuid, ${projectId}::uuid, ${userId}::uuid, ${kind}::text, ${priority}::integer,
        coalesce(${notBefore ?? null}::timestamptz, now()), ${timeoutSeconds ?? null}::integer, ${retries}::integer,
        ${idempotencyKey ?? null}::text, ${scheduleId ?? null}::uuid, ${memory?.megabytes ?? null}::integer
      from unnest(${ids}::uuid[], ${bodies}::text[]) as t (id, request)`,
    sql`id`,
  );
}

async function queuedBefore(
  { db, projectId }: Session,
  kind: string,
  body: string,
  key: string | undefined,
): Promise<QueuedJob | undefined> {
  if (key === undefined) return undefined;
  const row = await db
    .selectFrom("jobs")
    .select(["id", "run_id", sql<boolean>`kind = ${kind} and request = ${body}::jsonb`.as("same")])
    .where("project_id", "=", projectId)
    .where("idempotency_key", "=", key)
    .executeTakeFirst();
  if (row && !row.same) throw new ConflictError(`job: the idempotency key "${key}" was used for another request`);
  return row && { jobId: row.id, runId: row.run_id ?? undefined };
}
