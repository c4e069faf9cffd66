import { z } from "zod";
import { DataError, StoreError } from "../base/errors.ts";
import { classifier } from "../base/estimator.ts";
import { defineWork } from "../base/worker.ts";
import { classShares, classWeightParam } from "../linear/class-weights.ts";
import { type Matrix, sharedFloat64, toShared } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { descendDual, type LinearDualSolution } from "./dual-descent.ts";
import { fitSigmoid, sigmoidOf } from "./platt.ts";

/** What a linear support vector classifier learns. */
export interface LinearSvcState {
  readonly classes: number;
  /** Weights, one row a class (k × d); for two classes one row, of the second class. */
  readonly coef: Float64Array;
  /** Intercepts (k, or 1 for two classes). */
  readonly intercept: Float64Array;
  /** Slope and offset of each weight row's sigmoid; −1 and 0 without `probability`. */
  readonly sigmoid: Float64Array;
  /** Sweeps over the rows, the most of any class. */
  readonly iterations: number;
  /** Whether every class reached the tolerance before `maxIter`. */
  readonly converged: boolean;
}

/** Parameters that both linear machines share. */
export const linearSvmParams = () => ({
  c: z.number().gt(0).default(1).meta({ title: "C", description: "Price of a row on the wrong side.", search: "log" }),
  fitIntercept: z.boolean().default(true).meta({ title: "Fit an intercept" }),
  interceptScaling: z
    .number()
    .gt(0)
    .default(1)
    .meta({ title: "Intercept scaling", description: "The intercept is penalised; larger means less." }),
  tol: z.number().gt(0).default(1e-4).meta({ title: "Tolerance", search: "log" }),
  maxIter: z.int().min(1).max(1_000_000_000).default(1000).meta({ title: "Sweeps at most" }),
  seed: z.int().min(0).default(42).meta({ title: "Seed", description: "Of the order of the rows." }),
});

/**
 * A linear support vector classifier: minimises ½‖w‖² + C Σ wᵢ loss(yᵢ f(xᵢ)), the intercept inside the penalty; more than two classes
 * one against the rest. Dual coordinate descent, classes in parallel: O(n d) a sweep. Needs columns of one scale. `predictProba` as
 * `svc`'s: with `probability` Platt's sigmoid on 5 folds, else the logistic function of the decision value; shares of 1 over the classes.
 * Source: Hsieh et al. (2008), ICML; Fan et al. (2008), "LIBLINEAR", JMLR 9. Oracle: sklearn.svm.LinearSVC.
 */
export const linearSVC = classifier({
  name: "linear_svm",
  params: () =>
    z.strictObject({
      loss: z.enum(["squared_hinge", "hinge"]).default("squared_hinge").meta({ title: "Loss" }),
      ...linearSvmParams(),
      classWeight: classWeightParam(),
      probability: z
        .boolean()
        .default(false)
        .meta({ title: "Calibrated probabilities", description: "By Platt's method; fits five times more." }),
    }),
  fit(x, y, params, { classes, weights, checkpoint, parallel }): LinearSvcState {
    const who = "linear_svm.fit";
    const outputs = classes === 2 ? 1 : classes;
    const folds = params.probability ? 5 : 0;
    const given = weights ?? new Float64Array(x.rows).fill(1);
    const shares = classShares(who, y, classes, params.classWeight, given, "weights");
    const rows = Int32Array.from(y.keys()).filter((i) => given[i]! > 0 && shares[y[i]!]! > 0);
    if (rows.every((i) => y[i] === y[rows[0]!])) throw new DataError(`${who}: two classes at least must have rows of weight > 0`);
    const work: ClassWork = {
      x: { rows: x.rows, columns: x.columns, data: toShared(x.data) },
      y: toShared(y),
      rows,
      prices: toShared(given.map((weight) => params.c * weight)),
      shares,
      folds,
      bias: params.fitIntercept ? params.interceptScaling : 0,
      ...params,
    };
    const pieces = parallel<ClassPiece>("linear svm class", work, outputs * (1 + folds), (done) =>
      checkpoint(done, outputs * (1 + folds)),
    );
    const coef = new Float64Array(outputs * x.columns);
    for (let k = 0; k < outputs; k++) coef.set(pieces[k]!.coef, k * x.columns);
    if (!coef.every(Number.isFinite)) throw new DataError(`${who}: values must not overflow; put ml.standardScaler() before it`);
    const fits = pieces.slice(0, outputs);
    return {
      classes,
      coef,
      intercept: Float64Array.from(fits, ({ intercept }) => intercept),
      sigmoid: Float64Array.from(fits.flatMap((_, k) => sigmoidOfFolds(work, k, pieces, outputs, classes))),
      iterations: Math.max(...fits.map(({ iterations }) => iterations)),
      converged: fits.every(({ converged }) => converged),
    };
  },
  predict(x, state): Float64Array {
    const { data, columns } = linearDecisions(x, state);
    return Float64Array.from({ length: x.rows }, (_, i) => {
      if (columns === 1) return data[i]! > 0 ? 1 : 0;
      const row = data.subarray(i * columns, (i + 1) * columns);
      return row.indexOf(row.reduce((most, value) => Math.max(most, value)));
    });
  },
  predictProba(x, state): Matrix {
    const { data: decisions, columns } = linearDecisions(x, state);
    const k = state.classes;
    const data = sharedFloat64(x.rows * k);
    for (let i = 0; i < x.rows; i++) {
      const share = (c: number): number =>
        sigmoidOf(decisions[i * columns + c]!, { a: state.sigmoid[2 * c]!, b: state.sigmoid[2 * c + 1]! });
      if (columns === 1) {
        data[2 * i + 1] = share(0);
        data[2 * i] = 1 - data[2 * i + 1]!;
        continue;
      }
      let sum = 0;
      for (let c = 0; c < k; c++) sum += data[i * k + c] = share(c);
      for (let c = 0; c < k; c++) data[i * k + c] = sum > 0 ? data[i * k + c]! / sum : 1 / k;
    }
    return { rows: x.rows, columns: k, data };
  },
  check({ classes, coef, intercept, sigmoid }: LinearSvcState): void {
    const outputs = classes === 2 ? 1 : classes;
    const fits =
      Number.isInteger(classes) &&
      classes >= 2 &&
      intercept?.length === outputs &&
      coef?.length % outputs === 0 &&
      sigmoid?.length === 2 * outputs;
    if (!fits) throw new StoreError("loadModel: the weights of a linear support vector machine do not fit its classes");
  },
});

