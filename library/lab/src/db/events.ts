import { sql } from "kysely";
import type { Event } from "../contract/events.ts";
import type { Database, Work } from "./database.ts";

/** The channel of NOTIFY; its payload says project and run. */
export const channel = "assay";

/** Records an event and wakes whoever streams it. */
export async function emit(db: Database | Work, projectId: string, subjectId: string, event: Event): Promise<void> {
  await db
    .insertInto("events")
    .values({ project_id: projectId, kind: event.kind, subject_id: subjectId, data: JSON.stringify(event) })
    .execute();
  await notify(db, projectId, subjectId);
}

/** Wakes whoever streams a subject's metrics, logs and events. */
export async function notify(db: Database | Work, projectId: string, subjectId: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${JSON.stringify({ project: projectId, subject: subjectId })})`.execute(db);
}

/** Held by whoever writes a subject's rows, so that their ids become visible in order. */
export async function orderWrites(db: Work, subjectId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${subjectId}, 1))`.execute(db);
}
