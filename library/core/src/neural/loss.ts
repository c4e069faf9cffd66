import type { Reals } from "./network.ts";

/** What the last layer's sums mean. */
export type Output = "logistic" | "softmax" | "identity";

/**
 * The summed loss of `count` rows, and its derivatives by the last layer's sums z (rows of `stride` values), times the rows' weights, in
 * `deltas`. `targets` are class codes or values, `rows` says which row each is.
 */
type Loss = (
  z: Reals,
  deltas: Reals,
  stride: number,
  outputs: number,
  targets: Float64Array,
  weights: Float64Array | undefined,
  rows: Uint32Array,
  count: number,
) => number;

/** Log-loss of two classes: one sum, of the second class. */
const binaryLogLoss: Loss = (z, deltas, stride, _, targets, weights, rows, count) => {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const score = z[i * stride]!;
    const row = rows[i]!;
    const weight = weights?.[row] ?? 1;
    const small = Math.exp(-Math.abs(score));
    const p = score >= 0 ? 1 / (1 + small) : small / (1 + small);
    // log(1 + e^score) − y·score, without overflow
    loss += weight * (Math.max(score, 0) + Math.log1p(small) - targets[row]! * score);
    deltas[i * stride] = weight * (p - targets[row]!);
  }
  return loss;
};

/** Log-loss of k classes. */
const softmaxLogLoss: Loss = (z, deltas, stride, outputs, targets, weights, rows, count) => {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const at = i * stride;
    const row = rows[i]!;
    const weight = weights?.[row] ?? 1;
    let top = -Infinity;
    for (let k = 0; k < outputs; k++) if (z[at + k]! > top) top = z[at + k]!;
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += Math.exp(z[at + k]! - top);
    loss += weight * (Math.log(sum) + top - z[at + targets[row]!]!);
    for (let k = 0; k < outputs; k++) deltas[at + k] = weight * (Math.exp(z[at + k]! - top) / sum - (targets[row] === k ? 1 : 0));
  }
  return loss;
};

/** Half the squared error. */
const halfSquaredError: Loss = (z, deltas, stride, _, targets, weights, rows, count) => {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const off = z[i * stride]! - targets[row]!;
    const weight = weights?.[row] ?? 1;
    loss += 0.5 * weight * off * off;
    deltas[i * stride] = weight * off;
  }
  return loss;
};

/** The loss of each kind of output. */
export const losses: Readonly<Record<Output, Loss>> = {
  logistic: binaryLogLoss,
  softmax: softmaxLogLoss,
  identity: halfSquaredError,
};
