import { DataError, NotFoundError, ParamsError, suggest } from "assay";
import { type SqlBool, sql } from "kysely";
import type { z } from "zod";
import { say, wordsOf } from "../../contract/sentences.ts";
import type { workoutTrain, workoutTrained } from "../../contract/workout.ts";
import {
  aliasTable,
  type WorkoutLogInfo,
  type WorkoutLogWhole,
  type WorkoutReport,
  type workoutLogAnswer,
  type workoutUpload,
  type workoutUploaded,
} from "../../contract/workout-log.ts";
import { spellingOf } from "../../contract/workout-rule.ts";
import { holdLock, writing } from "../../db/hold.ts";
import { type Page, pageOf, readIdCursor } from "../../db/pages.ts";
import { ensureWorker, submitJob } from "../../jobs/index.ts";
import { authorize, type Session } from "../../projects/session.ts";
import type { AliasTable } from "./aliases.ts";
import { leastSessions } from "./model.ts";
import { logOfEntries, readLog } from "./read-log.ts";
import type { Answer } from "./service.ts";
import type { WorkoutLog } from "./sets.ts";
import { mergeLogs, type StoredSets } from "./sets-table.ts";
import { factsOf, historyOfStored, nameOf, type StoredLog, storedLog, storedModel, storeLog, upToDate } from "./stored-log.ts";
import { wireReport } from "./wire.ts";

/** A file of a log on this machine, and how it is taken. */
interface LogFile extends Omit<z.output<typeof workoutUpload>, "aliases"> {
  readonly path: string;
  readonly fileName?: string | undefined;
  readonly aliases?: AliasTable | undefined;
}

/** Checks an exported log, stores its sets and queues the training where there is enough to learn from. Throws what `readLog` throws. */
export async function uploadLog(session: Session, asked: LogFile): Promise<Answer<typeof workoutUploaded>> {
  await authorize(session, "write");
  const userId = asked.user_id ?? session.userId;
  const { path, fileName, unit, aliases } = asked;
  const { stored } = await storeMore(
    session,
    userId,
    (known) => readLog(path, { fileName, unit, aliases: { ...known, ...aliases } }),
    asked,
  );
  return { log: await wholeOf(session, userId, stored), ...(await trainStored(session, userId, stored, asked.retrain)) };
}

/** A table of aliases as a form sends it. Throws ParamsError for what is none. */
export function readAliases(text: string | undefined): AliasTable | undefined {
  if (text === undefined) return undefined;
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch {}
  const { success, data } = aliasTable.safeParse(table);
  if (success) return data;
  throw Object.assign(
    new ParamsError(`workouts: aliases must be JSON as {"written": "exercise"}, got ${JSON.stringify(text.slice(0, 60))}`),
    { field: "aliases" },
  );
}

/** Adds sessions to somebody's log, and queues the training of their ensemble where there is enough to learn from. */
export async function trainLog(session: Session, asked: z.output<typeof workoutTrain>): Promise<Answer<typeof workoutTrained>> {
  await authorize(session, "write");
  const userId = asked.user_id ?? session.userId;
  const { new_data, unit, retrain } = asked;
  const isNew = new_data.length > 0;
  const read = async (aliases: AliasTable): Promise<WorkoutLog> => logOfEntries(new_data, { unit, aliases });
  const { stored, log } = isNew
    ? await storeMore(session, userId, read, { replace: false })
    : { stored: await storedLog(session, userId), log: undefined };
  if (!stored.version) throw new ParamsError("workouts: new_data must hold sessions where no log is stored yet, got none");
  const { sets, sessions } = factsOf(stored);
  return {
    user_id: userId,
    dataset: isNew ? refOf(stored) : null,
    sets,
    sessions,
    problems: (log?.report.problems ?? []).slice(0, 100).map(({ line, column, message }) => ({ line, column, message })),
    ...(await trainStored(session, userId, stored, retrain)),
  };
}

