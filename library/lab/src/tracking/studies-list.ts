import { NotFoundError, suggest } from "assay";
import { type Selectable, sql } from "kysely";
import type { Study, StudyInfo, StudyStanding, TrialInfo, TrialQuery } from "../contract/studies.ts";
import { toMetricValue } from "../contract/values.ts";
import { type ListFields, optional, required } from "../db/list-fields.ts";
import { type ListQuery, listRows } from "../db/list-rows.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import type { RowOf } from "../db/row-of.ts";
import type { Tables } from "../db/tables.ts";
import { authorize, type Session } from "../projects/session.ts";
import { snakeKeys } from "./studies-json.ts";

/** Studies of the project, newest first. O(page), whatever their trials. */
export async function listStudies(session: Session, query: ListQuery = {}): Promise<Page<Study>> {
  return listRows(studyRows(session), query, { fields, item: toStudy });
}

const fields: ListFields = {
  id: required(sql`s.id`, "uuid"),
  name: required(sql`s.name`),
  stopped: required(sql`p.stopped`, "boolean"),
  run_id: optional(sql`s.run_id`, "uuid"),
  created_at: required(sql`s.created_at`, "timestamptz"),
};

/** A study whole, by id or name. Throws NotFoundError with the near name. */
export async function getStudy(session: Session, ref: string): Promise<StudyInfo> {
  const row = await studyRows(session)
    .leftJoin("jobs as j", (join) =>
      join.on("j.id", "=", (eb) =>
        eb.selectFrom("jobs").select("id").whereRef("run_id", "=", "s.run_id").orderBy("id", "desc").limit(1),
      ),
    )
    .select(["s.space", "j.id as job_id", "j.status as job_status"])
    .where((eb) => eb.or([eb(sql`s.id::text`, "=", ref), eb("s.name", "=", ref)]))
    .executeTakeFirst();
  if (!row) throw await unknown(session, ref);
  const { space, attributes, job_id, job_status } = row;
  return { ...toStudy(row), space: space && snakeKeys(space), attributes, job_id, job_status };
}

async function unknown({ db, projectId }: Session, ref: string): Promise<Error> {
  const rows = await db
    .selectFrom("studies")
    .select("name")
    .where("project_id", "=", projectId)
    .orderBy("id", "desc")
    .limit(1000)
    .execute();
  return new NotFoundError(
    `study: no study "${ref}"${suggest(
      ref,
      rows.map(({ name }) => name),
    )}`,
  );
}

/** How a study stands, for its event; undefined where it is gone. One row. */
export async function standing({ db, projectId }: Session, study: string): Promise<StudyStanding | undefined> {
  const row = await db
    .selectFrom("study_progress")
    .selectAll()
    .where("study_id", "=", study)
    .where("project_id", "=", projectId)
    .executeTakeFirst();
  return row && toStanding(row);
}

/** Removes a study with its trials; their runs stay. Throws NotFoundError. */
export async function deleteStudy(session: Session, ref: string): Promise<void> {
  await authorize(session, "delete");
  const { id } = await getStudy(session, ref);
  await session.db.deleteFrom("studies").where("id", "=", id).where("project_id", "=", session.projectId).execute();
}

