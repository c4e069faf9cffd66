import { ParamsError, suggest } from "assay";
import { type RawBuilder, sql } from "kysely";
import { snakeCase } from "../contract/values.ts";
import type { FieldType, ListField } from "../db/list-fields.ts";
import { greaterIsBetter } from "./compare-metrics.ts";

/** A column of runs `r` or experiments `e`. */
export interface ColumnField extends ListField {
  readonly kind: "column";
  readonly name: string;
}

/** A metric, parameter or tag: a row of `run_values`. */
export interface NamedField {
  readonly kind: "metric" | "param" | "tag";
  /** As `run_values` has it. */
  readonly name: string;
  /** As it was given: a parameter in the run's own row may be spelled in either way. */
  readonly given: string;
  /** Which number of a metric's row. */
  readonly of: "value" | "low" | "high" | "points";
}

const columns: readonly (readonly [name: string, place: RawBuilder<unknown>, type: FieldType, required?: boolean])[] = [
  ["id", sql`r.id`, "uuid", true],
  ["name", sql`r.name`, "text", true],
  ["experiment", sql`e.name`, "text", true],
  ["status", sql`r.status`, "text", true],
  ["algorithm", sql`r.algorithm`, "text"],
  ["task_type", sql`r.task`, "text"],
  ["dataset", sql`r.dataset_name`, "text"],
  ["target_column", sql`r.target`, "text"],
  ["parent", sql`r.parent_id`, "uuid"],
  ["replay_of", sql`r.replay_of`, "uuid"],
  ["seed", sql`r.seed`, "bigint"],
  ["commit", sql`(r.code ->> 'commit')`, "text"],
  ["created_at", sql`r.created_at`, "timestamptz", true],
  ["started_at", sql`r.started_at`, "timestamptz"],
  ["ended_at", sql`r.ended_at`, "timestamptz"],
  ["notes", sql`r.notes`, "text", true],
  ["description", sql`r.description`, "text", true],
  ["error", sql`r.error`, "text"],
  ["duration", sql`extract(epoch from coalesce(r.ended_at, now()) - r.started_at)::double precision`, "double precision"],
];
const byName = new Map<string, ColumnField>(
  columns.map(([name, place, type, required = false]) => [name, { kind: "column", name, place, type, required }]),
);
const groups: Readonly<Record<string, NamedField["kind"]>> = {
  metrics: "metric",
  params: "param",
  hyperparameters: "param",
  tags: "tag",
};

/**
 * A field by its name: a column, `params.alpha`, `tags.team`, or `metrics.test.accuracy`, whose last value it is; `.min`, `.max`, `.best`, `.last`
 * and `.points` behind it take another number of the series. Throws ParamsError with the near name.
 */
export function fieldOf(name: string, who = "filter"): ColumnField | NamedField {
  const column = byName.get(name);
  if (column) return column;
  const dot = name.indexOf(".");
  const group = Object.hasOwn(groups, name.slice(0, dot)) ? groups[name.slice(0, dot)] : undefined;
  const key = name.slice(dot + 1);
  if (dot < 0 || !group || key === "") {
    const near = suggest(name, [...byName.keys(), ...Object.keys(groups).map((each) => `${each}.…`)]);
    throw Object.assign(new ParamsError(`${who}: no field "${name}"${near}`), { field: who, value: name });
  }
  if (group === "metric") return metricField(key);
  return { kind: group, name: group === "param" ? snakeCase(key) : key, given: key, of: "value" };
}

function metricField(key: string): NamedField {
  const [, name, which] = /^(.+)\.(last|min|max|best|points)$/.exec(key) ?? [undefined, key, "last"];
  const low = which === "min" || (which === "best" && greaterIsBetter(name!.slice(name!.lastIndexOf(".") + 1)) === false);
  const of = low ? "low" : which === "max" || which === "best" ? "high" : which === "points" ? "points" : "value";
  return { kind: "metric", name: name!, given: key, of };
}

/** The other spelling of a parameter. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
