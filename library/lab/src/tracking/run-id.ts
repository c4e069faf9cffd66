import { NotFoundError } from "assay";
import type { Session } from "../projects/session.ts";

/** A run's id in PostgreSQL's spelling; `run/…` is taken too. Throws NotFoundError for what is no UUID: no run has it. */
export function runKey(id: string): string {
  const key = String(id)
    .toLowerCase()
    .replace(/^run\//, "");
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return key;
  throw new NotFoundError(`run: no run ${String(id).slice(0, 100)}`);
}

/** Throws NotFoundError unless the run is there; cheaper than reading it. */
export async function checkRun({ db, projectId }: Session, id: string): Promise<void> {
  const row = await db
    .selectFrom("runs")
    .select("id")
    .where("id", "=", runKey(id))
    .where("project_id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (!row) throw new NotFoundError(`run: no run ${id}`);
}
