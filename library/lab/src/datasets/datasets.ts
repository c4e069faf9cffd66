import { ConflictError, DataError, NotFoundError, suggest } from "assay";
import { sql } from "kysely";
import type { Dataset, DatasetChange, DatasetColumn, DatasetInfo } from "../contract/datasets.ts";
import { transaction, type Work } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import type { Page } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { viewsReading } from "./feature-view-lineage.ts";
import { checkName, isUuid, parseReference } from "./references.ts";
import { listVersions, lockFiles } from "./versions.ts";

/** A dataset version with its place in the store. */
export interface DatasetVersion {
  readonly id: string;
  readonly datasetId: string;
  readonly name: string;
  readonly version: number;
  readonly columns: readonly DatasetColumn[];
  readonly rows: number;
  readonly contentHash: string;
  readonly file: string;
}

/** Datasets of the project by name. */
export async function listDatasets(session: Session, query: ListQuery = {}): Promise<Page<Dataset>> {
  return listRows(withVersion(session), query, { fields, usually: "name", item: toDataset });
}

const fields: ListFields = {
  id: required(sql`d.id`, "uuid"),
  name: required(sql`d.name`),
  description: required(sql`d.description`),
  processing_status: required(sql`d.status`),
  file_name: optional(sql`d.file_name`),
  target_column: optional(sql`d.target_column`),
  rows: optional(sql`v.row_count`, "bigint"),
  columns: optional(sql`jsonb_array_length(v.columns)`, "bigint"),
  size_bytes: optional(sql`d.size_bytes`, "bigint"),
  created_at: required(sql`d.created_at`, "timestamptz"),
};

/** A dataset with its columns and versions, by `name`, `name@3`, id or `id@3`. */
export async function getDataset(session: Session, ref: string): Promise<DatasetInfo> {
  const { name, version: wanted } = parseReference(ref);
  const row = await withVersion(session)
    .where((eb) => (isUuid(name) ? eb.or([eb("d.id", "=", name), eb("d.name", "=", name)]) : eb("d.name", "=", name)))
    .executeTakeFirst();
  if (!row) throw await unknown(session, name);
  const versions = await listVersions(session, row.id);
  const shown = await session.db
    .selectFrom("dataset_versions")
    .select(["version", "row_count", "content_hash", "columns", "memory_bytes"])
    .where("dataset_id", "=", row.id)
    .where("version", "=", wanted ?? row.active_version ?? 0)
    .executeTakeFirst();
  if (wanted !== undefined && !shown)
    throw new NotFoundError(`dataset: "${row.name}" has no version ${wanted}, the newest is ${versions[0]?.version ?? "none"}`);
  const columns = (shown?.columns ?? []) as DatasetColumn[];
  return {
    ...toDataset(row),
    version: shown?.version ?? null,
    rows: shown ? Number(shown.row_count) : null,
    columns: shown ? columns.length : null,
    column_info: columns,
    missing_values: Object.fromEntries(columns.map((column) => [column.name, column.missing])),
    memory_bytes: shown ? Number(shown.memory_bytes) : null,
    content_hash: shown?.content_hash ?? null,
    versions,
  };
}

/** The stored version that a reference means. Throws ConflictError for a dataset that is not ready. */
export async function datasetVersion(session: Session, ref: string): Promise<DatasetVersion> {
  const info = await getDataset(session, ref);
  if (info.version === null)
    throw new ConflictError(`dataset: "${info.name}" is ${info.processing_status}${info.error ? `: ${info.error}` : ""}`);
  const row = await session.db
    .selectFrom("dataset_versions")
    .select(["id", "file"])
    .where("dataset_id", "=", info.dataset_id)
    .where("version", "=", info.version)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    datasetId: info.dataset_id,
    name: info.name,
    version: info.version,
    columns: info.column_info,
    rows: info.rows!,
    contentHash: info.content_hash!,
    file: row.file,
  };
}

