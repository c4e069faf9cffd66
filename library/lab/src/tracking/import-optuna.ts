import { lstat, open } from "node:fs/promises";
import { basename } from "node:path";
import { type AddedTrial, DataError, NotFoundError } from "assay";
import { sql } from "kysely";
import type { ImportReport } from "../contract/imports.ts";
import { takesItsTime } from "../db/silence.ts";
import { authorize, type Session } from "../projects/session.ts";
import { isRefusal, placeOf } from "./import-mlflow.ts";
import { type OptunaStudy, readOptunaJournal } from "./import-optuna-journal.ts";
import { isOptunaDatabase, readOptunaDatabase } from "./import-optuna-sqlite.ts";
import { addedTrial } from "./import-optuna-values.ts";
import { type ImportTally, importTally } from "./import-report.ts";
import { openSqlite } from "./import-sqlite.ts";
import { studyStorage } from "./studies.ts";

/** Trials that are written at once. */
const batch = 2000;

/** How an import is stopped. */
export interface OptunaImportOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes over the studies of an Optuna database (SQLite) or journal file: directions, trials with their numbers, states,
 * parameters, distributions, values and reports (NaN and ±Infinity kept), attributes. Imported again, a study gets the trials
 * that came since. A study that cannot be read is left out whole, and named with its place. Times without a zone are taken as
 * UTC. Throws DataError where nothing could be taken.
 */
export async function importOptuna(session: Session, path: string, { signal }: OptunaImportOptions = {}): Promise<ImportReport> {
  await authorize(session, "write");
  const file = basename(path);
  const stats = await lstat(path).catch((cause) => {
    throw new NotFoundError(`importOptuna: no file ${file}`, { cause });
  });
  if (!stats.isFile()) throw new DataError(`importOptuna: must be a database or journal file (${file})`);
  if (await isSqlite(path)) {
    const database = await openSqlite(path, file);
    try {
      if (!isOptunaDatabase(database))
        throw new DataError(
          `importOptuna: must be a database of Optuna, its tables are ${[...database.tables].slice(0, 10).join(", ")} (${file})`,
        );
      return await importAll(session, readOptunaDatabase(database, file), importTally("optuna", "SQLite"), signal);
    } finally {
      database.close();
    }
  }
  const { studies, cutLine } = await readOptunaJournal(path, file);
  const tally = importTally("optuna", "journal");
  if (cutLine > 0)
    tally.tell({
      kind: "value",
      name: file,
      outcome: "left out",
      reason: "the last line is cut off",
      place: `${file}, line ${cutLine}`,
    });
  return importAll(session, studies, tally, signal);
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return bytesRead === 16 && buffer.toString("latin1") === "SQLite format 3\0";
  } finally {
    await file.close();
  }
}

async function importAll(
  session: Session,
  studies: readonly OptunaStudy[],
  tally: ImportTally,
  signal?: AbortSignal,
): Promise<ImportReport> {
  const failures: Error[] = [];
  let taken = 0;
  for (const study of studies) {
    signal?.throwIfAborted();
    try {
      await alone(session, study.name, () => importStudy(session, study, tally, signal));
      taken++;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failures.push(error);
      tally.tell({ kind: "study", name: study.name, outcome: "left out", reason: error.message, place: placeOf(error.message) });
    }
  }
  if (taken === 0 && failures.length > 0) throw failures[0];
  return tally.report();
}

let turn: Promise<unknown> = Promise.resolve();

/** One import of a study at a time, here and in other processes: each goes on behind the trials that are there. */
function alone(session: Session, name: string, work: () => Promise<void>): Promise<void> {
  const own = turn.then(() =>
    session.db.transaction().execute(async (db) => {
      await takesItsTime(db);
      await sql`select pg_advisory_xact_lock(hashtextextended(${`import ${session.projectId} ${name}`}, 1))`.execute(db);
      await work();
    }),
  );
  turn = own.catch(() => {});
  return own;
}

async function importStudy(session: Session, study: OptunaStudy, tally: ImportTally, signal?: AbortSignal): Promise<void> {
  for (const trial of study.trials()) addedTrial(trial, study.directions.length, `${study.place}, trial ${trial.number}`); // refused before anything is written
  const storage = studyStorage(session);
  const { record, isNew } = await studyOf(session, study);
  let there = await trialsThere(session, record.id);
  let added = 0;
  let trials: AddedTrial[] = [];
  const write = async (): Promise<void> => {
    if (trials.length === 0) return;
    await storage.add(record.id, trials);
    there += trials.length;
    added += trials.length;
    trials = [];
  };
  const open: number[] = [];
  for (const trial of study.trials()) {
    if (trial.number < there + trials.length && trials.length === 0) continue;
    if (trial.state === "RUNNING") open.push(trial.number);
    trials.push(addedTrial(trial, study.directions.length, study.place));
    if (trials.length < batch) continue;
    await write();
    signal?.throwIfAborted();
  }
  await write();
  tally.counts.trials += added;
  if (isNew) tally.counts.studies++;
  tally.tell({
    kind: "study",
    name: study.name,
    id: record.id,
    outcome: isNew ? "taken" : added > 0 ? "updated" : "there already",
  });
  if (open.length > 0)
    tally.tell({
      kind: "value",
      name: study.name,
      id: record.id,
      outcome: "left out",
      reason: `${open.length} trials were running, and are failed here: ${open.slice(0, 20).join(", ")}`,
    });
}

/** The study of this origin: the one that was imported before, or a new one, whose name is free. */
async function studyOf(session: Session, study: OptunaStudy) {
  const storage = studyStorage(session);
  const source = { program: "optuna", name: study.name };
  for (let k = 0; ; k++) {
    const name = k === 0 ? study.name.slice(0, 200) : `${study.name.slice(0, 180)} (Optuna${k === 1 ? "" : ` ${k}`})`;
    const found = await storage.find(name);
    const from = found?.attributes["source"] as Partial<typeof source> | undefined;
    if (
      found &&
      from?.program === source.program &&
      from.name === source.name &&
      found.directions.join() === study.directions.join()
    )
      return { record: found, isNew: false };
    if (found) continue; // a study of ours has the name
    const attributes = {
      ...study.userAttributes,
      ...(Object.keys(study.systemAttributes).length > 0 && { optuna: study.systemAttributes }),
      source,
    };
    return { record: await storage.create({ name, directions: study.directions, attributes }), isNew: true };
  }
}

/** How many trials a study has: their numbers are those of Optuna's. */
async function trialsThere({ db, projectId }: Session, study: string): Promise<number> {
  const row = await db
    .selectFrom("study_progress")
    .select("next_number")
    .where("study_id", "=", study)
    .where("project_id", "=", projectId)
    .executeTakeFirstOrThrow();
  return row.next_number;
}
