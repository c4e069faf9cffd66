import { ParamsError, ShapeError } from "../base/errors.ts";
import { normalShare } from "../numeric/erfc.ts";
import { tieSizes } from "./tie-sizes.ts";
import { type SeriesValues, wholeNumbers } from "./values.ts";

/** Which answer counts against chance: any, one that rises, or one that falls. */
export type Alternative = "two-sided" | "greater" | "less";

/** Agreement of two orders, and how likely it is by chance. */
export interface KendallTau {
  /** τ_b of −1 … 1; NaN where one of the two does not vary. */
  readonly tau: number;
  readonly pValue: number;
  /** Exact for up to 33 pairs without ties, else by the normal law. */
  readonly method: "exact" | "asymptotic";
}

/**
 * Kendall's τ_b: pairs in the same order less pairs in the other, over the geometric mean of the pairs that are no ties.
 * O(n log n). Throws ShapeError for two lengths, DataError for a missing value or fewer than 2.
 * Source: Kendall (1945), Biometrika 33; count by Knight (1966), JASA 61; exact law by Kendall (1970). Oracle: scipy.stats.kendalltau.
 * @example
 * ml.kendallTau([1, 2, 3, 4], [2, 1, 4, 3]).tau   // 0.333…
 */
export function kendallTau(
  first: SeriesValues,
  second: SeriesValues,
  { alternative = "two-sided" }: { readonly alternative?: Alternative | undefined } = {},
): KendallTau {
  checkAlternative("kendallTau", alternative);
  const x = wholeNumbers("kendallTau", first, 2);
  const y = wholeNumbers("kendallTau", second, 2);
  if (x.length !== y.length) throw new ShapeError(`kendallTau: the first has ${x.length} rows but the second ${y.length}`);
  const n = x.length;
  const all = (n * (n - 1)) / 2;
  const [xTies, yTies] = [tieSums(x), tieSums(y)];
  if (xTies.pairs === all || yTies.pairs === all) return { tau: Number.NaN, pValue: Number.NaN, method: "asymptotic" };
  const { discordant, jointPairs } = countPairs(x, y);
  const score = all - xTies.pairs - yTies.pairs + jointPairs - 2 * discordant;
  const tau = Math.max(-1, Math.min(1, score / Math.sqrt(all - xTies.pairs) / Math.sqrt(all - yTies.pairs)));
  if (xTies.pairs === 0 && yTies.pairs === 0 && (n <= 33 || Math.min(discordant, all - discordant) <= 1))
    return { tau, pValue: exactP(n, all - discordant, alternative), method: "exact" };
  const m = n * (n - 1);
  const variance =
    (m * (2 * n + 5) - xTies.cubes - yTies.cubes) / 18 +
    (2 * xTies.pairs * yTies.pairs) / m +
    (n > 2 ? (xTies.triples * yTies.triples) / (9 * m * (n - 2)) : 0);
  return { tau, pValue: normalP(score / Math.sqrt(variance), alternative), method: "asymptotic" };
}

/** Throws ParamsError for a name that is none of the three. */
export function checkAlternative(who: string, alternative: Alternative): void {
  if (!["two-sided", "greater", "less"].includes(alternative))
    throw new ParamsError(`${who}: alternative must be two-sided, greater or less, got ${String(alternative)}`);
}

/** Chance of a standard normal value at least as far out. */
export function normalP(z: number, alternative: Alternative): number {
  if (alternative === "two-sided") return Math.min(1, 2 * normalShare(-Math.abs(z)));
  return normalShare(alternative === "greater" ? -z : z);
}

/** Σ t(t−1)/2, Σ t(t−1)(t−2) and Σ t(t−1)(2t+5) over ties of t values. */
function tieSums(values: Float64Array): { pairs: number; triples: number; cubes: number } {
  const sums = { pairs: 0, triples: 0, cubes: 0 };
  for (const size of tieSizes(values)) {
    sums.pairs += (size * (size - 1)) / 2;
    sums.triples += size * (size - 1) * (size - 2);
    sums.cubes += size * (size - 1) * (2 * size + 5);
  }
  return sums;
}

/** Pairs in opposite orders, and pairs equal in both: rows sorted by x, then y; the exchanges that sorting by y still needs. */
function countPairs(x: Float64Array, y: Float64Array): { discordant: number; jointPairs: number } {
  const order = Int32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  let jointPairs = 0;
  for (let k = 1, run = 0; k < order.length; k++) {
    run = x[order[k]!] === x[order[k - 1]!] && y[order[k]!] === y[order[k - 1]!] ? run + 1 : 0;
    jointPairs += run;
  }
  return { discordant: exchanges(Float64Array.from(order, (row) => y[row]!)), jointPairs };
}

/** Pairs of values that stand in falling order, by merging sorted runs of doubling width. */
function exchanges(values: Float64Array): number {
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  let count = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let begin = 0; begin < values.length; begin += 2 * width) {
      const middle = Math.min(begin + width, values.length);
      const end = Math.min(begin + 2 * width, values.length);
      for (let left = begin, right = middle, k = begin; k < end; k++) {
        const takesLeft = right >= end || (left < middle && from[left]! <= from[right]!);
        if (!takesLeft) count += middle - left;
        to[k] = takesLeft ? from[left++]! : from[right++]!;
      }
    }
    [from, to] = [to, from];
  }
  return count;
}

/**
 * Exact chance of so many concordant pairs among n! equally likely orders: the numbers of orders with 0, 1, 2 … inversions grow by
 * one place at a time, as shares of all orders.
 */
function exactP(n: number, concordant: number, alternative: Alternative): number {
  const all = (n * (n - 1)) / 2;
  const tail = Math.min(concordant, all - concordant);
  let shares: Float64Array = new Float64Array(tail + 1);
  shares[0] = 1;
  for (let j = 2; j <= n; j++) {
    const next = new Float64Array(tail + 1);
    for (let c = 0, inside = 0; c <= tail; c++) {
      inside += shares[c]! - (c >= j ? shares[c - j]! : 0);
      next[c] = inside / j;
    }
    shares = next;
  }
  const inTail = shares.reduce((sum, share) => sum + share, 0);
  if (alternative === "two-sided") return Math.min(1, 2 * inTail);
  const isRight = concordant >= all - concordant;
  return isRight === (alternative === "greater") ? inTail : 1 - inTail + shares[tail]!;
}
