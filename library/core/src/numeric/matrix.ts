import { ShapeError } from "../base/errors.ts";

/** A dense matrix, row-major. Columns may carry names, and the levels of a category whose codes (0, 1, …; NaN missing) they hold. */
export interface Matrix {
  /** Number of rows n. */
  readonly rows: number;
  /** Number of columns d. */
  readonly columns: number;
  /** Values (n × d), row i at `data[i * d]`. */
  readonly data: Float64Array;
  /** Column names (d). */
  readonly names?: readonly string[] | undefined;
  /** Levels of the columns that hold category codes, undefined for numbers (d). */
  readonly levels?: readonly (readonly string[] | undefined)[] | undefined;
}

/** A Float64Array in shared memory: worker threads read it without a copy. */
export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

/** An Int32Array in shared memory. */
export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** The same values in shared memory; the array itself where it is shared already. */
export function toShared(values: Float64Array): Float64Array;
export function toShared(values: Int32Array): Int32Array;
export function toShared(values: Float64Array | Int32Array): Float64Array | Int32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = values instanceof Float64Array ? sharedFloat64(values.length) : sharedInt32(values.length);
  shared.set(values);
  return shared;
}

/** A copy of one column (n). */
export function columnOf({ rows, columns, data }: Matrix, j: number): Float64Array {
  const values = new Float64Array(rows);
  for (let i = 0, at = j; i < rows; i++, at += columns) values[i] = data[at]!;
  return values;
}

/** The mean of each column, of rows by their weights where there are any (d). O(n d). */
export function columnMeans({ rows, columns, data }: Matrix, weights?: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(columns);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    for (let j = 0; j < columns; j++) sums[j]! += weight * data[i * columns + j]!;
  }
  return sums.map((sum) => sum / total);
}

/** A matrix of rows of numbers, all of one length. Throws ShapeError for ragged rows. */
export function matrix(rows: readonly (readonly number[])[], names?: readonly string[]): Matrix {
  const columns = rows[0]?.length ?? names?.length ?? 0;
  const data = sharedFloat64(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) throw new ShapeError(`matrix: row ${i} has ${row.length} values, row 0 has ${columns}`);
    data.set(row, i * columns);
  });
  return { rows: rows.length, columns, data, names };
}
