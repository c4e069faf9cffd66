import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** One column as whole numbers: codes of its levels, or ranks of its different values; −1 where missing. */
export interface CodedColumn {
  /** Codes or ranks (n). */
  readonly cells: Int32Array;
  /** Number of levels of a category; 0 for numbers. */
  readonly levels: number;
  /** The different values, ascending; empty for a category. */
  readonly values: Float64Array;
}

/** Weights of some rows, 1 without any. Throws DataError where their sum is beyond the doubles. */
export function weightsOf(who: string, rows: Int32Array, weights: Float64Array | undefined): Float64Array {
  const own = Float64Array.from(rows, (row) => weights?.[row] ?? 1);
  const total = own.reduce((a, b) => a + b, 0);
  if (total === Infinity) throw new DataError(`${who}: weights must have a finite sum, got ${total} over ${rows.length} rows`);
  return own;
}

/** The columns of some rows of a matrix as codes and ranks: equal ranks are equal values. O(d n log n). */
export function codeColumns({ columns, data, levels }: Matrix, rows: Int32Array, checkpoint: () => void): CodedColumn[] {
  return Array.from({ length: columns }, (_, j) => {
    checkpoint();
    const column = Float64Array.from(rows, (row) => data[row * columns + j]!);
    return levels?.[j] ? codesOf(column, levels[j].length) : ranksOf(column);
  });
}

function codesOf(column: Float64Array, levels: number): CodedColumn {
  const cells = Int32Array.from(column, (cell) => (cell >= 0 && cell < levels ? cell : -1));
  return { cells, levels, values: new Float64Array(0) };
}

function ranksOf(column: Float64Array): CodedColumn {
  const sorted = column.slice().sort(); // NaN comes last
  let size = 0;
  for (let i = 0; i < sorted.length && !Number.isNaN(sorted[i]!); i++)
    if (size === 0 || sorted[i]! > sorted[size - 1]!) sorted[size++] = sorted[i]!;
  const values = sorted.slice(0, size);
  return { cells: Int32Array.from(column, (cell) => (Number.isNaN(cell) ? -1 : placeOf(values, cell))), levels: 0, values };
}

/** Place of the largest of ascending values that is ≤ the given one; −1 where all are larger. O(log n). */
export function placeOf(values: Float64Array, value: number): number {
  let low = -1;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
