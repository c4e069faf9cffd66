import { ParamsError, suggest } from "assay";
import { type RawBuilder, sql } from "kysely";
import { type Filter, FilterError, type FilterValue, parseFilter } from "../contract/filter.ts";

/** Columns of a run that may be filtered and sorted, in SQL. */
const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  id: sql`r.id::text`,
  name: sql`r.name`,
  experiment: sql`e.name`,
  status: sql`r.status`,
  algorithm: sql`r.algorithm`,
  task_type: sql`r.task`,
  dataset: sql`r.dataset_name`,
  target_column: sql`r.target`,
  created_at: sql`r.created_at`,
  started_at: sql`r.started_at`,
  ended_at: sql`r.ended_at`,
  notes: sql`r.notes`,
  duration: sql`extract(epoch from coalesce(r.ended_at, now()) - r.started_at)`,
};
const nested = ["metrics", "hyperparameters", "params", "tags"];
const dates = new Set(["created_at", "started_at", "ended_at"]);

/** A field by name as SQL: a column, or `metrics.test.accuracy`, `hyperparameters.alpha`, `tags.team`. Throws ParamsError. */
export function fieldOf(name: string, asNumber: boolean): RawBuilder<unknown> {
  if (Object.hasOwn(columns, name)) return columns[name]!;
  const dot = name.indexOf(".");
  const group = name.slice(0, dot);
  const key = name.slice(dot + 1);
  if (dot < 0 || !nested.includes(group))
    throw new ParamsError(
      `filter: no field "${name}"${suggest(name, [...Object.keys(columns), ...nested.map((each) => `${each}.…`)])}`,
    );
  if (group === "tags") return sql`r.tags ->> ${key}`;
  const column = group === "metrics" ? sql`r.metrics` : sql`r.params`;
  const keyOf = group === "metrics" ? key : camelCase(key);
  if (!asNumber) return sql`${column} ->> ${keyOf}`;
  return sql`(case jsonb_typeof(${column} -> ${keyOf}) when 'number' then (${column} ->> ${keyOf})::double precision when 'string' then
    case when ${column} ->> ${keyOf} in ('NaN', 'Infinity', '-Infinity') then (${column} ->> ${keyOf})::double precision end end)`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A filter text as a condition on runs `r` and experiments `e`. Throws ParamsError naming the place or the field. */
export function filterRuns(text: string): RawBuilder<boolean> {
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError)
      throw Object.assign(new ParamsError(error.message, { cause: error }), { field: "filter", value: text });
    throw error;
  }
  return condition(filter);
}

function condition(filter: Filter): RawBuilder<boolean> {
  if (filter.kind === "not") return sql<boolean>`not coalesce(${condition(filter.part)}, false)`;
  if (filter.kind !== "compare") {
    const parts = filter.parts.map(condition);
    return sql<boolean>`(${sql.join(parts, filter.kind === "and" ? sql` and ` : sql` or `)})`;
  }
  const { field, operator, value } = filter;
  if (operator === "is null" || operator === "is not null") return sql<boolean>`${fieldOf(field, false)} ${sql.raw(operator)}`;
  const values = (Array.isArray(value) ? value : [value]) as readonly FilterValue[];
  const asNumber = values.every((each) => typeof each === "number");
  const place = fieldOf(field, asNumber);
  const written = values.map((each) => literalOf(field, each));
  if (operator === "in") return sql<boolean>`${place} in (${sql.join(written)})`;
  if (operator === "like") return sql<boolean>`${place} ilike ${String(values[0])}`;
  return sql<boolean>`${place} ${sql.raw(operator === "!=" ? "is distinct from" : operator)} ${written[0]!}`;
}

function literalOf(field: string, value: FilterValue): RawBuilder<unknown> {
  if (dates.has(field)) {
    const instant = new Date(String(value));
    if (Number.isNaN(instant.getTime()))
      throw new ParamsError(`filter: ${field} must be compared with a date, got ${JSON.stringify(value)}`);
    return sql`${instant}`;
  }
  if (typeof value === "number") return sql`${value}::double precision`;
  return sql`${String(value)}`;
}

/** One key of an order. */
export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
  readonly place: RawBuilder<unknown>;
}

/** `-metrics.test.accuracy,name` as keys, the id last so that the order is whole. */
export function sortRuns(text: string): SortKey[] {
  const keys = text.split(",").map((part) => {
    const field = part.trim().replace(/^[-+]/, "");
    const descending = part.trim().startsWith("-");
    const isText = Object.hasOwn(columns, field) || field.startsWith("tags.");
    return { field, descending, place: fieldOf(field, !isText) };
  });
  return [...keys, { field: "id", descending: keys[0]!.descending, place: columns["id"]! }];
}
