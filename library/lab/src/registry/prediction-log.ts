import { hash } from "node:crypto";
import { type Cell, StoreError } from "assay";
import { sql } from "kysely";
import type { ModelSettings, Prediction } from "../contract/models.ts";
import { isConnectionLoss, type Work } from "../db/database.ts";
import { logger } from "../log.ts";
import type { Session } from "../projects/session.ts";

/** A prediction on its way into the log. */
export interface LoggedPrediction {
  readonly id: string;
  readonly versionId: string;
  readonly userKey: string | null;
  readonly source: Prediction["source"];
  readonly reason: string | null;
  readonly rowCount: number;
  /** Columns of the model that answered, and the rows' cells in their order; kept in memory until it is written. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is kept of the rows. */
  readonly keep: ModelSettings["log"];
  readonly prediction: Prediction["prediction"];
  readonly proba: Prediction["prediction_proba"];
  readonly latencyMs: number;
  readonly abTestId: string | null;
  readonly arm: string | null;
  readonly shadow: boolean;
  readonly jobId: string | null;
  readonly at: Date;
}

/** Sees what is written, in the same transaction. */
type PredictionObserver = (db: Work, session: Session, batch: readonly LoggedPrediction[]) => Promise<void>;

const observers: PredictionObserver[] = [];

/** Has every batch of the log seen as it is written. */
export function observePredictions(observer: PredictionObserver): void {
  observers.push(observer);
}

/** How long an answer waits for others to be written with, at most. */
const waitMs = 100;
/** Few enough that writing a batch holds up no answer for long. */
const batchMost = 500;
const keptMost = 100_000;

/** Records that are made at once: each by itself costs twice as much, and hundreds would hold up answers. */
const recordsTogether = 32;

/** Predictions, and their records as the database takes them. */
interface Batch {
  readonly predictions: readonly LoggedPrediction[];
  /** "" where none is kept. */
  readonly records: readonly string[];
}

interface Log {
  session: Session;
  waiting: LoggedPrediction[];
  /** Of the first that wait. */
  records: string[];
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void> | undefined;
  /** What is written beside the predictions just now. */
  readonly beside: Set<Promise<void>>;
  lost: number;
}

/** By store, which all callers of one service share, and project. */
const logs = new WeakMap<object, Map<string, Log>>();

/** Puts a prediction into the log: written with others within 250 ms, off the way of the answer. */
export function logPrediction(session: Session, prediction: LoggedPrediction): void {
  const log = logOf(session);
  if (log.waiting.length >= keptMost) {
    log.lost++;
    return;
  }
  log.waiting.push(prediction);
  if (log.waiting.length - log.records.length >= recordsTogether) makeRecords(log, log.waiting.length);
  if (log.waiting.length >= batchMost) start(log);
  else log.timer ??= setTimeout(() => start(log), waitMs);
}

/** Has a flush wait for what is written beside the predictions; it must not reject. */
export function writeBeside(session: Session, writing: Promise<void>): void {
  const { beside } = logOf(session);
  beside.add(writing);
  void writing.finally(() => beside.delete(writing));
}

/** Writes what waits. Throws StoreError when the database is away; it stays waiting then. */
export async function flushPredictions(session: Session): Promise<void> {
  const log = logOf(session);
  await Promise.all(log.beside);
  while (log.waiting.length > 0 || log.writing) {
    const before = log.waiting.length;
    await (log.writing ?? start(log));
    if (!log.writing && log.waiting.length >= before && before > 0)
      throw new StoreError(`predictions: ${before} wait to be written, the database is away`);
  }
}

/** Writes what waits in all projects of a service. Throws StoreError when the database is away. */
export async function flushAllPredictions({ store }: Session): Promise<void> {
  await Promise.all(Array.from(logs.get(store)?.values() ?? [], ({ session }) => flushPredictions(session)));
}

/** Predictions that wait, and those given up because too many waited. */
export function predictionLogState(session: Session): { readonly waiting: number; readonly lost: number } {
  const { waiting, lost } = logOf(session);
  return { waiting: waiting.length, lost };
}

function logOf(session: Session): Log {
  let projects = logs.get(session.store);
  if (!projects) logs.set(session.store, (projects = new Map()));
  let log = projects.get(session.projectId);
  if (!log)
    projects.set(
      session.projectId,
      (log = { session, waiting: [], records: [], timer: undefined, writing: undefined, beside: new Set(), lost: 0 }),
    );
  return log;
}

/** Makes the records of the first so many that wait. */
function makeRecords({ session, waiting, records }: Log, count: number): void {
  for (let k = records.length; k < count; k++) {
    const prediction = waiting[k]!;
    records.push(prediction.keep === "off" ? "" : JSON.stringify(recordOf(session.projectId, prediction)));
  }
}

