import { z } from "zod";
import { regressor } from "../base/estimator.ts";
import { choleskySolve } from "../numeric/cholesky.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { affine } from "./affine.ts";
import { type Centres, centres, interceptOf, refuseOverflow } from "./centres.ts";
import { gramOf } from "./gram.ts";
import { leastSquares } from "./least-squares.ts";
import { checkLinear, type LinearState } from "./linear-state.ts";

/** What ridge regression learns. */
export type RidgeState = LinearState;

/**
 * Ridge regression: least squares with an L2 penalty, minimising Σ wᵢ (yᵢ − xᵢ·β − β₀)² + α‖β‖²; the intercept is not penalised.
 * Solved by Cholesky on the smaller of XᵀX and XXᵀ, O(n d² + d³) or O(n² d + n³); for α = 0 as least squares.
 * Source: Hoerl & Kennard (1970), Technometrics 12(1). Oracle: sklearn.linear_model.Ridge.
 */
export const ridge = regressor({
  name: "ridge",
  params: () =>
    z.strictObject({
      alpha: z
        .number()
        .min(0)
        .default(1)
        .meta({ title: "L2 penalty α", description: "0 is ordinary least squares.", search: "log" }),
      fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
    }),
  fit(x, y, { alpha, fitIntercept }, { weights, checkpoint }): RidgeState {
    const centre = centres(x, y, weights, fitIntercept);
    const coef =
      alpha === 0
        ? leastSquares(x, y, weights, centre, Math.max(x.rows, x.columns) * Number.EPSILON, checkpoint)
        : (x.columns <= x.rows ? primal : dual)(x, y, weights, centre, alpha, checkpoint);
    return { coef, intercept: interceptOf("ridge.fit", x, coef, centre) };
  },
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
  check: checkLinear,
});

type Solver = (
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  centre: Centres,
  alpha: number,
  checkpoint: () => void,
) => Float64Array;

/** (XᵀWX + αI) β = XᵀWy, for d ≤ n. */
const primal: Solver = (x, y, weights, centre, alpha, checkpoint) => {
  const { gram, right } = gramOf("ridge.fit", x, y, weights, centre, checkpoint);
  for (let j = 0; j < x.columns; j++) gram[j * x.columns + j]! += alpha;
  return choleskySolve(gram, right);
};

/** β = Xᵀ√W (√W X Xᵀ √W + αI)⁻¹ √W y, for d > n. */
const dual: Solver = (x, y, weights, { means, target }, alpha, checkpoint) => {
  const { rows: n, columns: d, data } = x;
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
  if (!gram.every(Number.isFinite)) refuseOverflow("ridge.fit", x);
  const right = Float64Array.from({ length: n }, (_, i) => roots[i]! * (y[i]! - target));
  const dualCoef = choleskySolve(gram, right);
  const coef = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) coef[j]! += scaled[i * d + j]! * dualCoef[i]!;
  return coef;
};
