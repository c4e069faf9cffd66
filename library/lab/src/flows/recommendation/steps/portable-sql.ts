// SQL that DuckDB and Spark read alike: no `qualify`, `exclude`, `replace`, `::`, `semi join`; casts to `string`, divisions of whole numbers give fractions.
import { type EngineSchema, identifier } from "../../../engine/index.ts";

/** An instant as SQL. */
export function timestamp(at: Date): string {
  return `timestamp '${at.toISOString().slice(0, 23).replace("T", " ")}'`;
}

/** The date of an instant as SQL. */
export function dateOf(instant: string): string {
  return `cast(${instant} as date)`;
}

/** Whole days from the date of one instant to that of another, as SQL. */
export function daysBetween(from: string, to: string): string {
  return `cast(${dateOf(to)} - ${dateOf(from)} as int)`;
}

/** Values as one text, as SQL: what hashes are made of. */
export function joinedText(...values: readonly (string | number)[]): string {
  return `concat_ws('|', ${values.map((value) => `cast(${value} as string)`).join(", ")})`;
}

/** The columns of a table as SQL, of an alias where one is given; some are made by other expressions. */
export function columnList(schema: EngineSchema, replaced: Readonly<Record<string, string>> = {}, alias?: string): string {
  const own = (name: string): string => `${alias === undefined ? "" : `${alias}.`}${identifier(name)}`;
  return Object.keys(schema)
    .map((name) => (replaced[name] === undefined ? own(name) : `${replaced[name]} as ${identifier(name)}`))
    .join(", ");
}

/** A number to so many decimals, by floor: engines agree on it to the bit, and on their own `round` they do not. */
export function rounded(number: string, decimals: number): string {
  const scale = `1${"0".repeat(decimals)}`;
  return `floor((${number}) * ${scale} + 0.5) / ${scale}`;
}

/** A number as the nearest whole one. */
export function nearest(number: string): string {
  return `cast(floor(${number} + 0.5) as int)`;
}
