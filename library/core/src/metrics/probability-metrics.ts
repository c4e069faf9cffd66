import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import type { ProbabilityOptions } from "./class-areas.ts";
import { checkFinite, checkLengths, checkProba, checkWeights, truthCodes } from "./inputs.ts";
import { weightedMean } from "./row-mean.ts";

/**
 * −mean log probability of the true class (n × k, row-major); probabilities are kept 2⁻⁵² off 0 and 1. O(n).
 * Throws DataError for probabilities outside 0 … 1 and labels that are not classes. Oracle: sklearn.metrics.log_loss.
 */
export function logLoss(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, { classes, weights }: ProbabilityOptions): number {
  return weightedMean("logLoss", logLosses(yTrue, proba, classes), weights);
}

/**
 * Mean squared difference of probability and truth: of the positive class for two classes, summed over the classes for more. O(n k).
 * Source: Brier (1950), Monthly Weather Review 78. Oracle: sklearn.metrics.brier_score_loss.
 */
export function brier(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, { classes, weights }: ProbabilityOptions): number {
  return weightedMean("brier", brierLosses(yTrue, proba, classes), weights);
}

/**
 * Share of the log loss that is explained: 1 − loss / loss of always answering the classes' shares; NaN for one row.
 * Oracle: sklearn.metrics.d2_log_loss_score.
 */
export function d2LogLoss(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, options: ProbabilityOptions): number {
  if (yTrue.length < 2) return Number.NaN;
  return 1 - logLoss(yTrue, proba, options) / logLoss(yTrue, priors("d2LogLoss", yTrue, options), options);
}

/** Share of the Brier score that is explained, as `d2LogLoss`. Oracle: sklearn.metrics.d2_brier_score. */
export function d2Brier(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, options: ProbabilityOptions): number {
  if (yTrue.length < 2) return Number.NaN;
  return 1 - brier(yTrue, proba, options) / brier(yTrue, priors("d2Brier", yTrue, options), options);
}

/**
 * Share of rows whose true class is among the k with the highest scores; of equal scores the later class goes first. For two classes and
 * k = 1 the positive class needs more than ½, or more than the other score where scores are no probabilities. O(n · classes).
 * Oracle: sklearn.metrics.top_k_accuracy_score.
 */
export function topKAccuracy(
  yTrue: ArrayLike<Label>,
  scores: ArrayLike<number>,
  { classes, weights, k = 2 }: ProbabilityOptions & { readonly k?: number },
): number {
  const width = classes.length;
  if (!(Number.isInteger(k) && k >= 1)) throw new ParamsError(`topKAccuracy: k must be a whole number ≥ 1, got ${k}`);
  checkLengths("topKAccuracy", yTrue.length, scores.length / width);
  checkFinite("topKAccuracy", "scores", scores);
  const codes = truthCodes("topKAccuracy", yTrue, classes);
  const hits = Float64Array.from(codes, (code, i) => {
    const own = scores[i * width + code]!;
    let better = 0;
    for (let c = 0; c < width; c++) {
      const score = scores[i * width + c]!;
      const leads = width === 2 ? c === 0 : c > code;
      if (c !== code && (score > own || (score === own && leads))) better++;
    }
    return Number(better < k);
  });
  return weightedMean("topKAccuracy", hits, weights);
}

/**
 * Mean hinge loss of decision values: of two classes one value a row (n), positive for the last class; of more k a row (n × k). O(n k).
 * Source: Crammer & Singer (2001), JMLR 2. Oracle: sklearn.metrics.hinge_loss.
 */
export function hingeLoss(
  yTrue: ArrayLike<Label>,
  decisions: ArrayLike<number>,
  { classes, weights }: ProbabilityOptions,
): number {
  const width = classes.length === 2 ? 1 : classes.length;
  checkLengths("hingeLoss", yTrue.length, decisions.length / width);
  checkFinite("hingeLoss", "decisions", decisions);
  const codes = truthCodes("hingeLoss", yTrue, classes);
  const losses = Float64Array.from(codes, (code, i) => {
    if (width === 1) return Math.max(0, 1 - (code === 1 ? 1 : -1) * decisions[i]!);
    let other = -Infinity;
    for (let c = 0; c < width; c++) if (c !== code) other = Math.max(other, decisions[i * width + c]!);
    return Math.max(0, 1 - (decisions[i * width + code]! - other));
  });
  return weightedMean("hingeLoss", losses, weights);
}

/** −log probability of the true class of each row (n). */
export function logLosses(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, classes: readonly Label[]): Float64Array {
  checkProba("logLoss", yTrue.length, proba, classes.length);
  const codes = truthCodes("logLoss", yTrue, classes);
  const losses = new Float64Array(codes.length);
  for (let i = 0; i < losses.length; i++) {
    const share = proba[i * classes.length + codes[i]!]!;
    losses[i] = -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, share)));
  }
  return losses;
}

/** Squared difference of probability and truth of each row (n). */
export function brierLosses(yTrue: ArrayLike<Label>, proba: ArrayLike<number>, classes: readonly Label[]): Float64Array {
  const k = classes.length;
  checkProba("brier", yTrue.length, proba, k);
  const codes = truthCodes("brier", yTrue, classes);
  const losses = new Float64Array(codes.length);
  for (let i = 0; i < losses.length; i++)
    for (let c = k === 2 ? 1 : 0; c < k; c++) {
      const off = proba[i * k + c]! - Number(c === codes[i]);
      losses[i]! += off * off;
    }
  return losses;
}

/** The classes' weighted shares for every row (n × k). */
function priors(who: string, yTrue: ArrayLike<Label>, { classes, weights }: ProbabilityOptions): Float64Array {
  checkWeights(who, weights, yTrue.length);
  const codes = truthCodes(who, yTrue, classes);
  const shares = new Float64Array(classes.length);
  let total = 0;
  for (const [i, code] of codes.entries()) {
    shares[code]! += weights ? weights[i]! : 1;
    total += weights ? weights[i]! : 1;
  }
  const all = new Float64Array(codes.length * classes.length);
  for (let at = 0; at < all.length; at++) all[at] = shares[at % classes.length]! / total;
  return all;
}
