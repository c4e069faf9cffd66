import { loadModel, NotFoundError } from "assay";
import type { WorkoutReport } from "../../contract/workout-log.ts";
import { type DatasetVersion, datasetTable, datasetVersion, uploadDataset } from "../../datasets/index.ts";
import type { Session } from "../../projects/session.ts";
import { versionFile } from "../../registry/index.ts";
import { type History, historyOf } from "./history.ts";
import type { WorkoutModel } from "./model.ts";
import type { LoadUnit } from "./sets.ts";
import { type StoredSets, setsTable, storedSetsOf } from "./sets-table.ts";
import { updateWorkouts } from "./update.ts";

/** Name of somebody's log among the datasets, and of their model in the registry; an @ would begin a version. */
export function nameOf(userId: string): string {
  return `workouts_${userId.replaceAll("@", "+")}`;
}

/** A stored log with the version of the dataset that it is. */
export interface StoredLog extends StoredSets {
  /** undefined where nothing was stored. */
  readonly version: Pick<DatasetVersion, "id" | "name" | "version"> | undefined;
}

/** At most so many logs and models are held in memory. */
const heldMost = 20;
const logs = new Map<string, Promise<StoredLog>>();
const histories = new WeakMap<StoredLog, Map<string, History>>();

/** Somebody's stored log; without sets where nothing was stored. A version never changes, so each is read once. */
export async function storedLog(session: Session, userId: string): Promise<StoredLog> {
  const version = await newestOf(session, userId);
  if (!version) return { version, sets: [], efforts: new Map() };
  return held(logs, version.id, async () => ({
    version,
    ...storedSetsOf(await datasetTable(session, `${version.name}@${version.version}`)),
  }));
}

/** The newest version of somebody's log, by one question: every prediction asks it. None where nothing was stored, or the first never came whole. */
function newestOf({ db, projectId }: Session, userId: string): Promise<StoredLog["version"]> {
  return db
    .selectFrom("datasets as d")
    .innerJoin("dataset_versions as v", (join) =>
      join.onRef("v.dataset_id", "=", "d.id").onRef("v.version", "=", "d.active_version"),
    )
    .select(["v.id", "d.name", "v.version"])
    .where("d.project_id", "=", projectId)
    .where("d.name", "=", nameOf(userId))
    .executeTakeFirst();
}

/** A stored log as predictions see it, in a unit. */
export function historyOfStored(log: StoredLog, unit: LoadUnit | undefined): History {
  const known = histories.get(log) ?? new Map<string, History>();
  histories.set(log, known);
  const history = known.get(String(unit)) ?? historyOf(log, unit);
  known.set(String(unit), history);
  return history;
}

/** What is kept of a log beside its sets. */
interface LogFacts {
  readonly sets: number;
  readonly sessions: number;
  readonly exercises: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** How much a log holds. */
export function factsOf({ sets }: Pick<StoredSets, "sets">): LogFacts {
  return {
    sets: sets.length,
    sessions: new Set(sets.map(({ time }) => time)).size,
    exercises: new Set(sets.map(({ exercise }) => exercise)).size,
    from: sets[0]?.day ?? null,
    to: sets.at(-1)?.day ?? null,
  };
}

/** Stores somebody's log as the next version of their dataset, with the report of what came; gives it as it is stored. */
export async function storeLog(
  session: Session,
  userId: string,
  log: StoredSets,
  report: WorkoutReport | null,
): Promise<StoredLog> {
  const facts = factsOf(log);
  const info = await uploadDataset(session, setsTable(log), {
    name: nameOf(userId),
    fileName: report?.file_name,
    newVersion: true,
    note: `${facts.sessions} sessions`,
  });
  const version = await datasetVersion(session, `${info.name}@${info.version}`);
  const values = { user_id: userId, facts: JSON.stringify(facts), report: report && JSON.stringify(report) };
  await session.db
    .insertInto("workout_logs")
    .values({ dataset_version_id: version.id, project_id: session.projectId, ...values })
    .onConflict((conflict) => conflict.column("dataset_version_id").doUpdateSet(values))
    .execute();
  return storedLog(session, userId);
}

/** Somebody's newest ensemble. */
export interface StoredModel {
  /** name@version. */
  readonly name: string;
  /** The run that trained it. */
  readonly runId: string | null;
  readonly model: WorkoutModel;
}

const models = new Map<string, Promise<WorkoutModel>>();
const updated = new WeakMap<WorkoutModel, WeakMap<History, WorkoutModel>>();

/** Somebody's newest ensemble; undefined where none was trained. Files never change, so each is read once. */
export async function storedModel(session: Session, userId: string): Promise<StoredModel | undefined> {
  const found = await orNone(() => versionFile(session, nameOf(userId)));
  if (!found) return undefined;
  const { version, file } = found;
  const model = await held(models, file, () => session.store.fetch(file).then((path) => loadModel<WorkoutModel>(path)));
  return { name: `${version.name}@${version.version}`, runId: version.run_id, model };
}

/** The ensemble after the sessions of a history that came since its training; reckoned once for each history. */
export function upToDate(model: WorkoutModel, history: History): WorkoutModel {
  const known = updated.get(model) ?? new WeakMap<History, WorkoutModel>();
  updated.set(model, known);
  const current = known.get(history) ?? updateWorkouts(model, history);
  known.set(history, current);
  return current;
}

/** What is held under a key, made once; what fails is not held. */
function held<T>(of: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = of.get(key);
  if (known) return known;
  const made = make();
  of.set(key, made);
  made.catch(() => of.delete(key));
  if (of.size > heldMost) of.delete(of.keys().next().value!);
  return made;
}

async function orNone<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
