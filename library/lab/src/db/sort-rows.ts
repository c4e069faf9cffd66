import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import { type FieldType, type ListField, type ListFields, listField } from "./list-fields.ts";

/** One key of an order. */
export interface RowKey extends ListField {
  readonly descending: boolean;
}

/** Keys of an order at most. */
const keysMost = 8;

/** The parts of an order as `-created_at,name`. Throws ParamsError for too many. */
export function readSort(text: string): readonly { readonly name: string; readonly descending: boolean }[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length > keysMost)
    throw Object.assign(new ParamsError(`sort: takes at most ${keysMost} keys, got ${parts.length}`), { field: "sort" });
  return parts.map((part) => ({ name: part.replace(/^[-+]/, ""), descending: part.startsWith("-") }));
}

/** `-created_at,name` as keys, `id` last so that the order is whole. Throws ParamsError with the near name. */
export function sortRows(text: string, fields: ListFields): readonly RowKey[] {
  const parts = readSort(text);
  const keys = parts.map(({ name, descending }) => ({ ...listField(fields, name, "sort"), descending }));
  const whole = parts.findIndex(({ name }) => name === "id");
  return whole < 0
    ? [...keys, { ...listField(fields, "id", "sort"), descending: keys[0]!.descending }]
    : keys.slice(0, whole + 1);
}

/** A key in an ORDER BY; rows without it come last. */
export function orderBy({ place, descending, required }: RowKey): RawBuilder<unknown> {
  return sql`${place} ${sql.raw(descending ? "desc" : "asc")}${sql.raw(required ? "" : " nulls last")}`;
}

/** Behind the last row of the page before: equal in the keys before, and later (or missing, where it was not) in one. */
export function behind(keys: readonly RowKey[], values: readonly unknown[]): RawBuilder<boolean> {
  const typed = keys.map((key, k) => sql`${keyValue(values[k] ?? null, key)}::${sql.raw(key.type)}`);
  const sign = sql.raw(keys[0]!.descending ? "<" : ">");
  if (keys.every(({ required, descending }) => required && descending === keys[0]!.descending))
    return sql<boolean>`(${sql.join(keys.map(({ place }) => place))}) ${sign} (${sql.join(typed)})`;
  const later = keys.map(({ place, descending, required }, k) => {
    const same = keys.slice(0, k).map((key, j) => sql`${key.place} is not distinct from ${typed[j]!}`);
    const missing = required ? sql`` : sql` or ${place} is null`;
    const beyond =
      (values[k] ?? null) === null ? sql`false` : sql`(${place} ${sql.raw(descending ? "<" : ">")} ${typed[k]!}${missing})`;
    return sql`(${sql.join([...same, beyond], sql` and `)})`;
  });
  return sql<boolean>`(${sql.join(later, sql` or `)})`;
}

const forms: Readonly<Record<FieldType, RegExp>> = {
  text: /^/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  bigint: /^-?\d{1,18}$/,
  boolean: /^(true|false)$/,
  timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:?\d\d)*$/,
  "double precision": /^(-?\d+(\.\d+)?(e[+-]?\d+)?|-?Infinity|NaN)$/,
};

/** A value of a cursor as text of its type. Throws ParamsError for another: the cursor is of another order, or not ours. */
function keyValue(value: unknown, { type, required }: RowKey): string | null {
  if (value === null && !required) return null;
  if (typeof value === "string" && forms[type].test(value)) return value;
  throw Object.assign(new ParamsError("cursor: must be the next_cursor of a page before in the same order"), { field: "cursor" });
}
