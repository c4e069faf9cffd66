import { LimitError, ParamsError } from "../base/errors.ts";
import { mean, quantileOfSorted, standardDeviation, variance } from "../numeric/statistics.ts";
import { type SegmentCost, segmentCost } from "./segment-cost.ts";
import { checkWhole, type SeriesValues, wholeNumbers } from "./values.ts";

/** Rows that one law describes. */
export interface Segment {
  /** First row. */
  readonly begin: number;
  /** The row behind the last. */
  readonly end: number;
  readonly mean: number;
  /** Standard deviation, divided by the number of rows. */
  readonly std: number;
}

/** Where a series changes. */
export interface ChangePoints {
  /** First row of each segment but the first, rising. */
  readonly points: readonly number[];
  readonly segments: readonly Segment[];
  /** Cost of the segments, without penalties. */
  readonly cost: number;
  /** What each change point had to save. */
  readonly penalty: number;
}

/** How change points are sought. */
export interface ChangePointOptions {
  /** `pelt`: the best segments there are (default); `binary`: the best cut, again and again in the parts. */
  readonly method?: "pelt" | "binary" | undefined;
  /** What changes: the mean (default), or mean and variance of a normal law. */
  readonly change?: "mean" | "normal" | undefined;
  /** What a change point must save; default 2 σ² ln n for the mean, σ by differences of neighbours, and 3 ln n for `normal`. */
  readonly penalty?: number | undefined;
  /** Rows of a segment; default 2. */
  readonly minSize?: number | undefined;
  /** Change points at most; `binary` only, default as many as the penalty allows. */
  readonly most?: number | undefined;
  /** Added to each variance of `normal`, so that equal values are no miracle; default a millionth of the whole variance. */
  readonly floor?: number | undefined;
}

/** Values that PELT takes at most: without any change it compares all pairs. */
const mostValues = 50_000;

/**
 * Rows at which a series in the order of time changes its level, or its level and noise. It looks at all values, the later ones too.
 * PELT is exact: O(n) where changes are many, O(n²) where there is none; binary segmentation O(n · points).
 * Throws DataError for a missing value or a series shorter than a segment, ParamsError for a penalty below 0,
 * LimitError for more than 50,000 by PELT.
 * Source: Killick, Fearnhead & Eckley (2012), JASA 107(500); Scott & Knott (1974), Biometrics 30. Oracle: ruptures, whose Pelt
 * drops candidates too early where segments have a least size, and sometimes costs more.
 * @example
 * ml.changePoints([5, 5.1, 4.9, 8, 8.1, 7.9]).points   // [3]
 */
export function changePoints(values: SeriesValues, options: ChangePointOptions = {}): ChangePoints {
  const { method = "pelt", change = "mean", minSize = 2, most } = options;
  if (method !== "pelt" && method !== "binary")
    throw new ParamsError(`changePoints: method must be pelt or binary, got ${String(method)}`);
  if (change !== "mean" && change !== "normal")
    throw new ParamsError(`changePoints: change must be mean or normal, got ${String(change)}`);
  checkWhole("changePoints", "minSize", minSize, change === "normal" ? 2 : 1);
  if (most !== undefined) checkWhole("changePoints", "most", most, 0);
  const y = wholeNumbers("changePoints", values, minSize);
  if (method === "pelt" && y.length > mostValues)
    throw new LimitError(`changePoints: method pelt takes ${mostValues} values at most, got ${y.length}; take method binary`);
  if (most !== undefined && method === "pelt") throw new ParamsError('changePoints: most needs method "binary", got "pelt"');
  const floor = checkNotBelow0("floor", options.floor ?? 1e-6 * (variance(y) || 1));
  const penalty = checkNotBelow0("penalty", options.penalty ?? (change === "mean" ? meanPenalty(y) : 3 * Math.log(y.length)));
  const cost = segmentCost(y, change, floor);
  const points =
    method === "pelt"
      ? cheapestCuts(cost, y.length, penalty, minSize)
      : repeatedCuts(cost, y.length, penalty, minSize, most ?? y.length);
  const edges = [0, ...points, y.length];
  const segments = edges.slice(1).map((end, k) => {
    const own = y.subarray(edges[k]!, end);
    return { begin: edges[k]!, end, mean: mean(own), std: standardDeviation(own) };
  });
  return { points, segments, cost: segments.reduce((sum, { begin, end }) => sum + cost(begin, end), 0), penalty };
}

