import { mean, quantileOfSorted } from "../../numeric/statistics.ts";
import type { Link } from "./boosted-trees.ts";

/** Losses that trees are boosted on. */
type LossName =
  | "log_loss"
  | "squared_error"
  | "absolute_error"
  | "huber"
  | "quantile"
  | "poisson"
  | "gamma"
  | "tweedie"
  | "lambdarank";

/** Parameters of the losses that have some. */
export interface LossSettings {
  /** Where Huber's loss turns linear, in units of y. */
  readonly huberDelta: number;
  /** The quantile that is predicted. */
  readonly quantile: number;
  /** Power of the mean that the variance grows with: 1 Poisson, 2 gamma. */
  readonly tweediePower: number;
}

/** A loss of one score, as the kernels and the loop around them need it. */
export interface Loss {
  readonly name: LossName;
  /** The kernel's number for it. */
  readonly code: number;
  readonly link: Link;
  /** The kernel's parameter. */
  alpha(settings: LossSettings): number;
  /** Largest |g| and h of a row of weight 1, where that is known beforehand. */
  readonly peaks?: readonly [number, number];
  /** The best constant score. */
  start(y: Float64Array, weights: Float64Array | undefined, settings: LossSettings): number;
  /** The share whose quantile of the residuals a leaf answers, where the gradient's mean is no good answer. */
  renew?(settings: LossSettings): number;
  /** What the target must be, for losses that are not defined everywhere. */
  readonly domain?: readonly [test: (y: number) => boolean, demand: string];
  /** Loss of one row, without terms that do not depend on the score. */
  value(score: number, y: number, settings: LossSettings): number;
}

const weightedMean = (y: Float64Array, weights: Float64Array | undefined): number => {
  if (!weights) return mean(y);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    sum += y[i]! * weights[i]!;
    total += weights[i]!;
  }
  return sum / total;
};
const logMean = (y: Float64Array, weights: Float64Array | undefined): number => Math.log(weightedMean(y, weights));
const one = (): number => 1;

/** Every loss of one score; of several classes there is one, the multinomial. */
export const losses: Readonly<Record<Exclude<LossName, "lambdarank">, Loss>> = {
  log_loss: {
    name: "log_loss",
    code: 0,
    link: "sigmoid",
    alpha: one,
    peaks: [1, 0.25],
    start(y, weights) {
      const share = Math.min(1 - 1e-15, Math.max(1e-15, weightedMean(y, weights)));
      return Math.log(share / (1 - share));
    },
    value: (score, y) => Math.max(score, 0) - score * y + Math.log1p(Math.exp(-Math.abs(score))),
  },
  squared_error: {
    name: "squared_error",
    code: 1,
    link: "identity",
    alpha: one,
    start: weightedMean,
    value: (score, y) => (score - y) * (score - y),
  },
  absolute_error: {
    name: "absolute_error",
    code: 2,
    link: "identity",
    alpha: one,
    start: (y, weights) => weightedQuantile(y, weights, 0.5),
    renew: () => 0.5,
    value: (score, y) => Math.abs(score - y),
  },
  huber: {
    name: "huber",
    code: 3,
    link: "identity",
    alpha: ({ huberDelta }) => huberDelta,
    start: weightedMean,
    value(score, y, { huberDelta }) {
      const off = Math.abs(score - y);
      return off <= huberDelta ? 0.5 * off * off : huberDelta * (off - 0.5 * huberDelta);
    },
  },
  quantile: {
    name: "quantile",
    code: 4,
    link: "identity",
    alpha: ({ quantile }) => quantile,
    start: (y, weights, { quantile }) => weightedQuantile(y, weights, quantile),
    renew: ({ quantile }) => quantile,
    value: (score, y, { quantile }) => (y >= score ? quantile * (y - score) : (1 - quantile) * (score - y)),
  },
  poisson: {
    name: "poisson",
    code: 5,
    link: "exp",
    alpha: () => Math.exp(0.7),
    start: logMean,
    domain: [(y) => y >= 0, "≥ 0"],
    value: (score, y) => Math.exp(score) - y * score,
  },
  gamma: {
    name: "gamma",
    code: 6,
    link: "exp",
    alpha: one,
    start: logMean,
    domain: [(y) => y > 0, "> 0"],
    value: (score, y) => y * Math.exp(-score) + score,
  },
  tweedie: {
    name: "tweedie",
    code: 7,
    link: "exp",
    alpha: ({ tweediePower }) => tweediePower,
    start: logMean,
    domain: [(y) => y >= 0, "≥ 0"],
    value(score, y, { tweediePower: power }) {
      return (-y * Math.exp((1 - power) * score)) / (1 - power) + Math.exp((2 - power) * score) / (2 - power);
    },
  },
};

/**
 * The value below which `share` of the weight lies: without weights linear between the two values around it, as LightGBM's leaves take it. O(n log n).
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | undefined, share: number): number {
  if (!weights) return quantileOfSorted(values.slice().sort(), share);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  for (const i of order) {
    below += weights[i]!;
    if (below >= share * total) return values[i]!;
  }
  return values[order.at(-1)!]!;
}
