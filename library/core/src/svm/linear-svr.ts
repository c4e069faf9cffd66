import { z } from "zod";
import { DataError, StoreError } from "../base/errors.ts";
import { regressor } from "../base/estimator.ts";
import { affine } from "../linear/affine.ts";
import { random } from "../numeric/random.ts";
import { descendDual } from "./dual-descent.ts";
import { linearSvmParams } from "./linear-svc.ts";

/** What linear support vector regression learns. */
export interface LinearSvrState {
  /** Weights, one per column (d). */
  readonly coef: Float64Array;
  /** Prediction at x = 0, in units of y. */
  readonly intercept: number;
  /** Sweeps over the rows. */
  readonly iterations: number;
  /** Whether it reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/**
 * Linear support vector regression: minimises ½‖w‖² + C Σ wᵢ max(0, |yᵢ − f(xᵢ)| − ε), or its squares; the intercept inside the penalty.
 * Dual coordinate descent: O(n d) a sweep. Needs columns of one scale.
 * Source: Ho & Lin (2012), "Large-scale linear support vector regression", JMLR 13. Oracle: sklearn.svm.LinearSVR.
 */
export const linearSVR = regressor({
  name: "linear_svm",
  params: () =>
    z.strictObject({
      loss: z.enum(["epsilon_insensitive", "squared_epsilon_insensitive"]).default("epsilon_insensitive").meta({ title: "Loss" }),
      ...linearSvmParams(),
      epsilon: z.number().min(0).default(0).meta({ title: "ε", description: "Errors up to it cost nothing, in units of y." }),
    }),
  fit(x, y, { loss, c, fitIntercept, interceptScaling, epsilon, seed, ...options }, { weights, checkpoint }): LinearSvrState {
    const rows = Int32Array.from(y.keys()).filter((i) => (weights?.[i] ?? 1) > 0);
    const prices = Float64Array.from(rows, (i) => c * (weights?.[i] ?? 1));
    const squared = loss === "squared_epsilon_insensitive";
    const problem = {
      x,
      rows,
      target: Float64Array.from(rows, (i) => y[i]!),
      low: prices.map((price) => (squared ? -Infinity : -price)),
      high: prices.map((price) => (squared ? Infinity : price)),
      ridge: prices.map((price) => (squared ? 0.5 / price : 0)),
      epsilon,
      bias: fitIntercept ? interceptScaling : 0,
    };
    const state = descendDual(problem, options, random(seed, "linear-svm"), (sweep, violation) =>
      sweep === undefined ? checkpoint() : checkpoint(sweep, options.maxIter, { violation: violation! }),
    );
    if (!state.coef.every(Number.isFinite))
      throw new DataError("linear_svm.fit: values must not overflow; put ml.standardScaler() before it");
    return state;
  },
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
  check({ coef, intercept }: LinearSvrState): void {
    if (!(coef instanceof Float64Array) || typeof intercept !== "number")
      throw new StoreError("loadModel: a linear support vector machine must hold weights and an intercept");
  },
});
