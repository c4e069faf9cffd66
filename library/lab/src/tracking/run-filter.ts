import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import type { FilterValue } from "../contract/filter.ts";
import { type Comparison, compare, conditionOf, literalOf, readFilter } from "../db/filter-rows.ts";
import { camelCase, fieldOf, type NamedField } from "./run-fields.ts";

/** A filter text as a condition on runs `r` and experiments `e` of a project. Throws ParamsError naming the place or the field. */
export function filterRuns(text: string, projectId: string): RawBuilder<boolean> {
  return conditionOf(readFilter(text), (comparison) => {
    const field = fieldOf(comparison.field);
    if (field.kind !== "column") return named(field, comparison, projectId);
    return compare(field.place, comparison, (value) => literalOf(field.name, field.type, value));
  });
}

/** What a metric may be of, before its name. */
const splits = ["train", "validation", "test"];

/** The names that a filter's metric stands for: its own, and where it names no split that of every split, as `loss` the `train.loss`. */
function namesOf({ kind, name }: NamedField): RawBuilder<unknown> {
  const own = kind !== "metric" || splits.includes(name.split(".")[0]!);
  return sql`(${sql.join(own ? [name] : [name, ...splits.map((split) => `${split}.${name}`)])})`;
}

/** A metric, parameter or tag. Numbers are looked up by index; text stands whole in the run's own row. */
function named(field: NamedField, filter: Comparison, projectId: string): RawBuilder<boolean> {
  const { operator, value } = filter;
  const values = (Array.isArray(value) ? value : [value]) as readonly (FilterValue | null)[];
  const isNumeric = field.kind !== "tag" && values.every((each) => typeof each === "number");
  if (field.kind === "metric" && !isNumeric && value !== null)
    throw refused(filter, `is a number, got ${JSON.stringify(values.find((each) => typeof each !== "number"))}`);
  if (operator === "is null" || operator === "is not null") {
    const there = sql<boolean>`exists (select 1 from run_values v where v.run_id = r.id and v.kind = ${field.kind} and v.name in ${namesOf(field)})`;
    return operator === "is null" ? sql<boolean>`not ${there}` : there;
  }
  if (!isNumeric) return compare(textOf(field), filter, (each) => sql`${String(each)}::text`);
  const place = sql`v.${sql.raw(field.of)}::double precision`;
  if (operator === "!=")
    return sql<boolean>`not exists (select 1 from run_values v where v.run_id = r.id and v.kind = ${field.kind} and v.name in ${namesOf(field)}
      and ${place} = ${value as number}::double precision)`;
  const holds = compare(place, filter, (each) => sql`${each as number}::double precision`);
  const number = /^[<>]/.test(operator) ? sql` and v.${sql.raw(field.of)} <> 'NaN'` : sql``; // NaN is beyond no bound
  return sql<boolean>`r.id in (select v.run_id from run_values v
    where v.project_id = ${projectId} and v.kind = ${field.kind} and v.name in ${namesOf(field)} and ${holds}${number})`;
}

function textOf({ kind, given }: NamedField): RawBuilder<unknown> {
  if (kind === "tag") return sql`(r.tags ->> ${given})`;
  return sql`coalesce(r.params ->> ${camelCase(given)}, r.params ->> ${given})`;
}

function refused({ field, value }: Comparison, what: string): ParamsError {
  return Object.assign(new ParamsError(`filter: ${field} ${what}`), { field: "filter", value });
}
