import type { FilterOperator } from "assay-lab/contract";

/** One row of the filter builder: a field, how it is compared, and with what, as it was typed. */
export interface Condition {
  field: string;
  operator: FilterOperator;
  /** Of `in` and `between` comma-separated. */
  value: string;
}

/** Operators in the order of the builder. */
export const operators: readonly FilterOperator[] = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "like",
  "in",
  "between",
  "is null",
  "is not null",
];

/** Whether an operator stands without a value. */
export function isAlone(operator: FilterOperator): boolean {
  return operator === "is null" || operator === "is not null";
}

/** Words of the quick text box as a condition of the filter grammar: a run whose name, experiment or algorithm holds them. */
export function quickCondition(text: string): string {
  const word = text.trim();
  if (word === "") return "";
  return ["name", "experiment", "algorithm"].map((field) => `${field} like ${quoted(`%${word}%`)}`).join(" or ");
}

/** Runs that are no part of another: trials of a study and models of a comparison are left out. */
export const noParts = "parent is null";

/** A row of the builder in the filter grammar; nothing while its value is missing. */
export function conditionText({ field, operator, value }: Condition): string {
  if (isAlone(operator)) return `${fieldText(field)} ${operator}`;
  if (value.trim() === "") return "";
  const parts = value.split(",").map((part) => literal(field, part));
  if (operator === "in") return `${fieldText(field)} in (${parts.join(", ")})`;
  if (operator === "between") return `${fieldText(field)} between ${parts[0]} and ${parts[1] ?? parts[0]}`;
  if (operator === "like") return `${fieldText(field)} like ${quoted(/[%_]/.test(value) ? value : `%${value}%`)}`;
  return `${fieldText(field)} ${operator} ${literal(field, value)}`;
}

/** That a field has this value; null that it has none. */
export function equals(field: string, value: string | null): string {
  return value === null ? `${fieldText(field)} is null` : `${fieldText(field)} = ${quoted(value)}`;
}

/** That a run is one of these. */
export function oneOf(ids: readonly string[]): string {
  return `id in (${ids.map(quoted).join(", ")})`;
}

/** Conditions together; empty ones are left out. */
export function allConditions(...conditions: readonly string[]): string {
  const given = conditions.map((each) => each.trim()).filter((each) => each !== "");
  return given.length > 1 ? given.map((each) => `(${each})`).join(" and ") : (given[0] ?? "");
}

/** A field as the grammar takes it: with other signs than a word's in double quotes. */
function fieldText(field: string): string {
  return /^[a-z_][\w.]*$/i.test(field) ? field : `"${field.replaceAll('"', '""')}"`;
}

/** Numbers, booleans and times from now as they are; anything else, and whatever a text field is compared with, in quotes. */
function literal(field: string, text: string): string {
  const value = text.trim();
  const isPlain = /^(-?\d+(\.\d+)?(e[+-]?\d+)?|true|false|now(\s*[+-]\s*\d+(\.\d+)?(ms|[smhdw]))?)$/i.test(value);
  return isPlain && !textFields.has(field) && !field.startsWith("tags.") ? value : quoted(value);
}

const textFields = new Set([
  "name",
  "experiment",
  "status",
  "algorithm",
  "task_type",
  "dataset",
  "target_column",
  "commit",
  "notes",
  "description",
  "error",
]);

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
