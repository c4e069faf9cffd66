import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { mostProbable } from "../base/run.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { checkFinite, checkLengths } from "./check-state.ts";
import { exponentials, logPriors, normalise } from "./scores.ts";

/** What Gaussian naive Bayes learns. */
export interface GaussianNBState {
  /** Mean of each column in each class (k × d). */
  readonly theta: Float64Array;
  /** Variance of each column in each class, smoothing included (k × d). */
  readonly variance: Float64Array;
  /** log P(class) (k). */
  readonly classLogPrior: Float64Array;
  /** Weight of the training rows of each class (k). */
  readonly classCount: Float64Array;
  /** What was added to every variance. */
  readonly epsilon: number;
}

/**
 * Naive Bayes with a normal distribution of each column in each class, the columns independent within a class.
 * Variances are raised by `varSmoothing` times the largest variance of a column, so that none is 0. Fit O(n d), prediction O(n d k).
 * Throws DataError where a column's variance is beyond 64-bit numbers, or 0 in a class without smoothing.
 * Source: Chan, Golub, LeVeque (1979), Stanford CS TR-79-773 (two-pass variance); Zhang (2004), The Optimality of Naive Bayes.
 * Oracle: sklearn.naive_bayes.GaussianNB.
 *
 * @example
 * const model = await ml.gaussianNB().fit(train, { target: "species" });
 */
export const gaussianNB = classifier({
  name: "gaussian_nb",
  params: () =>
    z.strictObject({
      priors: z.array(z.number().min(0).max(1)).nullable().default(null).meta({
        title: "Class priors",
        description: "One for each class in sorted order, summing to 1; none: their shares of the rows.",
      }),
      varSmoothing: z
        .number()
        .min(0)
        .default(1e-9)
        .meta({ title: "Variance smoothing", description: "Share of the largest column variance added to all.", search: "log" }),
    }),
  fit(x, y, { priors, varSmoothing }, context): GaussianNBState {
    const { theta, variance, classCount } = classMoments(x, y, context);
    const classLogPrior = logPriors("gaussian_nb.fit", priors, classCount);
    const epsilon = varSmoothing * (largestVariance(x, context) || 1);
    for (let at = 0; at < variance.length; at++) {
      if (classCount[Math.floor(at / x.columns)] === 0) continue;
      variance[at]! += epsilon;
      if (variance[at]! > 0 && variance[at]! < Infinity) continue;
      const column = x.names?.[at % x.columns] ?? `x${at % x.columns}`;
      const remedy =
        variance[at] === 0 ? "varSmoothing must be > 0 for a column that is constant in a class" : "scale the column";
      throw new DataError(
        `gaussian_nb.fit: the variance of column "${column}" must be > 0 and finite, got ${variance[at]}; ${remedy}`,
      );
    }
    return { theta, variance, classLogPrior, classCount, epsilon };
  },
  predict: (x, state: GaussianNBState) => mostProbable(gaussianJoint(x, state)),
  predictProba: (x, state: GaussianNBState) => exponentials(normalise(gaussianJoint(x, state))),
  check({ theta, variance, classLogPrior, classCount, epsilon }: GaussianNBState) {
    checkLengths("gaussian_nb", { theta, variance }, { classLogPrior, classCount });
    checkFinite("gaussian_nb", { theta, variance, epsilon: [epsilon] });
  },
});

/** log P(class) + Σⱼ log N(xⱼ; θ, σ²) for every row and class (n × k). A class without weight is impossible. */
export function gaussianJoint({ rows, columns: d, data: x }: Matrix, state: GaussianNBState): Matrix {
  const { theta, variance, classLogPrior, classCount } = state;
  const k = classLogPrior.length;
  const data = sharedFloat64(rows * k);
  const precision = variance.map((value) => 1 / value);
  const offsets = Float64Array.from({ length: k }, (_, c) => {
    let sum = 0;
    for (let at = c * d; at < (c + 1) * d; at++) sum += Math.log(2 * Math.PI * variance[at]!);
    return classCount[c] === 0 ? -Infinity : classLogPrior[c]! - 0.5 * sum;
  });
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < k; c++) {
      let sum = 0;
      if (offsets[c] !== -Infinity)
        for (let j = 0, row = i * d, at = c * d; j < d; j++) {
          const off = x[row + j]! - theta[at + j]!;
          sum += off * off * precision[at + j]!;
        }
      data[i * k + c] = offsets[c]! - 0.5 * sum;
    }
  return { rows, columns: k, data };
}

/** Weighted mean and variance of each column in each class, in two passes. */
function classMoments({ rows, columns: d, data: x }: Matrix, y: Float64Array, { classes, weights, checkpoint }: FitContext) {
  const theta = new Float64Array(classes * d);
  const variance = new Float64Array(classes * d);
  const classCount = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    if ((i & 16383) === 0) checkpoint();
    const weight = weights?.[i] ?? 1;
    const at = y[i]! * d;
    classCount[y[i]!]! += weight;
    for (let j = 0; j < d; j++) theta[at + j]! += weight * x[i * d + j]!;
  }
  for (let at = 0; at < theta.length; at++) theta[at]! /= classCount[Math.floor(at / d)] || 1;
  const residual = new Float64Array(classes * d); // what rounding left of Σ w (x − mean): the corrected two-pass algorithm
  for (let i = 0; i < rows; i++) {
    if ((i & 16383) === 0) checkpoint();
    const weight = weights?.[i] ?? 1;
    const at = y[i]! * d;
    for (let j = 0; j < d; j++) {
      const off = x[i * d + j]! - theta[at + j]!;
      residual[at + j]! += weight * off;
      variance[at + j]! += weight * off * off;
    }
  }
  for (let at = 0; at < variance.length; at++) {
    const total = classCount[Math.floor(at / d)] || 1;
    const left = residual[at]! / total;
    theta[at]! += left;
    variance[at] = Math.max(0, variance[at]! / total - left * left);
  }
  return { theta, variance, classCount };
}

/** The largest variance of a column over the rows that have weight. */
function largestVariance({ rows, columns: d, data: x }: Matrix, { weights, checkpoint }: FitContext): number {
  const means = new Float64Array(d);
  const squares = new Float64Array(d);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if ((i & 16383) === 0) checkpoint();
    if (weights?.[i] === 0) continue;
    count++;
    for (let j = 0; j < d; j++) means[j]! += x[i * d + j]!;
  }
  for (let j = 0; j < d; j++) means[j]! /= count;
  for (let i = 0; i < rows; i++) {
    if ((i & 16383) === 0) checkpoint();
    if (weights?.[i] === 0) continue;
    for (let j = 0; j < d; j++) squares[j]! += (x[i * d + j]! - means[j]!) * (x[i * d + j]! - means[j]!);
  }
  return squares.reduce((top, sum) => Math.max(top, sum / count), 0);
}
