import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, Label, MatrixInput } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import { type JudgedArrays, type JudgedColumns, readJudgedRows, readWeights } from "./judged-rows.ts";
import { checkBinary, unwrapThreshold } from "./threshold-classifier.ts";
import { pointAt, type ThresholdPoint, thinned, thresholdPoints } from "./threshold-points.ts";

/** A figure of a threshold that can be maximised, or kept above a bound. */
export type ThresholdMetric = Exclude<
  keyof ThresholdPoint,
  "threshold" | "truePositives" | "falsePositives" | "trueNegatives" | "falseNegatives"
>;

/** By what a threshold is chosen. */
export interface ThresholdOptions {
  /** Default f1; not together with `cost`. */
  readonly maximise?: ThresholdMetric;
  /** What a false positive and a false negative cost: the mean cost a row is made least. */
  readonly cost?: { readonly fp: number; readonly fn: number };
  /** Bounds that must hold, as `{ recall: 0.9 }`. */
  readonly atLeast?: Partial<Readonly<Record<ThresholdMetric, number>>>;
  /** The class that is answered at or above the threshold; default the second. */
  readonly positive?: Label;
}

/** A threshold, and what every other would give: plain JSON. */
export interface ThresholdChoice {
  readonly positive: Label;
  /** Answer positive where the score is at least this. */
  readonly threshold: number;
  /** What was maximised, or "cost". */
  readonly by: ThresholdMetric | "cost";
  /** Its value at the threshold: the mean cost a row for "cost". */
  readonly value: number;
  readonly rows: number;
  readonly chosen: ThresholdPoint;
  /** The point at 0.5, for comparison; null for scores that are no probabilities. */
  readonly usual: ThresholdPoint | null;
  /** At most 200 points from the lowest threshold to the highest, the chosen one among them. */
  readonly curve: readonly ThresholdPoint[];
}

const optionKeys = ["maximise", "cost", "atLeast", "positive"];

/** Names of the figures that can be maximised. */
const metrics: readonly ThresholdMetric[] = [
  "f1",
  "precision",
  "recall",
  "specificity",
  "accuracy",
  "balancedAccuracy",
  "mcc",
  "youden",
  "positives",
];

/**
 * The threshold of a classifier's positive class that is best by a figure or a cost, among all that divide the rows, where bounds hold. Choose
 * it on rows that the model has not seen, or on out-of-fold scores (`crossValidate`), given as plain scores with the truth; ties go to the
 * lowest cost of change: the threshold nearest 0.5. O(n log n). Throws DataError where one class is absent or no threshold keeps the bounds.
 * Oracle: sklearn.model_selection.TunedThresholdClassifierCV, sklearn.metrics.precision_recall_curve.
 * @example
 * const choice = ml.chooseThreshold(model, validation, { maximise: "f1", atLeast: { recall: 0.9 } });
 * const careful = ml.withThreshold(model, choice.threshold);
 * ml.chooseThreshold(scores, truth, { positive: "yes", cost: { fp: 1, fn: 20 } });
 */
export function chooseThreshold(
  model: ClassifierModel,
  table: TableLike,
  options?: ThresholdOptions & JudgedColumns,
): ThresholdChoice;
export function chooseThreshold(
  model: ClassifierModel,
  x: MatrixInput,
  y: ArrayLike<Label>,
  options?: ThresholdOptions & JudgedArrays,
): ThresholdChoice;
export function chooseThreshold(
  scores: ArrayLike<number>,
  y: ArrayLike<Label>,
  options?: ThresholdOptions & Pick<JudgedArrays, "weights">,
): ThresholdChoice;
export function chooseThreshold(
  given: ClassifierModel | ArrayLike<number>,
  second: unknown,
  third?: unknown,
  fourth?: unknown,
): ThresholdChoice {
  const who = "chooseThreshold";
  if (!("state" in given))
    return ofScores(given, second as ArrayLike<Label>, (third ?? {}) as ThresholdOptions & Pick<JudgedArrays, "weights">);
  const model = unwrapThreshold(given);
  const { rows, options } = readJudgedRows<ThresholdOptions>(who, model, second as TableLike, third, fourth, optionKeys);
  const positive = options.positive ?? model.classes[1]!;
  const place = checkBinary(who, model, positive);
  const proba = model.predictProba(rows.x).data;
  const scores = Float64Array.from({ length: rows.y.length }, (_, i) => proba[2 * i + place]!);
  const isPositive = Array.from(rows.y, (code) => code === place);
  return choose(scores, isPositive, rows.weights, positive, options);
}

