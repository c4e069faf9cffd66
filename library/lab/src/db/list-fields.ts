import { ParamsError, suggest } from "assay";
import type { RawBuilder } from "kysely";

/** How PostgreSQL reads a field's values. */
export type FieldType = "text" | "double precision" | "timestamptz" | "uuid" | "bigint" | "boolean";

/** Where a field that a list is filtered or sorted by stands. */
export interface ListField {
  readonly place: RawBuilder<unknown>;
  readonly type: FieldType;
  /** Every row has it. */
  readonly required: boolean;
}

/** The fields of a list by the names that callers give them; a function gives those behind a dot, as `metrics.test.accuracy`. */
export type ListFields = Readonly<Record<string, ListField | ((key: string) => ListField)>>;

/** A field that every row has. */
export function required(place: RawBuilder<unknown>, type: FieldType = "text"): ListField {
  return { place, type, required: true };
}

/** A field that some rows miss; they come last. */
export function optional(place: RawBuilder<unknown>, type: FieldType = "text"): ListField {
  return { place, type, required: false };
}

/** A field by its name. Throws ParamsError with the near name. */
export function listField(fields: ListFields, name: string, who: "filter" | "sort"): ListField {
  const dot = name.indexOf(".");
  const group = dot < 0 ? name : name.slice(0, dot);
  const found = Object.hasOwn(fields, group) ? fields[group] : undefined;
  if (typeof found === "function" && dot > 0 && dot < name.length - 1) return found(name.slice(dot + 1));
  if (typeof found === "object" && dot < 0) return found;
  const names = Object.entries(fields).map(([each, field]) => (typeof field === "function" ? `${each}.…` : each));
  const near = suggest(name, names);
  throw Object.assign(new ParamsError(`${who}: no field "${name}"${near}`), { field: who, value: name });
}
