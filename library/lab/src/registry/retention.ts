import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/** Rows of one statement: none of them holds the table for long. */
const batch = 5000;

/** Removes logged predictions that are older than their model keeps them, in all projects; gives how many. O(removed), by index. */
export async function removeOldPredictions(db: Database): Promise<number> {
  const { rows: versions } = await sql<{ id: string; days: number }>`
    select v.id, m.retention_days as days from model_versions v join models m on m.id = v.model_id`.execute(db);
  let removed = 0;
  for (const { id, days } of versions)
    for (;;) {
      const { numAffectedRows = 0n } = await sql`delete from predictions where id in (
        select id from predictions where model_version_id = ${id} and at < now() - make_interval(days => ${days}) order by at limit ${batch})`.execute(
        db,
      );
      removed += Number(numAffectedRows);
      if (numAffectedRows < BigInt(batch)) break;
    }
  return removed;
}
