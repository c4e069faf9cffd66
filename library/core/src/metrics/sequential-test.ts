import { ParamsError } from "../base/errors.ts";
import type { Sums } from "./arm-effect.ts";
import { checkConfidence, type Interval } from "./interval.ts";

/** A difference that may be looked at as often as one likes, and acted on at any look. */
export interface SequentialEffect extends Interval {
  readonly difference: number;
  /** Always valid: the chance that it is ever at most α is at most α where there is no difference. */
  readonly pValue: number;
  readonly confidence: number;
}

/** How a sequential test is set up, before the first look. */
export interface SequentialOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Values in both groups at which the interval is narrowest for its age; it holds at every other number too. Default 5000. */
  readonly plannedCount?: number;
  /** Whether values are 0 and 1. */
  readonly binary?: boolean;
}

/** Before the normal law is trusted each group must have so many values, and of 0 and 1 an expected variance in all; earlier p is 1. */
const leastCount = 50;
const leastVariance = 5;

/**
 * The difference of two means, second minus first, with an interval that covers the truth at all looks at once, and an always-valid p: the
 * normal mixture's sequential probability ratio, z²/2 · r/(1 + r) − ½ ln(1 + r) with r = n ρ². The variance is the values' own, so it holds
 * for many values (asymptotically), not to the letter; a group of less than 50 gives no bound, nor one where less than five ones and zeros are expected. Shares take the variance of one success and
 * one failure more (Agresti & Caffo), else the first equal values would look certain. Values must be final and independent, one a person.
 * Source: Robbins (1970), Ann. Math. Stat. 41; Johari, Koomen, Pekelis & Walsh (2017), KDD; Waudby-Smith et al. (2024), Ann. Stat. 52.
 * Oracle: the mixture's integral by scipy.integrate.quad.
 */
export function sequentialEffect(
  first: Sums,
  second: Sums,
  { confidence = 0.95, plannedCount = 5000, binary = false }: SequentialOptions = {},
): SequentialEffect {
  checkConfidence("sequentialEffect", confidence);
  if (!(plannedCount >= 1 && Number.isFinite(plannedCount)))
    throw new ParamsError(`sequentialEffect: plannedCount must be ≥ 1, got ${plannedCount}`);
  const difference = second.mean - first.mean;
  const unknown = { difference, low: -Infinity, high: Infinity, pValue: 1, confidence };
  if (!isEnough(first, second, binary)) return unknown;
  const squaredError = errorOf(first, binary) + errorOf(second, binary);
  if (!(squaredError > 0)) return unknown; // nothing has varied yet: no scale to judge by
  const alpha = 1 - confidence;
  const r = (first.count + second.count) * mixture(alpha, plannedCount);
  const reach = Math.sqrt(squaredError * ((1 + r) / r) * (Math.log1p(r) - 2 * Math.log(alpha)));
  const logRatio = ((difference * difference) / squaredError / 2) * (r / (1 + r)) - Math.log1p(r) / 2;
  return {
    difference,
    low: difference - reach,
    high: difference + reach,
    pValue: Math.min(1, Math.exp(-logRatio)),
    confidence,
  };
}

/** Shares near 0 or 1 need more values: their sum is far from normal while it is small (n p (1 − p) ≥ 5, with the share of both groups). */
function isEnough(first: Sums, second: Sums, binary: boolean): boolean {
  const fewest = Math.min(first.count, second.count);
  const share = (first.mean * first.count + second.mean * second.count) / (first.count + second.count);
  return fewest >= leastCount && (!binary || fewest * share * (1 - share) >= leastVariance);
}

/** The mixture's variance per value's that makes the interval about narrowest at the planned count. */
function mixture(alpha: number, plannedCount: number): number {
  const twice = -2 * Math.log(alpha);
  return (twice + Math.log1p(twice)) / plannedCount;
}

/** The squared standard error of a mean. */
function errorOf({ count, mean, variance }: Sums, binary: boolean): number {
  if (!binary) return variance / count;
  const share = (mean * count + 1) / (count + 2);
  return (share * (1 - share)) / (count + 2);
}
