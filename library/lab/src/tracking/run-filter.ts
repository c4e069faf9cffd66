import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import { type Filter, FilterError, type FilterValue, isRelativeTime, parseFilter } from "../contract/filter.ts";
import { type ColumnField, camelCase, fieldOf, type NamedField } from "./run-fields.ts";

type Comparison = Extract<Filter, { kind: "compare" }>;

/** A filter text as a condition on runs `r` and experiments `e` of a project. Throws ParamsError naming the place or the field. */
export function filterRuns(text: string, projectId: string): RawBuilder<boolean> {
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError)
      throw Object.assign(new ParamsError(error.message, { cause: error }), { field: "filter", value: text });
    throw error;
  }
  return condition(filter, projectId);
}

function condition(filter: Filter, projectId: string): RawBuilder<boolean> {
  if (filter.kind === "not") return sql<boolean>`not coalesce(${condition(filter.part, projectId)}, false)`;
  if (filter.kind !== "compare") {
    const parts = filter.parts.map((part) => condition(part, projectId));
    return sql<boolean>`(${sql.join(parts, filter.kind === "and" ? sql` and ` : sql` or `)})`;
  }
  const field = fieldOf(filter.field);
  if (field.kind === "column") return compare(field.place, filter, (value) => literalOf(field, value));
  return named(field, filter, projectId);
}

/** A metric, parameter or tag. Numbers are looked up by index; text stands whole in the run's own row. */
function named(field: NamedField, filter: Comparison, projectId: string): RawBuilder<boolean> {
  const { operator, value } = filter;
  const values = (Array.isArray(value) ? value : [value]) as readonly (FilterValue | null)[];
  const isNumeric = field.kind !== "tag" && values.every((each) => typeof each === "number");
  if (field.kind === "metric" && !isNumeric && value !== null)
    throw refused(filter, `is a number, got ${JSON.stringify(values.find((each) => typeof each !== "number"))}`);
  if (operator === "is null" || operator === "is not null") {
    const there = sql<boolean>`exists (select 1 from run_values v where v.run_id = r.id and v.kind = ${field.kind} and v.name = ${field.name})`;
    return operator === "is null" ? sql<boolean>`not ${there}` : there;
  }
  if (!isNumeric) return compare(textOf(field), filter, (each) => sql`${String(each)}::text`);
  const place = sql`v.${sql.raw(field.of)}::double precision`;
  if (operator === "!=")
    return sql<boolean>`(select ${place} from run_values v where v.run_id = r.id and v.kind = ${field.kind} and v.name = ${field.name})
      is distinct from ${value as number}::double precision`;
  const holds = compare(place, filter, (each) => sql`${each as number}::double precision`);
  const number = /^[<>]/.test(operator) ? sql` and v.${sql.raw(field.of)} <> 'NaN'` : sql``; // NaN is beyond no bound
  return sql<boolean>`r.id in (select v.run_id from run_values v
    where v.project_id = ${projectId} and v.kind = ${field.kind} and v.name = ${field.name} and ${holds}${number})`;
}

function textOf({ kind, given }: NamedField): RawBuilder<unknown> {
  if (kind === "tag") return sql`(r.tags ->> ${given})`;
  return sql`coalesce(r.params ->> ${camelCase(given)}, r.params ->> ${given})`;
}

function compare(
  place: RawBuilder<unknown>,
  { operator, value }: Comparison,
  literal: (value: FilterValue) => RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (operator === "is null" || operator === "is not null") return sql<boolean>`${place} ${sql.raw(operator)}`;
  const written = [value as FilterValue | readonly FilterValue[]].flat().map((each) => literal(each as FilterValue));
  if (operator === "in") return sql<boolean>`${place} in (${sql.join(written)})`;
  if (operator === "between") return sql<boolean>`${place} between ${written[0]!} and ${written[1]!}`;
  if (operator === "like") return sql<boolean>`${place}::text ilike ${String(value)}::text`;
  return sql<boolean>`${place} ${sql.raw(operator === "!=" ? "is distinct from" : operator)} ${written[0]!}`;
}

function literalOf({ name, type }: ColumnField, value: FilterValue): RawBuilder<unknown> {
  const given = isRelativeTime(value) ? "a time" : JSON.stringify(value);
  const refuse = (what: string): ParamsError =>
    Object.assign(new ParamsError(`filter: ${name} must be compared with ${what}, got ${given}`), { field: "filter", value });
  if (type === "timestamptz") {
    if (isRelativeTime(value)) return sql`(now() + make_interval(secs => ${value.offsetMs / 1000}))`;
    const instant = new Date(
      typeof value === "string" && /^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(value) ? `${value.replace(" ", "T")}Z` : String(value),
    );
    if (typeof value === "boolean" || Number.isNaN(instant.getTime())) throw refuse("a date");
    return sql`${instant}::timestamptz`;
  }
  if (isRelativeTime(value)) throw refuse("a text or number");
  if (type === "uuid") {
    const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(value));
    if (!isUuid) throw refuse("an id");
    return sql`${String(value)}::uuid`;
  }
  if (type === "text") return sql`${String(value)}::text`;
  if (typeof value !== "number") throw refuse("a number");
  return sql`${value}::double precision`;
}

function refused({ field, value }: Comparison, what: string): ParamsError {
  return Object.assign(new ParamsError(`filter: ${field} ${what}`), { field: "filter", value });
}
