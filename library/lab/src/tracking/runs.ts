import { algorithms, ConflictError, NotFoundError } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Run, RunInfo } from "../contract/training.ts";
import type { MetricValue } from "../contract/values.ts";
import { type Database, transaction, type Work } from "../db/database.ts";
import { emit, notify } from "../db/events.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { authorize, type Session } from "../projects/session.ts";
import { filterRuns, sortRuns } from "./run-query.ts";

/** What is known of a run when it begins. */
export interface NewRun {
  readonly experiment: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: "pending" | "training";
  readonly algorithm?: string | undefined;
  readonly task?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly datasetVersionId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly target?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly request?: unknown;
  readonly code?: unknown;
  readonly environment?: Readonly<Record<string, unknown>> | undefined;
  readonly seed?: number | undefined;
}

/** Fields of a run that may be set while it lives. */
export interface RunChanges extends Partial<Omit<NewRun, "experiment" | "status">> {
  readonly notes?: string;
  readonly split?: unknown;
  readonly evaluation?: unknown;
}

/** How a run may end. */
export type Ending = "completed" | "failed" | "cancelled";

/** Makes a run in the experiment of this name, which is made too when it is not there. */
export async function createRun(session: Session, run: NewRun, inside?: Work): Promise<string> {
  await authorize(session, "write");
  const make = async (db: Work): Promise<string> => {
    const experimentId = await experimentOf(session, db, run.experiment);
    const id = uuidv7();
    const status = run.status ?? "pending";
    await db
      .insertInto("runs")
      .values({
        id,
        project_id: session.projectId,
        experiment_id: experimentId,
        name: run.name ?? run.algorithm ?? "run",
        status,
        started_at: status === "training" ? new Date() : null,
        created_by: session.userId,
        ...written({
          ...run,
          params: run.params ?? {},
          tags: run.tags ?? {},
          features: run.features ?? [],
          environment: run.environment ?? {},
        }),
      } as never)
      .execute();
    await emit(db, session.projectId, id, { kind: "run", run_id: id, run_status: status });
    return id;
  };
  return inside ? make(inside) : transaction(session.db, make);
}

