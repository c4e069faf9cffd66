import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { DataError, LimitError, NotFoundError, ParamsError } from "assay";
import type { ImportReport } from "../contract/imports.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type FoundRun, mlflowFileRuns } from "./import-mlflow-files.ts";
import { isMlflowDatabase, mlflowSqliteRuns } from "./import-mlflow-sqlite.ts";
import { type ImportTally, importTally } from "./import-report.ts";
import { copyImportedFiles, linkParents, writeImportedRun } from "./import-runs.ts";
import { openSqlite } from "./import-sqlite.ts";

/** What is taken of a store. */
export interface MlflowImportOptions {
  /** Takes the runs that were deleted in MLflow too, as deleted ones; default false. */
  readonly deleted?: boolean | undefined;
  /** Copies the files of the runs that lie in the store; default true. */
  readonly artifacts?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes over the runs of an MLflow file store (a folder) or database (an SQLite file): experiments, parameters, metrics by step
 * with their times, tags, status, parents, files. A run comes in once, however often its store is imported, and whole or not at
 * all; one that cannot be read is left out and named with file and line. Parameters that are numbers become numbers; `val_loss`
 * becomes loss of the validation. Throws DataError where nothing could be taken, NotFoundError where there is no such path.
 */
export async function importMlflow(session: Session, path: string, options: MlflowImportOptions = {}): Promise<ImportReport> {
  await authorize(session, "write");
  const stats = await lstat(path).catch((cause) => {
    throw new NotFoundError(`importMlflow: no file or folder ${basename(path)}`, { cause });
  });
  if (stats.isDirectory()) return importAll(session, mlflowFileRuns(path), importTally("mlflow", "file store"), options);
  const file = await openSqlite(path, basename(path));
  try {
    if (!isMlflowDatabase(file))
      throw new DataError(
        `importMlflow: must be a database of MLflow, its tables are ${[...file.tables].slice(0, 10).join(", ")} (${basename(path)})`,
      );
    return await importAll(session, mlflowSqliteRuns(file, basename(path)), importTally("mlflow", "SQLite"), options);
  } finally {
    file.close();
  }
}

async function importAll(
  session: Session,
  found: AsyncIterable<FoundRun> | Iterable<FoundRun>,
  tally: ImportTally,
  { deleted = false, artifacts = true, signal }: MlflowImportOptions,
): Promise<ImportReport> {
  const ids = new Map<string, string>();
  const parents: { readonly id: string; readonly parent: string }[] = [];
  const failures: Error[] = [];
  for await (const each of found) {
    signal?.throwIfAborted();
    try {
      const run = await each.read();
      const isDeleted = run.deleted || each.deleted;
      if (isDeleted && !deleted) {
        tally.tell({
          kind: "run",
          name: run.name,
          external_id: run.externalId,
          outcome: "left out",
          reason: "deleted in MLflow",
        });
        continue;
      }
      const { id, outcome, metrics } = await writeImportedRun(session, "mlflow", { ...run, deleted: isDeleted });
      ids.set(run.externalId, id);
      if (run.parentExternalId !== null) parents.push({ id, parent: run.parentExternalId });
      tally.counts.metrics += metrics;
      if (outcome === "taken") tally.counts.runs++;
      tally.tell({ kind: "run", name: run.name, external_id: run.externalId, id, outcome, reason: run.error });
      for (const reason of run.notes)
        tally.tell({ kind: "value", name: run.name, external_id: run.externalId, id, outcome: "left out", reason });
      if (artifacts && !isDeleted) await copyImportedFiles(session, id, run, tally);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failures.push(error);
      tally.tell({ kind: "run", name: each.name, outcome: "left out", reason: error.message, place: placeOf(error.message) });
    }
  }
  const links = parents.flatMap(({ id, parent }) => (ids.has(parent) ? [{ id, parentId: ids.get(parent)! }] : []));
  await linkParents(session, links);
  for (const { id, parent } of parents)
    if (!ids.has(parent))
      tally.tell({
        kind: "value",
        name: "mlflow.parentRunId",
        external_id: parent,
        id,
        outcome: "left out",
        reason: "its parent is not among the runs taken",
      });
  if (ids.size === 0 && failures.length > 0) throw failures[0];
  return tally.report();
}

/** Whether a run was refused for what it is; other errors end the import. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof DataError || error instanceof ParamsError || error instanceof LimitError;
}

/** The place that a message ends with, in brackets. */
export function placeOf(message: string): string | null {
  const [, file] = /\(([^()]+)\)$/.exec(message) ?? [];
  if (file === undefined) return null;
  const [, line] = /\b(line \d+)\b/.exec(message) ?? [];
  return line === undefined ? file : `${file}, ${line}`;
}
