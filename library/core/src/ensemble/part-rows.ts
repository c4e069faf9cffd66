import { partsOf } from "../base/bears.ts";
import type { Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { definitionOf } from "../base/registry.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";

/** Rows to learn from. */
export interface PartData {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** Throws DataError with its place for a missing cell that a part does not bear: a part itself sees only some of the rows. */
export function refuseMissing(specs: readonly Spec[], { data, columns, names }: Matrix): void {
  const strict = specs.flatMap(partsOf).find((spec) => !definitionOf(spec).missing);
  const at = strict ? data.findIndex(Number.isNaN) : -1;
  if (at < 0) return;
  const column = names?.[at % columns] ?? `x${at % columns}`;
  throw new DataError(
    `${strict!.name}.fit: x must be finite, got NaN in row ${Math.floor(at / columns)}, column "${column}"; put ml.imputer() before it`,
  );
}

/** The rows whose weight is above 0; the same data where all are. */
export function positiveRows(data: PartData, checkpoint: () => void): PartData {
  const { x, weights } = data;
  if (!weights?.includes(0)) return data;
  return takeRows(
    data,
    Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => weights[i]! > 0),
    checkpoint,
  );
}

/** These rows, and of these columns where they are given; copies in shared memory. */
export function takeRows({ x, y, weights }: PartData, rows: Int32Array, checkpoint: () => void, columns?: Int32Array): PartData {
  const width = columns?.length ?? x.columns;
  const data = sharedFloat64(rows.length * width);
  for (let p = 0; p < rows.length; p++) {
    if ((p & 4095) === 0) checkpoint();
    const from = rows[p]! * x.columns;
    if (columns) for (let j = 0; j < width; j++) data[p * width + j] = x.data[from + columns[j]!]!;
    else for (let j = 0; j < width; j++) data[p * width + j] = x.data[from + j]!;
  }
  return {
    x: { ...takeNames(x, columns), rows: rows.length, columns: width, data },
    y: takeValues(y, rows),
    weights: weights && takeValues(weights, rows),
  };
}

/** These columns of all rows. */
export function takeColumns(x: Matrix, columns: Int32Array): Matrix {
  const width = columns.length;
  const data = sharedFloat64(x.rows * width);
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < width; j++) data[i * width + j] = x.data[i * x.columns + columns[j]!]!;
  return { ...takeNames(x, columns), rows: x.rows, columns: width, data };
}

/** These values, in shared memory. */
function takeValues(values: Float64Array, rows: Int32Array): Float64Array {
  const taken = sharedFloat64(rows.length);
  for (let p = 0; p < rows.length; p++) taken[p] = values[rows[p]!]!;
  return taken;
}

/** The same data in memory that threads share. */
export function shareData({ x, y, weights }: PartData): PartData {
  return { x: { ...x, data: toShared(x.data) }, y: toShared(y), weights: weights && toShared(weights) };
}

/** Adds scale × values to `out`. */
export function addScaled(values: Float64Array, scale: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += scale * values[i]!;
}

function takeNames(x: Matrix, columns: Int32Array | undefined): Pick<Matrix, "names" | "levels"> {
  if (!columns) return { names: x.names, levels: x.levels };
  const places = Array.from(columns);
  return { names: x.names && places.map((j) => x.names![j]!), levels: x.levels && places.map((j) => x.levels![j]) };
}
