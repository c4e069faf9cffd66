import type { Random } from "../numeric/random.ts";
import { logGamma } from "../numeric/special-functions.ts";

/**
 * How often each kind is drawn when as many rows as there are (Σ counts) are drawn with replacement, into `out`: what drawing the rows one by
 * one would count. O(kinds), whatever the rows.
 */
export function drawCounts(random: Random, counts: Float64Array, out: Float64Array): void {
  const rows = counts.reduce((a, b) => a + b, 0);
  let draws = rows;
  let left = rows;
  for (let k = 0; k < counts.length; k++) {
    const drawn = k + 1 === counts.length ? draws : binomial(random, draws, Math.min(1, counts[k]! / left));
    out[k] = drawn;
    draws -= drawn;
    left -= counts[k]!;
  }
}

/** Successes of n trials of probability p. O(1). */
export function binomial(random: Random, n: number, p: number): number {
  if (n === 0 || p === 0) return 0;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  return n * p < 10 ? bySearch(random, n, p) : byRejection(random, n, p);
}

/** Adds up probabilities from 0 successes on until they pass a uniform number: about np steps. */
function bySearch(random: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  for (;;) {
    let share = Math.exp(n * Math.log1p(-p));
    let rest = random.float();
    for (let k = 0; k <= n; k++) {
      if (rest < share) return k;
      rest -= share;
      share *= (odds * (n - k)) / (k + 1);
    }
  }
}

/** Transformed rejection, algorithm BTRS. Source: Hörmann (1993), Journal of Statistical Computation and Simulation 46. */
function byRejection(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((n + 1) * p);
  const atMode = logGamma(mode + 1) + logGamma(n - mode + 1);
  const logOdds = Math.log(p / (1 - p));
  for (;;) {
    const v = random.float();
    const u = random.float() - 0.5;
    const room = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / room + b) * u + n * p + 0.5);
    if (room >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    if (k < 0 || k > n) continue;
    const bound = atMode - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds;
    if (Math.log((v * alpha) / (a / (room * room) + b)) <= bound) return k;
  }
}
