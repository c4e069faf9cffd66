import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { StoreError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import {
  type Activation,
  chunkRows,
  enterRows,
  forward,
  type Network,
  openNetwork,
  type Reals,
  realsAt,
  setWeights,
  strideBytes,
} from "./network.ts";
import { initialWeights, train } from "./train.ts";
import type { TrainingData, TrainingParams } from "./training.ts";

/** What a multilayer perceptron learns. */
export interface MlpState {
  /** Units of each layer, the inputs first. */
  readonly sizes: readonly number[];
  /** Weights of each layer: inputs × outputs, row by row. */
  readonly coefs: readonly Reals[];
  /** Intercepts of each layer (outputs). */
  readonly intercepts: readonly Reals[];
  /** Loss after each pass over the rows, or each step of L-BFGS; the penalty included. */
  readonly lossCurve: Float64Array;
  /** Accuracy or R² on the validation rows after each pass; none without early stopping. */
  readonly validationScores: Float64Array;
  readonly iterations: number;
  /** Whether it stopped before `maxIter`. */
  readonly converged: boolean;
}

const params = () =>
  z.strictObject({
    hiddenLayerSizes: z
      .array(z.int().min(1).max(65_536))
      .max(64)
      .default([100])
      .meta({ title: "Hidden layers", description: "Units of each hidden layer." }),
    activation: z.enum(["identity", "logistic", "tanh", "relu"]).default("relu").meta({ title: "Activation" }),
    solver: z
      .enum(["adam", "sgd", "lbfgs"])
      .default("adam")
      .meta({ title: "Solver", description: "lbfgs suits small tables: all rows at every step, in 64 bits." }),
    alpha: z.number().min(0).max(1e6).default(1e-4).meta({ title: "L2 penalty α", search: "log" }),
    batchSize: z
      .union([z.enum(["auto"]), z.int().min(1)])
      .default("auto")
      .meta({ title: "Batch size", description: "auto: 200, or all rows where there are fewer." }),
    learningRate: z
      .enum(["constant", "invscaling", "adaptive"])
      .default("constant")
      .meta({ title: "Learning rate schedule", description: "For sgd; adaptive divides it by 5 when nothing improves." }),
    learningRateInit: z.number().gt(0).max(1e3).default(1e-3).meta({ title: "Learning rate", search: "log" }),
    powerT: z.number().min(0).max(10).default(0.5).meta({ title: "Exponent of inverse scaling" }),
    maxIter: z.int().min(1).max(1_000_000).default(200).meta({ title: "Passes at most" }),
    shuffle: z.boolean().default(true).meta({ title: "Shuffle before each pass" }),
    tol: z
      .number()
      .min(0)
      .default(1e-4)
      .meta({ title: "Tolerance", description: "A pass that improves the loss or score by less counts as idle.", search: "log" }),
    momentum: z.number().min(0).max(1).default(0.9).meta({ title: "Momentum", description: "For sgd." }),
    nesterovsMomentum: z.boolean().default(true).meta({ title: "Nesterov's momentum" }),
    earlyStopping: z
      .boolean()
      .default(false)
      .meta({ title: "Early stopping", description: "Keeps rows back, and the weights that did best on them." }),
    validationFraction: z.number().gt(0).lt(1).default(0.1).meta({ title: "Share of rows kept back" }),
    nIterNoChange: z.int().min(1).default(10).meta({ title: "Idle passes before it stops" }),
    beta1: z.number().min(0).lt(1).default(0.9).meta({ title: "Adam's decay of the mean" }),
    beta2: z.number().min(0).lt(1).default(0.999).meta({ title: "Adam's decay of the square" }),
    epsilon: z.number().gt(0).default(1e-8).meta({ title: "Adam's ε" }),
    seed: z.int().min(0).default(42).meta({ title: "Seed" }),
  });

/**
 * A multilayer perceptron for classes: dense layers, a sigmoid or softmax at the end; minimises the mean log-loss + α/2n ‖W‖². Adam and
 * gradient descent on batches in 32 bits, L-BFGS on all rows in 64. Columns should have like scales: put ml.standardScaler() before it.
 * O(n · weights) a pass. Progress reports loss (and validation_score). Throws DataError where the loss overflows.
 * Source: Rumelhart, Hinton, Williams (1986), Nature 323; Kingma & Ba (2015), Adam; Glorot & Bengio (2010) for the first weights.
 * Oracle: sklearn.neural_network.MLPClassifier.
 *
 * @example
 * const model = await ml.pipeline(ml.standardScaler(), ml.mlpClassifier({ hiddenLayerSizes: [64, 32] })).fit(train, { target: "class" });
 */
export const mlpClassifier = classifier({
  name: "neural_network",
  params,
  fit(x, y, own, context): MlpState {
    const isBinary = context.classes === 2;
    return learn(x, y, own, context, isBinary ? "logistic" : "softmax", isBinary ? 1 : context.classes);
  },
  predictProba(x, state: MlpState, { activation }): Matrix {
    const outputs = state.sizes.at(-1)!;
    const classes = Math.max(2, outputs);
    const data = sharedFloat64(x.rows * classes);
    eachOutput(x, state, activation, (i, sums) => {
      const scores = outputs === 1 ? [0, sums[0]!] : Array.from(sums);
      const top = Math.max(...scores);
      const parts = scores.map((score) => Math.exp(score - top));
      const total = parts.reduce((a, b) => a + b, 0);
      for (let k = 0; k < classes; k++) data[i * classes + k] = parts[k]! / total;
    });
    return { rows: x.rows, columns: classes, data };
  },
  check,
});

/**
 * A multilayer perceptron for numbers: dense layers, the plain sum at the end; minimises half the mean squared error + α/2n ‖W‖². Solvers,
 * cost and errors as the classifier's. A constant target is answered without training.
 * Source: Rumelhart, Hinton, Williams (1986), Nature 323. Oracle: sklearn.neural_network.MLPRegressor.
 *
 * @example
 * const model = await ml.pipeline(ml.standardScaler(), ml.mlpRegressor({ solver: "lbfgs" })).fit(train, { target: "price" });
 */
export const mlpRegressor = regressor({
  name: "neural_network",
  params,
  fit: (x, y, own, context): MlpState =>
    y.every((value) => value === y[0]) ? constant(x, y[0]!, own) : learn(x, y, own, context, "identity", 1),
  predict(x, state: MlpState, { activation }): Float64Array {
    const out = new Float64Array(x.rows);
    eachOutput(x, state, activation, (i, sums) => {
      out[i] = sums[0]!;
    });
    return out;
  },
  check,
});

function learn(
  x: Matrix,
  y: Float64Array,
  own: TrainingParams,
  context: FitContext,
  output: TrainingData["output"],
  outputs: number,
): MlpState {
  const sizes = [x.columns, ...own.hiddenLayerSizes, outputs];
  const data = { ...weighted(x, y, context.weights), output, outputs };
  return { sizes, ...train(data, own, initialWeights(sizes, own.activation, own.seed), context) };
}

/** The rows that have weight. */
function weighted(x: Matrix, y: Float64Array, weights: Float64Array | undefined): Pick<TrainingData, "x" | "y" | "weights"> {
  if (!weights?.includes(0)) return { x, y, weights };
  const rows = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => weights[i]! > 0);
  const data = new Float64Array(rows.length * x.columns);
  rows.forEach((i, at) => {
    data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), at * x.columns);
  });
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  return { x: { rows: rows.length, columns: x.columns, data }, y: take(y), weights: take(weights) };
}

