import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Work } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import type { HeldJob } from "./leases.ts";

/** How far work has come, and all that it needs to go on from there. */
export interface Checkpoint {
  /** Steps done, of so many. */
  readonly step: number;
  readonly steps: number;
  /** Plain data and typed arrays. */
  readonly state: unknown;
}

/** The checkpoints of a job. */
export interface Checkpoints {
  /** The newest that an earlier attempt has kept, whole and unharmed. */
  readonly latest: Checkpoint | undefined;
  /** How often one should be kept. */
  readonly everyMs: number;
  /** Fires when the worker is about to stop: what is kept now is not lost. */
  readonly soon: AbortSignal;
  /** Keeps one as an artifact of the run; the newest two stay. Without a run nothing is kept. */
  save(checkpoint: Checkpoint): Promise<void>;
}

const kept = 2;
const kind = "checkpoint";

/** Where a run's checkpoints lie: file, hash and step of each, the newest first. */
async function checkpointsOf({ db }: Session, runId: string) {
  const rows = await db
    .selectFrom("artifacts")
    .select(["id", "name", "file", "content_hash"])
    .where("run_id", "=", runId)
    .where("kind", "=", kind)
    .orderBy("id", "desc")
    .limit(20)
    .execute();
  return rows.map((row) => ({ ...row, step: Number(row.name.split(" ").at(-1)) })).sort((a, b) => b.step - a.step);
}

/** The newest checkpoint of a run that can be read and has its hash; what cannot is said to `warn` and passed over. */
export async function latestCheckpoint(
  session: Session,
  runId: string,
  warn: (message: string) => void,
): Promise<Checkpoint | undefined> {
  for (const { file, content_hash, step } of await checkpointsOf(session, runId))
    try {
      const bytes = await readFile(await session.store.fetch(file));
      if (createHash("sha256").update(bytes).digest("hex") !== content_hash) throw new Error("its content is not what was kept");
      return deserialize(bytes) as Checkpoint;
    } catch (error) {
      warn(`the checkpoint at step ${step} cannot be read: ${(error as Error).message}`);
    }
  return undefined;
}

/** Keeps a checkpoint of a run: the file whole before its row, older ones than the newest two removed after. */
export async function saveCheckpoint(session: Session, runId: string, checkpoint: Checkpoint): Promise<void> {
  const { db, store, projectId } = session;
  const id = uuidv7();
  const file = `checkpoints/project_${projectId}/${runId}_${id}.bin`;
  const { hash, sizeBytes } = await store.write(file, serialize(checkpoint));
  try {
    const values = { content_hash: hash, size_bytes: sizeBytes, file };
    await db
      .insertInto("artifacts")
      .values({ id, project_id: projectId, run_id: runId, name: `checkpoint ${checkpoint.step}`, kind, ...values })
      .onConflict((conflict) => conflict.columns(["run_id", "name"]).doUpdateSet(values))
      .execute();
  } catch (error) {
    // a connection that broke off after the commit fails here too: the row stands then, and needs its file
    const rows = await db
      .selectFrom("artifacts")
      .select("id")
      .where("run_id", "=", runId)
      .where("file", "=", file)
      .execute()
      .catch(() => undefined);
    if (rows?.length === 0) await store.remove(file);
    throw error;
  }
  for (const older of (await checkpointsOf(session, runId)).slice(kept)) {
    await db.deleteFrom("artifacts").where("id", "=", older.id).execute();
    await store.remove(older.file);
  }
}

/**
 * Removes the checkpoints beyond a step: those that an attempt cannot read which goes on behind an earlier one. In the transaction that removes their points
 * too: one that could be read again later would go on behind steps that are not there. Answers with their files.
 */
export async function forgetBeyond(work: Work, runId: string, step: number): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`
    delete from artifacts where run_id = ${runId} and kind = ${kind} and split_part(name, ' ', 2)::bigint > ${step} returning file`.execute(
    work,
  );
  return rows.map(({ file }) => file);
}

/**
 * Removes the checkpoints of an attempt that is about to end, inside the transaction that ends it: until then another attempt may need them. Nothing
 * where the attempt was taken over. Answers with their files, to be removed once the transaction is through.
 */
export async function forgetCheckpoints(work: Work, { jobId, runId, attempt }: HeldJob): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`
    delete from artifacts a using jobs j
    where a.run_id = ${runId} and a.kind = ${kind} and j.id = ${jobId} and j.attempt = ${attempt} and j.status = 'running'
    returning a.file`.execute(work);
  return rows.map(({ file }) => file);
}
