import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** Levels of each column that holds a category, null for numbers (d). */
export function levelsOf(x: Matrix): readonly (readonly string[] | null)[] {
  return x.names!.map((_, j) => x.levels?.[j] ?? null);
}

/** How many rows hold each level of column j. Throws DataError for a code without a level. */
export function countLevels({ rows, columns, data, names }: Matrix, j: number, levels: number): Float64Array {
  const counts = new Float64Array(levels);
  for (let i = 0, at = j; i < rows; i++, at += columns) {
    const code = data[at]!;
    if (Number.isNaN(code)) continue;
    if (!(Number.isInteger(code) && code >= 0 && code < levels))
      throw new DataError(`column "${names?.[j] ?? j}" holds category codes 0 … ${levels - 1}, got ${code} in row ${i}`);
    counts[code]!++;
  }
  return counts;
}