/** Weights of 0 and the value as intercept: the minimum for a constant target, whatever the penalty. */
function constant(x: Matrix, value: number, { hiddenLayerSizes }: TrainingParams): MlpState {
  const sizes = [x.columns, ...hiddenLayerSizes, 1];
  const outputs = sizes.slice(1);
  return {
    sizes,
    coefs: outputs.map((size, l) => new Float64Array(sizes[l]! * size)),
    intercepts: outputs.map((size, l) => new Float64Array(size).fill(l + 1 === outputs.length ? value : 0)),
    lossCurve: new Float64Array(1),
    validationScores: new Float64Array(0),
    iterations: 0,
    converged: true,
  };
}

/** Networks that have answered, by their state. */
const opened = new WeakMap<MlpState, Network>();

/** Calls with the last layer's sums of every row. */
function eachOutput(x: Matrix, state: MlpState, activation: Activation, visit: (i: number, sums: Reals) => void): void {
  let network = opened.get(state);
  if (!network) {
    network = openNetwork(state.sizes, activation, state.coefs[0] instanceof Float64Array ? 64 : 32, 0);
    setWeights(network, state);
    opened.set(state, network);
  }
  const outputs = state.sizes.at(-1)!;
  const stride = strideBytes(network, outputs) / (network.bits / 8);
  const sums = realsAt(network, network.layers.at(-1)!.exit, chunkRows * stride);
  for (let from = 0; from < x.rows; from += chunkRows) {
    const count = Math.min(chunkRows, x.rows - from);
    enterRows(network, x.data, from, from + count, network.layers[0]!.entry);
    forward(network, count);
    for (let i = 0; i < count; i++) visit(from + i, sums.subarray(i * stride, i * stride + outputs));
  }
}

function check({ sizes, coefs, intercepts }: MlpState): void {
  const refuse = (what: string): never => {
    throw new StoreError(`loadModel: neural_network's ${what}`);
  };
  const areSizes = Array.isArray(sizes) && sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size > 0);
  if (!areSizes) refuse("layer sizes must be whole numbers ≥ 1, two at least");
  if (
    !Array.isArray(coefs) ||
    !Array.isArray(intercepts) ||
    coefs.length !== sizes.length - 1 ||
    intercepts.length !== coefs.length
  )
    refuse(`weights must be of ${sizes.length - 1} layers`);
  const kind = coefs[0]?.constructor;
  for (const [l, outputs] of sizes.slice(1).entries())
    for (const [array, length] of [
      [coefs[l]!, sizes[l]! * outputs],
      [intercepts[l]!, outputs],
    ] as const) {
      if (
        !(array instanceof Float32Array || array instanceof Float64Array) ||
        array.constructor !== kind ||
        array.length !== length
      )
        refuse(`layer ${l} must have ${sizes[l]} × ${outputs} weights and ${outputs} intercepts of one kind`);
      if (!array.every(Number.isFinite)) refuse(`weights must be finite, layer ${l} has others`);
    }
}
