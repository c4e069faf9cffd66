import type { FitContext, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { type PartData, positiveRows } from "../ensemble/part-rows.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** Rows that count, and a target that varies. Throws DataError without a target, for a constant one, or where every column is constant. */
export function requireTarget(who: string, x: Matrix, y: Float64Array, context: FitContext): PartData {
  if (y.length !== x.rows)
    throw new DataError(`${who}: needs a target: fit(table, { target }), got ${y.length} values for ${x.rows} rows`);
  const data = positiveRows({ x, y, weights: context.weights }, context.checkpoint);
  if (data.y.every((value) => value === data.y[0]))
    throw new DataError(`${who}: the target must vary, it is the same in all ${data.x.rows} rows`);
  if (isConstant(data.x)) throw new DataError(`${who}: no column varies, all ${x.columns} are constant`);
  return data;
}

function isConstant({ rows, columns, data }: Matrix): boolean {
  for (let i = 1; i < rows; i++)
    for (let j = 0; j < columns; j++) if (!Object.is(data[i * columns + j]! + 0, data[j]! + 0)) return false;
  return true;
}

/** A target in codes 0 … k − 1 of its sorted values. */
export function codesOf(y: Float64Array): { codes: Int32Array; count: number } {
  const values = [...new Set(y)].sort((a, b) => a - b);
  const places = new Map(values.map((value, k) => [value, k]));
  return { codes: Int32Array.from(y, (value) => places.get(value)!), count: values.length };
}

/**
 * The target as an estimator learns it, and its number of classes: numbers that a classifier is to learn as labels become codes. Throws
 * DataError for labels where numbers are learnt.
 */
export function targetFor(who: string, spec: Spec, y: Float64Array, classes: number): { y: Float64Array; classes: number } {
  if (spec.task !== "classification") {
    if (classes > 0) throw new DataError(`${who}: the target holds labels, ${spec.name} learns numbers; take a classifier`);
    return { y, classes: 0 };
  }
  if (classes > 0) return { y, classes };
  const { codes, count } = codesOf(y);
  return { y: Float64Array.from(codes), classes: count };
}
