import type { BoostingLoss } from "./boosting-loss.ts";
import { meanOf, percentile, quantileOf } from "./row-statistics.ts";

/** Names of the losses for numbers. */
export type RegressionLoss = "squared_error" | "absolute_error" | "huber" | "quantile";

/** The loss of a regressor; `alpha` is the quantile of `quantile`, and the share of errors that `huber` squares. */
export function regressionLoss(name: RegressionLoss, alpha: number): BoostingLoss {
  if (name === "squared_error") return squaredLoss;
  if (name === "absolute_error") return pinballLoss(0.5, 2);
  return name === "quantile" ? pinballLoss(alpha, 1) : huberLoss(alpha);
}

/** (y − raw)². */
const squaredLoss: BoostingLoss = {
  outputs: 1,
  prior: (y, rows, weights) => Float64Array.of(meanOf(rows, weights, (i) => y[i]!)),
  negativeGradient(y, raw, out) {
    for (let i = 0; i < y.length; i++) out[i] = y[i]! - raw[i]!;
  },
  mean: (y, raw, rows, weights) => meanOf(rows, weights, (i) => (y[i]! - raw[i]!) * (y[i]! - raw[i]!)),
};

/** Pinball loss of a quantile: `scale` 2 at the median is |y − raw|. */
function pinballLoss(quantile: number, scale: number): BoostingLoss {
  const [above, below] = [scale * quantile, scale * (quantile - 1)];
  return {
    outputs: 1,
    prior: (y, rows, weights) => Float64Array.of(quantileOf(quantile, rows, weights, (i) => y[i]!)),
    negativeGradient(y, raw, out) {
      for (let i = 0; i < y.length; i++) out[i] = y[i]! >= raw[i]! ? above : below;
    },
    leaf: (y, raw, _gradient, _output, rows, weights) => percentile(quantile, rows, weights, (i) => y[i]! - raw[i]!),
    mean: (y, raw, rows, weights) => meanOf(rows, weights, (i) => (y[i]! - raw[i]!) * (y[i]! >= raw[i]! ? above : below)),
  };
}

/** Squared where the error is below delta, the `share` quantile of all errors; linear beyond. Source: Friedman (2001), section 4.4. */
function huberLoss(share: number): BoostingLoss {
  let delta = 0.5;
  return {
    outputs: 1,
    prior: (y, rows, weights) => Float64Array.of(quantileOf(0.5, rows, weights, (i) => y[i]!)),
    prepare(y, raw, rows, weights) {
      delta = percentile(share, rows, weights, (i) => Math.abs(y[i]! - raw[i]!));
    },
    negativeGradient(y, raw, out) {
      for (let i = 0; i < y.length; i++) out[i] = Math.max(-delta, Math.min(delta, y[i]! - raw[i]!));
    },
    leaf(y, raw, _gradient, _output, rows, weights) {
      const median = percentile(0.5, rows, weights, (i) => y[i]! - raw[i]!);
      return median + meanOf(rows, weights, (i) => Math.max(-delta, Math.min(delta, y[i]! - raw[i]! - median)));
    },
    mean: (y, raw, rows, weights) =>
      meanOf(rows, weights, (i) => {
        const error = Math.abs(y[i]! - raw[i]!);
        return error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);
      }),
  };
}
