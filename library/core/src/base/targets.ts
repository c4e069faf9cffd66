import { sharedFloat64 } from "../numeric/matrix.ts";
import { cellTexts } from "./cell-texts.ts";
import type { Column } from "./columns.ts";
import type { Label, ReadTarget } from "./contract.ts";
import { DataError } from "./errors.ts";

/** A target as it was given. */
export interface Target {
  /** Name of the column, undefined for an array. */
  readonly name: string | undefined;
  readonly column: Column | { readonly kind: "array"; readonly values: ArrayLike<unknown> };
}

/** A target by itself, for estimators of several outputs: class codes with their labels, or numbers. Throws DataError. */
export function readTarget(who: string, task: "classification" | "regression", target: Target): ReadTarget {
  if (task === "regression") return { values: numericTarget(who, target) };
  const { codes, classes } = encodeLabels(who, target);
  return { values: codes, classes };
}

/** Whether a target is of labels, not of numbers. */
export function holdsLabels({ column }: Target): boolean {
  if (column.kind !== "array") return column.kind === "text" || column.kind === "category" || column.kind === "boolean";
  const first = Array.from(column.values).find((value) => value !== null && value !== undefined);
  return typeof first === "string" || typeof first === "boolean";
}

/** Labels as codes 0 … k − 1 of the sorted classes. */
export function encodeLabels(who: string, { name, column }: Target): { codes: Float64Array; classes: Label[] } {
  const isNumbers = column.kind === "number" || (column.kind === "array" && ArrayBuffer.isView(column.values));
  const whole = isNumbers && column.values.length > 0 ? encodeWhole(column.values as ArrayLike<number>) : undefined;
  if (whole && whole.classes.length > 1) return whole;
  const labels = labelsOf(column);
  const what = name === undefined ? "y" : `target "${name}"`;
  const missing = labels.findIndex((label) => label === null || label === undefined || Number.isNaN(label));
  if (missing >= 0) throw new DataError(`${who}: ${what} is missing in row ${missing}; drop the rows without a target`);
  const odd = labels.findIndex((label) => typeof label === "object" || (typeof label === "number" && !Number.isInteger(label)));
  if (odd >= 0)
    throw new DataError(
      `${who}: ${what} must hold labels (text, booleans, whole numbers), got ${String(labels[odd])} in row ${odd}; for numbers take a regressor`,
    );
  const classes = [...new Set(labels as Label[])].sort(compareLabels);
  if (classes.length === 1 && labels.length > 0)
    throw new DataError(`${who}: ${what} must have two classes at least, every row is ${String(classes[0])}`);
  const places = new Map(classes.map((label, k) => [label, k]));
  const codes = sharedFloat64(labels.length);
  for (let i = 0; i < labels.length; i++) codes[i] = places.get(labels[i] as Label)!;
  return { codes, classes };
}

/** Numbers of a target, or of weights by their column. Throws DataError for text and for what is missing. */
export function numericTarget(who: string, { name, column }: Target): Float64Array {
  const what = name === undefined ? "y" : `column "${name}"`;
  if (column.kind === "category" || column.kind === "text") {
    const texts = cellTexts(column);
    const at = texts.findIndex((text) => text !== null);
    throw new DataError(
      `${who}: ${what} must hold numbers, got ${JSON.stringify(texts[at] ?? null)} in row ${Math.max(0, at)}; for labels take a classifier`,
    );
  }
  if (column.kind === "number" || column.kind === "datetime") return refuseMissing(who, what, column.values);
  const labels = labelsOf(column);
  const values = sharedFloat64(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (typeof label === "string" || (typeof label === "object" && label !== null))
      throw new DataError(`${who}: ${what} must hold numbers, got ${JSON.stringify(label)} in row ${i}`);
    values[i] = label === null || label === undefined ? Number.NaN : Number(label);
  }
  return refuseMissing(who, what, values);
}

/** Labels of a column, null where missing. */
export function labelsOf(column: Target["column"]): readonly (Label | null)[] {
  switch (column.kind) {
    case "array":
      return Array.from(column.values) as (Label | null)[];
    case "boolean":
      return Array.from(column.values, (value) => (value === 255 ? null : value === 1));
    case "number":
    case "datetime":
      return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
    default:
      return cellTexts(column);
  }
}

/** Whole numbers that lie close together as codes of the sorted classes; undefined where there is anything else. O(n). */
function encodeWhole(values: ArrayLike<number>): { codes: Float64Array; classes: number[] } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value)) return undefined;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high - low < 65_536)) return undefined;
  const places = new Int32Array(high - low + 1).fill(-1);
  for (let i = 0; i < values.length; i++) places[values[i]! - low] = 0;
  const classes: number[] = [];
  for (let k = 0; k < places.length; k++) if (places[k] === 0) places[k] = classes.push(low + k) - 1;
  const codes = sharedFloat64(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = places[values[i]! - low]!;
  return { codes, classes };
}

function compareLabels(a: Label, b: Label): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

function refuseMissing(who: string, what: string, values: Float64Array): Float64Array {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  if (Number.isNaN(values[at])) throw new DataError(`${who}: ${what} is missing in row ${at}; drop the rows without a value`);
  throw new DataError(`${who}: ${what} must be finite, got ${values[at]} in row ${at}`);
}
