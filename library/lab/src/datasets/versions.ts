import { existsSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { LimitError, ParamsError, StoreError, type Table } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { DatasetVersionInfo, Step, StorageUse } from "../contract/datasets.ts";
import { transaction, type Work } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { explain } from "../db/store.ts";
import { logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type Draft, writeDraft } from "./draft.ts";

/** What makes a version besides its rows. */
interface NewVersion {
  readonly origin: "upload" | "steps" | "restore";
  /** Id of the version that it was made from; default: the newest. */
  readonly parentId?: string | undefined;
  readonly steps?: readonly Step[];
  /** What fitting the steps learnt: plain data. */
  readonly recipe?: unknown;
  readonly note?: string | undefined;
  readonly restoredVersion?: number | undefined;
  readonly fileName?: string | undefined;
}

/** Stores a table as a dataset's next version; see `addDraft`. */
export async function addVersion(session: Session, datasetId: string, table: Table, version: NewVersion): Promise<number> {
  const path = await session.store.temporary();
  try {
    const draft = await writeDraft(table, path).catch((cause) => {
      throw explain(cause, session.store.folder);
    });
    return await addDraft(session, datasetId, draft, version);
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Stores a draft as a dataset's next version, which becomes the active one: a Parquet file named by the hash of its content, kept once however many
 * versions hold it. Throws LimitError beyond the project's quota, StoreError for a full disk.
 */
export async function addDraft(session: Session, datasetId: string, draft: Draft, version: NewVersion): Promise<number> {
  const file = `datasets/project_${session.projectId}/${draft.contentHash}.parquet`;
  const values = {
    content_hash: draft.contentHash,
    file,
    size_bytes: draft.sizeBytes,
    row_count: draft.rows,
    columns: JSON.stringify(draft.columns),
    memory_bytes: draft.memoryBytes,
  };
  const note = [version.note ?? "", draft.leftOut].filter((text) => text !== "").join("; ");
  return transaction(session.db, async (db) => {
    await lockFiles(db, session.projectId);
    await keepWithinQuota(session, db, file, draft.sizeBytes);
    await placeFile(session, draft.path, file);
    return insertVersion(session, db, datasetId, values, { ...version, note });
  });
}

/** Makes an earlier version the newest once more. Its file is not written again. */
export async function copyVersion(session: Session, datasetId: string, version: number): Promise<number> {
  return transaction(session.db, async (db) => {
    await lockFiles(db, session.projectId);
    const { content_hash, file, size_bytes, row_count, columns, memory_bytes } = await db
      .selectFrom("dataset_versions")
      .selectAll()
      .where("dataset_id", "=", datasetId)
      .where("version", "=", version)
      .executeTakeFirstOrThrow();
    const values = { content_hash, file, size_bytes, row_count, columns: JSON.stringify(columns), memory_bytes };
    return insertVersion(session, db, datasetId, values, { origin: "restore", restoredVersion: version });
  });
}

/** Versions of a dataset, newest first, at most 200. */
export async function listVersions({ db }: Session, datasetId: string): Promise<DatasetVersionInfo[]> {
  const rows = await db
    .selectFrom("dataset_versions as v")
    .leftJoin("dataset_versions as p", "p.id", "v.parent_id")
    .leftJoin("users as u", "u.id", "v.created_by")
    .select(["v.version", "v.row_count", "v.content_hash", "v.origin", "v.restored_version", "v.steps", "v.note"])
    .select(["v.file_name", "v.size_bytes", "v.memory_bytes", "v.created_at", "p.version as parent", "u.username"])
    .select(sql<number>`jsonb_array_length(v.columns)`.as("column_count"))
    .where("v.dataset_id", "=", datasetId)
    .orderBy("v.version", "desc")
    .limit(200)
    .execute();
  return rows.map((row) => ({
    version: row.version,
    rows: Number(row.row_count),
    columns: row.column_count,
    content_hash: row.content_hash,
    origin: row.origin,
    parent: row.parent,
    restored: row.restored_version,
    steps: row.steps as Step[],
    note: row.note,
    file_name: row.file_name,
    size_bytes: row.size_bytes === null ? null : Number(row.size_bytes),
    memory_bytes: Number(row.memory_bytes),
    created_by: row.username,
    created_at: row.created_at.toISOString(),
  }));
}

/** Bytes that the project's datasets take, each file counted once, and how many they may. */
export async function storageUse({ db, projectId }: Session): Promise<StorageUse> {
  const { used, datasets, quota } = await sql<{ used: string; datasets: string; quota: string | null }>`
    select (select coalesce(sum(size), 0) from
             (select max(size_bytes) as size from dataset_versions where project_id = ${projectId} group by file) as files) as used,
           (select count(*) from datasets where project_id = ${projectId}) as datasets,
           (select quota_bytes from projects where id = ${projectId}) as quota`
    .execute(db)
    .then(({ rows }) => rows[0]!);
  return { used_bytes: Number(used), datasets: Number(datasets), quota_bytes: quota === null ? null : Number(quota) };
}

/** Sets how many bytes the project's datasets may take, null for no bound; what is there stays. Throws ParamsError for no whole number. */
export async function changeQuota(session: Session, quotaBytes: number | null): Promise<StorageUse> {
  await authorize(session, "delete");
  if (quotaBytes !== null && !(Number.isSafeInteger(quotaBytes) && quotaBytes >= 0))
    throw new ParamsError(`storage: quota must be a whole number of bytes ≥ 0 or null, got ${quotaBytes}`);
  await session.db.updateTable("projects").set({ quota_bytes: quotaBytes }).where("id", "=", session.projectId).execute();
  return storageUse(session);
}

/** Held in a transaction by whoever adds or removes files of the project's datasets, so that none is removed while it gets a version. */
export async function lockFiles(db: Work, projectId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${projectId}, 2))`.execute(db);
}

async function keepWithinQuota(session: Session, db: Work, file: string, sizeBytes: number): Promise<void> {
  const { used_bytes, quota_bytes } = await storageUse({ ...session, db });
  if (quota_bytes === null || used_bytes + sizeBytes <= quota_bytes) return;
  const there = await db.selectFrom("dataset_versions").select("id").where("file", "=", file).limit(1).executeTakeFirst();
  if (there) return;
  throw new LimitError(
    `dataset: this project may store ${quota_bytes} bytes and holds ${used_bytes}, the new version takes ${sizeBytes}: delete a dataset or raise the quota`,
  );
}

/** Moves a draft into its place unless the same content lies there. */
async function placeFile({ store }: Session, draft: string, file: string): Promise<void> {
  if (existsSync(store.path(file))) return;
  if (!existsSync(draft)) throw new StoreError("dataset: its file was removed while the version was written; try again");
  await store.make(file, async (place) => renameSync(draft, place));
}

async function insertVersion(
  session: Session,
  db: Work,
  datasetId: string,
  values: {
    readonly content_hash: string;
    readonly file: string;
    readonly size_bytes: string | number | null;
    readonly row_count: string | number;
    readonly columns: string;
    readonly memory_bytes: string | number;
  },
  { origin, parentId, steps = [], recipe, note = "", restoredVersion, fileName }: NewVersion,
): Promise<number> {
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
      ...values,
      id: uuidv7(),
      project_id: session.projectId,
      dataset_id: datasetId,
      version,
      origin,
      parent_id: parentId ?? last?.id ?? null,
      steps: JSON.stringify(steps),
      recipe: recipe === undefined ? null : JSON.stringify(recipe),
      note,
      restored_version: restoredVersion ?? null,
      file_name: fileName ?? null,
      created_by: session.userId,
    })
    .execute();
  const { name } = await db
    .updateTable("datasets")
    .set({ status: "ready", error: null, active_version: version })
    .where("id", "=", datasetId)
    .returning("name")
    .executeTakeFirstOrThrow();
  await logDeed(session, db, "dataset.version", `${name}@${version}`);
  await emit(db, session.projectId, datasetId, { kind: "dataset", dataset_id: datasetId, processing_status: "ready" });
  return version;
}
