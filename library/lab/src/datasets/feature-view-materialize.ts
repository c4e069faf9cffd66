import { existsSync } from "node:fs";
import { contentHash, DataError, NotFoundError, suggest, type Table, writeParquet } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { FeatureView } from "../contract/feature-views.ts";
import { transaction, type Work } from "../db/database.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { jsonCell } from "./cells.ts";
import { type Erased, orderedRows, rowKeysOf } from "./feature-view-rows.ts";
import { type ReadSource, readSource } from "./feature-view-source.ts";
import { getFeatureView } from "./feature-views.ts";
import { lockFiles } from "./versions.ts";

const rowsAtOnce = 5000;

/**
 * Reads a feature view's source and stores its rows: all of them offline as Parquet by content hash, the newest of each key online, both or neither. The
 * former file is removed: what was joined from it is a dataset by now. Throws DataError naming a column that the source has no more.
 */
export async function materialize(
  session: Session,
  ref: string,
  {
    signal,
    progress = () => {},
  }: { readonly signal?: AbortSignal; readonly progress?: (step: number, steps: number) => void } = {},
): Promise<FeatureView> {
  await authorize(session, "write");
  const view = await getFeatureView(session, ref);
  const read = await readSource(session, view.source, { ...(signal && { signal }) });
  progress(1, 3);
  const rows = orderedRows(viewColumns(read.table, view), view, await erasedOf(session), session.projectId);
  if (rows.rows === 0) throw new DataError(`features: ${view.name}@${view.version} has no row with a key and an instant`);
  signal?.throwIfAborted();
  const hash = contentHash(rows);
  const file = `features/project_${session.projectId}/${hash}.parquet`;
  await transaction(session.db, async (db) => {
    await lockFiles(db, session.projectId);
    const { sizeBytes } = await placeRows(session, db, rows, file);
    progress(2, 3);
    const old = await db
      .selectFrom("feature_view_runs")
      .select("file")
      .distinct()
      .where("feature_view_id", "=", view.feature_view_id)
      .where("file", "is not", null)
      .where("file", "<>", file)
      .execute();
    await storeRun(session, db, view, read, rows, { hash, file, sizeBytes });
    await storeOnline(session, db, view, rows);
    for (const { file: former } of old) await dropFile(session, db, view.feature_view_id, former!);
    await logDeed(session, db, "feature_view.materialize", `${view.name}@${view.version}`, { rows: rows.rows });
  });
  progress(3, 3);
  return getFeatureView(session, `${view.name}@${view.version}`);
}

/** Key, instant and features, in this order. */
function viewColumns(table: Table, { name, version, entity, event_time, columns }: FeatureView): Table {
  const wanted = [entity, event_time, ...columns.map((column) => column.name)];
  const gone = wanted.find((column) => !table.names.includes(column));
  if (gone !== undefined)
    throw new DataError(
      `features: the source of ${name}@${version} has no column "${gone}" any more${suggest(gone, table.names)}`,
    );
  return table.select(wanted);
}

/** The offline rows of a view as they were materialised last. Throws NotFoundError before the first time. */
export async function offlineRows(
  session: Session,
  { feature_view_id, name, version }: FeatureView,
): Promise<{ readonly runId: string; readonly file: string }> {
  const run = await session.db
    .selectFrom("feature_view_runs")
    .select(["id", "file"])
    .where("feature_view_id", "=", feature_view_id)
    .where("file", "is not", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!run?.file) throw new NotFoundError(`features: ${name}@${version} is not materialised yet`);
  return { runId: run.id, file: run.file };
}

/** Who was erased from this project, and when last. */
export async function erasedOf({ db, projectId }: Session): Promise<Erased> {
  const rows = await db
    .selectFrom("erasures")
    .select(["subject_hash", sql<Date>`max(at)`.as("until")])
    .where("project_id", "=", projectId)
    .groupBy("subject_hash")
    .execute();
  return new Map(rows.map(({ subject_hash, until }) => [subject_hash, until.getTime()]));
}

async function placeRows({ store }: Session, db: Work, rows: Table, file: string): Promise<{ sizeBytes: number }> {
  const known = await db
    .selectFrom("feature_view_runs")
    .select("size_bytes")
    .where("file", "=", file)
    .limit(1)
    .executeTakeFirst();
  if (known && existsSync(store.path(file))) return { sizeBytes: Number(known.size_bytes) };
  return store.make(file, (draft) => writeParquet(rows, draft));
}

async function storeRun(
  { projectId, userId }: Session,
  db: Work,
  { feature_view_id, entity, event_time }: FeatureView,
  { inputs }: ReadSource,
  rows: Table,
  { hash, file, sizeBytes }: { readonly hash: string; readonly file: string; readonly sizeBytes: number },
): Promise<void> {
  const { keys, times } = rowKeysOf(rows, { entity, event_time });
  const [first, last] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)], [Infinity, -Infinity]);
  await db
    .insertInto("feature_view_runs")
    .values({
      id: uuidv7(),
      project_id: projectId,
      feature_view_id,
      content_hash: hash,
      file,
      size_bytes: sizeBytes,
      row_count: rows.rows,
      key_count: new Set(keys).size,
      first_at: new Date(first!),
      last_at: new Date(last!),
      inputs: JSON.stringify(inputs),
      created_by: userId,
    })
    .execute();
}

/** The online rows of a view become these: changed ones are written, others that are gone are removed. */
async function storeOnline({ projectId }: Session, db: Work, view: FeatureView, rows: Table): Promise<void> {
  const { keys, times } = rowKeysOf(rows, view);
  const newest = Array.from(keys.keys()).filter((i) => keys[i] !== keys[i + 1]); // ordered by key, then by instant
  const cells = view.columns.map(({ name }) => ({ name, values: rows.values(name) }));
  await sql`create temp table incoming (key text primary key, event_at timestamptz, "values" jsonb) on commit drop`.execute(db);
  for (let from = 0; from < newest.length; from += rowsAtOnce) {
    const part = newest.slice(from, from + rowsAtOnce);
    const values = part.map((i) =>
      JSON.stringify(Object.fromEntries(cells.map(({ name, values }) => [name, jsonCell(values[i]!)]))),
    );
    await sql`insert into incoming select * from unnest(${part.map((i) => keys[i]!)}::text[],
      ${part.map((i) => new Date(times[i]!).toISOString())}::timestamptz[], ${values}::jsonb[])`.execute(db);
  }
  const id = view.feature_view_id;
  await sql`delete from feature_rows f where f.feature_view_id = ${id} and not exists (select from incoming i where i.key = f.key)`.execute(
    db,
  );
  await sql`insert into feature_rows as f (feature_view_id, key, project_id, event_at, "values")
    select ${id}::uuid, key, ${projectId}::uuid, event_at, "values" from incoming
    on conflict (feature_view_id, key) do update set event_at = excluded.event_at, "values" = excluded."values"
    where (f.event_at, f."values") is distinct from (excluded.event_at, excluded."values")`.execute(db);
}

async function dropFile({ store }: Session, db: Work, viewId: string, file: string): Promise<void> {
  await db
    .updateTable("feature_view_runs")
    .set({ file: null })
    .where("feature_view_id", "=", viewId)
    .where("file", "=", file)
    .execute();
  const held = await db.selectFrom("feature_view_runs").select("id").where("file", "=", file).limit(1).executeTakeFirst();
  if (!held) await store.remove(file);
}
