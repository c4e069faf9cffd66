import { z } from "zod";
import { regressor } from "../base/estimator.ts";
import { choleskySolve } from "../numeric/cholesky.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { affine } from "./affine.ts";

/** What ridge regression learns. */
export interface RidgeState {
  /** Weights, one per column (d). */
  readonly coef: Float64Array;
  /** Prediction at x = 0, in units of y. */
  readonly intercept: number;
}

/**
 * Ridge regression: least squares with an L2 penalty, minimising Σ wᵢ (yᵢ − xᵢ·β − β₀)² + α‖β‖²; the intercept is not penalised.
 * Solved by Cholesky on the smaller of XᵀX and XXᵀ: O(n d² + d³) or O(n² d + n³).
 * Source: Hoerl & Kennard (1970), Technometrics 12(1). Oracle: sklearn.linear_model.Ridge.
 */
export const ridge = regressor({
  name: "ridge",
  params: z.strictObject({
    alpha: z
      .number()
      .min(0)
      .default(1)
      .meta({ title: "L2 penalty α", description: "0 is ordinary least squares.", search: "log" }),
    fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
  }),
  fit(x, y, { alpha, fitIntercept }, { weights, checkpoint }): RidgeState {
    const { means, target } = centres(x, y, weights, fitIntercept);
    const solve = x.columns <= x.rows || alpha === 0 ? primal : dual;
    const coef = solve(x, y, weights, means, target, alpha, checkpoint);
    let intercept = target;
    for (let j = 0; j < x.columns; j++) intercept -= coef[j]! * means[j]!;
    return { coef, intercept };
  },
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
});

/** Weighted means of the columns and of y; zeros without an intercept. */
function centres(x: Matrix, y: Float64Array, weights: Float64Array | undefined, fitIntercept: boolean) {
  const means = new Float64Array(x.columns);
  if (!fitIntercept) return { means, target: 0 };
  let total = 0;
  let target = 0;
  for (let i = 0; i < x.rows; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    target += weight * y[i]!;
    for (let j = 0; j < x.columns; j++) means[j]! += weight * x.data[i * x.columns + j]!;
  }
  for (let j = 0; j < x.columns; j++) means[j]! /= total;
  return { means, target: target / total };
}

type Solver = (
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  means: Float64Array,
  target: number,
  alpha: number,
  checkpoint: () => void,
) => Float64Array;

/** (XᵀWX + αI) β = XᵀWy, for d ≤ n. */
const primal: Solver = ({ rows, columns: d, data }, y, weights, means, target, alpha, checkpoint) => {
  const gram = new Float64Array(d * d);
  const right = new Float64Array(d);
  const row = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    if ((i & 4095) === 0) checkpoint();
    const weight = weights?.[i] ?? 1;
    const residual = weight * (y[i]! - target);
    for (let j = 0; j < d; j++) row[j] = data[i * d + j]! - means[j]!;
    for (let j = 0; j < d; j++) {
      const scaled = weight * row[j]!;
      right[j]! += row[j]! * residual;
      for (let k = 0; k <= j; k++) gram[j * d + k]! += scaled * row[k]!;
    }
  }
  for (let j = 0; j < d; j++) gram[j * d + j]! += alpha;
  return choleskySolve(gram, right);
};

/** β = Xᵀ√W (√W X Xᵀ √W + αI)⁻¹ √W y, for d > n. */
const dual: Solver = ({ rows: n, columns: d, data }, y, weights, means, target, alpha, checkpoint) => {
  const roots = Float64Array.from({ length: n }, (_, i) => Math.sqrt(weights?.[i] ?? 1));
  const scaled = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) scaled[i * d + j] = roots[i]! * (data[i * d + j]! - means[j]!);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    checkpoint();
    for (let k = 0; k <= i; k++) {
      let sum = i === k ? alpha : 0;
      for (let j = 0; j < d; j++) sum += scaled[i * d + j]! * scaled[k * d + j]!;
      gram[i * n + k] = sum;
    }
  }
  const right = Float64Array.from({ length: n }, (_, i) => roots[i]! * (y[i]! - target));
  const dualCoef = choleskySolve(gram, right);
  const coef = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) coef[j]! += scaled[i * d + j]! * dualCoef[i]!;
  return coef;
};