/** Trials of a study: by number, or by the value of the first objective; a page at a time. */
export async function listTrials(
  session: Session,
  study: string,
  { limit = 50, cursor, sort = "number", state }: TrialQuery = {},
): Promise<Page<TrialInfo>> {
  const descending = sort.startsWith("-");
  const value = sql<number>`t.values[1]`;
  const direction = descending ? "desc" : "asc";
  const beyond = sql.raw(descending ? "<" : ">");
  let query = session.db
    .selectFrom("trials as t")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("trial_reports as r")
          .select([
            sql<number[] | null>`array_agg(r.step order by r.id)`.as("steps"),
            sql<number[] | null>`array_agg(r.value order by r.id)`.as("reported"),
          ])
          .whereRef("r.study_id", "=", "t.study_id")
          .whereRef("r.number", "=", "t.number")
          .whereRef("r.attempt", "=", "t.attempt")
          .as("told"),
      (join) => join.on("t.reports", ">", 0),
    )
    .selectAll("t")
    .select(["told.steps", "told.reported"])
    .where("t.study_id", "=", study)
    .limit(limit + 1);
  if (state !== undefined) query = query.where("t.state", "=", state);
  if (sort.endsWith("value")) {
    query = query.where(sql<boolean>`t.values[1] <> 'NaN'`).orderBy(value, direction).orderBy("t.number", direction);
    if (cursor !== undefined) {
      const [last, number] = readCursor(cursor, 2);
      query = query.where(
        sql<boolean>`(t.values[1], t.number) ${beyond} (${String(last)}::double precision, ${Number(number)}::integer)`,
      );
    }
  } else {
    query = query.orderBy("t.number", direction);
    if (cursor !== undefined) query = query.where(sql<boolean>`t.number ${beyond} ${Number(readCursor(cursor, 2)[1])}::integer`);
  }
  return pageOf(await query.execute(), limit, toTrial, (row) => [String(row.values?.[0] ?? ""), row.number]);
}

function studyRows({ db, projectId }: Session) {
  return db
    .selectFrom("studies as s")
    .innerJoin("study_progress as p", "p.study_id", "s.id")
    .leftJoin("trials as b", (join) => join.onRef("b.study_id", "=", "s.id").onRef("b.number", "=", "p.best_number"))
    .select([
      "s.id",
      "s.name",
      "s.directions",
      "s.attributes",
      "s.run_id",
      "s.created_at",
      "p.stopped",
      "p.next_number",
      "p.revision",
      "p.waiting",
      "p.running",
      "p.completed",
      "p.pruned",
      "p.failed",
      "p.best_number",
      "p.best_value",
      "p.updated_at",
      "b.params as best_params",
    ])
    .where("s.project_id", "=", projectId);
}

type StudyRow = RowOf<typeof studyRows>;

function toStudy(row: StudyRow): Study {
  const said = (name: string): string | null => {
    const value = row.attributes[name];
    return typeof value === "string" ? value : null;
  };
  return {
    ...toStanding(row),
    id: row.id,
    name: row.name,
    directions: row.directions,
    algorithm: said("algorithm") ?? (row.attributes["estimator"] as { name?: string } | undefined)?.name ?? null,
    dataset: said("dataset"),
    task_type: said("task") as Study["task_type"],
    metric: said("metric") ?? firstOf(row.attributes["metrics"]),
    best_params: row.best_params && snakeKeys(row.best_params),
    run_id: row.run_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** What a search in a cell says of its metric: a list of names. */
function firstOf(value: unknown): string | null {
  return Array.isArray(value) && typeof value[0] === "string" ? value[0] : null;
}

function toStanding(
  row: Pick<
    StudyRow,
    | "stopped"
    | "next_number"
    | "waiting"
    | "running"
    | "completed"
    | "pruned"
    | "failed"
    | "best_number"
    | "best_value"
    | "revision"
  >,
): StudyStanding {
  const { waiting, running, completed, pruned, failed } = row;
  return {
    study_status: running > 0 ? "running" : row.stopped ? "stopped" : waiting > 0 ? "waiting" : "idle",
    n_trials: row.next_number,
    trials: { waiting, running, completed, pruned, failed },
    best_trial: row.best_number,
    best_value: row.best_value === null ? null : toMetricValue(row.best_value),
    revision: String(row.revision),
  };
}

type TrialRow = Selectable<Tables["trials"]> & { readonly steps: number[] | null; readonly reported: number[] | null };

function toTrial(row: TrialRow): TrialInfo {
  const runId = row.attributes?.["runId"];
  return {
    number: row.number,
    state: row.state,
    params: snakeKeys(row.params),
    values: row.values?.map(toMetricValue) ?? null,
    intermediate: row.steps?.map((step, k) => ({ step, value: toMetricValue(row.reported![k]!) })) ?? [],
    error: row.error,
    attributes: row.attributes,
    run_id: typeof runId === "string" ? runId : null,
    worker: row.worker,
    attempt: row.attempt,
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    duration_ms: row.started_at && row.ended_at ? row.ended_at.getTime() - row.started_at.getTime() : null,
  };
}
