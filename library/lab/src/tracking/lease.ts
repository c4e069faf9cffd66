import { sql } from "kysely";
import type { Session } from "../projects/session.ts";
import { checkRun, runKey } from "./run-id.ts";

/** When this process renews a run's lease next; told more often it writes nothing. */
const next = new Map<string, number>();

/** A word of a run's program: its lease lasts from now on. Written when a third of it has gone. Throws NotFoundError. */
export async function heartbeat(session: Session, id: string, { now = false }: { readonly now?: boolean } = {}): Promise<void> {
  const key = runKey(id);
  if (!now && (next.get(key) ?? 0) > Date.now()) return;
  const { rows } = await sql<{ lease_seconds: number | null }>`
    update runs set lease_until = now() + make_interval(secs => lease_seconds)
    where id = ${key} and project_id = ${session.projectId} and lease_seconds is not null and status in ('pending', 'training')
    returning lease_seconds`.execute(session.db);
  const lease = rows[0]?.lease_seconds;
  if (lease == null) await checkRun(session, key);
  if (next.size > 10_000) next.clear();
  next.set(key, Date.now() + (lease == null ? 60_000 : (lease * 1000) / 3));
}
