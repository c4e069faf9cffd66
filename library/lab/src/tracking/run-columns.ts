import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import type { RunColumns, RunGroup } from "../contract/runs.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { conditionsOf, type RunQuery } from "./list-runs.ts";
import { type ColumnField, camelCase, fieldOf, type NamedField } from "./run-fields.ts";

/** Which runs are meant: all of the project, of an experiment, or by a filter. */
export type RunSelection = Pick<RunQuery, "filter" | "experiment" | "deleted">;

/** Names at most. */
const namesMost = 5000;

/** The union over runs of their metrics, parameters and tags, the most frequent first, with how many runs have each. */
export async function runColumns(session: Session, selection: RunSelection = {}): Promise<RunColumns> {
  const chosen = sql`select r.id from runs r join experiments e on e.id = r.experiment_id where ${sql.join(conditionsOf(session, selection), sql` and `)}`;
  const { rows } = await sql<{ kind: NamedField["kind"]; name: string; runs: string }>`
    select v.kind, v.name, count(*) as runs from run_values v
    where v.project_id = ${session.projectId} and v.run_id in (${chosen})
    group by v.kind, v.name order by count(*) desc, v.name limit ${namesMost}`.execute(session.db);
  const of = (kind: NamedField["kind"]) =>
    rows.filter((row) => row.kind === kind).map(({ name, runs }) => ({ name, runs: Number(runs) }));
  return { metrics: of("metric"), params: of("param"), tags: of("tag") };
}

/** What groups of runs are asked for. */
export interface GroupQuery extends RunSelection {
  /** A field: algorithm, dataset, tags.team … */
  readonly by: string;
  /** A metric whose mean, lowest and highest value each group is told. */
  readonly metric?: string | undefined;
  readonly limit?: number | undefined;
}

/** Runs counted by a field's values, the most frequent first. Throws ParamsError for an unknown field. */
export async function groupRuns(session: Session, { by, metric, limit = 100, ...selection }: GroupQuery): Promise<RunGroup[]> {
  const value = textOf(fieldOf(by, "by"));
  const measured = metric === undefined ? undefined : fieldOf(metric, "metric");
  if (measured && measured.kind !== "metric") throw new ParamsError(`metric: must be as metrics.test.accuracy, got "${metric}"`);
  const join = measured
    ? sql`left join run_values v on v.project_id = ${session.projectId} and v.kind = 'metric' and v.name = ${measured.name} and v.run_id = r.id`
    : sql``;
  const number = measured ? sql`nullif(v.${sql.raw(measured.of)}::double precision, 'NaN')` : sql`null::double precision`;
  const { rows } = await sql<Record<"runs" | "completed" | "failed" | "training", string> & GroupRow>`
    select ${value} as value, count(*) as runs, count(*) filter (where r.status = 'completed') as completed,
      count(*) filter (where r.status = 'failed') as failed, count(*) filter (where r.status in ('training', 'pending')) as training,
      avg(${number}) as mean, min(${number}) as min, max(${number}) as max, max(r.created_at) as last_created_at
    from runs r join experiments e on e.id = r.experiment_id ${join}
    where ${sql.join(conditionsOf(session, selection), sql` and `)}
    group by 1 order by 2 desc, 1 limit ${limit}`.execute(session.db);
  const metricOf = (each: number | null) => (each === null ? null : toMetricValue(each));
  return rows.map((row) => ({
    value: row.value,
    runs: Number(row.runs),
    completed: Number(row.completed),
    failed: Number(row.failed),
    training: Number(row.training),
    mean: metricOf(row.mean),
    min: metricOf(row.min),
    max: metricOf(row.max),
    last_created_at: row.last_created_at.toISOString(),
  }));
}

interface GroupRow {
  readonly value: string | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly last_created_at: Date;
}

function textOf(field: ColumnField | NamedField): RawBuilder<string | null> {
  if (field.kind === "column") return sql<string | null>`${field.place}::text`;
  if (field.kind === "tag") return sql<string | null>`(r.tags ->> ${field.name})`;
  if (field.kind === "param")
    return sql<string | null>`coalesce(r.params ->> ${camelCase(field.given)}, r.params ->> ${field.given})`;
  throw new ParamsError(`by: runs are counted by a column, a parameter or a tag, got the metric "${field.given}"`);
}