function ofScores(
  scores: ArrayLike<number>,
  y: ArrayLike<Label>,
  options: ThresholdOptions & Pick<JudgedArrays, "weights">,
): ThresholdChoice {
  const who = "chooseThreshold";
  checkKeys(who, options, ["weights", ...optionKeys]);
  if (scores.length !== y?.length) throw new ShapeError(`${who}: scores has ${scores.length} rows but y has ${y?.length}`);
  const values = Float64Array.from(scores);
  const bad = values.findIndex((score) => !Number.isFinite(score));
  if (bad >= 0) throw new DataError(`${who}: scores must be finite, got ${values[bad]} in row ${bad}`);
  const classes = [...new Set(Array.from(y))].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length > 2)
    throw new DataError(`${who}: y must hold two classes, got ${classes.length}: ${classes.slice(0, 5).map(String).join(", ")}`);
  const positive = options.positive ?? classes.at(-1)!;
  const weights = options.weights && readWeights(who, Array.from(options.weights), values.length);
  return choose(
    values,
    Array.from(y, (label) => label === positive),
    weights,
    positive,
    options,
  );
}

function choose(
  scores: Float64Array,
  isPositive: readonly boolean[],
  weights: Float64Array | undefined,
  positive: Label,
  options: ThresholdOptions,
): ThresholdChoice {
  const { atLeast = {}, cost } = options;
  const by = checkOptions(options);
  const points = thresholdPoints(scores, isPositive, weights);
  const total = points[0]!.truePositives + points[0]!.falsePositives;
  const gainOf = (point: ThresholdPoint): number =>
    by === "cost" ? -(cost!.fp * point.falsePositives + cost!.fn * point.falseNegatives) / total : point[by];
  const bounds = Object.entries(atLeast) as [ThresholdMetric, number][];
  const allowed = points.filter((point) => bounds.every(([name, least]) => point[name] >= least));
  if (allowed.length === 0)
    throw new DataError(
      `chooseThreshold: no threshold has ${bounds.map(([name, least]) => `${name} ≥ ${least} (at most ${bestOf(points, name)})`).join(" and ")}`,
    );
  const chosen = allowed.reduce((best, point) => (isBetter(point, best, gainOf) ? point : best));
  const isShare = scores.every((score) => score >= 0 && score <= 1);
  const found: ThresholdChoice = {
    positive,
    threshold: chosen.threshold,
    by,
    value: by === "cost" ? -gainOf(chosen) : gainOf(chosen),
    rows: scores.length,
    chosen,
    usual: isShare ? pointAt(points, 0.5) : null,
    curve: thinned(points, chosen),
  };
  return displayable("threshold-choice", found);
}

function checkOptions({ maximise, cost, atLeast = {} }: ThresholdOptions): ThresholdMetric | "cost" {
  const who = "chooseThreshold";
  for (const name of [...(maximise === undefined ? [] : [maximise]), ...Object.keys(atLeast)])
    if (!metrics.includes(name as ThresholdMetric)) throw new ParamsError(`${who}: no figure "${name}"${suggest(name, metrics)}`);
  for (const [name, least] of Object.entries(atLeast))
    if (!Number.isFinite(least)) throw new ParamsError(`${who}: atLeast.${name} must be a number, got ${least}`);
  if (!cost) return maximise ?? "f1";
  if (maximise !== undefined) throw new ParamsError(`${who}: takes either maximise or cost, got both`);
  for (const name of ["fp", "fn"] as const)
    if (!(cost[name] >= 0 && cost[name] < Infinity)) throw new ParamsError(`${who}: cost.${name} must be ≥ 0, got ${cost[name]}`);
  return "cost";
}

function bestOf(points: readonly ThresholdPoint[], name: ThresholdMetric): number {
  return Number(points.reduce((best, point) => Math.max(best, point[name]), -Infinity).toPrecision(4));
}

/** Of equal values the threshold that lies nearer to 0.5. */
function isBetter(a: ThresholdPoint, b: ThresholdPoint, gainOf: (point: ThresholdPoint) => number): boolean {
  const [left, right] = [gainOf(a), gainOf(b)];
  return left !== right ? left > right : Math.abs(a.threshold - 0.5) < Math.abs(b.threshold - 0.5);
}
