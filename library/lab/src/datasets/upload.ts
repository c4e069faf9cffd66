import { rm, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { ConflictError, DataError, type ReadTableOptions, suggest, type Table } from "assay";
import { v7 as uuidv7 } from "uuid";
import type { DatasetInfo } from "../contract/datasets.ts";
import { transaction } from "../db/database.ts";
import { requireSpace } from "../db/disk.ts";
import { emit } from "../db/events.ts";
import { explain } from "../db/store.ts";
import { authorize, type Session } from "../projects/session.ts";
import { getDataset } from "./datasets.ts";
import { type Draft, writeDraft } from "./draft.ts";
import { readDraft, readDraftApart } from "./read-upload.ts";
import { holdDataset } from "./recover.ts";
import { checkName } from "./references.ts";
import { addDraft } from "./versions.ts";

/** What is uploaded: a file, or a table that is already there. */
export interface Upload {
  /** Default: the file's name without its ending. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly target?: string | undefined;
  /** How the file is read, where name and content do not tell; see `ml.readTable`. */
  readonly read?: ReadTableOptions;
  /** Name of the uploaded file, when the path is one in passing. */
  readonly fileName?: string | undefined;
  /** Adds a version to the dataset of this name in place of refusing it. */
  readonly newVersion?: boolean | undefined;
  /** Said in the history of versions. */
  readonly note?: string | undefined;
}

/**
 * Stores a file, a table or a draft as a dataset's next version (Parquet, by content hash). Throws ConflictError for a name that is taken,
 * DataError for a file that cannot be read; then the dataset stays, failed, with the reason.
 */
export async function uploadDataset(session: Session, source: Source, upload: Upload = {}): Promise<DatasetInfo> {
  await authorize(session, "write");
  const fileName = upload.fileName ?? (typeof source === "string" ? basename(source) : undefined);
  const name = checkName(upload.name ?? (fileName ? fileName.slice(0, fileName.length - extname(fileName).length) : ""));
  const sizeBytes = typeof source === "string" ? (await stat(source).catch(() => undefined))?.size : undefined;
  requireSpace(session.store.folder, sizeBytes ?? 0, "upload");
  const release = await holdDataset(session, name);
  try {
    return await readInto(
      session,
      await reserve(session, name, { ...upload, fileName }, sizeBytes),
      source,
      upload,
      fileName,
      sizeBytes,
    );
  } finally {
    await release();
  }
}

async function readInto(
  session: Session,
  id: string,
  source: Source,
  upload: Upload,
  fileName: string | undefined,
  sizeBytes: number | undefined,
): Promise<DatasetInfo> {
  try {
    await inTurn(async () => {
      await setStatus(session, id, "processing");
      const version = { origin: "upload", note: upload.note, fileName } as const;
      await withDraft(session, source, upload, fileName, sizeBytes, async (draft) => {
        const names = draft.columns.map((column) => column.name);
        if (upload.target !== undefined && !names.includes(upload.target))
          throw new DataError(`dataset: no column "${upload.target}"${suggest(upload.target, names)}`);
        await addDraft(session, id, draft, version);
      });
    });
  } catch (error) {
    await setStatus(session, id, "failed", (error as Error).message);
    throw error;
  }
  return getDataset(session, id);
}

/** The path of a file, a table, or a Parquet file whose columns are known. */
type Source = string | Table | Draft;

function isDraft(source: Source): source is Draft {
  return typeof source === "object" && "contentHash" in source;
}

/** Bytes from which a file is read in a process of its own. */
const apartBytes = 16 * 1024 ** 2;

/** Writes the source as a draft, hands it to `work`, and removes it where it was not taken. */
async function withDraft(
  session: Session,
  source: Source,
  { read = {} }: Upload,
  fileName: string | undefined,
  sizeBytes: number | undefined,
  work: (draft: Draft) => Promise<void>,
): Promise<void> {
  if (isDraft(source)) return work(source);
  const path = await session.store.temporary();
  try {
    const written =
      typeof source !== "string"
        ? writeDraft(source, path)
        : ((sizeBytes ?? 0) >= apartBytes ? readDraftApart : readDraft)({
            path: source,
            fileName: fileName!,
            options: read,
            draft: path,
          });
    const draft = await written.catch((cause) => {
      throw explain(cause, session.store.folder);
    });
    await work(draft);
  } finally {
    await rm(path, { force: true });
  }
}

/** Files that this process reads at once; the others wait, pending. */
const readingMax = 2;
let reading = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (reading >= readingMax) await new Promise<void>((resolve) => waiting.push(resolve));
  else reading++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else reading--;
  }
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
      throw new ConflictError(
        `dataset: the name "${name}" is taken; choose another, or make it a new version (newVersion, over HTTP new_version)`,
      );
    const values = {
      status: "pending" as const,
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
          target_column: null,
          ...values,
          id,
          project_id: session.projectId,
          name,
          created_by: session.userId,
          active_version: null,
        })
        .execute();
    await emit(db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: "pending" });
    return id;
  });
}

/** Moves a dataset on. One that has a version stays ready where another could not be added. */
async function setStatus(
  session: Session,
  id: string,
  status: "processing" | "failed",
  error: string | null = null,
): Promise<void> {
  const { active_version } = await session.db
    .selectFrom("datasets")
    .select("active_version")
    .where("id", "=", id)
    .executeTakeFirst()
    .then((row) => row ?? { active_version: null });
  const shown = status === "failed" && active_version !== null ? "ready" : status;
  await session.db.updateTable("datasets").set({ status: shown, error }).where("id", "=", id).execute();
  await emit(session.db, session.projectId, id, { kind: "dataset", dataset_id: id, processing_status: shown });
}
