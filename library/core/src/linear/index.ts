export { elasticNet, lasso } from "./elastic-net.ts";
export { type LeastAbsoluteShares, leastAbsoluteShares } from "./least-absolute-shares.ts";
export { linearRegression } from "./linear-regression.ts";
export type { IterativeLinearState, LinearState } from "./linear-state.ts";
export { type LogisticRegressionState, logisticRegression } from "./logistic-regression.ts";
export { type PolynomialFeaturesState, polynomialFeatures } from "./polynomial-features.ts";
export { type PolynomialRegressionState, polynomialRegression } from "./polynomial-regression.ts";
export { type RidgeState, ridge } from "./ridge.ts";
