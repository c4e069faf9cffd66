import { sql } from "kysely";
import { emit } from "../db/events.ts";
import { holdLock, ofClass, writing } from "../db/hold.ts";
import type { Session } from "../projects/session.ts";

/** Shows that a dataset of this name is being read, until the answer is called. */
export function holdDataset({ projectId }: Session, name: string): Promise<() => Promise<void>> {
  return holdLock(writing.dataset, `${projectId}/${name}`);
}

/**
 * Ends the reading of datasets whose process is gone: they are failed, or ready where they have a version; in the first seconds of a server
 * none, for then everybody is coming back. Gives their ids.
 */
export async function recoverDatasets(
  { db, projectId }: Session,
  { settleMs = 15_000 }: { readonly settleMs?: number } = {},
): Promise<string[]> {
  const { rows } = await sql<{ id: string; status: "ready" | "failed" }>`
    update datasets d
    set status = case when d.active_version is null then 'failed' else 'ready' end,
        error = 'its process ended before the file was read; upload it again'
    where d.project_id = ${projectId} and d.status in ('pending', 'processing')
      and pg_postmaster_start_time() < now() - ${settleMs} * interval '1 millisecond'
      and not exists (select 1 from pg_locks l where ${ofClass(writing.dataset)}
        and l.objid = (hashtext(d.project_id::text || '/' || d.name)::bigint & 4294967295)::oid)
    returning d.id, d.status`.execute(db);
  for (const { id, status } of rows)
    await emit(db, projectId, id, { kind: "dataset", dataset_id: id, processing_status: status });
  return rows.map(({ id }) => id);
}
