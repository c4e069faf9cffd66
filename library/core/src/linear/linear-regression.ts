import { z } from "zod";
import { regressor } from "../base/estimator.ts";
import { affine } from "./affine.ts";
import { centres, interceptOf } from "./centres.ts";
import { leastSquaresWeights } from "./least-squares.ts";
import { checkLinear, type LinearState } from "./linear-state.ts";

/** Parameters that least squares takes, alone or on polynomials. */
export const leastSquaresParams = () => ({
  fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
  positive: z.boolean().default(false).meta({ title: "Weights ≥ 0" }),
  tol: z.number().min(0).max(0.1).default(1e-6).meta({
    title: "Tolerance of rank",
    description: "Directions whose singular value is below this share of the largest count as none.",
    search: "log",
  }),
});

/**
 * Least squares: minimises Σ wᵢ (yᵢ − xᵢ·β − β₀)²; where columns depend on each other, the β of least norm. With `positive` all β ≥ 0.
 * Householder QR over blocks of rows, the singular values of its triangle where the rank is in doubt: O(n d²), O(n² d) for d > n.
 * Source: Golub & Van Loan (2013), Matrix Computations, §5.3, §5.5. Oracle: sklearn.linear_model.LinearRegression.
 */
export const linearRegression = regressor({
  name: "linear_regression",
  params: () => z.strictObject(leastSquaresParams()),
  fit(x, y, params, { weights, checkpoint }): LinearState {
    const who = "linear_regression.fit";
    const centre = centres(x, y, weights, params.fitIntercept);
    const coef = leastSquaresWeights(who, x, y, weights, centre, params, checkpoint);
    return { coef, intercept: interceptOf(who, x, coef, centre) };
  },
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
  check: checkLinear,
});
