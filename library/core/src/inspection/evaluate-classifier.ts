import type { ClassifierModel, Label } from "../base/contract.ts";
import { calibrationCurve } from "../metrics/calibration.ts";
import { averagePrecision } from "../metrics/class-areas.ts";
import { classificationReport } from "../metrics/classification-report.ts";
import { type ConfusionMatrix, confusionMatrix } from "../metrics/confusion.ts";
import { binaryRocAuc, precisionRecallCurve, rocCurve } from "../metrics/ranking-curves.ts";
import {
  blank,
  type ClassCurves,
  type Confusion,
  type ScoreSample,
  type TaskEvaluation,
  type ThresholdTable,
} from "./evaluation.ts";
import type { Truth, Verdict } from "./judge.ts";
import { pointAt, type ThresholdPoint, thinned, thresholdPoints } from "./threshold-points.ts";

/** Classes whose curves are told at most. */
const mostCurves = 12;
/** Classes of a confusion matrix at most. */
const mostClasses = 100;
/** Points of a curve, and scores of a sample, at most. */
const mostPoints = 200;
const mostScores = 500;

/** What is told of a classifier: report, confusion, curves, calibration, thresholds. O(k n log n). */
export function evaluateClassifier({ classes }: ClassifierModel, { predicted, proba }: Verdict, truth: Truth): TaskEvaluation {
  const { y, weights } = truth;
  const codes = classes.map((_, k) => k);
  const notes: string[] = [];
  const { classes: scored, macro, weighted } = classificationReport(y, predicted, { labels: codes, weights });
  const counted = confusionMatrix(y, predicted, { labels: codes, weights });
  const scores = proba && codes.map((k) => columnOf(proba.data, classes.length, k));
  const curves = scores ? curvesOf(classes, scores, truth, notes) : [];
  if (!proba) notes.push("the model has no probabilities: no curves, calibration and thresholds");
  const byLabel = new Map(curves.map((curve) => [curve.label, curve]));
  const isLarge = classes.length > mostClasses;
  if (isLarge)
    notes.push(`${classes.length} classes: no confusion matrix beyond ${mostClasses}, the pairs mistaken most are listed`);
  return {
    ...blank,
    classes: scored.map((own, k) => {
      const curve = byLabel.get(classes[k]!) ?? (scores && areasOf(k, scores[k]!, truth));
      return { ...own, label: classes[k]!, rocAuc: curve?.rocAuc ?? null, averagePrecision: curve?.averagePrecision ?? null };
    }),
    averages: { macro, weighted },
    confusion: isLarge ? null : { labels: [...classes], counts: counted.counts },
    confusionShares: isLarge
      ? null
      : { labels: [...classes], counts: confusionMatrix(y, predicted, { labels: codes, weights, normalise: "true" }).counts },
    confused: confusedPairs(counted, classes),
    curves,
    calibration: scores ? calibrationOf(scores, predicted, truth) : null,
    scores: scores ? scoreSamples(classes, scores, predicted, y) : [],
    thresholds: scores && classes.length === 2 ? thresholdTable(scores[1]!, classes[1]!, truth) : null,
    notes,
  };
}

function columnOf(data: Float64Array, columns: number, k: number): Float64Array {
  return Float64Array.from({ length: data.length / columns }, (_, i) => data[i * columns + k]!);
}

/** Curves of the second of two classes, or of those of most rows. */
function curvesOf(classes: readonly Label[], scores: readonly Float64Array[], truth: Truth, notes: string[]): ClassCurves[] {
  const { y, weights } = truth;
  const counts = classWeights(classes.length, truth);
  const total = counts.reduce((a, b) => a + b, 0);
  const order = classes.map((_, k) => k).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const told = classes.length === 2 ? [1] : order.slice(0, mostCurves).sort((a, b) => a - b);
  if (classes.length > mostCurves) notes.push(`curves of the ${mostCurves} classes of most rows, of ${classes.length}`);
  const without = told.filter((k) => counts[k] === 0 || counts[k] === total);
  if (without.length > 0)
    notes.push(`no curves where the rows hold one kind only: ${without.map((k) => String(classes[k])).join(", ")}`);
  return told
    .filter((k) => !without.includes(k))
    .map((k) => {
      const positive = Array.from(y, (code) => code === k);
      const own = scores[k]!;
      return {
        label: classes[k]!,
        prevalence: counts[k]! / total,
        roc: thinRoc(rocCurve(positive, own, { weights })),
        ...areasOf(k, own, truth)!,
        precisionRecall: thinCurve(precisionRecallCurve(positive, own, { weights })),
      };
    });
}

/** Rows (weights) of each class (k). */
function classWeights(classes: number, { y, weights }: Truth): Float64Array {
  const counts = new Float64Array(classes);
  for (const [i, code] of y.entries()) counts[code]! += weights?.[i] ?? 1;
  return counts;
}

