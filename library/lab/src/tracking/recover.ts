import { sql } from "kysely";
import type { Session } from "../projects/session.ts";
import { finishRun } from "./runs.ts";

/** Class of the advisory locks that say "this run is being written"; the lock goes with the connection. */
const writing = 4243;

/** Holds the sign that a run is being written, on a connection of its own, until the answer is called. */
export async function holdRun({ db }: Session, runId: string): Promise<() => Promise<void>> {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let ready: () => void = () => {};
  const locked = new Promise<void>((resolve) => (ready = resolve));
  const done = db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${writing}, hashtext(${runId}))`.execute(connection);
    ready();
    await held;
    await sql`select pg_advisory_unlock(${writing}, hashtext(${runId}))`.execute(connection).catch(() => {});
  });
  await Promise.race([locked, done]);
  return async () => {
    release();
    await done.catch(() => {});
  };
}

/** Ends as failed the runs that nobody writes any more and no job will take up. Gives their ids. */
export async function recoverRuns(session: Session): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from runs r
    where r.project_id = ${session.projectId} and r.status = 'training' and r.started_at < now() - interval '5 seconds'
      and not exists (select 1 from jobs j where j.run_id = r.id and j.status in ('queued', 'running'))
      and not exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${writing}
        and l.objid = (hashtext(r.id::text)::bigint & 4294967295)::oid and l.objsubid = 2)`.execute(session.db);
  for (const { id } of rows)
    await finishRun(session, id, "failed", { error: "its process ended before the run did" }).catch(() => {});
  return rows.map(({ id }) => id);
}
