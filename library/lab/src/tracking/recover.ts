import { sql } from "kysely";
import { holdLock, ofClass, writing } from "../db/hold.ts";
import type { Session } from "../projects/session.ts";
import { finishRun } from "./end-run.ts";
import { forgetBatches } from "./metrics.ts";

/** Shows that a run is being written, until the answer is called. */
export function holdRun(runId: string): Promise<() => Promise<void>> {
  return holdLock(writing.run, runId);
}

/**
 * Ends as failed the runs that nobody writes any more and no job will take up, and those over HTTP whose lease has run out; in the first seconds
 * of a server none, for then everybody is coming back. Gives their ids.
 */
export async function recoverRuns(session: Session): Promise<string[]> {
  const { rows } = await sql<{ id: string; lease_seconds: number | null }>`
    select r.id, r.lease_seconds from runs r
    where r.project_id = ${session.projectId} and r.status = 'training' and r.started_at < now() - interval '5 seconds'
      and pg_postmaster_start_time() < now() - interval '15 seconds'
      and not exists (select 1 from jobs j where j.run_id = r.id and j.status in ('queued', 'running'))
      and case when r.lease_until is not null then r.lease_until < now()
        else r.environment ? 'node' and not exists (select 1 from pg_locks l where ${ofClass(writing.run)}
          and l.objid = (hashtext(r.id::text)::bigint & 4294967295)::oid) end`.execute(session.db);
  for (const { id, lease_seconds: lease } of rows) {
    const silent = `nothing was heard of its program for ${lease} s: it ended, or lost its way to the service`;
    const error = lease === null ? "its process ended before the run did" : silent;
    await finishRun(session, id, "failed", { error }).catch(() => {});
  }
  await forgetBatches(session.db);
  return rows.map(({ id }) => id);
}