function checkNotBelow0(name: string, value: number): number {
  if (!(value >= 0 && value < Infinity)) throw new ParamsError(`changePoints: ${name} must be ≥ 0, got ${String(value)}`);
  return value;
}

/** 2 σ² ln n, with σ from the median size of steps, which a few changes of level do not move. */
function meanPenalty(y: Float64Array): number {
  const steps = Float64Array.from({ length: y.length - 1 }, (_, i) => Math.abs(y[i + 1]! - y[i]!)).sort();
  const middle = quantileOfSorted(steps, 0.5) / (0.674_489_750_196_081_7 * Math.SQRT2);
  const sigma = middle > 0 ? middle : standardDeviation(y);
  return y.length > 1 ? 2 * sigma * sigma * Math.log(y.length) : 0;
}

/** PELT: the cuts of least cost with penalties. A candidate that cannot win any more is dropped once its winner may take its place. */
function cheapestCuts(cost: SegmentCost, n: number, penalty: number, minSize: number): number[] {
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const cut = new Int32Array(n + 1);
  const beatenAt = new Int32Array(n + 1).fill(n + 1);
  best[0] = -penalty;
  const candidates = new Int32Array(n);
  const costs = new Float64Array(n);
  for (let end = minSize, count = 0; end <= n; end++) {
    if (best[end - minSize]! < Infinity) candidates[count++] = end - minSize;
    for (let k = 0; k < count; k++) {
      const begin = candidates[k]!;
      costs[k] = best[begin]! + cost(begin, end);
      if (costs[k]! + penalty >= best[end]!) continue;
      best[end] = costs[k]! + penalty;
      cut[end] = begin;
    }
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const begin = candidates[k]!;
      if (costs[k]! > best[end]!) beatenAt[begin] = Math.min(beatenAt[begin]!, end + minSize);
      if (beatenAt[begin]! > end + 1) candidates[kept++] = begin;
    }
    count = kept;
  }
  const points: number[] = [];
  for (let end = cut[n]!; end > 0; end = cut[end]!) points.push(end);
  return points.reverse();
}

/** Binary segmentation: the cut that saves most, while it saves more than the penalty. */
function repeatedCuts(cost: SegmentCost, n: number, penalty: number, minSize: number, most: number): number[] {
  const points: number[] = [];
  let parts = [bestCut(cost, 0, n, minSize)];
  while (points.length < most) {
    const top = parts.reduce((a, b) => (b.gain > a.gain ? b : a));
    if (!(top.gain > penalty)) break;
    points.push(top.at);
    parts = [
      ...parts.filter((part) => part !== top),
      bestCut(cost, top.begin, top.at, minSize),
      bestCut(cost, top.at, top.end, minSize),
    ];
  }
  return points.sort((a, b) => a - b);
}

interface Cut {
  readonly begin: number;
  readonly end: number;
  readonly at: number;
  readonly gain: number;
}

function bestCut(cost: SegmentCost, begin: number, end: number, minSize: number): Cut {
  const whole = cost(begin, end);
  let [at, gain] = [begin, Number.NEGATIVE_INFINITY];
  for (let k = begin + minSize; k + minSize <= end; k++) {
    const saved = whole - cost(begin, k) - cost(k, end);
    if (saved > gain) [at, gain] = [k, saved];
  }
  return { begin, end, at, gain };
}
