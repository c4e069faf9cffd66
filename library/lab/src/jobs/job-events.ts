import { type RawBuilder, sql } from "kysely";
import type { Database, Work } from "../db/database.ts";
import { channel } from "../db/events.ts";

/** Subject of the wake that says "something happened in the queue": no run's id. */
export const queueSubject = "00000000-0000-0000-0000-000000000000";

const eventOf = sql`project_id, 'job', id, jsonb_build_object('kind', 'job', 'job_id', id, 'run_id', run_id, 'job_kind', kind,
  'job_status', status, 'error', error)`;
const wakeOf = sql`select pg_notify(${channel}, json_build_object('project', project_id, 'subject', ${queueSubject}::text)::text)`;

/**
 * Changes jobs by an insert or update of `jobs j`, records where they stand now as events, and wakes workers and streams once: all in one
 * statement, however many they are. Gives the columns asked for.
 */
export async function changeJobs<Row>(
  db: Database | Work,
  change: RawBuilder<unknown>,
  columns: RawBuilder<unknown>,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with changed as (${change} returning j.*),
      told as (insert into events (project_id, kind, subject_id, data) select ${eventOf} from changed),
      woken as (${wakeOf} from (select distinct project_id from changed) as p)
    select ${columns}, (select count(*) from woken) as woken from changed`.execute(db);
  return rows;
}

/** Records where the runs of these jobs stand, and wakes their streams. */
export async function tellRuns(db: Database | Work, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await sql`insert into events (project_id, kind, subject_id, data)
    select project_id, 'run', id, jsonb_build_object('kind', 'run', 'run_id', id, 'run_status', status, 'error', error)
    from runs where id = any(${runIds}::uuid[]) order by id`.execute(db);
  await sql`select pg_notify(${channel}, json_build_object('project', project_id, 'subject', id)::text)
    from runs where id = any(${runIds}::uuid[])`.execute(db);
}
