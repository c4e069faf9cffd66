import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** What is subtracted before a penalised fit, so that the intercept stays out of the penalty. */
export interface Centres {
  /** Weighted means of the columns (d); zeros without an intercept. */
  readonly means: Float64Array;
  /** Weighted mean of y; 0 without an intercept. */
  readonly target: number;
  /** Sum of the row weights. */
  readonly total: number;
}

/** Weighted means of the columns and of y. O(n d). */
export function centres(x: Matrix, y: Float64Array, weights: Float64Array | undefined, fitIntercept: boolean): Centres {
  const means = new Float64Array(x.columns);
  let total = 0;
  let target = 0;
  for (let i = 0; i < x.rows; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    if (!fitIntercept) continue;
    target += weight * y[i]!;
    for (let j = 0; j < x.columns; j++) means[j]! += weight * x.data[i * x.columns + j]!;
  }
  for (let j = 0; j < x.columns; j++) means[j]! /= total;
  return { means, target: target / total, total };
}

/** The intercept that belongs to weights of centred columns. Throws DataError where x or y is too large for double precision. */
export function interceptOf(who: string, x: Matrix, coef: Float64Array, { means, target }: Centres): number {
  let intercept = target;
  for (let j = 0; j < coef.length; j++) intercept -= coef[j]! * means[j]!;
  if (!Number.isFinite(intercept) || !coef.every(Number.isFinite)) refuseOverflow(who, x);
  return intercept;
}

/** Throws DataError that names the column with the largest values. O(n d). */
export function refuseOverflow(who: string, { columns, data, names }: Matrix): never {
  let at = 0;
  for (let cell = 1; cell < data.length; cell++) if (Math.abs(data[cell]!) > Math.abs(data[at]!)) at = cell;
  const column = at % columns;
  throw new DataError(
    `${who}: squares must not overflow, got ${data[at]} in row ${Math.floor(at / columns)}, column "${names?.[column] ?? column}"; scale the columns and y`,
  );
}
