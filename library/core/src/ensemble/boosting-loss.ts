import type { Rows } from "./row-statistics.ts";

/**
 * What exact gradient boosting minimises. Raw predictions and gradients lie output by output (outputs × n), so that each tree learns
 * from one piece of memory.
 */
export interface BoostingLoss {
  /** Trees of a stage: one, or one a class. */
  readonly outputs: number;
  /** The constant raw prediction with the least loss (outputs). */
  prior(y: Float64Array, rows: Rows, weights: Float64Array | undefined): Float64Array;
  /** What the loss takes from the raw predictions before a stage, as Huber's delta. */
  prepare?(y: Float64Array, raw: Float64Array, rows: Rows, weights: Float64Array | undefined): void;
  /** The direction in which each raw prediction lowers the loss, into `out` (outputs × n). */
  negativeGradient(y: Float64Array, raw: Float64Array, out: Float64Array): void;
  /**
   * The step of least loss for the rows of a leaf, from the raw predictions and gradients of its output (n); absent where it is the mean
   * gradient, which the tree holds already.
   */
  leaf?(
    y: Float64Array,
    raw: Float64Array,
    gradient: Float64Array,
    output: number,
    rows: Rows,
    weights: Float64Array | undefined,
  ): number;
  /** Mean loss of rows by weight, in scikit-learn's units. */
  mean(y: Float64Array, raw: Float64Array, rows: Rows, weights: Float64Array | undefined): number;
}