/** Changes a dataset's name, description or target. Throws ConflictError for a taken name, DataError for no such column. */
export async function changeDataset(session: Session, ref: string, change: DatasetChange): Promise<DatasetInfo> {
  await authorize(session, "write");
  const { dataset_id: id, column_info } = await getDataset(session, ref);
  const names = column_info.map(({ name }) => name);
  const { name, description, target_column: target } = change;
  if (target !== undefined && target !== null && !names.includes(target))
    throw new DataError(`dataset: no column "${target}"${suggest(target, names)}`);
  const values = {
    ...(name !== undefined && { name: checkName(name) }),
    ...(description !== undefined && { description }),
    ...(target !== undefined && { target_column: target }),
  };
  if (Object.keys(values).length > 0)
    await session.db
      .updateTable("datasets")
      .set(values)
      .where("id", "=", id)
      .execute()
      .catch((error) => {
        if (error.code === "23505") throw new ConflictError(`dataset: the name "${name}" is taken`);
        throw error;
      });
  await emit(session.db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "ready" });
  return getDataset(session, id);
}

/**
 * Removes a dataset with its versions, splits, charts and files. Throws ConflictError where runs or models were made from it or feature views
 * read it, unless `force` is given; then they stay, without their data.
 */
export async function deleteDataset(
  session: Session,
  ref: string,
  { force = false }: { readonly force?: boolean | undefined } = {},
): Promise<string> {
  await authorize(session, "delete");
  const { dataset_id: id, name } = await getDataset(session, ref);
  await transaction(session.db, async (db) => {
    await lockFiles(db, session.projectId);
    if (!force) await refuseWhereUsed(db, session.projectId, id, name);
    const rows = await db.deleteFrom("dataset_versions").where("dataset_id", "=", id).returning("file").execute();
    await db.deleteFrom("datasets").where("id", "=", id).where("project_id", "=", session.projectId).execute();
    await emit(db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "deleted" });
    await logDeed(session, db, "dataset.delete", name);
    const files = [...new Set(rows.map(({ file }) => file))];
    if (files.length === 0) return;
    const kept = await db.selectFrom("dataset_versions").select("file").where("file", "in", files).execute();
    const shared = new Set(kept.map(({ file }) => file));
    for (const file of files) if (!shared.has(file)) await session.store.remove(file);
  });
  return id;
}

async function refuseWhereUsed(db: Work, projectId: string, id: string, name: string): Promise<void> {
  const count = async (table: "runs" | "model_versions"): Promise<number> => {
    const { n } = await db
      .selectFrom(table)
      .select(sql<string>`count(*)`.as("n"))
      .where("dataset_version_id", "in", db.selectFrom("dataset_versions").select("id").where("dataset_id", "=", id))
      .executeTakeFirstOrThrow();
    return Number(n);
  };
  const used = [
    [await count("runs"), "run"],
    [await count("model_versions"), "model version"],
  ] as const;
  const views = await viewsReading(db, projectId, { id, name });
  const words = [
    ...used.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}${n === 1 ? "" : "s"}`),
    ...(views.length > 0 ? [`feature view${views.length === 1 ? "" : "s"} ${views.slice(0, 5).join(", ")}`] : []),
  ];
  if (words.length > 0)
    throw new ConflictError(
      `dataset: "${name}" is used by ${words.join(" and ")}; delete it with force to keep them without their data`,
    );
}

function withVersion({ db, projectId }: Session) {
  return db
    .selectFrom("datasets as d")
    .leftJoin("dataset_versions as v", (join) =>
      join.onRef("v.dataset_id", "=", "d.id").onRef("v.version", "=", "d.active_version"),
    )
    .selectAll("d")
    .select(["v.row_count", sql<number | null>`jsonb_array_length(v.columns)`.as("column_count")])
    .where("d.project_id", "=", projectId);
}

type DatasetRow = RowOf<typeof withVersion>;

function toDataset(row: DatasetRow): Dataset {
  return {
    dataset_id: row.id,
    name: row.name,
    description: row.description,
    processing_status: row.status,
    error: row.error,
    file_name: row.file_name,
    size_bytes: row.size_bytes === null ? null : Number(row.size_bytes),
    rows: row.row_count === null ? null : Number(row.row_count),
    columns: row.column_count,
    target_column: row.target_column,
    version: row.active_version,
    created_at: row.created_at.toISOString(),
  };
}

async function unknown(session: Session, name: string): Promise<NotFoundError> {
  const names = await session.db
    .selectFrom("datasets")
    .select("name")
    .where("project_id", "=", session.projectId)
    .orderBy("name")
    .limit(200)
    .execute();
  return new NotFoundError(
    `dataset: no dataset "${name}"${suggest(
      name,
      names.map((row) => row.name),
    )}`,
  );
}
