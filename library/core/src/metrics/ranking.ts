import type { Label } from "../base/contract.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { checkFinite, checkLengths } from "./inputs.ts";
import { orderOf } from "./row-mean.ts";

/** How the rows of queries are ranked and counted. */
export interface RankingOptions {
  /** The query of each row (n); default all rows are one query's. */
  readonly groups?: ArrayLike<Label> | undefined;
  /** Only the first k places count; default all. */
  readonly k?: number | undefined;
}

/** How much a grade is worth: itself (scikit-learn's), or 2^grade − 1 (LightGBM's, and what LambdaMART optimises). */
export type Gains = "linear" | "exponential";

/** Options of DCG and nDCG. */
export interface GainOptions extends RankingOptions {
  /** Default linear. */
  readonly gains?: Gains | undefined;
}

/**
 * Discounted cumulative gain Σ gain / log₂(place + 1) of rows ordered by score, the mean over queries. Rows of equal scores share their
 * places' discounts. O(n log n). Throws DataError for grades below 0.
 * Source: Järvelin & Kekäläinen (2002), ACM TOIS 20(4); ties: McSherry & Najork (2008), ECIR. Oracle: sklearn.metrics.dcg_score.
 */
export function dcg(grades: ArrayLike<number>, scores: ArrayLike<number>, options: GainOptions = {}): number {
  return meanOf(queryScores("dcg", grades, scores, options, (gains, own, k) => dcgOf(gains, own, k)));
}

/**
 * DCG over the best that could be had, 0 … 1, the mean over queries; a query without a grade above 0 gives 0. O(n log n).
 * Throws DataError for grades below 0. Oracle: sklearn.metrics.ndcg_score.
 * @example
 * ml.ndcg([3, 0, 1], [0.9, 0.2, 0.5])   // 1: the best order
 */
export function ndcg(grades: ArrayLike<number>, scores: ArrayLike<number>, options: GainOptions = {}): number {
  return meanOf(ndcgByQuery(grades, scores, options));
}

/** nDCG of each query, in the order in which queries first occur. */
export function ndcgByQuery(grades: ArrayLike<number>, scores: ArrayLike<number>, options: GainOptions = {}): Float64Array {
  return queryScores("ndcg", grades, scores, options, (gains, own, k) => {
    const best = idealDcg(gains, k);
    return best > 0 ? dcgOf(gains, own, k) / best : 0;
  });
}

/**
 * Mean average precision of rows ordered by score: grades above 0 are relevant; of equal scores the irrelevant come first, so that a
 * constant score gains nothing. Queries without a relevant row give 0. With k, over min(relevant, k). O(n log n).
 */
export function meanAveragePrecision(grades: ArrayLike<number>, scores: ArrayLike<number>, options: RankingOptions = {}): number {
  return meanOf(averagePrecisionByQuery(grades, scores, options));
}

/** Average precision of each query, in the order in which queries first occur. */
export function averagePrecisionByQuery(
  grades: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: RankingOptions = {},
): Float64Array {
  return queryScores("meanAveragePrecision", grades, scores, options, (own, values, k) => {
    let hits = 0;
    let sum = 0;
    for (const [place, i] of cautiousOrder(own, values).entries()) if (place < k && own[i]! > 0) sum += ++hits / (place + 1);
    const relevant = own.reduce((count, grade) => count + Number(grade > 0), 0);
    return relevant > 0 ? sum / Math.min(relevant, k) : 0;
  });
}

/** Mean of 1 / place of the first relevant row of each query, 0 where none is among the first k; ties as in `meanAveragePrecision`. O(n log n). */
export function meanReciprocalRank(grades: ArrayLike<number>, scores: ArrayLike<number>, options: RankingOptions = {}): number {
  return meanOf(reciprocalRankByQuery(grades, scores, options));
}

/** Reciprocal rank of each query, in the order in which queries first occur. */
export function reciprocalRankByQuery(
  grades: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: RankingOptions = {},
): Float64Array {
  return queryScores("meanReciprocalRank", grades, scores, options, (own, values, k) => {
    const place = cautiousOrder(own, values).findIndex((i) => own[i]! > 0);
    return place >= 0 && place < k ? 1 / (place + 1) : 0;
  });
}

/**
 * Mean over rows and their relevant labels of the share of relevant ones among those ranked as high (n × k, row-major); rows with no or
 * only relevant labels give 1. O(n k²). Oracle: sklearn.metrics.label_ranking_average_precision_score.
 */
