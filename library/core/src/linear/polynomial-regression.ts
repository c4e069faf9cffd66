import { z } from "zod";
import { StoreError } from "../base/errors.ts";
import { regressor } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { affine } from "./affine.ts";
import { centres, interceptOf, refuseOverflow } from "./centres.ts";
import { leastSquaresWeights } from "./least-squares.ts";
import { leastSquaresParams } from "./linear-regression.ts";
import { checkLinear, type LinearState } from "./linear-state.ts";
import { expand, polynomialParams } from "./polynomial-features.ts";

/** What polynomial regression learns. */
export interface PolynomialRegressionState extends LinearState {
  /** Names of the products that the weights belong to, as "x0^2 x1" (d'). */
  readonly terms: readonly string[];
}

/**
 * Least squares on every product of up to `degree` columns, the intercept beside them. O(n d'²) for d' = C(d + degree, degree) − 1.
 * Oracle: sklearn.preprocessing.PolynomialFeatures and sklearn.linear_model.LinearRegression in a pipeline.
 */
export const polynomialRegression = regressor({
  name: "polynomial_regression",
  params: () => z.strictObject({ ...polynomialParams(), ...leastSquaresParams() }),
  fit(x, y, params, { weights, checkpoint }): PolynomialRegressionState {
    const who = "polynomial_regression.fit";
    const wide = expand(who, x, { ...params, includeBias: false }, checkpoint);
    if (!wide.data.every(Number.isFinite)) refuseOverflow(who, x);
    const centre = centres(wide, y, weights, params.fitIntercept);
    const coef = leastSquaresWeights(who, wide, y, weights, centre, params, checkpoint);
    return { coef, intercept: interceptOf(who, wide, coef, centre), terms: wide.names! };
  },
  predict: (x: Matrix, { coef, intercept }, params): Float64Array =>
    affine(expand("polynomial_regression.predict", x, { ...params, includeBias: false }), coef, intercept),
  check(state: PolynomialRegressionState): void {
    checkLinear(state);
    if (!Array.isArray(state.terms) || state.terms.length !== state.coef.length)
      throw new StoreError("loadModel: polynomial regression must name one term for each weight");
  },
});
