import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import { type Filter, FilterError, type FilterValue, isRelativeTime, parseFilter } from "../contract/filter.ts";
import { type FieldType, type ListFields, listField } from "./list-fields.ts";

/** One comparison of a filter. */
export type Comparison = Extract<Filter, { kind: "compare" }>;

/** A filter text as a condition on the rows of a list. Throws ParamsError naming the place or the field. */
export function filterRows(text: string, fields: ListFields): RawBuilder<boolean> {
  return conditionOf(readFilter(text), (comparison) => {
    const { place, type } = listField(fields, comparison.field, "filter");
    return compare(place, comparison, (value) => literalOf(comparison.field, type, value));
  });
}

/** A filter text read. Throws ParamsError naming the place. */
export function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw Object.assign(new ParamsError(error.message, { cause: error }), { field: "filter", value: text });
  }
}

/** A filter as a condition, each of its comparisons by `holds`. */
export function conditionOf(filter: Filter, holds: (comparison: Comparison) => RawBuilder<boolean>): RawBuilder<boolean> {
  if (filter.kind === "compare") return holds(filter);
  if (filter.kind === "not") return sql<boolean>`not coalesce(${conditionOf(filter.part, holds)}, false)`;
  const parts = filter.parts.map((part) => conditionOf(part, holds));
  return sql<boolean>`(${sql.join(parts, filter.kind === "and" ? sql` and ` : sql` or `)})`;
}

/** A comparison of a place with values, written by `literal`. */
export function compare(
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

/** A value as a field's type has it. Throws ParamsError for one of another kind. */
export function literalOf(name: string, type: FieldType, value: FilterValue): RawBuilder<unknown> {
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
  if (type === "boolean") {
    if (typeof value !== "boolean") throw refuse("true or false");
    return sql`${value}::boolean`;
  }
  if (typeof value !== "number") throw refuse("a number");
  return sql`${value}::double precision`;
}
