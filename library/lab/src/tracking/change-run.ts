import { ConflictError, NotFoundError, ParamsError } from "assay";
import { sql } from "kysely";
import { transaction } from "../db/database.ts";
import { notify } from "../db/events.ts";
import { logActivity, logDeed } from "../projects/activity.ts";
import { authorize, type Session } from "../projects/session.ts";
import { checkParent, checkRunNames, columnsOfRun, experimentIds, type RunChanges } from "./create-run.ts";
import { plainText, runJson } from "./run-json.ts";
import { removeSparkModel } from "./spark-models.ts";

/** Sets fields of a run. Throws NotFoundError, ParamsError. */
export async function changeRun(session: Session, id: string, changes: RunChanges): Promise<void> {
  await authorize(session, "write");
  checkRunNames(changes);
  const values = columnsOfRun(changes);
  if (Object.keys(values).length === 0) return;
  await checkParent(session, session.db, { ...changes, id });
  const { numUpdatedRows } = await session.db
    .updateTable("runs")
    .set(values)
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFoundError(`run: no run ${id}`);
  await notify(session.db, session.projectId, id);
}

/** Puts runs into the experiment of this name, which is made when it is not there. Throws NotFoundError for a run that is not there. */
export async function moveRuns(session: Session, ids: readonly string[], experiment: string): Promise<void> {
  await authorize(session, "write");
  const name = plainText(experiment.trim());
  if (name === "") throw new ParamsError("run: the experiment must have a name, got none");
  await transaction(session.db, async (db) => {
    const experimentId = (await experimentIds(session, db, [name])).get(name)!;
    const { numUpdatedRows } = await db
      .updateTable("runs")
      .set({ experiment_id: experimentId })
      .where("id", "in", ids)
      .where("project_id", "=", session.projectId)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (Number(numUpdatedRows) < new Set(ids).size)
      throw new NotFoundError(`run: ${numUpdatedRows} of ${ids.length} runs are there: none was moved`);
  });
}

/** Adds to a run's parameters, tags or environment without touching the others. Throws NotFoundError. */
export async function addToRun(
  session: Session,
  id: string,
  field: "params" | "tags" | "environment",
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await authorize(session, "write");
  const { numUpdatedRows } = await session.db
    .updateTable("runs")
    .set(field, sql`${sql.ref(field)} || ${runJson(values)}::jsonb` as never)
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFoundError(`run: no run ${id}`);
}

/** Which tags many runs get and lose. */
export interface TagChanges {
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Sets and removes tags of many runs at once, all or none. Throws NotFoundError when one is not there. */
export async function tagRuns(session: Session, ids: readonly string[], { set = {}, remove = [] }: TagChanges): Promise<void> {
  await authorize(session, "write");
  const wanted = [...new Set(ids)].sort();
  await transaction(session.db, async (db) => {
    // locked in their order, so that two edits of the same runs never wait in a circle
    const found = await db
      .selectFrom("runs")
      .select("id")
      .where("id", "in", wanted)
      .where("project_id", "=", session.projectId)
      .where("deleted_at", "is", null)
      .orderBy("id")
      .forUpdate()
      .execute();
    if (found.length < wanted.length) {
      const there = new Set(found.map(({ id }) => id));
      throw new NotFoundError(`run: no run ${wanted.find((id) => !there.has(id))}: no tag was changed`);
    }
    await db
      .updateTable("runs")
      .set({ tags: sql`(tags - ${remove.map(plainText)}::text[]) || ${runJson(set)}::jsonb` as never })
      .where("id", "in", wanted)
      .execute();
  });
}

/** Takes runs out of every list; `restoreRuns` brings them back. A run under way is refused. Throws NotFoundError, ConflictError. */
export async function deleteRuns(session: Session, ids: readonly string[]): Promise<void> {
  await authorize(session, "delete");
  await transaction(session.db, async (db) => {
    for (const { id, status } of await locked(session, db, ids)) {
      if (status === "training" || status === "pending")
        throw new ConflictError(`run: ${id} is ${status}: cancel it before it is deleted`);
      await db.updateTable("runs").set({ deleted_at: new Date() }).where("id", "=", id).execute();
      await logDeed(session, db, "run.delete", `run/${id}`);
    }
  });
}

/** Brings deleted runs back as they were. Throws NotFoundError for one that was not deleted, or is gone for good. */
export async function restoreRuns(session: Session, ids: readonly string[]): Promise<void> {
  await authorize(session, "write");
  await transaction(session.db, async (db) => {
    for (const { id } of await locked(session, db, ids, "deleted")) {
      await db.updateTable("runs").set({ deleted_at: null }).where("id", "=", id).execute();
      await logDeed(session, db, "run.restore", `run/${id}`);
    }
  });
}

/** Removes a run for good, with its metrics, logs, files and its model on a Spark, deleted before or not; a run under way is refused. */
export async function purgeRun(session: Session, id: string): Promise<void> {
  await authorize(session, "delete");
  await removeRun(session, id, "any", session.userId);
}

/**
 * The same for a run that was deleted long ago: by its age, with nobody's right, so in archived projects and those of deactivated owners too.
 * Gives false for one that was brought back meanwhile, or is gone.
 */
export async function purgeDeletedRun(session: Omit<Session, "userId">, id: string): Promise<boolean> {
  try {
    await removeRun(session, id, "deleted", null);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

async function removeRun(
  session: Omit<Session, "userId">,
  id: string,
  which: "deleted" | "any",
  userId: string | null,
): Promise<void> {
  const artifacts = await transaction(session.db, async (db) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 1))`.execute(db); // no point is being appended
    const [run] = await locked(session, db, [id], which);
    if (run!.status === "training" || run!.status === "pending")
      throw new ConflictError(`run: ${id} is ${run!.status}: cancel it before it is deleted`);
    const rows = await db.selectFrom("artifacts").select(["file", "kind"]).where("run_id", "=", id).execute();
    await db.deleteFrom("runs").where("id", "=", id).execute();
    await logActivity(db, { action: "run.purge", subject: `run/${id}`, projectId: session.projectId, userId });
    return rows;
  });
  await removeSparkModel(id, { isKnown: artifacts.some(({ kind }) => kind === "spark_model") });
  for (const { file } of artifacts) {
    const kept = await session.db.selectFrom("model_versions").select("id").where("file", "=", file).limit(1).executeTakeFirst();
    if (!kept) await session.store.remove(file);
  }
}

async function locked(
  { projectId }: Pick<Session, "projectId">,
  db: Parameters<Parameters<typeof transaction>[1]>[0],
  ids: readonly string[],
  which: "there" | "deleted" | "any" = "there",
): Promise<{ id: string; status: string }[]> {
  const wanted = [...new Set(ids)].sort();
  let query = db.selectFrom("runs").select(["id", "status"]).where("id", "in", wanted).where("project_id", "=", projectId);
  if (which !== "any") query = query.where("deleted_at", which === "there" ? "is" : "is not", null);
  const found = await query.orderBy("id").forUpdate().execute();
  const there = new Set(found.map(({ id }) => id));
  const missing = wanted.find((id) => !there.has(id));
  if (missing !== undefined) throw new NotFoundError(`run: no ${which === "deleted" ? "deleted " : ""}run ${missing}`);
  return found;
}
