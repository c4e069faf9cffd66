import { readFileSync } from "node:fs";
import type { Session } from "../projects/session.ts";

/** The file of the model that a run saved. */
export async function modelBytes({ db, store }: Session, runId: string): Promise<Buffer> {
  const { file } = await db
    .selectFrom("artifacts")
    .select("file")
    .where("run_id", "=", runId)
    .where("name", "=", "model")
    .executeTakeFirstOrThrow();
  return readFileSync(store.path(file));
}