async function experimentOf(session: Session, db: Work, name: string): Promise<string> {
  await db
    .insertInto("experiments")
    .values({ id: uuidv7(), project_id: session.projectId, name, created_by: session.userId })
    .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
    .execute();
  const { id } = await db
    .selectFrom("experiments")
    .select("id")
    .where("project_id", "=", session.projectId)
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes as columns; only what is given. */
function written(changes: RunChanges & Partial<NewRun>): Record<string, unknown> {
  const json = (value: unknown): string => JSON.stringify(value, replaceNumbers);
  const all = {
    name: changes.name,
    description: changes.description,
    algorithm: changes.algorithm,
    task: changes.task,
    notes: changes.notes,
    dataset_version_id: changes.datasetVersionId,
    dataset_name: changes.datasetName,
    target: changes.target,
    seed: changes.seed,
    params: changes.params && json(changes.params),
    tags: changes.tags && json(changes.tags),
    features: changes.features && json(changes.features),
    request: changes.request === undefined ? undefined : json(changes.request),
    code: changes.code === undefined ? undefined : json(changes.code),
    environment: changes.environment && json(changes.environment),
    split: changes.split === undefined ? undefined : json(changes.split),
    evaluation: changes.evaluation === undefined ? undefined : json(changes.evaluation),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** NaN and ±Infinity as text, which JSON has no word for; typed arrays as lists. */
function replaceNumbers(_: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** Sets fields of a run. Throws NotFoundError. */
export async function changeRun(session: Session, id: string, changes: RunChanges): Promise<void> {
  await authorize(session, "write");
  const values = written(changes);
  if (Object.keys(values).length === 0) return;
  const { numUpdatedRows } = await session.db
    .updateTable("runs")
    .set(values)
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFoundError(`run: no run ${id}`);
  await notify(session.db, session.projectId, id);
}

/** Adds to a run's parameters or tags without touching the others. */
export async function addToRun(
  session: Session,
  id: string,
  field: "params" | "tags",
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await authorize(session, "write");
  await session.db
    .updateTable("runs")
    .set(field, sql`${sql.ref(field)} || ${JSON.stringify(values, replaceNumbers)}::jsonb` as never)
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .execute();
}

/** pending → training. Throws ConflictError for a run in another state. */
export async function startRun(session: Session, id: string, attempt: number): Promise<void> {
  await move(session, id, attempt, ["pending", "training"], {
    status: "training",
    started_at: new Date(),
    ended_at: null,
    error: null,
  });
}

/** Ends a run with the last value of each of its metrics. Throws ConflictError for a run that has ended, or was taken up by another worker. */
export async function finishRun(
  session: Session,
  id: string,
  status: Ending,
  { error, attempt }: { readonly error?: string | undefined; readonly attempt?: number | undefined } = {},
): Promise<void> {
  const metrics = await lastMetrics(session.db, id);
  await move(session, id, attempt, ["pending", "training"], {
    status,
    ended_at: new Date(),
    error: error ?? null,
    metrics: JSON.stringify(metrics),
    progress: null,
  });
}

/** Last value of each metric, as "split.name". */
export async function lastMetrics(db: Database | Work, runId: string): Promise<Record<string, MetricValue>> {
  const rows = await db
    .selectFrom("run_metrics")
    .distinctOn(["name", "split"])
    .select(["name", "split", "value"])
    .where("run_id", "=", runId)
    .orderBy("name")
    .orderBy("split")
    .orderBy("step", "desc")
    .orderBy("id", "desc")
    .execute();
  return Object.fromEntries(
    rows.map(({ name, split, value }) => [`${split}.${name}`, Number.isFinite(value) ? value : (String(value) as MetricValue)]),
  );
}

async function move(
  session: Session,
  id: string,
  attempt: number | undefined,
  from: readonly string[],
  values: Record<string, unknown> & { status: string },
): Promise<void> {
  await transaction(session.db, async (db) => {
    let query = db
      .updateTable("runs")
      .set(values as never)
      .where("id", "=", id)
      .where("project_id", "=", session.projectId)
      .where("status", "in", from as never);
    if (attempt !== undefined) query = query.where("attempt", "=", attempt);
    const { numUpdatedRows } = await query.executeTakeFirst();
    if (numUpdatedRows === 0n) throw await conflict(db, session, id, values.status, attempt);
    const error = (values["error"] as string | null | undefined) ?? null;
    await emit(db, session.projectId, id, { kind: "run", run_id: id, run_status: values.status as Run["status"], error });
  });
}

async function conflict(db: Work, session: Session, id: string, wanted: string, attempt: number | undefined): Promise<Error> {
  const row = await db
    .selectFrom("runs")
    .select(["status", "attempt"])
    .where("id", "=", id)
    .where("project_id", "=", session.projectId)
    .executeTakeFirst();
  if (!row) return new NotFoundError(`run: no run ${id}`);
  const by = attempt !== undefined && row.attempt !== attempt ? `, attempt ${row.attempt} has taken it over from ${attempt}` : "";
  return new ConflictError(`run: ${id} is ${row.status} and cannot become ${wanted}${by}`);
}

/** Progress of the fit under way. */
export async function reportProgress(
  session: Session,
  id: string,
  progress: { readonly step: number; readonly steps: number; readonly elapsedMs: number },
): Promise<void> {
  const data = { step: progress.step, steps: progress.steps, elapsed_ms: progress.elapsedMs };
  await session.db
    .updateTable("runs")
    .set({ progress: JSON.stringify(data) })
    .where("id", "=", id)
    .where("status", "=", "training")
    .execute();
  await emit(session.db, session.projectId, id, { kind: "progress", run_id: id, progress: data });
}

/** What a list of runs is asked for. */
export interface RunQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly filter?: string | undefined;
  readonly experiment?: string | undefined;
}

/** Runs of the project: filtered, sorted, a page at a time. Missing values come last. Throws ParamsError for an unknown field. */
export async function listRuns(
  session: Session,
  { limit = 50, cursor, sort = "-created_at", filter, experiment }: RunQuery = {},
): Promise<Page<Run>> {
  const keys = sortRuns(sort);
  let query = runRows(session);
  if (experiment !== undefined) query = query.where("e.name", "=", experiment);
  if (filter?.trim()) query = query.where(filterRuns(filter));
  if (cursor !== undefined) {
    // behind the last row: equal in the keys before, and later (or missing, where it was not) in this one
    const values = readCursor(cursor, keys.length);
    const later = keys.map(({ place, descending }, k) => {
      const same = keys.slice(0, k).map(({ place }, j) => sql`${place}::text is not distinct from ${values[j] ?? null}::text`);
      const value = values[k] ?? null;
      const beyond =
        value === null ? sql`false` : sql`(${place} ${sql.raw(descending ? "<" : ">")} ${sqlValue(value)} or ${place} is null)`;
      return sql`(${sql.join([...same, beyond], sql` and `)})`;
    });
    query = query.where(sql<boolean>`(${sql.join(later, sql` or `)})`);
  }
  for (const { place, descending } of keys)
    query = query.orderBy(sql`${place} ${sql.raw(descending ? "desc" : "asc")} nulls last`);
  const rows = await query
    .select(keys.map(({ place }, k) => sql<unknown>`${place}`.as(`key_${k}`)))
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, toRun, (row) => keys.map((_, k) => (row as unknown as Record<string, unknown>)[`key_${k}`] ?? null));
}

function sqlValue(value: unknown) {
  return typeof value === "number"
    ? sql`${value}::double precision`
    : typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
      ? sql`${value}::timestamptz`
      : sql`${value}`;
}

function runRows({ db, projectId }: Session) {
  return db
    .selectFrom("runs as r")
    .innerJoin("experiments as e", "e.id", "r.experiment_id")
    .select([
      "r.id",
      "r.name",
      "e.name as experiment",
      "r.experiment_id",
      "r.status",
      "r.algorithm",
      sql<string | null>`r.request ->> 'algorithm'`.as("asked_algorithm"),
      "r.task",
      "r.params",
      "r.metrics",
      "r.tags",
      "r.dataset_name",
      "r.target",
      "r.progress",
      "r.error",
      "r.created_at",
      "r.started_at",
      "r.ended_at",
    ])
    .where("r.project_id", "=", projectId);
}

type RunRow = Awaited<ReturnType<ReturnType<typeof runRows>["execute"]>>[number];

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    name: row.name,
    experiment: row.experiment,
    experiment_id: row.experiment_id,
    status: row.status,
    algorithm: row.algorithm,
    preset: algorithms.find(({ name, isPreset }) => isPreset && name === row.asked_algorithm?.toLowerCase())?.name ?? null,
    task_type: row.task as Run["task_type"],
    hyperparameters: Object.fromEntries(Object.entries(row.params).map(([key, value]) => [snakeCase(key), value])),
    metrics: row.metrics as Run["metrics"],
    tags: row.tags,
    dataset: row.dataset_name,
    target_column: row.target,
    progress: row.progress,
    error: row.error,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A run whole. Throws NotFoundError. */
export async function getRun(session: Session, id: string): Promise<RunInfo> {
  const row = await runRows(session)
    .select([
      "r.description",
      "r.notes",
      "r.features",
      "r.request",
      "r.seed",
      "r.split",
      "r.code",
      "r.environment",
      "r.evaluation",
    ])
    .where(sql<boolean>`r.id::text = ${id}`)
    .executeTakeFirst();
  if (!row) throw new NotFoundError(`run: no run ${id}`);
  const [artifacts, job, live] = await Promise.all([
    session.db.selectFrom("artifacts").selectAll().where("run_id", "=", row.id).orderBy("created_at").execute(),
    session.db
      .selectFrom("jobs")
      .select("id")
      .where("run_id", "=", row.id)
      .orderBy("created_at", "desc")
      .limit(1)
      .executeTakeFirst(),
    row.status === "training" ? lastMetrics(session.db, row.id) : undefined,
  ]);
  const environment = row.environment as Record<string, unknown>;
  return {
    ...toRun(row),
    ...(live && { metrics: live }),
    description: row.description,
    notes: row.notes,
    feature_columns: row.features,
    preprocessing: environment["pipeline"] ?? null,
    random_seed: row.seed === null ? null : Number(row.seed),
    split: row.split,
    code: row.code,
    environment,
    evaluation: row.evaluation,
    artifacts: artifacts.map((each) => ({
      id: each.id,
      name: each.name,
      kind: each.kind,
      size_bytes: Number(each.size_bytes),
      content_hash: each.content_hash,
      created_at: each.created_at.toISOString(),
    })),
    job_id: job?.id ?? null,
  };
}

/** Removes a run with its metrics, logs and files; a run under way is refused. */
export async function deleteRun(session: Session, id: string): Promise<void> {
  await authorize(session, "delete");
  const { status } = await getRun(session, id);
  if (status === "training" || status === "pending")
    throw new ConflictError(`run: ${id} is ${status}: cancel it before it is deleted`);
  const files = await session.db.selectFrom("artifacts").select("file").where("run_id", "=", id).execute();
  await session.db.deleteFrom("runs").where("id", "=", id).where("project_id", "=", session.projectId).execute();
  for (const { file } of files) {
    const kept = await session.db.selectFrom("model_versions").select("id").where("file", "=", file).limit(1).executeTakeFirst();
    if (!kept) await session.store.remove(file);
  }
}
