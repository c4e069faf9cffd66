import { DataError } from "../base/errors.ts";
import type { WeightOptions } from "./inputs.ts";
import { type ScoreSteps, scoreSteps } from "./score-order.ts";

/** What is found among the best-scored rows, from none to all. */
export interface GainCurve {
  /** Share of all rows, from 0 to 1, a point each distinct score. */
  readonly rows: readonly number[];
  /** Share of all positive rows found among them, from 0 to 1. */
  readonly gain: readonly number[];
  /** Gain over rows: how many times better than by chance. The first is that of the best score. */
  readonly lift: readonly number[];
  /** The score down to which the rows go; the first is +Infinity. */
  readonly thresholds: readonly number[];
}

/**
 * Cumulative gain and lift of a score for the positive rows. O(n). Throws DataError where no row is positive.
 * @example
 * const curve = ml.gainCurve([true, false, true], [0.9, 0.4, 0.8]);
 * ml.plotGain([{ name: "model", curve }]);
 */
export function gainCurve(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights }: WeightOptions = {},
): GainCurve {
  const { truePositives, falsePositives, thresholds } = scoreSteps("gainCurve", positive, scores, weights);
  const right = truePositives.at(-1)!;
  const total = right + falsePositives.at(-1)!;
  if (right === 0) throw new DataError("gainCurve: needs positive rows, there are none");
  const rows = Array.from(truePositives, (count, k) => (count + falsePositives[k]!) / total);
  const gain = Array.from(truePositives, (count) => count / right);
  const lift = gain.map((share, k) => (rows[k]! > 0 ? share / rows[k]! : 1));
  return { rows: [0, ...rows], gain: [0, ...gain], lift: [lift[0]!, ...lift], thresholds: [Infinity, ...thresholds] };
}

/**
 * Kolmogorov–Smirnov distance of the scores of positive and negative rows: the largest gap between their distributions, 0 … 1. O(n).
 * Throws DataError where one of the two classes is absent. Oracle: scipy.stats.ks_2samp.
 */
export function ksStatistic(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights }: WeightOptions = {},
): number {
  const distance = ksDistance(scoreSteps("ksStatistic", positive, scores, weights));
  if (Number.isNaN(distance)) throw new DataError("ksStatistic: needs positive and negative rows, all are of one kind");
  return distance;
}

/** The largest gap between true and false positive rate in either direction; NaN where a class is absent. */
export function ksDistance({ truePositives, falsePositives }: ScoreSteps): number {
  const [right, wrong] = [truePositives.at(-1)!, falsePositives.at(-1)!];
  if (right === 0 || wrong === 0) return Number.NaN;
  let most = 0;
  for (let k = 0; k < truePositives.length; k++)
    most = Math.max(most, Math.abs(truePositives[k]! / right - falsePositives[k]! / wrong));
  return most;
}
