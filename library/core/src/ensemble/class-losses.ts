import { sum } from "../numeric/statistics.ts";
import type { BoostingLoss } from "./boosting-loss.ts";
import { logistic, softplus } from "./logistic.ts";
import { meanOf, type Rows } from "./row-statistics.ts";

/** The loss of a classifier of k classes. `exponential` needs two. */
export function classificationLoss(name: "log_loss" | "exponential", classes: number): BoostingLoss {
  if (name === "exponential") return exponentialLoss;
  return classes === 2 ? binomialLoss : multinomialLoss(classes);
}

/** −2 log likelihood of two classes; raw is the logit of class 1. */
const binomialLoss: BoostingLoss = {
  outputs: 1,
  prior(y, rows, weights) {
    const share = clip(meanOf(rows, weights, (i) => y[i]!));
    return Float64Array.of(Math.log(share / (1 - share)));
  },
  negativeGradient(y, raw, out) {
    for (let i = 0; i < y.length; i++) out[i] = y[i]! - logistic(raw[i]!);
  },
  leaf: (y, _raw, gradient, _output, rows, weights) => newtonStep(gradient, rows, weights, (i) => y[i]! - gradient[i]!),
  mean: (y, raw, rows, weights) => meanOf(rows, weights, (i) => 2 * (softplus(raw[i]!) - y[i]! * raw[i]!)),
};

/** AdaBoost's loss exp(−(2y − 1) raw) of two classes; raw is half the logit of class 1. */
const exponentialLoss: BoostingLoss = {
  outputs: 1,
  prior(y, rows, weights) {
    const share = clip(meanOf(rows, weights, (i) => y[i]!));
    return Float64Array.of(0.5 * Math.log(share / (1 - share)));
  },
  negativeGradient(y, raw, out) {
    for (let i = 0; i < y.length; i++) out[i] = y[i] === 1 ? Math.exp(-raw[i]!) : -Math.exp(raw[i]!);
  },
  leaf(_y, _raw, gradient, _output, rows, weights) {
    return divide(
      meanOf(rows, weights, (i) => gradient[i]!),
      meanOf(rows, weights, (i) => Math.abs(gradient[i]!)),
    );
  },
  mean: (y, raw, rows, weights) => meanOf(rows, weights, (i) => Math.exp(y[i] === 1 ? -raw[i]! : raw[i]!)),
};

/** −log likelihood of k classes; raw has a tree for each, probabilities are their softmax. */
function multinomialLoss(classes: number): BoostingLoss {
  const scores = new Float64Array(classes);
  const gather = (raw: Float64Array, i: number, n: number): number => {
    let top = -Infinity;
    for (let k = 0; k < classes; k++) {
      scores[k] = raw[k * n + i]!;
      if (scores[k]! > top) top = scores[k]!;
    }
    return top;
  };
  return {
    outputs: classes,
    prior(y, rows, weights) {
      const logs = new Float64Array(classes);
      for (let k = 0; k < classes; k++) logs[k] = Math.log(clip(meanOf(rows, weights, (i) => (y[i] === k ? 1 : 0))));
      const centre = sum(logs) / classes;
      return logs.map((value) => value - centre);
    },
    negativeGradient(y, raw, out) {
      const n = y.length;
      for (let i = 0; i < n; i++) {
        const top = gather(raw, i, n);
        let total = 0;
        for (let k = 0; k < classes; k++) {
          scores[k] = Math.exp(scores[k]! - top);
          total += scores[k]!;
        }
        for (let k = 0; k < classes; k++) out[k * n + i] = (y[i] === k ? 1 : 0) - scores[k]! / total;
      }
    },
    leaf: (y, _raw, gradient, output, rows, weights) =>
      ((classes - 1) / classes) * newtonStep(gradient, rows, weights, (i) => (y[i] === output ? 1 : 0) - gradient[i]!),
    mean(y, raw, rows, weights) {
      const n = y.length;
      return meanOf(rows, weights, (i) => {
        const top = gather(raw, i, n);
        let total = 0;
        for (let k = 0; k < classes; k++) total += Math.exp(scores[k]! - top);
        return top + Math.log(total) - scores[y[i]!]!;
      });
    },
  };
}

/** Σ w g / Σ w p (1 − p): one step of Newton's method from the leaf's gradients. Source: Friedman (2001), algorithms 5 and 6. */
function newtonStep(gradient: Float64Array, rows: Rows, weights: Float64Array | undefined, share: (i: number) => number): number {
  const up = meanOf(rows, weights, (i) => gradient[i]!);
  const down = meanOf(rows, weights, (i) => share(i) * (1 - share(i)));
  return divide(up, down);
}

/** 0 where the rows are certain already. */
function divide(numerator: number, denominator: number): number {
  return Math.abs(denominator) < 1e-150 ? 0 : numerator / denominator;
}

function clip(share: number): number {
  return Math.max(Number.EPSILON, Math.min(1 - Number.EPSILON, share));
}
