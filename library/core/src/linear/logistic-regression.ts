import { z } from "zod";
import { DataError, LimitError, ParamsError, StoreError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { minimise } from "../numeric/lbfgs.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { classWeightParam, classWeights } from "./class-weights.ts";
import { type LogisticProblem, logisticProblem } from "./logistic-problem.ts";
import { proximalNewton } from "./proximal-newton.ts";
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

/** A Newton step of n rows and p parameters costs n p²: above this L-BFGS needs less. */
const newtonCost = 2e7;
/** More parameters than these have no Hessian in memory: 8192² doubles are half a gigabyte. */
const newtonSize = 8192;

/**
 * Logistic regression: minimises C Σ wᵢ·log-loss(yᵢ, softmax(Bxᵢ + b)) + (1 − ρ) ½‖B‖² + ρ‖B‖₁; the intercepts are not penalised.
 * ρ is 0 for the penalty l2, 1 for l1, `l1Ratio` for elasticnet; none leaves the loss alone, and refuses classes that a plane separates.
 * Two classes share one weight row, more are multinomial. Columns are standardised inside, which changes the way and not the answer.
 * Solved by Newton's method, O(n d² k²) a step, with coordinate descent where there is an L1 term; by L-BFGS, O(n d k) a step, where the
 * table is large and the penalty smooth. Source: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, §4.4.
 * Oracle: sklearn.linear_model.LogisticRegression.
 */
export const logisticRegression = classifier({
  name: "logistic_regression",
  params: () =>
    z.strictObject({
      penalty: z
        .enum(["l2", "l1", "elasticnet", "none"])
        .default("l2")
        .meta({ title: "Penalty", description: "l1 sets weights to 0; elasticnet mixes both by l1Ratio." }),
      c: z
        .number()
        .gt(0)
        .default(1)
        .meta({ title: "Inverse penalty C", description: "Smaller means a stronger penalty.", search: "log" }),
      l1Ratio: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .meta({ title: "Share of L1", description: "Counts for the penalty elasticnet.", search: "linear" }),
      fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
      classWeight: classWeightParam(),
      solver: z
        .enum(["auto", "newton", "lbfgs"])
        .default("auto")
        .meta({ title: "Solver", description: "All give the same answer; lbfgs bears no L1 term." }),
      maxIter: z.int().min(1).max(1_000_000).default(200).meta({ title: "Steps at most" }),
      tol: z
        .number()
        .gt(0)
        .default(1e-4)
        .meta({ title: "Tolerance", description: "Stops when no part of the mean loss's gradient is larger.", search: "log" }),
    }),
  fit(x, y, params, { classes, weights: given, checkpoint }): LogisticRegressionState {
    const who = "logistic_regression.fit";
    const weights = classWeights(who, y, classes, params.classWeight, given);
    const ratio = { l2: 0, l1: 1, elasticnet: params.l1Ratio, none: 0 }[params.penalty];
    const strength = params.penalty === "none" ? 0 : 1 / params.c;
    const penalties = { l1: strength * ratio, l2: strength * (1 - ratio) };
    const problem = logisticProblem(who, { x, y, weights, classes, fitIntercept: params.fitIntercept, ...penalties }, checkpoint);
    const { point, iterations, converged } = solve(problem, x.rows, params, (step, loss) =>
      checkpoint(step, params.maxIter, { loss }),
    );
    const state = { ...problem.unscale(point), classes, iterations, converged };
    if (params.penalty === "none") refuseSeparable(who, x, y, weights, state);
    return state;
  },
  predictProba(x, state): Matrix {
    const data = scoresOf(x, state);
    softmaxRows(data, state.classes);
    return { rows: x.rows, columns: state.classes, data };
  },
  check({ coef, intercept, classes }: LogisticRegressionState): void {
    const fits =
      coef instanceof Float64Array &&
      intercept instanceof Float64Array &&
      Number.isInteger(classes) &&
      classes >= 2 &&
      intercept.length === (classes === 2 ? 1 : classes) &&
      coef.length % intercept.length === 0;
    if (!fits) throw new StoreError("loadModel: the weights of a logistic regression do not fit its classes");
  },
});

interface SolveParams {
  readonly solver: "auto" | "newton" | "lbfgs";
  readonly maxIter: number;
  readonly tol: number;
}

function solve(
  problem: LogisticProblem,
  rows: number,
  { solver, maxIter, tol }: SolveParams,
  onStep: (step: number, loss: number) => void,
): { readonly point: Float64Array; readonly iterations: number; readonly converged: boolean } {
  const size = problem.outputs * problem.width;
  const smooth = problem.l1.every((weight) => weight === 0);
  if (!smooth && solver === "lbfgs")
    throw new ParamsError(
      "logistic_regression: the solver lbfgs needs a smooth penalty (l2 or none), got an L1 term; take newton",
    );
  const start = new Float64Array(size);
  const newton = (from: Float64Array) => proximalNewton(problem, from, { maxIter, tol, onStep });
  if (!smooth || solver === "newton" || (solver === "auto" && rows * size * size <= newtonCost)) {
    if (size <= newtonSize) return newton(start);
    throw new LimitError(
      `logistic_regression: Newton's method bears ${newtonSize} weights, got ${size}; take a smooth penalty and the solver lbfgs`,
    );
  }
  const found = minimise(problem.value, start, { maxIter, tol, onStep });
  // columns that nearly depend on each other: Newton's method goes on from here
  if (found.converged || solver === "lbfgs" || size > newtonSize) return found;
  const rest = newton(found.point);
  return { ...rest, iterations: found.iterations + rest.iterations };
}

/** Scores (n × k), the first class of two at 0. */
function scoresOf({ rows: n, columns: d, data: x }: Matrix, { coef, intercept, classes }: LogisticRegressionState): Float64Array {
  const outputs = intercept.length;
  const data = sharedFloat64(n * classes);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < outputs; k++) {
      let sum = intercept[k]!;
      for (let j = 0; j < d; j++) sum += x[i * d + j]! * coef[k * d + j]!;
      data[i * classes + (outputs === 1 ? 1 : k)] = sum;
    }
  return data;
}

/** Without a penalty weights that get every row right could only grow: the loss has no minimum. */
function refuseSeparable(who: string, x: Matrix, y: Float64Array, weights: Float64Array, state: LogisticRegressionState): void {
  const { classes } = state;
  const scores = scoresOf(x, state);
  for (let i = 0; i < x.rows; i++) {
    const own = scores[i * classes + y[i]!]!;
    for (let k = 0; k < classes; k++) if (weights[i]! > 0 && k !== y[i] && scores[i * classes + k]! >= own) return;
  }
  throw new DataError(
    `${who}: without a penalty the classes must overlap, got ${x.rows} rows that a plane separates: the weights would grow without end; take penalty "l2"`,
  );
}
