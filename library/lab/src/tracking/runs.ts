import { algorithms, NotFoundError } from "assay";
import { sql } from "kysely";
import type { Run, RunInfo } from "../contract/training.ts";
import { snakeCase } from "../contract/values.ts";
import type { RowOf } from "../db/row-of.ts";
import type { Session } from "../projects/session.ts";
import { artifactInfo } from "./artifacts.ts";
import { runKey } from "./run-id.ts";
import { lastMetrics } from "./summary.ts";

/** What a list shows of runs `r` and their experiments `e`, of the session's project. */
export function runRows({ db, projectId }: Session) {
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
      "r.parent_id",
      "r.created_at",
      "r.started_at",
      "r.ended_at",
      "r.deleted_at",
    ])
    .where("r.project_id", "=", projectId);
}

type RunRow = RowOf<typeof runRows>;

const presets = new Map(algorithms.filter(({ isPreset }) => isPreset).map(({ name }) => [name, name]));

/** A row as the run of a list. */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    name: row.name,
    experiment: row.experiment,
    experiment_id: row.experiment_id,
    status: row.status,
    algorithm: row.algorithm,
    preset: presets.get(row.asked_algorithm?.toLowerCase() ?? "") ?? null,
    task_type: row.task as Run["task_type"],
    hyperparameters: Object.fromEntries(Object.entries(row.params).map(([key, value]) => [snakeCase(key), value])),
    metrics: row.metrics as Run["metrics"],
    tags: row.tags,
    dataset: row.dataset_name,
    target_column: row.target,
    progress: row.progress,
    error: row.error,
    parent_id: row.parent_id,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    deleted_at: row.deleted_at?.toISOString() ?? null,
  };
}

/** How a run stands. One row by its key. Throws NotFoundError. */
export async function runStatus({ db, projectId }: Session, id: string): Promise<Run["status"]> {
  const row = await db
    .selectFrom("runs")
    .select("status")
    .where("id", "=", runKey(id))
    .where("project_id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (!row) throw new NotFoundError(`run: no run ${id}`);
  return row.status;
}

/** A run whole; one that was deleted only where asked for. Throws NotFoundError. */
export async function getRun(
  session: Session,
  id: string,
  { deleted = false }: { readonly deleted?: boolean } = {},
): Promise<RunInfo> {
  let query = runRows(session).where("r.id", "=", runKey(id));
  if (!deleted) query = query.where("r.deleted_at", "is", null);
  const row = await query
    .select(["r.description", "r.notes", "r.features", "r.seed", "r.split", "r.code", "r.environment", "r.evaluation"])
    .select(["r.error_stack", "r.replay_of", "r.lease_until", "r.dataset_version_id", "r.request"])
    .select([
      sql<string>`(select count(*) from runs c where c.parent_id = r.id and c.deleted_at is null)`.as("children"),
      sql<string | null>`(select j.id from jobs j where j.run_id = r.id order by j.created_at desc limit 1)`.as("job_id"),
    ])
    .executeTakeFirst();
  if (!row) throw new NotFoundError(`run: no run ${id}`);
  const { db } = session;
  const [artifacts, live] = await Promise.all([
    db.selectFrom("artifacts").selectAll().where("run_id", "=", row.id).orderBy("created_at").orderBy("id").execute(),
    row.status === "training" ? lastMetrics(db, row.id) : undefined,
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
    dataset_version_id: row.dataset_version_id,
    request: row.request,
    split: row.split,
    code: row.code,
    environment,
    evaluation: row.evaluation,
    error_stack: row.error_stack,
    replay_of: row.replay_of,
    children: Number(row.children),
    lease_until: row.lease_until?.toISOString() ?? null,
    artifacts: artifacts.map(artifactInfo),
    job_id: row.job_id,
  };
}
