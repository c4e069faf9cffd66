import { createHash } from "node:crypto";
import { readFile as readBytes, rm, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import {
  ConflictError,
  type CsvOptions,
  DataError,
  NotFoundError,
  ParamsError,
  readCsv,
  readParquet,
  suggest,
  type Table,
  writeParquet,
} from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Dataset, DatasetColumn, DatasetInfo } from "../contract/datasets.ts";
import { transaction } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { explain } from "../db/store.ts";
import { authorize, type Session } from "../projects/session.ts";
import { memoryOf, summarise } from "./summary.ts";

/** What is uploaded: a file, or a table that is already there. */
export interface Upload {
  /** Default: the file's name without its ending. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly target?: string | undefined;
  /** How a CSV file is read. */
  readonly csv?: CsvOptions;
  /** Name of the uploaded file, when the path is one in passing. */
  readonly fileName?: string | undefined;
  /** Adds a version to the dataset of this name in place of refusing it. */
  readonly newVersion?: boolean;
}

/** A dataset version with its place in the store. */
export interface DatasetVersion {
  readonly id: string;
  readonly datasetId: string;
  readonly name: string;
  readonly version: number;
  readonly columns: readonly DatasetColumn[];
  readonly rows: number;
  readonly file: string;
}

/**
 * Stores a file or a table as a dataset's next version (Parquet, by content hash). Throws ConflictError for a name that is taken,
 * DataError for a file that cannot be read; then the dataset stays, failed, with the reason.
 */
export async function uploadDataset(session: Session, source: string | Table, upload: Upload = {}): Promise<DatasetInfo> {
  await authorize(session, "write");
  const fileName = upload.fileName ?? (typeof source === "string" ? basename(source) : undefined);
  const name = (upload.name ?? (fileName ? fileName.slice(0, fileName.length - extname(fileName).length) : "")).trim();
  if (name === "" || name.length > 200 || name.includes("@"))
    throw new ParamsError(`dataset: name must have 1 to 200 characters and no @, got ${JSON.stringify(name)}`);
  const sizeBytes = typeof source === "string" ? (await stat(source).catch(() => undefined))?.size : undefined;
  const id = await reserve(session, name, { ...upload, fileName }, sizeBytes);
  try {
    const table = typeof source === "string" ? await readFile(source, fileName!, upload) : source;
    if (upload.target !== undefined && !table.names.includes(upload.target))
      throw new DataError(`dataset: no column "${upload.target}"${suggest(upload.target, table.names)}`);
    await addVersion(session, id, table);
  } catch (error) {
    await session.db
      .updateTable("datasets")
      .set({ status: "failed", error: (error as Error).message })
      .where("id", "=", id)
      .where("active_version", "is", null)
      .execute();
    await emit(session.db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "failed" });
    throw error;
  }
  return getDataset(session, id);
}

/** Takes the name: a new dataset, one that failed before, or (with newVersion) the one that is there. */
async function reserve(session: Session, name: string, upload: Upload, sizeBytes: number | undefined): Promise<string> {
  return transaction(session.db, async (db) => {
    const there = await db
      .selectFrom("datasets")
      .select(["id", "status"])
      .where("project_id", "=", session.projectId)
      .where("name", "=", name)
      .forUpdate()
      .executeTakeFirst();
    if (there && there.status !== "failed" && !upload.newVersion)
      throw new ConflictError(`dataset: the name "${name}" is taken; choose another, or add a version with { newVersion: true }`);
    const values = {
      status: "processing" as const,
      error: null,
      file_name: upload.fileName ?? null,
      size_bytes: sizeBytes ?? null,
      ...(upload.target !== undefined && { target_column: upload.target }),
      ...(upload.description !== undefined && { description: upload.description }),
    };
    const id = there?.id ?? uuidv7();
    if (there) await db.updateTable("datasets").set(values).where("id", "=", id).execute();
    else
      await db
        .insertInto("datasets")
        .values({
          id,
          project_id: session.projectId,
          name,
          target_column: null,
          created_by: session.userId,
          active_version: null,
          ...values,
        })
        .execute();
    await emit(db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "processing" });
    return id;
  });
}

async function readFile(path: string, fileName: string, { csv }: Upload): Promise<Table> {
  const ending = extname(fileName).toLowerCase();
  if (ending === ".parquet") return readParquet(path);
  if ([".csv", ".tsv", ".txt", ".data", ""].includes(ending)) return readCsv(path, { name: fileName, ...csv });
  throw new DataError(`dataset: files end in .csv, .tsv, .txt, .data or .parquet, got ${JSON.stringify(fileName)}`);
}

