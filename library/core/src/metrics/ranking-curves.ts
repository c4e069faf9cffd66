import { DataError } from "../base/errors.ts";
import type { WeightOptions } from "./inputs.ts";
import { type ScoreSteps, scoreSteps } from "./score-order.ts";

/** True against false positive rate at every threshold, from the strictest. */
export interface RocCurve {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  /** The first is +Infinity: nothing is positive. */
  readonly thresholds: readonly number[];
}

/** Precision against recall at every threshold, from the most lenient; the last point is (1, 0). */
export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly thresholds: readonly number[];
}

/** False negative against false positive rate at every threshold. */
export interface DetCurve {
  readonly falsePositiveRate: readonly number[];
  readonly falseNegativeRate: readonly number[];
  readonly thresholds: readonly number[];
}

/** Options of a curve. */
export interface CurveOptions extends WeightOptions {
  /** Leave out the points that a drawing does not need. */
  readonly dropIntermediate?: boolean | undefined;
}

/**
 * The ROC curve of a score for the positive rows; points on a straight line are left out unless asked for. O(n). Throws DataError where one
 * of the two classes is absent. Source: Fawcett (2006), Pattern Recognition Letters 27(8). Oracle: sklearn.metrics.roc_curve.
 */
export function rocCurve(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights, dropIntermediate = true }: CurveOptions = {},
): RocCurve {
  const steps = scoreSteps("rocCurve", positive, scores, weights);
  const { truePositives, falsePositives, thresholds } = fromNothing(steps);
  const [right, wrong] = bothClasses("rocCurve", steps);
  const bends = (k: number): boolean => secondDifference(falsePositives, k) !== 0 || secondDifference(truePositives, k) !== 0;
  const kept = points(thresholds.length, dropIntermediate && thresholds.length > 2, bends);
  return {
    falsePositiveRate: kept.map((k) => falsePositives[k]! / wrong),
    truePositiveRate: kept.map((k) => truePositives[k]! / right),
    thresholds: kept.map((k) => thresholds[k]!),
  };
}

/**
 * The precision–recall curve of a score for the positive rows. O(n). Throws DataError where no row is positive.
 * Oracle: sklearn.metrics.precision_recall_curve.
 */
export function precisionRecallCurve(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights, dropIntermediate = false }: CurveOptions = {},
): PrecisionRecallCurve {
  const { truePositives, falsePositives, thresholds } = scoreSteps("precisionRecallCurve", positive, scores, weights);
  const right = truePositives.at(-1)!;
  if (right === 0) throw new DataError("precisionRecallCurve: needs positive rows, there are none");
  const kept = points(thresholds.length, dropIntermediate && thresholds.length > 2, moves(truePositives)).reverse();
  const share = (k: number): number => {
    const predicted = truePositives[k]! + falsePositives[k]!;
    return predicted > 0 ? truePositives[k]! / predicted : 0;
  };
  return {
    precision: [...kept.map(share), 1],
    recall: [...kept.map((k) => truePositives[k]! / right), 0],
    thresholds: kept.map((k) => thresholds[k]!),
  };
}

/**
 * The detection error trade-off: false negative against false positive rate, from the most lenient threshold. O(n). Throws DataError where
 * one of the two classes is absent. Source: Martin et al. (1997), Eurospeech. Oracle: sklearn.metrics.det_curve.
 */
export function detCurve(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights, dropIntermediate = false }: CurveOptions = {},
): DetCurve {
  const steps = scoreSteps("detCurve", positive, scores, weights);
  const { truePositives, falsePositives, thresholds } = fromNothing(steps);
  const [right, wrong] = bothClasses("detCurve", steps);
  const kept = points(thresholds.length, dropIntermediate && thresholds.length > 2, moves(truePositives));
  const begin = kept.findLastIndex((k) => falsePositives[k] === 0);
  const end = kept.findIndex((k) => truePositives[k] === right) + 1;
  const shown = kept.slice(Math.max(0, begin), end).reverse();
  return {
    falsePositiveRate: shown.map((k) => falsePositives[k]! / wrong),
    falseNegativeRate: shown.map((k) => (right - truePositives[k]!) / right),
    thresholds: shown.map((k) => thresholds[k]!),
  };
}

/** Area under the ROC curve of one score, by trapezoids. O(n). Throws DataError where one of the two classes is absent. */
export function binaryRocAuc(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { weights }: WeightOptions = {},
): number {
  const steps = scoreSteps("rocAuc", positive, scores, weights);
  bothClasses("rocAuc", steps);
  return rocArea(steps);
}

/** Area under the ROC curve by trapezoids; NaN where a class is absent. */
export function rocArea({ truePositives, falsePositives }: ScoreSteps): number {
  let area = 0;
  let right = 0;
  let wrong = 0;
  for (let k = 0; k < truePositives.length; k++) {
    area += ((falsePositives[k]! - wrong) * (truePositives[k]! + right)) / 2;
    right = truePositives[k]!;
    wrong = falsePositives[k]!;
  }
  return right > 0 && wrong > 0 ? area / (right * wrong) : Number.NaN;
}

/** Mean precision over the steps of recall; 0 where no row is positive. */
export function precisionRecallArea({ truePositives, falsePositives }: ScoreSteps): number {
  let sum = 0;
  let before = 0;
  for (let k = 0; k < truePositives.length; k++) {
    const right = truePositives[k]!;
    if (right > before) sum += ((right - before) * right) / (right + falsePositives[k]!);
    before = right;
  }
  return before > 0 ? sum / before : 0;
}

function bothClasses(who: string, { truePositives, falsePositives }: ScoreSteps): [right: number, wrong: number] {
  const [right, wrong] = [truePositives.at(-1)!, falsePositives.at(-1)!];
  if (right === 0 || wrong === 0)
    throw new DataError(`${who}: needs positive and negative rows, all are ${right === 0 ? "negative" : "positive"}`);
  return [right, wrong];
}

/** The steps with the threshold above all scores before them. */
function fromNothing({ truePositives, falsePositives, thresholds }: ScoreSteps): ScoreSteps {
  const led = (first: number, rest: Float64Array): Float64Array => {
    const all = new Float64Array(rest.length + 1);
    all[0] = first;
    all.set(rest, 1);
    return all;
  };
  return {
    truePositives: led(0, truePositives),
    falsePositives: led(0, falsePositives),
    thresholds: led(Infinity, thresholds),
  };
}

/** Places of a curve's points: the ends, and of those between the ones that are needed. */
function points(count: number, drop: boolean, isNeeded: (k: number) => boolean): number[] {
  const all = Array.from({ length: count }, (_, k) => k);
  return drop ? all.filter((k) => k === 0 || k === count - 1 || isNeeded(k)) : all;
}

function secondDifference(values: Float64Array, k: number): number {
  return values[k + 1]! - values[k]! - (values[k]! - values[k - 1]!);
}

/** Whether a count changes before or behind a place. */
function moves(values: Float64Array): (k: number) => boolean {
  return (k) => values[k] !== values[k - 1] || values[k + 1] !== values[k];
}
