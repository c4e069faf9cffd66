import { sortByNumber } from "../data/sort-numbers.ts";
import { sortDoubles } from "../numeric/sort-doubles.ts";
import { checkFinite, checkLengths, checkWeights } from "./inputs.ts";

/** Rows by score, the highest first, with the ends of the runs of equal scores. */
export interface ScoreOrder {
  /** Row numbers (n), the highest score first. */
  readonly rows: Int32Array;
  /** For each distinct score where its run ends, exclusive. */
  readonly ends: Int32Array;
}

/** Orders rows by falling score. O(n). Throws DataError for a score that is not finite. */
export function scoreOrder(who: string, scores: ArrayLike<number>): ScoreOrder {
  checkFinite(who, "scores", scores);
  const values = scores instanceof Float64Array ? scores : Float64Array.from(scores);
  const rows = sortByNumber(
    values,
    Int32Array.from(values, (_, i) => i),
    true,
  );
  const ends = new Int32Array(rows.length);
  let runs = 0;
  for (let k = 1; k <= rows.length; k++) if (k === rows.length || values[rows[k]!] !== values[rows[k - 1]!]) ends[runs++] = k;
  return { rows, ends: ends.slice(0, runs) };
}

/** Weighted rows at or above each distinct score, from the highest. */
export interface ScoreSteps {
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly thresholds: Float64Array;
}

/** Cumulated positives and negatives at each distinct score, from the highest. O(n). */
export function scoreSteps(
  who: string,
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): ScoreSteps {
  checkLengths(who, positive.length, scores.length);
  checkWeights(who, weights, scores.length);
  if (weights) return stepsOf(scoreOrder(who, scores), positive, scores, weights);
  checkFinite(who, "scores", scores);
  return mergedSteps(positive, scores);
}

/** Room for so many steps. */
export function stepsFor(count: number): ScoreSteps {
  const room = (): Float64Array => new Float64Array(count);
  return { truePositives: room(), falsePositives: room(), thresholds: room() };
}

/** The same of rows that all weigh 1: scores of either kind are sorted on their own and merged, which is faster than to order rows. O(n). */
function mergedSteps(positive: ArrayLike<boolean | number>, scores: ArrayLike<number>): ScoreSteps {
  const n = scores.length;
  const both = new Float64Array(n);
  let right = 0;
  let wrong = 0;
  for (let i = 0; i < n; i++)
    if (positive[i]) both[right++] = scores[i]!;
    else both[n - ++wrong] = scores[i]!;
  const ours = sortDoubles(both.subarray(0, right));
  const others = sortDoubles(both.subarray(right));
  const steps = stepsFor(n);
  let [a, b, runs] = [right, wrong, 0];
  while (a > 0 || b > 0) {
    const score = Math.max(a > 0 ? ours[a - 1]! : -Infinity, b > 0 ? others[b - 1]! : -Infinity);
    while (a > 0 && ours[a - 1] === score) a--;
    while (b > 0 && others[b - 1] === score) b--;
    steps.truePositives[runs] = right - a;
    steps.falsePositives[runs] = wrong - b;
    steps.thresholds[runs++] = score;
  }
  return {
    truePositives: steps.truePositives.subarray(0, runs),
    falsePositives: steps.falsePositives.subarray(0, runs),
    thresholds: steps.thresholds.subarray(0, runs),
  };
}

/** The same in an order that is there already, into `steps`. */
export function stepsOf(
  { rows, ends }: ScoreOrder,
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  steps: ScoreSteps = stepsFor(ends.length),
): ScoreSteps {
  let right = 0;
  let wrong = 0;
  let k = 0;
  for (let run = 0; run < ends.length; run++) {
    for (; k < ends[run]!; k++) {
      const i = rows[k]!;
      const weight = weights ? weights[i]! : 1;
      if (positive[i]) right += weight;
      else wrong += weight;
    }
    steps.truePositives[run] = right;
    steps.falsePositives[run] = wrong;
    steps.thresholds[run] = scores[rows[k - 1]!]!;
  }
  return steps;
}