async function addVersion(session: Session, datasetId: string, table: Table): Promise<void> {
  if (table.rows === 0) throw new DataError("dataset: the table has no rows");
  const draft = await session.store.temporary();
  let bytes: Uint8Array;
  try {
    await writeParquet(table, draft);
    bytes = await readBytes(draft);
  } catch (cause) {
    throw explain(cause, session.store.folder);
  } finally {
    await rm(draft, { force: true });
  }
  const contentHash = createHash("sha256").update(bytes).digest("hex");
  const file = `datasets/project_${session.projectId}/${contentHash}.parquet`;
  await session.store.write(file, bytes);
  const columns = summarise(table);
  await transaction(session.db, async (db) => {
    await db.selectFrom("datasets").select("id").where("id", "=", datasetId).forUpdate().executeTakeFirstOrThrow();
    const last = await db
      .selectFrom("dataset_versions")
      .select(["id", "version"])
      .where("dataset_id", "=", datasetId)
      .orderBy("version", "desc")
      .limit(1)
      .executeTakeFirst();
    const version = (last?.version ?? 0) + 1;
    await db
      .insertInto("dataset_versions")
      .values({
        id: uuidv7(),
        project_id: session.projectId,
        dataset_id: datasetId,
        version,
        content_hash: contentHash,
        parent_id: last?.id ?? null,
        steps: "[]",
        row_count: table.rows,
        columns: JSON.stringify(columns),
        memory_bytes: memoryOf(table),
        file,
        created_by: session.userId,
      })
      .execute();
    await db
      .updateTable("datasets")
      .set({ status: "ready", error: null, active_version: version })
      .where("id", "=", datasetId)
      .execute();
    await emit(db, session.projectId, datasetId, { kind: "dataset", dataset_id: datasetId, processing_status: "ready" });
  });
}

/** Datasets of the project by name. */
export async function listDatasets(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number; readonly cursor?: string | undefined } = {},
): Promise<Page<Dataset>> {
  let query = withVersion(session)
    .orderBy("d.name")
    .limit(limit + 1);
  if (cursor) query = query.where("d.name", ">", String(readCursor(cursor, 1)[0]));
  return pageOf(await query.execute(), limit, toDataset, (row) => [row.name]);
}

/** A dataset with its columns and versions, by `name`, `name@3`, id or `id@3`. */
export async function getDataset(session: Session, ref: string): Promise<DatasetInfo> {
  const { name, version: wanted } = parseRef(ref);
  const row = await withVersion(session)
    .where((eb) => (isUuid(name) ? eb.or([eb("d.id", "=", name), eb("d.name", "=", name)]) : eb("d.name", "=", name)))
    .executeTakeFirst();
  if (!row) throw await unknown(session, name);
  const versions = await session.db
    .selectFrom("dataset_versions")
    .select(["version", "row_count", "content_hash", "created_at", "columns", "memory_bytes"])
    .where("dataset_id", "=", row.id)
    .orderBy("version", "desc")
    .execute();
  const active = versions.find(({ version }) => version === (wanted ?? row.active_version));
  if (wanted !== undefined && !active)
    throw new NotFoundError(`dataset: "${row.name}" has no version ${wanted}, the newest is ${versions[0]?.version ?? "none"}`);
  const columns = (active?.columns ?? []) as DatasetColumn[];
  return {
    ...toDataset(row),
    version: active?.version ?? null,
    rows: active ? Number(active.row_count) : null,
    columns: active ? columns.length : null,
    column_info: columns,
    missing_values: Object.fromEntries(columns.map((column) => [column.name, column.missing])),
    memory_bytes: active ? Number(active.memory_bytes) : null,
    content_hash: active?.content_hash ?? null,
    versions: versions.map((each) => ({
      version: each.version,
      rows: Number(each.row_count),
      content_hash: each.content_hash,
      created_at: each.created_at.toISOString(),
    })),
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
    file: row.file,
  };
}

/** A dataset's rows. */
export async function datasetTable(session: Session, ref: string): Promise<Table> {
  const { file } = await datasetVersion(session, ref);
  return readParquet(session.store.path(file));
}

/** Removes a dataset with its versions and files; runs keep its name. */
export async function deleteDataset(session: Session, ref: string): Promise<string> {
  await authorize(session, "delete");
  const { dataset_id: id } = await getDataset(session, ref);
  const files = await transaction(session.db, async (db) => {
    const rows = await db.deleteFrom("dataset_versions").where("dataset_id", "=", id).returning("file").execute();
    await db.deleteFrom("datasets").where("id", "=", id).where("project_id", "=", session.projectId).execute();
    await emit(db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "deleted" });
    return rows.map(({ file }) => file);
  });
  for (const file of new Set(files)) {
    const shared = await session.db
      .selectFrom("dataset_versions")
      .select("id")
      .where("file", "=", file)
      .limit(1)
      .executeTakeFirst();
    if (!shared) await session.store.remove(file);
  }
  return id;
}

function withVersion({ db, projectId }: Session) {
  return db
    .selectFrom("datasets as d")
    .leftJoin("dataset_versions as v", (join) =>
      join.onRef("v.dataset_id", "=", "d.id").onRef("v.version", "=", "d.active_version"),
    )
    .selectAll("d")
    .select(["v.row_count", "v.columns as column_list"])
    .where("d.project_id", "=", projectId);
}

type DatasetRow = Awaited<ReturnType<ReturnType<typeof withVersion>["execute"]>>[number];

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
    columns: (row.column_list as unknown[] | null)?.length ?? null,
    target_column: row.target_column,
    version: row.active_version,
    created_at: row.created_at.toISOString(),
  };
}

/** `name@3` as its parts. Throws ParamsError for a version that is no number. */
function parseRef(ref: string): { name: string; version: number | undefined } {
  const at = ref.lastIndexOf("@");
  if (at < 0) return { name: ref, version: undefined };
  const version = Number(ref.slice(at + 1));
  if (!(Number.isInteger(version) && version > 0))
    throw new ParamsError(`dataset: a version is a whole number behind @, got ${JSON.stringify(ref)}`);
  return { name: ref.slice(0, at), version };
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

/** Whether a text has the form of an id. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
