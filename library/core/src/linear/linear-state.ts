import { StoreError } from "../base/errors.ts";

/** What a linear model of a number learns. */
export interface LinearState {
  /** Weights, one per column (d). */
  readonly coef: Float64Array;
  /** Prediction at x = 0, in units of y. */
  readonly intercept: number;
}

/** What a linear model learns by steps that end at a tolerance. */
export interface IterativeLinearState extends LinearState {
  /** Steps that the solver took. */
  readonly iterations: number;
  /** An upper bound of how far the objective lies above its minimum. */
  readonly dualityGap: number;
  /** Whether it reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/** Throws StoreError unless a loaded state holds weights and an intercept. */
export function checkLinear({ coef, intercept }: LinearState): void {
  if (!(coef instanceof Float64Array) || typeof intercept !== "number")
    throw new StoreError("loadModel: a linear model must hold weights and an intercept");
}
