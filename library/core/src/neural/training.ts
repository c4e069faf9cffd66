import type { FitContext } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { losses, type Output } from "./loss.ts";
import {
  type Activation,
  backward,
  chunkRows,
  clearGradient,
  forward,
  type Network,
  realsAt,
  strideBytes,
  turnWeights,
  type Weights,
} from "./network.ts";

/** Parameters of a training, as `mlpClassifier` describes them. */
export interface TrainingParams {
  readonly hiddenLayerSizes: readonly number[];
  readonly activation: Activation;
  readonly solver: "adam" | "sgd" | "lbfgs";
  readonly alpha: number;
  readonly batchSize: number | "auto";
  readonly learningRate: "constant" | "invscaling" | "adaptive";
  readonly learningRateInit: number;
  readonly powerT: number;
  readonly maxIter: number;
  readonly shuffle: boolean;
  readonly tol: number;
  readonly momentum: number;
  readonly nesterovsMomentum: boolean;
  readonly earlyStopping: boolean;
  readonly validationFraction: number;
  readonly nIterNoChange: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly seed: number;
}

/** Rows to learn from; rows of weight 0 are gone. */
export interface TrainingData {
  readonly x: Matrix;
  /** Class codes, or values (n). */
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly output: Output;
  /** Units of the last layer. */
  readonly outputs: number;
}

/** What a training asks of the fit's surroundings. */
export type TrainingContext = Pick<FitContext, "checkpoint"> & Partial<Pick<FitContext, "snapshots">>;

/** Where a training ended. */
export interface Trained extends Weights {
  /** Loss after each pass over the rows, the penalty included. */
  readonly lossCurve: Float64Array;
  /** Accuracy or R² on the validation rows after each pass; none without early stopping. */
  readonly validationScores: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** The loss and gradient of a batch: rows order[from … to − 1]. Answers the summed loss without the penalty, and the summed weight. */
export function learn(
  network: Network,
  data: TrainingData,
  order: Uint32Array,
  from: number,
  to: number,
  checkpoint: () => void,
) {
  const { y, weights, output } = data;
  const first = network.layers[0]!;
  const last = network.layers.at(-1)!;
  const stride = strideBytes(network, last.outputs) / (network.bits / 8);
  const z = realsAt(network, last.exit, chunkRows * stride);
  const deltas = realsAt(network, last.deltas, chunkRows * stride);
  clearGradient(network);
  turnWeights(network);
  let loss = 0;
  let total = 0;
  for (let at = from; at < to; at += chunkRows) {
    checkpoint();
    const count = Math.min(chunkRows, to - at);
    const rows = order.subarray(at, at + count);
    network.kernel.gatherRows(network.rows, strideBytes(network, first.inputs), network.order + 4 * at, count, first.entry);
    forward(network, count);
    loss += losses[output](z, deltas, stride, last.outputs, y, weights, rows, count);
    backward(network, count);
    if (weights) for (const row of rows) total += weights[row]!;
    else total += count;
  }
  return { loss, total };
}

/** The error of a training whose loss overflowed. */
export function diverged(loss: number): DataError {
  return new DataError(
    `neural_network.fit: the loss must stay finite, got ${loss}; put ml.standardScaler() before it, or take a smaller learningRateInit`,
  );
}
