import { normalQuantile } from "../numeric/normal.ts";
import { logGamma } from "../numeric/special-functions.ts";
import { studentQuantile, studentTail } from "../numeric/student.ts";

/** Losses of some rows in sums: what a test needs of them. */
export interface LossSums {
  readonly count: number;
  /** Σ w, Σ w², Σ w·loss, Σ w·loss². */
  readonly weight: number;
  readonly weightSquares: number;
  readonly loss: number;
  readonly lossSquares: number;
}

/** How much greater the mean loss of some rows is than that of others. */
export interface Difference {
  readonly effect: number;
  /** 95 % interval of the effect. */
  readonly interval: readonly [number, number];
  /** One-sided: how likely such an effect is where there is none. */
  readonly pValue: number;
}

/**
 * Welch's t test that rows have a greater mean than others, with weights by effective sizes (Σw)² / Σw².
 * Source: Welch (1947), Biometrika 34. Oracle: scipy.stats.ttest_ind(equal_var=False, alternative="greater").
 */
export function welchDifference(a: LossSums, b: LossSums): Difference {
  const [left, right] = [moments(a), moments(b)];
  const effect = left.mean - right.mean;
  const [u, v] = [left.variance / left.size, right.variance / right.size];
  const error = Math.sqrt(u + v);
  if (!(error > 0)) return { effect, interval: [effect, effect], pValue: effect > 0 ? 0 : 1 };
  const df = ((u + v) * (u + v)) / ((u * u) / (left.size - 1) + (v * v) / (right.size - 1));
  const reach = studentQuantile(0.975, df) * error;
  return { effect, interval: [effect - reach, effect + reach], pValue: studentTail(effect / error, df) };
}

/**
 * Fisher's exact test that rows have a greater share of ones than others, with Newcombe's hybrid score interval of the difference.
 * Source: Fisher (1935); Newcombe (1998), Statistics in Medicine 17, method 10. Oracle: scipy.stats.fisher_exact(alternative="greater"),
 * statsmodels' confint_proportions_2indep(method="newcomb").
 */
export function shareDifference(ones: number, count: number, otherOnes: number, otherCount: number): Difference {
  const [p, q] = [ones / count, otherOnes / otherCount];
  const [lowP, highP] = wilson(p, count);
  const [lowQ, highQ] = wilson(q, otherCount);
  const effect = p - q;
  const below = Math.hypot(p - lowP, highQ - q);
  const above = Math.hypot(highP - p, q - lowQ);
  return {
    effect,
    interval: [effect - below, effect + above],
    pValue: hypergeometricTail(ones, count, ones + otherOnes, count + otherCount),
  };
}

/** Chance that of `drawn` from `all` rows, `marked` of which are marked, at least `seen` are: O(terms). */
function hypergeometricTail(seen: number, drawn: number, marked: number, all: number): number {
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const most = Math.min(drawn, marked);
  let term = Math.exp(logChoose(marked, seen) + logChoose(all - marked, drawn - seen) - logChoose(all, drawn));
  let tail = 0;
  for (let k = seen; k <= most && (term > 1e-18 * tail || k <= (drawn * marked) / all + 1); k++) {
    tail += term;
    term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
  }
  return Math.min(1, tail);
}

const z = normalQuantile(0.975);

/** Wilson's 95 % interval of a share. */
function wilson(share: number, count: number): [number, number] {
  const centre = share + (z * z) / (2 * count);
  const reach = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [(centre - reach) / scale, (centre + reach) / scale];
}

function moments({ weight, weightSquares, loss, lossSquares }: LossSums): { mean: number; variance: number; size: number } {
  const size = (weight * weight) / weightSquares;
  const mean = loss / weight;
  const variance = Math.max(0, lossSquares / weight - mean * mean) * (size / (size - 1));
  return { mean, variance, size };
}
