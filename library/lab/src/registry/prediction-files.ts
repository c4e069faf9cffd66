import { hash } from "node:crypto";
import { ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import type { PredictFileResult, PredictionFile } from "../contract/models.ts";
import { type Database, transaction } from "../db/database.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { Store } from "../db/store.ts";
import { authorize, type Session } from "../projects/session.ts";
import { defineSubjectRows } from "./subjects.ts";

/** Days that files are kept whose version is gone. */
const keptDays = 90;
const batch = 500;

const fields: ListFields = {
  id: required(sql`f.id`, "uuid"),
  model: required(sql`f.model`),
  file_name: required(sql`f.file_name`),
  output: required(sql`f.output`),
  rows: required(sql`f.row_count`, "bigint"),
  bad_rows: required(sql`f.bad_rows`, "bigint"),
  size_bytes: required(sql`f.size_bytes`, "bigint"),
  user_column: optional(sql`f.user_column`),
  created_at: required(sql`f.created_at`, "timestamptz"),
};

/** A person as a file's list of people has them: the first 64 bits of the hash that erasures keep. */
export function personNumber(projectId: string, userKey: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash("sha256", `${projectId} ${userKey}`).slice(0, 16)}`));
}

/** What is recorded of a file of predictions. */
interface MadeFile
  extends Pick<PredictFileResult, "model_id" | "model" | "rows" | "bad_rows" | "file" | "file_name" | "size_bytes"> {
  readonly jobId: string;
  readonly output: "csv" | "parquet";
  readonly userColumn: string | undefined;
  readonly people: ReadonlySet<bigint>;
  /** When the first of its rows was read. */
  readonly begun: Date;
}

/** Records a file of predictions. Throws ConflictError where a person of it was erased meanwhile. */
export async function recordFile(session: Session, made: MadeFile): Promise<void> {
  const { projectId, userId } = session;
  const people = made.userColumn === undefined ? null : Array.from(made.people, String);
  await transaction(session.db, async (db) => {
    await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`erase ${projectId}`}, 6))`.execute(db);
    const { rows } = await sql`select from erasures where project_id = ${projectId} and at >= ${made.begun}
      and ('x' || left(subject_hash, 16))::bit(64)::bigint = any(${people}::bigint[]) limit 1`.execute(db);
    if (rows.length > 0)
      throw new ConflictError(
        `predict: somebody whom ${made.file_name} speaks of was erased meanwhile: upload it again without them`,
      );
    await sql`insert into prediction_files (id, project_id, model_version_id, model, file, file_name, output, row_count, bad_rows, size_bytes,
        user_column, people, created_by)
      values (${made.jobId}, ${projectId}, (select id from model_versions where id = ${made.model_id}), ${made.model}, ${made.file},
        ${made.file_name}, ${made.output}, ${made.rows}, ${made.bad_rows}, ${made.size_bytes}, ${made.userColumn ?? null}, ${people}::bigint[], ${userId})
      on conflict (id) do nothing`.execute(db);
  });
}

/** Files of predictions that are kept, the newest first. */
export async function listPredictionFiles(session: Session, query: ListQuery = {}): Promise<Page<PredictionFile>> {
  await authorize(session, "read");
  const rows = session.db
    .selectFrom("prediction_files as f")
    .leftJoin("model_versions as v", "v.id", "f.model_version_id")
    .leftJoin("models as m", "m.id", "v.model_id")
    .select([
      "f.id",
      "f.model",
      "f.file_name",
      "f.output",
      "f.row_count",
      "f.bad_rows",
      "f.size_bytes",
      "f.user_column",
      "f.created_at",
    ])
    .select(sql<Date>`f.created_at + make_interval(days => coalesce(m.retention_days, ${keptDays}))`.as("goes_at"))
    .where("f.project_id", "=", session.projectId);
  return listRows(rows, query, {
    fields,
    item: (row): PredictionFile => ({
      job_id: row.id,
      model: row.model,
      file_name: row.file_name,
      output: row.output,
      rows: Number(row.row_count),
      bad_rows: Number(row.bad_rows),
      size_bytes: Number(row.size_bytes),
      user_column: row.user_column,
      created_at: row.created_at.toISOString(),
      goes_at: row.goes_at.toISOString(),
    }),
  });
}

/** Removes a file of predictions before its time. Throws NotFoundError. */
export async function deletePredictionFile(session: Session, jobId: string): Promise<void> {
  await authorize(session, "delete");
  const gone = await session.db
    .deleteFrom("prediction_files")
    .where("project_id", "=", session.projectId)
    .where(sql<string>`id::text`, "=", jobId)
    .returning("file")
    .executeTakeFirst();
  if (!gone) throw new NotFoundError(`predict: no file of job ${jobId}`);
  await session.store.remove(gone.file);
}

/** Removes files of predictions that are older than their model keeps predictions, in all projects; gives how many. */
export async function removeOldPredictionFiles(db: Database, store: Store): Promise<number> {
  for (let removed = 0; ; ) {
    const { rows } = await sql<{ file: string }>`delete from prediction_files where id in (
      select f.id from prediction_files f left join model_versions v on v.id = f.model_version_id left join models m on m.id = v.model_id
      where f.created_at < now() - make_interval(days => coalesce(m.retention_days, ${keptDays})) limit ${batch}) returning file`.execute(
      db,
    );
    for (const { file } of rows) await store.remove(file);
    removed += rows.length;
    if (rows.length < batch) return removed;
  }
}

/** A file goes as a whole where its user column names the person: its rows cannot be parted from theirs without making another file. */
defineSubjectRows({
  name: "prediction_files",
  async erase(db, { projectId, store }, userKey) {
    const { rows } = await sql<{ file: string }>`delete from prediction_files
      where project_id = ${projectId} and ${String(personNumber(projectId, userKey))}::bigint = any(people) returning file`.execute(
      db,
    );
    for (const { file } of rows) await store.remove(file);
    return rows.length;
  },
});