export function labelRankingAveragePrecision(
  relevant: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { labels, weights }: { readonly labels: number; readonly weights?: ArrayLike<number> | undefined },
): number {
  const n = scores.length / labels;
  if (relevant.length !== scores.length || !Number.isInteger(n) || n === 0)
    throw new ShapeError(
      `labelRankingAveragePrecision: needs rows × ${labels} values of both, got ${relevant.length} and ${scores.length}`,
    );
  checkFinite("labelRankingAveragePrecision", "scores", scores);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * rowPrecision(relevant, scores, i * labels, labels);
    total += weight;
  }
  return sum / total;
}

function rowPrecision(relevant: ArrayLike<boolean | number>, scores: ArrayLike<number>, at: number, labels: number): number {
  let count = 0;
  let sum = 0;
  for (let a = at; a < at + labels; a++) {
    if (!relevant[a]) continue;
    count++;
    let above = 0;
    let both = 0;
    for (let b = at; b < at + labels; b++)
      if (scores[b]! >= scores[a]!) {
        above++;
        if (relevant[b]) both++;
      }
    sum += both / above;
  }
  return count === 0 || count === labels ? 1 : sum / count;
}

/** A score of each query, from its grades or gains and scores. */
function queryScores(
  who: string,
  grades: ArrayLike<number>,
  scores: ArrayLike<number>,
  { groups, k = Infinity, gains = "linear" }: GainOptions,
  score: (gains: Float64Array, scores: Float64Array, k: number) => number,
): Float64Array {
  checkLengths(who, grades.length, scores.length);
  checkFinite(who, "scores", scores);
  if (!(k >= 1)) throw new ParamsError(`${who}: k must be ≥ 1, got ${k}`);
  if (gains !== "linear" && gains !== "exponential")
    throw new ParamsError(`${who}: gains must be linear or exponential, got ${String(gains)}`);
  for (let i = 0; i < grades.length; i++)
    if (!(grades[i]! >= 0 && grades[i]! < Infinity))
      throw new DataError(`${who}: grades must be finite and ≥ 0, got ${grades[i]} in row ${i}`);
  const worth = (grade: number): number =>
    gains === "linear" ? grade : 2 ** Math.floor(grade) * Math.exp((grade % 1) * Math.LN2) - 1;
  return Float64Array.from(rowsOfQueries(who, groups, grades.length), (rows) =>
    score(
      Float64Array.from(rows, (i) => worth(grades[i]!)),
      Float64Array.from(rows, (i) => scores[i]!),
      k,
    ),
  );
}

/** Row numbers of each query, queries in the order in which they first occur. Throws ShapeError unless groups are one a row. */
export function rowsOfQueries(who: string, groups: ArrayLike<Label> | undefined, n: number): number[][] {
  if (groups === undefined) return [Array.from({ length: n }, (_, i) => i)];
  if (groups.length !== n) throw new ShapeError(`${who}: groups must be one a row (${n}), got ${groups.length}`);
  const rows = new Map<Label, number[]>();
  for (let i = 0; i < n; i++) {
    const own = rows.get(groups[i]!);
    if (own) own.push(i);
    else rows.set(groups[i]!, [i]);
  }
  return [...rows.values()];
}

function dcgOf(gains: Float64Array, scores: Float64Array, k: number): number {
  const order = orderOf(scores).reverse();
  let sum = 0;
  for (let begin = 0; begin < Math.min(order.length, k); ) {
    let end = begin;
    let gain = 0;
    let discount = 0;
    for (; end < order.length && scores[order[end]!] === scores[order[begin]!]; end++) {
      gain += gains[order[end]!]!;
      if (end < k) discount += 1 / Math.log2(end + 2);
    }
    sum += (gain / (end - begin)) * discount;
    begin = end;
  }
  return sum;
}

function idealDcg(gains: Float64Array, k: number): number {
  const best = gains.slice().sort().reverse();
  return best.reduce((sum, gain, place) => (place < k ? sum + gain / Math.log2(place + 2) : sum), 0);
}

/** Rows by falling score, of equal scores the irrelevant first. */
function cautiousOrder(grades: Float64Array, scores: Float64Array): number[] {
  return [...grades.keys()].sort((a, b) => scores[b]! - scores[a]! || Number(grades[a]! > 0) - Number(grades[b]! > 0));
}

function meanOf(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
