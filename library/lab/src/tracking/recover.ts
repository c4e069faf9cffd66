import { sql } from "kysely";
import { holdLock, writing } from "../db/hold.ts";
import type { Session } from "../projects/session.ts";
import { finishRun } from "./runs.ts";

/** Shows that a run is being written, until the answer is called. */
export function holdRun(runId: string): Promise<() => Promise<void>> {
  return holdLock(writing.run, runId);
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
      and not exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${writing.run}
        and l.objid = (hashtext(r.id::text)::bigint & 4294967295)::oid and l.objsubid = 2)`.execute(session.db);
  for (const { id } of rows)
    await finishRun(session, id, "failed", { error: "its process ended before the run did" }).catch(() => {});
  return rows.map(({ id }) => id);
}
