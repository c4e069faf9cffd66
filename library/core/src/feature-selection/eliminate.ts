import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { type PartData, takeColumns } from "../ensemble/part-rows.ts";
import { columnWeights, fitWithin } from "./model-weights.ts";

/** How columns are taken away. */
export interface Elimination {
  /** How many stay. */
  readonly wanted: number;
  /** How many go at a time. */
  readonly step: number;
}

/** What is left after an elimination. */
interface Eliminated {
  /** 1 for the columns that stay, 2 for those that went last, … (d). */
  readonly ranking: Int32Array;
  /** Squared weight or importance of each column in the last fit that saw it (d). */
  readonly scores: Float64Array;
}

/** Columns to be taken away at a time: a number, or a share of all (below 1). */
export function stepOf(step: number, columns: number): number {
  return step < 1 ? Math.max(1, Math.trunc(step * columns)) : step;
}

/** Throws ParamsError unless so many columns can stay. */
export function requireColumns(who: string, field: string, wanted: number, columns: number): void {
  if (wanted > columns)
    throw new ParamsError(`${who}: ${field} must be at most the number of columns, ${columns}, got ${wanted}`);
}

/**
 * Fits, takes away the columns of the least weight, and fits again until as many are left as are wanted. `onFit` sees every fit and its columns,
 * the last one too. Of columns of equal weight the first goes.
 */
export function* eliminate(
  who: string,
  spec: Spec,
  data: PartData,
  classes: number,
  { wanted, step }: Elimination,
  context: FitContext,
  onFit?: (fitted: Fitted, columns: Int32Array) => void,
): Generator<void, Eliminated> {
  const d = data.x.columns;
  const ranking = new Int32Array(d).fill(1);
  const scores = new Float64Array(d);
  for (let left = d; ; ) {
    const columns = Int32Array.from(ranking.keys()).filter((j) => ranking[j] === 1);
    const x = left === d ? data.x : takeColumns(data.x, columns);
    const fitted = yield* fitWithin(spec, { ...data, x }, classes, context);
    const weights = columnWeights(who, fitted, "square");
    for (const [k, j] of columns.entries()) scores[j] = weights[k]!;
    onFit?.(fitted, columns);
    context.checkpoint(d - left, d - wanted);
    if (left <= wanted) return { ranking, scores };
    const order = Array.from(columns.keys()).sort((a, b) => weights[a]! - weights[b]! || a - b);
    const gone = new Set(order.slice(0, Math.min(step, left - wanted)).map((k) => columns[k]!));
    for (let j = 0; j < d; j++) if (ranking[j]! > 1 || gone.has(j)) ranking[j]!++;
    left -= gone.size;
  }
}
