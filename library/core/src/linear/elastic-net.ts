import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { regressor } from "../base/estimator.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { affine } from "./affine.ts";
import { type Centres, centres, interceptOf } from "./centres.ts";
import { type Descended, type Descent, descendGram, descendRows } from "./coordinate-descent.ts";
import { gramOf } from "./gram.ts";
import { leastSquaresWeights } from "./least-squares.ts";
import { checkLinear, type IterativeLinearState } from "./linear-state.ts";

const params = () => ({
  alpha: z.number().min(0).default(1).meta({ title: "Penalty α", description: "0 is ordinary least squares.", search: "log" }),
  fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
  positive: z.boolean().default(false).meta({ title: "Weights ≥ 0" }),
  selection: z
    .enum(["cyclic", "random"])
    .default("cyclic")
    .meta({ title: "Order of columns", description: "random often needs fewer sweeps at a tight tolerance." }),
  maxIter: z.int().min(1).max(10_000_000).default(1000).meta({ title: "Sweeps at most" }),
  tol: z
    .number()
    .gt(0)
    .default(1e-4)
    .meta({ title: "Tolerance", description: "Stops when the duality gap is below this share of Σ(y − ȳ)².", search: "log" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed" }),
});

/**
 * Lasso: least squares with an L1 penalty, minimising Σ wᵢ (yᵢ − xᵢ·β − β₀)² / (2 Σwᵢ) + α‖β‖₁; weights of columns that do not help are 0.
 * Cyclic coordinate descent until the duality gap is small: O(n d²) once and O(d²) a sweep; for d > n O(n d) a sweep.
 * Source: Tibshirani (1996), JRSS B 58(1); Friedman, Hastie, Tibshirani (2010), JSS 33(1). Oracle: sklearn.linear_model.Lasso.
 */
export const lasso = regressor({
  name: "lasso",
  params: () => z.strictObject(params()),
  fit: (x, y, own, context): IterativeLinearState => fitPenalised("lasso.fit", x, y, { ...own, l1Ratio: 1 }, context),
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
  check: (state: IterativeLinearState) => checkLinear(state),
});

/**
 * Elastic net: least squares with both penalties, minimising Σ wᵢ (yᵢ − xᵢ·β − β₀)² / (2 Σwᵢ) + α (ρ‖β‖₁ + ½ (1 − ρ)‖β‖²), ρ = l1Ratio.
 * Cyclic coordinate descent until the duality gap is small: O(n d²) once and O(d²) a sweep; for d > n O(n d) a sweep.
 * Source: Zou & Hastie (2005), JRSS B 67(2); Friedman, Hastie, Tibshirani (2010), JSS 33(1). Oracle: sklearn.linear_model.ElasticNet.
 */
export const elasticNet = regressor({
  name: "elastic_net",
  params: () =>
    z.strictObject({
      ...params(),
      l1Ratio: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .meta({ title: "Share of L1", description: "1 is the lasso, 0 is ridge.", search: "linear" }),
    }),
  fit: (x, y, own, context): IterativeLinearState => fitPenalised("elastic_net.fit", x, y, own, context),
  predict: (x, { coef, intercept }) => affine(x, coef, intercept),
  check: (state: IterativeLinearState) => checkLinear(state),
});

interface Penalised {
  readonly alpha: number;
  readonly l1Ratio: number;
  readonly fitIntercept: boolean;
  readonly positive: boolean;
  readonly selection: "cyclic" | "random";
  readonly maxIter: number;
  readonly tol: number;
  readonly seed: number;
}

/** Above this many columns their products would take more memory than they save time. */
const gramColumns = 4096;

function fitPenalised(
  who: string,
  x: Matrix,
  y: Float64Array,
  { alpha, l1Ratio, fitIntercept, positive, selection, maxIter, tol, seed }: Penalised,
  { weights, checkpoint }: FitContext,
): IterativeLinearState {
  const centre = centres(x, y, weights, fitIntercept);
  const descent: Descent = {
    l1: alpha * l1Ratio * centre.total,
    l2: alpha * (1 - l1Ratio) * centre.total,
    positive,
    tol,
    maxIter,
    draw: selection === "random" ? random(seed, "coordinate-descent") : undefined,
    checkpoint: (step, gap) => checkpoint(step, maxIter, { gap }),
  };
  const found =
    alpha === 0
      ? withoutPenalty(leastSquaresWeights(who, x, y, weights, centre, { positive, tol: x.columns * Number.EPSILON }, checkpoint))
      : x.columns <= x.rows && x.columns <= gramColumns
        ? descendGram(gramOf(who, x, y, weights, centre, checkpoint), descent)
        : descendRows(...weightedColumns(x, y, weights, centre), descent);
  return { ...found, intercept: interceptOf(who, x, found.coef, centre) };
}

/** Without a penalty there is a direct way. */
function withoutPenalty(coef: Float64Array): Descended {
  return { coef, dualityGap: 0, iterations: 0, converged: true };
}

/** Centred columns times √w, column-major (d × n), and y likewise. */
function weightedColumns(
  { rows: n, columns: d, data }: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  { means, target }: Centres,
): [Float64Array, Float64Array] {
  const columns = new Float64Array(n * d);
  const side = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const root = Math.sqrt(weights?.[i] ?? 1);
    for (let j = 0; j < d; j++) columns[j * n + i] = root * (data[i * d + j]! - means[j]!);
    side[i] = root * (y[i]! - target);
  }
  return [columns, side];
}