/** Begins to write unless it is being written; never rejects. */
function start(log: Log): Promise<void> {
  clearTimeout(log.timer);
  log.timer = undefined;
  log.writing ??= write(log).finally(() => {
    log.writing = undefined;
  });
  return log.writing;
}

async function write(log: Log): Promise<void> {
  while (log.waiting.length > 0) {
    const predictions = log.waiting.slice(0, batchMost);
    makeRecords(log, predictions.length);
    const batch: Batch = { predictions, records: log.records.slice(0, predictions.length) };
    try {
      await writeBatch(log.session, batch);
    } catch (error) {
      if (isConnectionLoss(error)) {
        log.timer = setTimeout(() => start(log), 1000);
        log.timer.unref();
        return;
      }
      await writeSingly(log, batch);
    }
    log.waiting.splice(0, predictions.length);
    log.records.splice(0, predictions.length);
  }
}

/** One that the database refuses takes no others with it. */
async function writeSingly(log: Log, { predictions, records }: Batch): Promise<void> {
  for (const [k, prediction] of predictions.entries())
    try {
      await writeBatch(log.session, { predictions: [prediction], records: [records[k]!] });
    } catch (error) {
      log.lost++;
      logger("registry").error(`a prediction could not be logged: ${(error as Error).message}`);
    }
}

let isObserverTold = false;

async function writeBatch(session: Session, { predictions, records }: Batch): Promise<void> {
  let observed: unknown;
  try {
    await session.db.transaction().execute(async (db) => {
      await insert(session, db, records);
      for (const observer of observers)
        await observer(db, session, predictions).catch((error) => {
          observed = error;
          throw error;
        });
    });
  } catch (error) {
    if (observed === undefined || isConnectionLoss(error)) throw error;
    if (!isObserverTold) logger("registry").error(`what watches predictions failed: ${(observed as Error).message}`);
    isObserverTold = true;
    await session.db.transaction().execute((db) => insert(session, db, records));
  }
}

/** Whose rows were erased after a prediction was made, and versions deleted since, are left out. */
async function insert({ projectId }: Session, db: Work, records: readonly string[]): Promise<void> {
  const kept = records.filter((record) => record !== "");
  if (kept.length === 0) return;
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`erase ${projectId}`}, 6))`.execute(db);
  const text = `[${kept.join()}]`; // arrays of each column cost the thread five times as much
  await sql`insert into predictions (id, project_id, model_version_id, user_key, source, reason, row_count, inputs_hash, inputs, prediction,
      proba, latency_ms, ab_test_id, arm, shadow, job_id, at)
    select t.id, ${projectId}::uuid, t.version, t.user_key, t.source, t.reason, t.row_count, t.hash, t.inputs, t.prediction,
      t.proba, t.latency, t.ab_test, t.arm, t.shadow, t.job, t.at
    from json_to_recordset(${text}::json)
      as t (id uuid, version uuid, user_key text, subject text, source text, reason text, row_count integer, hash text, inputs jsonb,
        prediction jsonb, proba jsonb, latency double precision, ab_test uuid, arm text, shadow boolean, job uuid, at timestamptz)
    where exists (select from model_versions v where v.id = t.version)
      and (t.subject is null or not exists (
        select from erasures e where e.project_id = ${projectId}::uuid and e.subject_hash = t.subject and e.at >= t.at))
    on conflict (id) do nothing`.execute(db);
}

/** A prediction by the names of the statement. */
function recordOf(projectId: string, row: LoggedPrediction): Record<string, unknown> {
  const { userKey } = row;
  return {
    id: row.id,
    version: row.versionId,
    user_key: userKey?.toWellFormed() ?? null,
    subject: userKey === null ? null : subjectHash(projectId, userKey),
    source: row.source,
    reason: row.reason?.toWellFormed() ?? null,
    row_count: row.rowCount,
    hash: hashOf(row),
    inputs: valuesOf(row),
    prediction: row.prediction,
    proba: row.proba,
    latency: row.latencyMs,
    ab_test: row.abTestId,
    arm: row.arm,
    shadow: row.shadow,
    job: row.jobId,
    at: row.at,
  };
}

/** A person's key as it stands in the record of erasures. */
export function subjectHash(projectId: string, userKey: string): string {
  return hash("sha256", `${projectId} ${userKey}`);
}

function hashOf({ rows }: LoggedPrediction): string {
  return hash("sha256", JSON.stringify(rows));
}

function valuesOf({ keep, columns, rows }: LoggedPrediction): Record<string, Cell>[] | null {
  if (keep !== "values") return null;
  return rows.map((row) => Object.fromEntries(columns.map((name, j) => [name, row[j] ?? null])));
}
