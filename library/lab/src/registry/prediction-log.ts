import { createHash } from "node:crypto";
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
export type PredictionObserver = (db: Work, session: Session, batch: readonly LoggedPrediction[]) => Promise<void>;

const observers: PredictionObserver[] = [];

/** Has every batch of the log seen as it is written. */
export function observePredictions(observer: PredictionObserver): void {
  observers.push(observer);
}

/** How long an answer waits for others to be written with, at most. */
const waitMs = 100;
/** Few enough that making a batch ready holds up no answer for long. */
const batchMost = 200;
const keptMost = 100_000;

interface Log {
  session: Session;
  waiting: LoggedPrediction[];
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void> | undefined;
  lost: number;
}

const logs = new WeakMap<object, Map<string, Log>>();

/** Puts a prediction into the log: written with others within 250 ms, off the way of the answer. */
export function logPrediction(session: Session, prediction: LoggedPrediction): void {
  const log = logOf(session);
  if (log.waiting.length >= keptMost) {
    log.lost++;
    return;
  }
  log.waiting.push(prediction);
  if (log.waiting.length >= batchMost) start(log);
  else log.timer ??= setTimeout(() => start(log), waitMs);
}

/** Writes what waits. Throws StoreError when the database is away; it stays waiting then. */
export async function flushPredictions(session: Session): Promise<void> {
  const log = logOf(session);
  while (log.waiting.length > 0 || log.writing) {
    const before = log.waiting.length;
    await (log.writing ?? start(log));
    if (!log.writing && log.waiting.length >= before && before > 0)
      throw new StoreError(`predictions: ${before} wait to be written, the database is away`);
  }
}

/** Predictions that wait, and those given up because too many waited. */
export function predictionLogState(session: Session): { readonly waiting: number; readonly lost: number } {
  const { waiting, lost } = logOf(session);
  return { waiting: waiting.length, lost };
}

function logOf(session: Session): Log {
  let projects = logs.get(session.db);
  if (!projects) logs.set(session.db, (projects = new Map()));
  let log = projects.get(session.projectId);
  if (!log) projects.set(session.projectId, (log = { session, waiting: [], timer: undefined, writing: undefined, lost: 0 }));
  return log;
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
    const batch = log.waiting.slice(0, batchMost);
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
    log.waiting.splice(0, batch.length);
  }
}

/** One that the database refuses takes no others with it. */
async function writeSingly(log: Log, batch: readonly LoggedPrediction[]): Promise<void> {
  for (const one of batch)
    try {
      await writeBatch(log.session, [one]);
    } catch (error) {
      log.lost++;
      logger("registry").error(`a prediction could not be logged: ${(error as Error).message}`);
    }
}

let isObserverTold = false;

async function writeBatch(session: Session, batch: readonly LoggedPrediction[]): Promise<void> {
  let observed: unknown;
  try {
    await session.db.transaction().execute(async (db) => {
      await insert(session, db, batch);
      for (const observer of observers)
        await observer(db, session, batch).catch((error) => {
          observed = error;
          throw error;
        });
    });
  } catch (error) {
    if (observed === undefined || isConnectionLoss(error)) throw error;
    if (!isObserverTold) logger("registry").error(`what watches predictions failed: ${(observed as Error).message}`);
    isObserverTold = true;
    await session.db.transaction().execute((db) => insert(session, db, batch));
  }
}

/** Whose rows were erased after a prediction was made, and versions deleted since, are left out. */
async function insert({ projectId }: Session, db: Work, batch: readonly LoggedPrediction[]): Promise<void> {
  const rows = batch.filter(({ keep }) => keep !== "off");
  if (rows.length === 0) return;
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`erase ${projectId}`}, 6))`.execute(db);
  const column = <T>(of: (row: LoggedPrediction) => T): T[] => rows.map(of);
  await sql`insert into predictions (id, project_id, model_version_id, user_key, source, reason, row_count, inputs_hash, inputs, prediction,
      proba, latency_ms, ab_test_id, arm, shadow, job_id, at)
    select t.id, ${projectId}::uuid, t.version, t.user_key, t.source, t.reason, t.row_count, t.hash, t.inputs::jsonb, t.prediction::jsonb,
      t.proba::jsonb, t.latency, t.ab_test, t.arm, t.shadow, t.job, t.at
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ versionId }) => versionId)}::uuid[], ${column(({ userKey }) => userKey)}::text[],
      ${column(({ userKey }) => (userKey === null ? null : subjectHash(projectId, userKey)))}::text[],
      ${column(({ source }) => source)}::text[], ${column(({ reason }) => reason)}::text[], ${column(({ rowCount }) => rowCount)}::integer[],
      ${column(hashOf)}::text[], ${column(valuesOf)}::text[], ${column(({ prediction }) => JSON.stringify(prediction))}::text[],
      ${column(({ proba }) => proba && JSON.stringify(proba))}::text[], ${column(({ latencyMs }) => latencyMs)}::float8[],
      ${column(({ abTestId }) => abTestId)}::uuid[], ${column(({ arm }) => arm)}::text[], ${column(({ shadow }) => shadow)}::boolean[],
      ${column(({ jobId }) => jobId)}::uuid[], ${column(({ at }) => at)}::timestamptz[])
      as t (id, version, user_key, subject, source, reason, row_count, hash, inputs, prediction, proba, latency, ab_test, arm, shadow, job, at)
    where exists (select from model_versions v where v.id = t.version)
      and (t.subject is null or not exists (
        select from erasures e where e.project_id = ${projectId}::uuid and e.subject_hash = t.subject and e.at >= t.at))
    on conflict (id) do nothing`.execute(db);
}

/** A person's key as it stands in the record of erasures. */
export function subjectHash(projectId: string, userKey: string): string {
  return createHash("sha256").update(`${projectId} ${userKey}`).digest("hex");
}

function hashOf({ rows }: LoggedPrediction): string {
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

function valuesOf({ keep, columns, rows }: LoggedPrediction): string | null {
  if (keep !== "values") return null;
  return JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((name, j) => [name, row[j] ?? null]))));
}
