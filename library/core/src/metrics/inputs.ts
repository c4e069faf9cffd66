import type { Label } from "../base/contract.ts";
import { DataError, ShapeError } from "../base/errors.ts";

/** Row weights (n), none below 0; default 1 each. A row of weight 0 counts as if it were not there. */
export interface WeightOptions {
  readonly weights?: ArrayLike<number> | undefined;
}

/** Throws ShapeError unless both have as many rows, DataError where there is none. */
export function checkLengths(who: string, truth: number, prediction: number): void {
  if (truth !== prediction) throw new ShapeError(`${who}: yTrue has ${truth} rows but the prediction ${prediction}`);
  if (truth === 0) throw new DataError(`${who}: needs one row at least, got 0`);
}

/** Throws DataError where a value is not finite. */
export function checkFinite(who: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new DataError(`${who}: ${name} must hold finite numbers, got ${String(values[i])} in row ${i}`);
}

/** Throws ShapeError or DataError unless weights are one a row, finite, none below 0, and above 0 in sum. */
export function checkWeights(who: string, weights: ArrayLike<number> | undefined, rows: number): void {
  if (weights === undefined) return;
  if (weights.length !== rows) throw new ShapeError(`${who}: weights must be one a row (${rows}), got ${weights.length}`);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Infinity))
      throw new DataError(`${who}: weights must be finite and ≥ 0, got ${String(weight)} in row ${i}`);
    total += weight;
  }
  if (total === 0) throw new DataError(`${who}: weights must be above 0 in sum, got 0 over ${rows} rows`);
}

/** All three checks of a pair of number arrays. */
export function checkPair(
  who: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): void {
  checkLengths(who, yTrue.length, yPred.length);
  checkFinite(who, "yTrue", yTrue);
  checkFinite(who, "yPred", yPred);
  checkWeights(who, weights, yTrue.length);
}

/** Labels of all lists, sorted: numbers and booleans by value, strings by code unit. Throws DataError for a missing label. */
export function sortedLabels(who: string, ...lists: readonly ArrayLike<Label>[]): Label[] {
  const distinct = new Set<Label>();
  for (const list of lists) for (let i = 0; i < list.length; i++) distinct.add(list[i]!);
  for (const label of distinct) checkLabel(who, label, lists);
  return [...distinct].sort((a, b) =>
    typeof a === "string" || typeof b === "string" ? (String(a) < String(b) ? -1 : 1) : Number(a) - Number(b),
  );
}

/** Places of labels in a list (n); −1 for those that are not in it. Throws DataError for a missing label. */
export function codesOf(who: string, labels: ArrayLike<Label>, known: readonly Label[]): Int32Array {
  const places = new Map(known.map((label, k) => [label, k]));
  const codes = new Int32Array(labels.length);
  for (let i = 0; i < codes.length; i++) {
    const code = places.get(labels[i]!);
    if (code === undefined) checkLabel(who, labels[i]!, [labels]);
    codes[i] = code ?? -1;
  }
  return codes;
}

/** Places of true labels in the list of classes. Throws DataError for a label that is not among them. */
export function truthCodes(who: string, yTrue: ArrayLike<Label>, classes: readonly Label[]): Int32Array {
  const codes = codesOf(who, yTrue, classes);
  const odd = codes.indexOf(-1);
  if (odd >= 0)
    throw new DataError(
      `${who}: label ${JSON.stringify(yTrue[odd])} in row ${odd} is not one of the model's classes ${classes.slice(0, 20).map(String).join(", ")}`,
    );
  return codes;
}

/** Throws ShapeError or DataError unless `proba` is n × k with shares of 0 … 1. */
export function checkProba(who: string, rows: number, proba: ArrayLike<number>, classes: number): void {
  if (classes < 1) throw new DataError(`${who}: needs one class at least, got ${classes}`);
  checkLengths(who, rows, proba.length / classes);
  for (let i = 0; i < proba.length; i++) {
    const share = proba[i]!;
    if (!(share >= -1e-9 && share <= 1 + 1e-9))
      throw new DataError(
        `${who}: probabilities must be 0 … 1, got ${String(share)} in row ${Math.floor(i / classes)}, column ${i % classes}`,
      );
  }
}

function checkLabel(who: string, label: unknown, lists: readonly ArrayLike<Label>[]): void {
  if (label !== null && label !== undefined && !(typeof label === "number" && Number.isNaN(label))) return;
  const list = lists.find((each) => Array.from(each).some((one) => Object.is(one, label)));
  const row = list ? Array.from(list).findIndex((one) => Object.is(one, label)) : -1;
  throw new DataError(`${who}: a label is missing, got ${String(label)} in row ${row}`);
}
