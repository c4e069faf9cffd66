import type { Label } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { type ClassCounts, classCounter, present } from "./class-counts.ts";
import type { WeightOptions } from "./inputs.ts";

/** How per-class scores become one: of the positive class, the mean over classes, over rows, or over classes weighted by rows. */
export type Average = "binary" | "macro" | "micro" | "weighted";

/** Options of precision, recall, F1 and the Jaccard index. */
export interface AverageOptions extends WeightOptions {
  /** Default: binary for two classes, macro else. */
  readonly average?: Average | undefined;
  /** The class that `binary` looks at; default the last in sorted order. */
  readonly positive?: Label | undefined;
  /** The classes to average over; default all that occur. */
  readonly labels?: readonly Label[] | undefined;
  /** What 0 / 0 gives: 0 (default), 1, or NaN, which averages leave out. */
  readonly zeroDivision?: number | undefined;
}

/** Precision, recall and F1 of one class or of an average. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows (weights) of the class. */
  readonly support: number;
}

/** Share of the rows predicted as a class that are of it. O(n + k). Oracle: sklearn.metrics.precision_score. */
export function precision(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged("precision", yTrue, yPred, options, precisionShare);
}

/** Share of the rows of a class that are predicted as it. O(n + k). Oracle: sklearn.metrics.recall_score. */
export function recall(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged("recall", yTrue, yPred, options, recallShare);
}

/** Harmonic mean of precision and recall. O(n + k). Oracle: sklearn.metrics.f1_score. */
export function f1(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged("f1", yTrue, yPred, options, fShare(1));
}

/**
 * Harmonic mean of precision and recall in which recall weighs β times as much: 0 is precision, ∞ is recall. O(n + k).
 * Throws ParamsError for β below 0. Source: van Rijsbergen (1979), Information Retrieval. Oracle: sklearn.metrics.fbeta_score.
 */
export function fBeta(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { beta, ...options }: AverageOptions & { readonly beta: number },
): number {
  if (!(beta >= 0)) throw new ParamsError(`fBeta: beta must be ≥ 0, got ${beta}`);
  return averaged("fBeta", yTrue, yPred, options, beta === Infinity ? recallShare : fShare(beta));
}

/** Rows of both over rows of either: |true ∩ predicted| / |true ∪ predicted| of a class. O(n + k). Oracle: sklearn.metrics.jaccard_score. */
export function jaccard(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: AverageOptions = {}): number {
  return averaged("jaccard", yTrue, yPred, options, jaccardShare);
}

/** A score of one class as a share: what stands above and below the line. */
export type Share = (right: number, predicted: number, truth: number) => readonly [above: number, below: number];

/** Right rows of those predicted. */
export const precisionShare: Share = (right, predicted) => [right, predicted];
/** Right rows of those that are. */
export const recallShare: Share = (right, _, truth) => [right, truth];
/** Right rows of those predicted or true. */
export const jaccardShare: Share = (right, predicted, truth) => [right, predicted + truth - right];
/** Fβ as a share of counts. */
export function fShare(beta: number): Share {
  const square = beta * beta;
  return (right, predicted, truth) => [(1 + square) * right, square * truth + predicted];
}

/** Scores of each class of the counts. */
export function scoresByClass({ right, predicted, truth }: ClassCounts, zeroDivision = 0): ClassScores[] {
  const divided = ([above, below]: readonly [number, number]): number => (below > 0 ? above / below : zeroDivision);
  return Array.from(truth, (support, k) => ({
    precision: divided(precisionShare(right[k]!, predicted[k]!, support)),
    recall: divided(recallShare(right[k]!, predicted[k]!, support)),
    f1: divided(fShare(1)(right[k]!, predicted[k]!, support)),
    support,
  }));
}

/** One share over the chosen classes: their mean, weighted mean, or the share of their sums. */
export function averageShare(
  counts: ClassCounts,
  share: Share,
  kind: Exclude<Average, "binary">,
  classes: readonly number[] = present(counts),
  zeroDivision = 0,
): number {
  const { right, predicted, truth } = counts;
  const divided = ([above, below]: readonly [number, number]): number => (below > 0 ? above / below : zeroDivision);
  if (kind === "micro") {
    const sum = (values: Float64Array): number => classes.reduce((total, k) => total + values[k]!, 0);
    return divided(share(sum(right), sum(predicted), sum(truth)));
  }
  let sum = 0;
  let plain = 0;
  let weight = 0;
  let rows = 0;
  for (const k of classes) {
    const value = divided(share(right[k]!, predicted[k]!, truth[k]!));
    if (Number.isNaN(value)) continue;
    sum += truth[k]! * value;
    weight += truth[k]!;
    plain += value;
    rows++;
  }
  return kind === "macro" || weight === 0 ? plain / rows : sum / weight;
}

function averaged(
  who: string,
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  { average, positive, labels, weights, zeroDivision = 0 }: AverageOptions,
  share: Share,
): number {
  const counts = classCounter(who, yTrue, yPred, labels)(weights);
  const occurring = present(counts);
  const kind = average ?? (occurring.length <= 2 && labels === undefined ? "binary" : "macro");
  if (kind !== "binary") return averageShare(counts, share, kind, labels?.map((_, k) => k) ?? occurring, zeroDivision);
  const place = positivePlace(who, counts, occurring, positive);
  const [above, below] = place < 0 ? [0, 0] : share(counts.right[place]!, counts.predicted[place]!, counts.truth[place]!);
  return below > 0 ? above / below : zeroDivision;
}

/** Place of the positive class; −1 where it does not occur and only one other does. */
function positivePlace(who: string, { labels }: ClassCounts, occurring: readonly number[], positive: Label | undefined): number {
  if (occurring.length > 2)
    throw new ParamsError(
      `${who}: average "binary" is for two classes, got ${occurring.length}; choose macro, micro or weighted`,
    );
  if (positive === undefined) return occurring.at(-1)!;
  const place = labels.indexOf(positive);
  if (place < 0 && occurring.length > 1)
    throw new ParamsError(
      `${who}: positive must be one of ${labels.map(String).join(", ")}, got ${String(positive)}${
        typeof positive === "string" ? suggest(positive, labels.map(String)) : ""
      }`,
    );
  return place;
}