/** Decision values of each row, one column a weight row (n × 1 or n × k). O(n d k). */
export function linearDecisions({ rows, columns: d, data }: Matrix, { coef, intercept }: LinearSvcState): Matrix {
  const outputs = intercept.length;
  const out = new Float64Array(rows * outputs);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < outputs; k++) {
      let sum = intercept[k]!;
      for (let j = 0; j < d; j++) sum += data[i * d + j]! * coef[k * d + j]!;
      out[i * outputs + k] = sum;
    }
  return { rows, columns: outputs, data: out };
}

/** What each thread needs to fit one class against the rest. */
interface ClassWork {
  readonly x: Matrix;
  readonly y: Float64Array;
  /** Rows of weight > 0. */
  readonly rows: Int32Array;
  /** C times the weight of each row (n). */
  readonly prices: Float64Array;
  /** Weights of the classes: of both for two; for more of the class only that is set against the rest, as LIBLINEAR has it. */
  readonly shares: readonly number[];
  readonly folds: number;
  readonly bias: number;
  readonly loss: "squared_hinge" | "hinge";
  readonly tol: number;
  readonly maxIter: number;
  readonly seed: number;
}

/** A class against the rest, or one fold of it with the decision values of the places it left out. */
interface ClassPiece extends LinearDualSolution {
  readonly held: Int32Array;
  readonly decisions: Float64Array;
}

/** Pieces 0 … outputs − 1 are the classes, then come the folds of each. */
defineWork("linear svm class", (work: ClassWork) => (index: number, checkpoint: () => void): ClassPiece => {
  const classes = work.y.reduce((top, code) => Math.max(top, code), 0) + 1;
  const outputs = classes === 2 ? 1 : classes;
  const fold = index < outputs ? -1 : (index - outputs) % work.folds;
  const output = index < outputs ? index : Math.floor((index - outputs) / work.folds);
  const drawn = fold < 0 ? Int32Array.from(work.rows.keys()) : random(work.seed, `platt/${output}`).permutation(work.rows.length);
  const held = drawn.filter((_, at) => fold >= 0 && at % work.folds === fold);
  const rest = drawn.filter((_, at) => fold < 0 || at % work.folds !== fold).sort();
  const solution = fitClass(work, rest, outputs === 1 ? 1 : output, random(work.seed, `linear-svm/${index}`), checkpoint);
  const { columns: d, data } = work.x;
  const decisions = Float64Array.from(held, (t) => {
    let sum = solution.intercept;
    for (let j = 0; j < d; j++) sum += solution.coef[j]! * data[work.rows[t]! * d + j]!;
    return sum;
  });
  return { ...solution, held, decisions };
});

function fitClass(
  { x, y, rows: all, prices: given, shares, loss, bias, tol, maxIter }: ClassWork,
  places: Int32Array,
  positive: number,
  draw: ReturnType<typeof random>,
  checkpoint: () => void,
): LinearDualSolution {
  const rows = places.map((t) => all[t]!);
  const squared = loss === "squared_hinge";
  const target = Float64Array.from(rows, (i) => (y[i] === positive ? 1 : -1));
  const counts = (code: number): boolean => shares.length === 2 || code === positive;
  const prices = Float64Array.from(rows, (i) => given[i]! * (counts(y[i]!) ? shares[y[i]!]! : 1));
  const problem = {
    x,
    rows,
    target,
    low: target.map((sign, t) => (sign > 0 ? 0 : squared ? -Infinity : -prices[t]!)),
    high: target.map((sign, t) => (sign < 0 ? 0 : squared ? Infinity : prices[t]!)),
    ridge: prices.map((price) => (squared ? 0.5 / price : 0)),
    epsilon: 0,
    bias,
  };
  return descendDual(problem, { tol, maxIter }, draw, () => checkpoint());
}

function sigmoidOfFolds(
  { rows, y, folds }: ClassWork,
  output: number,
  pieces: readonly ClassPiece[],
  outputs: number,
  classes: number,
): [number, number] {
  if (folds === 0) return [-1, 0];
  const values = new Float64Array(rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const { held, decisions } = pieces[outputs + output * folds + fold]!;
    for (const [at, t] of held.entries()) values[t] = decisions[at]!;
  }
  const positive = classes === 2 ? 1 : output;
  const { a, b } = fitSigmoid(
    values,
    Array.from(rows, (i) => y[i] === positive),
  );
  return [a, b];
}