/** Areas under the curves of a class against all others; undefined where the rows hold one kind only. */
function areasOf(
  k: number,
  scores: Float64Array,
  { y, weights }: Truth,
): Pick<ClassCurves, "rocAuc" | "averagePrecision"> | undefined {
  const positive = Array.from(y, (code) => code === k);
  const counts = classWeights(2, { y: Float64Array.from(positive, Number), weights });
  if (counts[0] === 0 || counts[1] === 0) return undefined;
  return { rocAuc: binaryRocAuc(positive, scores, { weights }), averagePrecision: precisionOf(positive, scores, weights) };
}

function precisionOf(positive: readonly boolean[], scores: Float64Array, weights: Float64Array | undefined): number {
  const proba = new Float64Array(2 * scores.length);
  for (const [i, score] of scores.entries()) proba.set([1 - score, score], 2 * i);
  return averagePrecision(positive.map(Number), proba, { classes: [0, 1], weights });
}

/** At most 200 of so many places, the ends among them. */
function evenPlaces(length: number, most = mostPoints): number[] {
  if (length <= most) return Array.from({ length }, (_, k) => k);
  return Array.from({ length: most }, (_, k) => Math.round((k * (length - 1)) / (most - 1)));
}

function thinRoc({ falsePositiveRate, truePositiveRate, thresholds }: ClassCurves["roc"]): ClassCurves["roc"] {
  const kept = evenPlaces(thresholds.length);
  const at = (values: readonly number[]): number[] => kept.map((k) => short(values[k]!));
  return { falsePositiveRate: at(falsePositiveRate), truePositiveRate: at(truePositiveRate), thresholds: at(thresholds) };
}

/** The curve's last point has no threshold. */
function thinCurve({ precision, recall, thresholds }: ClassCurves["precisionRecall"]): ClassCurves["precisionRecall"] {
  const kept = evenPlaces(thresholds.length);
  const at = (values: readonly number[]): number[] => kept.map((k) => short(values[k]!));
  return {
    precision: [...at(precision), short(precision.at(-1)!)],
    recall: [...at(recall), short(recall.at(-1)!)],
    thresholds: at(thresholds),
  };
}

/** Six digits are enough to draw, and short to store. */
function short(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}

function confusedPairs({ counts }: ConfusionMatrix, classes: readonly Label[]): Confusion[] {
  const pairs = counts.flatMap((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.flatMap((count, j) =>
      i === j || count === 0 ? [] : [{ true: classes[i]!, predicted: classes[j]!, count, share: count / total }],
    );
  });
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, 20);
}

/** Of two classes the second's probability; of more that of the predicted class, and how often it is right. */
function calibrationOf(
  scores: readonly Float64Array[],
  predicted: Float64Array,
  { y, weights }: Truth,
): TaskEvaluation["calibration"] {
  if (scores.length === 2)
    return calibrationCurve(
      Array.from(y, (code) => code === 1),
      scores[1]!,
      { weights },
    );
  const confidence = Float64Array.from(predicted, (code, i) => scores[code]![i]!);
  return calibrationCurve(
    Array.from(predicted, (code, i) => code === y[i]),
    confidence,
    { weights },
  );
}

/** Probabilities of the second of two classes, by the true one; of more the confidence of right and of wrong answers. */
function scoreSamples(
  classes: readonly Label[],
  scores: readonly Float64Array[],
  predicted: Float64Array,
  y: Float64Array,
): ScoreSample[] {
  const sample = (name: string, values: Float64Array): ScoreSample[] => {
    const sorted = values.sort();
    const kept = evenPlaces(sorted.length, mostScores).map((place) => short(sorted[place]!));
    return sorted.length > 0 ? [{ name, rows: sorted.length, scores: kept }] : [];
  };
  if (scores.length === 2)
    return [0, 1].flatMap((k) =>
      sample(
        String(classes[k]),
        scores[1]!.filter((_, i) => y[i] === k),
      ),
    );
  const confidence = Float64Array.from(predicted, (code, i) => scores[code]![i]!);
  return [
    ...sample(
      "right",
      confidence.filter((_, i) => predicted[i] === y[i]),
    ),
    ...sample(
      "wrong",
      confidence.filter((_, i) => predicted[i] !== y[i]),
    ),
  ];
}

function thresholdTable(scores: Float64Array, positive: Label, { y, weights }: Truth): ThresholdTable | null {
  const isPositive = Array.from(y, (code) => code === 1);
  if (classWeights(2, { y, weights }).includes(0)) return null;
  const points = thresholdPoints(scores, isPositive, weights);
  const best = (by: "f1" | "youden"): ThresholdPoint => points.reduce((top, point) => (point[by] > top[by] ? point : top));
  const curve = thinned(points);
  const of = (by: "threshold" | "precision" | "recall" | "f1"): number[] => curve.map((point) => short(point[by]));
  return {
    positive,
    points: Array.from({ length: 9 }, (_, k) => pointAt(points, (k + 1) / 10)),
    best: { f1: best("f1"), youden: best("youden") },
    curve: { thresholds: of("threshold"), precision: of("precision"), recall: of("recall"), f1: of("f1") },
  };
}
