import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { minimise } from "../numeric/lbfgs.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { balancedWeights } from "../numeric/statistics.ts";
import { softmaxRows } from "./softmax.ts";

/** What logistic regression learns. */
export interface LogisticRegressionState {
  /** Weights, one row per class (k × d); for two classes one row, of the second class. */
  readonly coef: Float64Array;
  /** Intercepts (k, or 1 for two classes). */
  readonly intercept: Float64Array;
  readonly classes: number;
  /** Steps that the solver took. */
  readonly iterations: number;
  /** Whether it reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/**
 * Logistic regression with an L2 penalty: minimises C Σ wᵢ·log-loss(yᵢ, softmax(Bxᵢ + b)) + ½‖B‖²; the intercepts are not penalised.
 * Two classes share one weight row, more are multinomial. Solved by L-BFGS: O(n d k) a step.
 * Source: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, §4.4. Oracle: sklearn.linear_model.LogisticRegression.
 */
export const logisticRegression = classifier({
  name: "logistic_regression",
  params: z.strictObject({
    c: z
      .number()
      .gt(0)
      .default(1)
      .meta({ title: "Inverse penalty C", description: "Smaller means a stronger L2 penalty.", search: "log" }),
    fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
    classWeight: z
      .enum(["none", "balanced"])
      .default("none")
      .meta({ title: "Class weights", description: "balanced: every class counts the same in total." }),
    maxIter: z.int().min(1).default(200).meta({ title: "Steps at most" }),
    tol: z
      .number()
      .gt(0)
      .default(1e-6)
      .meta({ title: "Tolerance", description: "Stops when no part of the gradient is larger.", search: "log" }),
  }),
  fit(x, y, params, { classes, weights, checkpoint }): LogisticRegressionState {
    const rows = classes === 2 ? 1 : classes;
    const width = x.columns + (params.fitIntercept ? 1 : 0);
    const sampleWeights =
      params.classWeight === "balanced" ? balancedWeights(y, classes, weights) : (weights ?? new Float64Array(x.rows).fill(1));
    const loss = rows === 1 ? binaryLoss : multinomialLoss;
    const objective = (beta: Float64Array, gradient: Float64Array): number =>
      loss(x, y, sampleWeights, beta, gradient, rows, width, params.c);
    const { point, iterations, converged } = minimise(objective, new Float64Array(rows * width), {
      maxIter: params.maxIter,
      // the objective is scaled by 1 / (C Σ w), so that the tolerance means the same for any number of rows
      tol: params.tol,
      onStep: (step, value) => checkpoint(step, params.maxIter, { loss: value }),
    });
    const coef = new Float64Array(rows * x.columns);
    const intercept = new Float64Array(rows);
    for (let k = 0; k < rows; k++) {
      coef.set(point.subarray(k * width, k * width + x.columns), k * x.columns);
      if (params.fitIntercept) intercept[k] = point[k * width + x.columns]!;
    }
    return { coef, intercept, classes, iterations, converged };
  },
  predictProba(x, { coef, intercept, classes }): Matrix {
    const rows = intercept.length;
    const data = sharedFloat64(x.rows * classes);
    for (let i = 0; i < x.rows; i++)
      for (let k = 0; k < rows; k++) {
        let sum = intercept[k]!;
        for (let j = 0; j < x.columns; j++) sum += x.data[i * x.columns + j]! * coef[k * x.columns + j]!;
        data[i * classes + (rows === 1 ? 1 : k)] = sum;
      }
    softmaxRows(data, classes);
    return { rows: x.rows, columns: classes, data };
  },
});

type Loss = (
  x: Matrix,
  y: Float64Array,
  weights: Float64Array,
  beta: Float64Array,
  gradient: Float64Array,
  rows: number,
  width: number,
  c: number,
) => number;

/** Mean weighted log-loss of two classes plus the penalty, and its gradient. */
const binaryLoss: Loss = ({ rows: n, columns: d, data }, y, weights, beta, gradient, _, width, c) => {
  gradient.fill(0);
  let loss = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let score = width > d ? beta[d]! : 0;
    for (let j = 0; j < d; j++) score += data[row + j]! * beta[j]!;
    // log(1 + e^score) − y·score, without overflow
    loss += weights[i]! * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - y[i]! * score);
    const residual = weights[i]! * (1 / (1 + Math.exp(-score)) - y[i]!);
    for (let j = 0; j < d; j++) gradient[j]! += residual * data[row + j]!;
    if (width > d) gradient[d]! += residual;
    total += weights[i]!;
  }
  return penalise(loss, gradient, beta, 1, d, width, c, total);
};

/** Mean weighted log-loss of k classes plus the penalty, and its gradient. */
const multinomialLoss: Loss = ({ rows: n, columns: d, data }, y, weights, beta, gradient, k, width, c) => {
  gradient.fill(0);
  const scores = new Float64Array(k);
  let loss = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let top = -Infinity;
    for (let r = 0; r < k; r++) {
      let score = width > d ? beta[r * width + d]! : 0;
      for (let j = 0; j < d; j++) score += data[row + j]! * beta[r * width + j]!;
      scores[r] = score;
      if (score > top) top = score;
    }
    let sum = 0;
    for (let r = 0; r < k; r++) sum += Math.exp(scores[r]! - top);
    loss += weights[i]! * (Math.log(sum) + top - scores[y[i]!]!);
    for (let r = 0; r < k; r++) {
      const residual = weights[i]! * (Math.exp(scores[r]! - top) / sum - (y[i] === r ? 1 : 0));
      for (let j = 0; j < d; j++) gradient[r * width + j]! += residual * data[row + j]!;
      if (width > d) gradient[r * width + d]! += residual;
    }
    total += weights[i]!;
  }
  return penalise(loss, gradient, beta, k, d, width, c, total);
};

/** Adds ½‖B‖² / C to the loss, and divides all by the total weight. */
function penalise(
  loss: number,
  gradient: Float64Array,
  beta: Float64Array,
  k: number,
  d: number,
  width: number,
  c: number,
  total: number,
): number {
  let penalty = 0;
  for (let r = 0; r < k; r++)
    for (let j = 0; j < d; j++) {
      const value = beta[r * width + j]!;
      penalty += value * value;
      gradient[r * width + j]! += value / c;
    }
  for (let j = 0; j < gradient.length; j++) gradient[j]! /= total;
  return (loss + penalty / (2 * c)) / total;
}
