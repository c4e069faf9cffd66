import { sql } from "kysely";
import pg from "pg";
import { ensureServer } from "../db/server.ts";
import type { Session } from "../projects/session.ts";
import { finishRun } from "./runs.ts";

/** Class of the advisory locks that say "this run is being written"; the lock goes with the connection. */
const writing = 4243;

/**
 * Shows that a run is being written, by a lock on a connection of its own, until the answer is called. After a crash of the database
 * the lock is taken again as soon as it is back.
 */
export async function holdRun(runId: string): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let released = false;
  const hold = async (): Promise<void> => {
    const { connection } = await ensureServer();
    client = new pg.Client(connection);
    client.on("error", () => {});
    client.once("end", () => void again());
    await client.connect();
    await client.query("select pg_advisory_lock($1, hashtext($2))", [writing, runId]);
  };
  const again = async (): Promise<void> => {
    while (!released) {
      try {
        return await hold();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  };
  await hold();
  return async () => {
    released = true;
    await client?.end().catch(() => {});
  };
}

/**
 * Ends as failed the runs that nobody writes any more and no job will take up; in the first seconds of a server none, for then
 * everybody is coming back. Gives their ids.
 */
export async function recoverRuns(session: Session): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from runs r
    where r.project_id = ${session.projectId} and r.status = 'training' and r.started_at < now() - interval '5 seconds'
      and pg_postmaster_start_time() < now() - interval '15 seconds'
      and r.environment ? 'node' -- a run over HTTP belongs to a program that holds no lock
      and not exists (select 1 from jobs j where j.run_id = r.id and j.status in ('queued', 'running'))
      and not exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${writing}
        and l.objid = (hashtext(r.id::text)::bigint & 4294967295)::oid and l.objsubid = 2)`.execute(session.db);
  for (const { id } of rows)
    await finishRun(session, id, "failed", { error: "its process ended before the run did" }).catch(() => {});
  return rows.map(({ id }) => id);
}
