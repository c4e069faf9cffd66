import type { Label } from "../base/contract.ts";
import { codesOf, sortedLabels } from "./inputs.ts";

/** Rows that are alike counted together. */
interface DistinctRows {
  /** One row of each kind, in the order of their first. */
  readonly rows: Int32Array;
  /** How many rows are of the kind. */
  readonly counts: Float64Array;
}

/** Rows of label columns by kind; undefined where there would be more than `most` kinds. O(n). */
export function distinctRows(columns: readonly ArrayLike<Label>[], most: number): DistinctRows | undefined {
  const n = columns[0]!.length;
  const keys = new Float64Array(n);
  for (const column of columns) {
    const known = sortedLabels("bootstrap", column);
    if (known.length > most) return undefined;
    const codes = codesOf("bootstrap", column, known);
    for (let i = 0; i < n; i++) keys[i] = keys[i]! * known.length + codes[i]!;
  }
  const places = new Map<number, number>();
  const rows: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < n; i++) {
    const place = places.get(keys[i]!);
    if (place !== undefined) counts[place]!++;
    else {
      if (rows.length === most) return undefined;
      places.set(keys[i]!, rows.length);
      rows.push(i);
      counts.push(1);
    }
  }
  return { rows: Int32Array.from(rows), counts: Float64Array.from(counts) };
}
