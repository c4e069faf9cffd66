import { DataError } from "../base/errors.ts";
import { normalCdf, normalQuantile } from "../numeric/normal.ts";
import { checkLengths } from "./inputs.ts";
import { checkConfidence, type Interval } from "./interval.ts";
import { type ScoreOrder, scoreOrder } from "./score-order.ts";

/** The area under the ROC curve with its confidence interval. */
export interface AucInterval extends Interval {
  readonly value: number;
  readonly standardError: number;
  readonly confidence: number;
}

/** Two areas under ROC curves compared on the same rows. */
export interface AucDifference extends AucInterval {
  /** Of no difference, two-sided. */
  readonly pValue: number;
  readonly a: number;
  readonly b: number;
}

/**
 * The confidence interval of the area under the ROC curve without resampling, cut at 0 and 1. O(n). Throws DataError unless there are two
 * positive and two negative rows. Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3); Sun & Xu (2014), IEEE SPL 21(11).
 */
export function aucInterval(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): AucInterval {
  checkConfidence("aucInterval", confidence);
  const { auc, variance } = placements("aucInterval", positive, [scores]);
  return { value: auc[0]!, ...normalEnds(auc[0]!, variance, confidence, 0, 1), standardError: Math.sqrt(variance), confidence };
}

/** Whether two scores of the same rows rank them equally well: AUC(a) − AUC(b) with interval and p-value. O(n). Throws as `aucInterval`. */
export function aucDifference(
  positive: ArrayLike<boolean | number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): AucDifference {
  checkConfidence("aucDifference", confidence);
  const { auc, variance } = placements("aucDifference", positive, [a, b]);
  const value = auc[0]! - auc[1]!;
  const standardError = Math.sqrt(variance);
  const pValue = standardError > 0 ? 2 * normalCdf(-Math.abs(value) / standardError) : value === 0 ? 1 : 0;
  return { value, ...normalEnds(value, variance, confidence, -1, 1), standardError, confidence, pValue, a: auc[0]!, b: auc[1]! };
}

/** Areas, and the variance of the first or of the difference of both. */
function placements(who: string, positive: ArrayLike<boolean | number>, scores: readonly ArrayLike<number>[]) {
  for (const each of scores) checkLengths(who, positive.length, each.length);
  const ours: number[] = [];
  const others: number[] = [];
  for (let i = 0; i < positive.length; i++) (positive[i] ? ours : others).push(i);
  if (ours.length < 2 || others.length < 2)
    throw new DataError(`${who}: needs two positive and two negative rows, got ${ours.length} and ${others.length}`);
  const parts = scores.map((each) => placementValues(scoreOrder(who, each), positive, ours.length, others.length));
  const auc = parts.map((values) => ours.reduce((sum, i) => sum + values[i]!, 0) / ours.length);
  const of = (i: number): number => parts[0]![i]! - (parts[1] ? parts[1][i]! : 0);
  return { auc, variance: varianceOf(ours, of) / ours.length + varianceOf(others, of) / others.length };
}

/** For each positive row the share of negative ones below it, for each negative row the share of positive ones above; ties count half. */
function placementValues({ rows, ends }: ScoreOrder, positive: ArrayLike<boolean | number>, m: number, n: number): Float64Array {
  const values = new Float64Array(rows.length);
  let above = 0;
  let below = n;
  let begin = 0;
  for (const end of ends) {
    let tied = 0;
    for (let k = begin; k < end; k++) if (positive[rows[k]!]) tied++;
    const negatives = end - begin - tied;
    below -= negatives;
    for (let k = begin; k < end; k++)
      values[rows[k]!] = positive[rows[k]!] ? (below + negatives / 2) / n : (above + tied / 2) / m;
    above += tied;
    begin = end;
  }
  return values;
}

function varianceOf(rows: readonly number[], value: (i: number) => number): number {
  const centre = rows.reduce((sum, i) => sum + value(i), 0) / rows.length;
  return rows.reduce((sum, i) => sum + (value(i) - centre) * (value(i) - centre), 0) / (rows.length - 1);
}

function normalEnds(value: number, variance: number, confidence: number, least: number, most: number): Interval {
  const reach = -normalQuantile((1 - confidence) / 2) * Math.sqrt(variance);
  return { low: Math.max(least, value - reach), high: Math.min(most, value + reach) };
}