/** Does what changes somebody's log once nobody else does, so that of two who add at the same time neither loses the other's sessions. */
async function alone<T>({ projectId }: Session, userId: string, work: () => Promise<T>): Promise<T> {
  const release = await holdLock(writing.workouts, `${projectId}/${userId}`, { alone: true });
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Reads more of a log with the names that it has, and stores it; the ensemble hears of the sessions at once. Throws DataError for no session. */
async function storeMore(
  session: Session,
  userId: string,
  read: (aliases: AliasTable) => Promise<WorkoutLog>,
  { replace }: { readonly replace: boolean },
): Promise<{ readonly stored: StoredLog; readonly log: WorkoutLog }> {
  const { stored, log } = await alone(session, userId, async () => {
    const former = await storedLog(session, userId);
    const log = await read(aliasesIn(former));
    if (log.sets.length === 0)
      throw new DataError(`workouts: the log holds no session (${log.report.fileName}); nothing was stored`);
    const whole = replace ? log : mergeLogs(former, log);
    return { stored: await storeLog(session, userId, whole, wireReport(log.report)), log };
  });
  const model = await storedModel(session, userId);
  if (model) upToDate(model.model, historyOfStored(stored, model.model.state.unit));
  return { stored, log };
}

/** The names that were given by hand: those that differ from what was written by more than spelling. */
function aliasesIn({ sets }: StoredSets): AliasTable {
  const given = sets.filter(({ written, exercise }) => spellingOf(written) !== spellingOf(exercise));
  return Object.fromEntries(given.map(({ written, exercise }) => [written, exercise]));
}

/** Queues the training of a stored log, or says why not. */
async function trainStored(session: Session, userId: string, stored: StoredLog, retrain: boolean) {
  const { exercises } = historyOfStored(stored, undefined);
  const rows = [...exercises.values()].reduce((sum, own) => sum + Math.max(0, own.filter(({ top }) => top > 0).length - 1), 0);
  const reasons = !retrain ? [say("retrain_false")] : rows < leastSessions ? [say("log_short", leastSessions, rows)] : [];
  if (reasons.length > 0) return { job_id: null, run_id: null, reason: wordsOf(reasons), reason_codes: reasons };
  const request = { user_id: userId, dataset: refOf(stored) };
  const { jobId, runId } = await submitJob(session, "workout", request, { experiment: "workouts", runName: nameOf(userId) });
  await ensureWorker(session);
  return { job_id: jobId, run_id: runId ?? null, reason: null, reason_codes: [] };
}

/** Gives written names of a log the name that they shall have: its next version. Throws NotFoundError for a name that the log has not. */
export async function changeAliases(
  session: Session,
  asked: { readonly user_id?: string | undefined; readonly aliases: AliasTable },
) {
  await authorize(session, "write");
  const userId = asked.user_id ?? session.userId;
  await alone(session, userId, () => renameIn(session, userId, asked.aliases));
}

async function renameIn(session: Session, userId: string, aliases: AliasTable): Promise<void> {
  const stored = await storedLog(session, userId);
  if (!stored.version)
    throw new NotFoundError(`workouts: no log of ${JSON.stringify(userId)} is stored, so it has no names to change`);
  const names = new Map(stored.sets.map(({ written }) => [spellingOf(written), written]));
  const wanted = new Map(Object.entries(aliases).map(([written, exercise]) => [spellingOf(written), exercise]));
  for (const written of Object.keys(aliases))
    if (!names.has(spellingOf(written)))
      throw new NotFoundError(
        `workouts: the log has no exercise ${JSON.stringify(written)}${suggest(written, [...names.values()])}`,
      );
  const sets = stored.sets.map((set) => ({ ...set, exercise: wanted.get(spellingOf(set.written)) ?? set.exercise }));
  const { report } = await wholeOf(session, userId, stored);
  await storeLog(session, userId, { sets, efforts: stored.efforts }, report);
}

/** Somebody's log with its report; null where nothing is stored. */
export async function getLog(
  session: Session,
  asked: { readonly user_id?: string | undefined },
): Promise<Answer<typeof workoutLogAnswer>> {
  await authorize(session, "read");
  const userId = asked.user_id ?? session.userId;
  const stored = await storedLog(session, userId);
  return { user_id: userId, log: stored.version ? await wholeOf(session, userId, stored) : null };
}

async function wholeOf(session: Session, userId: string, stored: StoredLog): Promise<WorkoutLogWhole> {
  const row = await session.db
    .selectFrom("dataset_versions as v")
    .leftJoin("workout_logs as w", "w.dataset_version_id", "v.id")
    .select(["v.created_at", "w.report"])
    .where("v.id", "=", stored.version!.id)
    .where("v.project_id", "=", session.projectId)
    .executeTakeFirstOrThrow();
  const model = await storedModel(session, userId);
  return {
    user_id: userId,
    dataset: refOf(stored),
    ...factsOf(stored),
    model: model?.name ?? null,
    created_at: row.created_at.toISOString(),
    report: row.report as WorkoutReport | null,
  };
}

/** The logs of a project, one for each user, newest first. */
export async function listLogs(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<WorkoutLogInfo>> {
  await authorize(session, "read");
  const { db, projectId } = session;
  const rows = await db
    .selectFrom("workout_logs as w")
    .innerJoin("dataset_versions as v", "v.id", "w.dataset_version_id")
    .innerJoin("datasets as d", (join) => join.onRef("d.id", "=", "v.dataset_id").onRef("d.active_version", "=", "v.version"))
    .select((is) => [
      ...(["w.dataset_version_id as id", "w.user_id", "w.facts", "w.created_at", "d.name", "v.version"] as const),
      is
        .selectFrom("models as m")
        .innerJoin("model_versions as n", "n.model_id", "m.id")
        .select(sql<string>`m.name || '@' || n.version`.as("model"))
        .whereRef("m.name", "=", "d.name")
        .whereRef("m.project_id", "=", "d.project_id")
        .orderBy(sql`n.status = 'production'`, "desc")
        .orderBy("n.id", "desc")
        .limit(1)
        .as("model"),
    ])
    .where("w.project_id", "=", projectId)
    .where(cursor === undefined ? sql<SqlBool>`true` : sql<SqlBool>`w.dataset_version_id < ${readIdCursor(cursor)}::uuid`)
    .orderBy("w.dataset_version_id", "desc")
    .limit(limit + 1)
    .execute();
  const item = ({ user_id, facts, created_at, name, version, model }: (typeof rows)[number]): WorkoutLogInfo => ({
    user_id,
    dataset: `${name}@${version}`,
    ...(facts as Omit<WorkoutLogInfo, "user_id" | "dataset" | "model" | "created_at">),
    model,
    created_at: created_at.toISOString(),
  });
  return pageOf(rows, limit, item, ({ id }) => [id]);
}

function refOf({ version }: StoredLog): string {
  return `${version!.name}@${version!.version}`;
}
