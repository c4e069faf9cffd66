import { sql } from "kysely";
import { recoverDatasets } from "../datasets/index.ts";
import { removeOldFailures, removeOldSignIns, type Session } from "../projects/index.ts";
import { recoverRuns } from "../tracking/index.ts";

/** Ends what a vanished process left under way, in every project. */
export async function recoverAll(session: Session): Promise<void> {
  const { rows } = await sql<{ id: string }>`select distinct project_id as id from runs where status = 'training'
    union select distinct project_id from datasets where status in ('pending', 'processing')`.execute(session.db);
  for (const { id: projectId } of rows)
    await Promise.all([recoverRuns({ ...session, projectId }), recoverDatasets({ ...session, projectId })]);
}

/** Removes sign-ins, codes and counts of failures that are over. */
export async function forgetSignIns({ db }: Session): Promise<void> {
  await removeOldSignIns(db);
  await removeOldFailures(db);
}
