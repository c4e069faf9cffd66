import { StoreError } from "../base/errors.ts";
import { takeColumns } from "../ensemble/part-rows.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { checkLists } from "../preprocessing/step-checks.ts";

/** What every selector learns: which columns stay, and what was found of each. */
export interface SelectionState {
  /** Places of the columns that stay, ascending. */
  readonly selected: Int32Array;
  /** What each column is worth (d), in the selector's own measure; NaN where it could not be told. */
  readonly scores: Float64Array;
  /** P-value of each column (d); NaN where the measure has none. */
  readonly pValues: Float64Array;
  /** 1 for the columns that stay, 2, 3, … for those that went later to earlier (d). */
  readonly ranking: Int32Array;
}

/** What a selector's `fit` gives, of the columns that stay and their scores. The others are ranked by score, the best first. */
export function selectionOf(selected: readonly number[], scores: Float64Array, pValues?: Float64Array): SelectionState {
  const chosen = new Set(selected);
  const ranking = new Int32Array(scores.length).fill(1);
  const left = Array.from(scores.keys()).filter((j) => !chosen.has(j));
  for (const [k, j] of left.sort((a, b) => descending(scores[a]!, scores[b]!) || a - b).entries()) ranking[j] = k + 2;
  return {
    selected: Int32Array.from(selected).sort(),
    scores,
    pValues: pValues ?? new Float64Array(scores.length).fill(Number.NaN),
    ranking,
  };
}

/** Order of scores, the largest first and NaN last. */
export function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : b - a;
}

/** The columns that stay, with their names and levels. O(n × columns). */
export function takeSelected(x: Matrix, { selected }: SelectionState): Matrix {
  return takeColumns(x, selected);
}

/** Throws StoreError unless a loaded state is a selection of so many columns. */
export function checkSelection(who: string, { selected, scores, pValues, ranking }: SelectionState, columns: number): void {
  checkLists(who, { scores, pValues, ranking }, columns);
  const isPlain = scores instanceof Float64Array && pValues instanceof Float64Array && ranking instanceof Int32Array;
  if (!isPlain || !(selected instanceof Int32Array)) throw new StoreError(`${who}: the state's lists must hold numbers`);
  if (selected.length === 0 || !selected.every((j, k) => j > (selected[k - 1] ?? -1) && j < columns))
    throw new StoreError(`${who}: selected must name columns 0 … ${columns - 1}, ascending, got ${selected.subarray(0, 5)}`);
}
