import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Event } from "../contract/events.ts";
import { type Schedule, type ScheduleCreate, scheduleCreate } from "../contract/jobs.ts";
import { savepoint, transaction, type Work } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { nextFiring } from "./cron.ts";
import { jobKind, readRequest } from "./kinds.ts";
import { submitJob } from "./queue.ts";

interface ScheduleOptions {
  readonly priority: number;
  readonly timeoutSeconds?: number | undefined;
  readonly retries: number;
  readonly experiment?: string | undefined;
  readonly runName?: string | undefined;
}

/** Makes a schedule; its request is checked now as it will be at each firing. Throws ParamsError, ConflictError for a taken name. */
export async function createSchedule(session: Session, body: ScheduleCreate): Promise<Schedule> {
  await authorize(session, "write");
  const { name, cron, timezone, kind, request, paused, ...rest } = scheduleCreate.parse(body);
  const known = jobKind(kind);
  const checked = readRequest(known, request);
  await known.plan?.(session, checked);
  const options: ScheduleOptions = {
    priority: rest.priority,
    timeoutSeconds: rest.timeout_seconds,
    retries: rest.retries,
    experiment: rest.experiment,
    runName: rest.run_name,
  };
  const id = uuidv7();
  const next = nextFiring(cron, timezone, await clockOf(session));
  await transaction(session.db, async (work) => {
    const made = await work
      .insertInto("schedules")
      .values({
        id,
        project_id: session.projectId,
        name,
        cron,
        timezone,
        kind,
        request: JSON.stringify(request),
        options: JSON.stringify(options),
        paused,
        next_at: next,
        created_by: session.userId,
      } as never)
      .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!made) throw new ConflictError(`schedule: the name "${name}" is taken`);
    await logDeed(session, work, "schedule.create", name, { kind, cron, timezone, paused });
    await tell(work, session.projectId, id, "created");
  });
  return getSchedule(session, id);
}

/** A schedule by its id. Throws NotFoundError. */
export async function getSchedule(session: Session, id: string): Promise<Schedule> {
  const row = await scheduleRows(session).where(sql<boolean>`id::text = ${id}`).executeTakeFirst();
  if (!row) throw new NotFoundError(`schedule: no schedule ${id}`);
  return toSchedule(row);
}

/** Schedules, newest first. */
export async function listSchedules(session: Session, query: ListQuery = {}): Promise<Page<Schedule>> {
  return listRows(scheduleRows(session), query, { fields, item: toSchedule });
}

const fields: ListFields = {
  id: required(sql`id`, "uuid"),
  name: required(sql`name`),
  kind: required(sql`kind`),
  paused: required(sql`paused`, "boolean"),
  next_at: optional(sql`case when paused then null else next_at end`, "timestamptz"),
  last_at: optional(sql`last_at`, "timestamptz"),
  error: optional(sql`error`),
  created_at: required(sql`created_at`, "timestamptz"),
};

/** Pauses a schedule, goes on with it, or changes when it fires; what it missed while paused is not made up for. */
export async function changeSchedule(
  session: Session,
  id: string,
  change: { readonly paused?: boolean | undefined; readonly cron?: string | undefined; readonly timezone?: string | undefined },
): Promise<Schedule> {
  await authorize(session, "write");
  const former = await getSchedule(session, id);
  const { paused = former.paused, cron = former.cron, timezone = former.timezone } = change;
  const next = nextFiring(cron, timezone, await clockOf(session));
  await transaction(session.db, async (work) => {
    await work
      .updateTable("schedules")
      .set({ paused, cron, timezone, next_at: next, error: null })
      .where("id", "=", id)
      .where("project_id", "=", session.projectId)
      .execute();
    await logDeed(session, work, "schedule.change", former.name, { paused, cron, timezone });
    await tell(work, session.projectId, id, "changed");
  });
  return getSchedule(session, id);
}

/** Removes a schedule; jobs that it queued stay. Throws NotFoundError. */
export async function deleteSchedule(session: Session, id: string): Promise<void> {
  await authorize(session, "delete");
  const { name } = await getSchedule(session, id);
  await transaction(session.db, async (work) => {
    await work.deleteFrom("schedules").where("id", "=", id).where("project_id", "=", session.projectId).execute();
    await logDeed(session, work, "schedule.delete", name);
    await tell(work, session.projectId, id, "deleted");
  });
}

/**
 * Queues a job for every schedule that is due, in any project: each once, however many workers look, for the firing and the move to the
 * next one are one transaction. Firings that were missed while nobody looked are made up for by one job. Gives the number of jobs.
 */
export async function fireSchedules(session: Session): Promise<number> {
  let fired = 0;
  while (await transaction(session.db, (work) => fireNext(session, work))) fired++;
  return fired;
}

async function fireNext(session: Session, work: Work): Promise<boolean> {
  const row = await work
    .selectFrom("schedules")
    .selectAll()
    .select(sql<Date>`now()`.as("now"))
    .where("paused", "=", false)
    .where("next_at", "<=", sql<Date>`now()`)
    .orderBy("next_at")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return false;
  const own = { ...session, projectId: row.project_id, userId: row.created_by ?? session.userId };
  const options = { ...(row.options as ScheduleOptions), scheduleId: row.id };
  let jobId: string | null = null;
  let error: string | null = null;
  try {
    ({ jobId } = await savepoint(work, () => submitJob(own, row.kind, row.request, options, work)));
  } catch (failure) {
    error = (failure as Error).message; // as a dataset that is gone: the schedule says so, and goes on
  }
  const fired = { last_at: row.next_at, last_job_id: jobId };
  await work
    .updateTable("schedules")
    .set({ ...fired, error, ...nextOf(row) })
    .where("id", "=", row.id)
    .execute();
  await tell(work, row.project_id, row.id, "fired");
  return true;
}

function tell(work: Work, projectId: string, id: string, action: Extract<Event, { kind: "schedule" }>["action"]): Promise<void> {
  return emit(work, projectId, id, { kind: "schedule", schedule_id: id, action });
}

/** When a schedule fires next by the database's clock; one for which nobody can tell is paused, and holds up no other. */
function nextOf({ cron, timezone, now }: { readonly cron: string; readonly timezone: string; readonly now: Date }) {
  try {
    return { next_at: nextFiring(cron, timezone, now) };
  } catch (failure) {
    return { paused: true, error: (failure as Error).message };
  }
}

async function clockOf({ db }: Session): Promise<Date> {
  return (await sql<{ now: Date }>`select now()`.execute(db)).rows[0]!.now;
}

function scheduleRows({ db, projectId }: Session) {
  return db.selectFrom("schedules").selectAll().where("project_id", "=", projectId);
}

function toSchedule(row: RowOf<typeof scheduleRows>): Schedule {
  return {
    schedule_id: row.id,
    name: row.name,
    cron: row.cron,
    timezone: row.timezone,
    kind: row.kind,
    request: row.request,
    paused: row.paused,
    next_at: row.paused ? null : row.next_at.toISOString(),
    last_at: row.last_at?.toISOString() ?? null,
    last_job_id: row.last_job_id,
    error: row.error,
    created_at: row.created_at.toISOString(),
  };
}
