import { z } from "zod";
import "./default-parts.ts";
import type { FitContext, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { classifier, regressor } from "../base/estimator.ts";
import { mostProbable } from "../base/run.ts";
import { leastAbsoluteShares } from "../linear/least-absolute-shares.ts";
import { type Metric, metricByName, metricsFor } from "../metrics/registry.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { crossFit, foldsOf, outOfFold } from "./out-of-fold.ts";
import { addScaled, type PartData, positiveRows, refuseMissing, shareData } from "./part-rows.ts";
import { checkParts, checkPerPart, type PartState, partPredict, partProba, partsParam } from "./parts.ts";

/** What a blend learns. */
export interface BlendState {
  /** The estimators, each fitted on all rows. */
  readonly parts: readonly PartState[];
  /** Share of each one in the answer; they sum to 1. */
  readonly shares: Float64Array;
  /** Score of each one on rows that its fit did not see. */
  readonly scores: Float64Array;
  /** Number of classes; 0 for numbers. */
  readonly classes: number;
}

const names = (task: "classification" | "regression") => metricsFor(task).map(({ name }) => name) as [string, ...string[]];
const shared = () => ({
  folds: z.int().min(2).max(100).default(5).meta({ title: "Folds", description: "For the out-of-fold scores." }),
  split: z
    .enum(["folds", "time"])
    .default("folds")
    .meta({ title: "Split", description: "time: rows are in order of time, and scored by fits on earlier rows only." }),
  power: z
    .int()
    .min(0)
    .max(16)
    .default(2)
    .meta({ title: "Sharpness", description: "Shares are scores to this power; 0 makes all the same." }),
});

/**
 * Classifiers whose probabilities are averaged by how well each one scores on rows that its fit did not see: shares are the scores to
 * the power `power`, or of errors their reciprocals; a score of 0 or less counts nothing. Rows weigh the same in the scores.
 * All fits run side by side on all threads. Cost: (folds + 1) fits of each estimator.
 */
export const blendClassifier = classifier({
  name: "blend",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimators: partsParam("classification", ["logistic_regression", "decision_tree", "random_forest"]),
      metric: z.enum(names("classification")).default("log_loss").meta({ title: "Metric" }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context, metricByName(params.metric, "classification")),
  predictProba(x, { parts, shares, classes }: BlendState, { estimators }): Matrix {
    const data = sharedFloat64(x.rows * classes);
    for (const [k, part] of parts.entries()) addScaled(partProba(part, estimators[k]!, x, classes).data, shares[k]!, data);
    return { rows: x.rows, columns: classes, data };
  },
  check: (state: BlendState, columns) => checkBlend(state, "classification", columns),
});

/**
 * Regressors whose predictions are averaged by how well each one scores on rows that its fit did not see: shares are the scores to the
 * power `power`, or of errors their reciprocals; a score of 0 or less counts nothing. Rows weigh the same in the scores.
 * With `weighting: "least_absolute"` the shares are those whose blend has the least absolute error on these rows, by their weights: an
 * estimator that adds nothing gets 0. Series take `split: "time"`: then no share knows anything of a row's future.
 * All fits run side by side on all threads. Cost: (folds + 1) fits of each estimator.
 */
export const blendRegressor = regressor({
  name: "blend",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimators: partsParam("regression", ["ridge", "decision_tree", "random_forest"]),
      metric: z.enum(names("regression")).default("rmse").meta({ title: "Metric" }),
      weighting: z
        .enum(["score", "least_absolute"])
        .default("score")
        .meta({ title: "Weighting", description: "Each by its own score, or all together by the least absolute error." }),
      ...shared(),
    }),
  fit: (x, y, params, context) => fit(x, y, params, context, metricByName(params.metric, "regression")),
  predict(x, { parts, shares }: BlendState, { estimators }): Float64Array {
    const out = new Float64Array(x.rows);
    for (const [k, part] of parts.entries()) addScaled(partPredict(part, estimators[k]!, x), shares[k]!, out);
    return out;
  },
  check: (state: BlendState, columns) => checkBlend(state, "regression", columns),
});

interface Params {
  readonly estimators: readonly Spec[];
  readonly folds: number;
  readonly split: "folds" | "time";
  readonly power: number;
  readonly weighting?: "score" | "least_absolute";
}

function* fit(x: Matrix, y: Float64Array, params: Params, context: FitContext, metric: Metric): Generator<void, BlendState> {
  const { estimators, power, weighting } = params;
  refuseMissing(estimators, x);
  const data = positiveRows(shareData({ x, y, weights: context.weights }), context.checkpoint);
  const folds = foldsOf("blend.fit", data, context.classes, params.folds, params.split === "time");
  const { whole, byFold } = yield* crossFit(estimators, data, folds, context);
  const tested = Int32Array.from(folds.flatMap(({ test }) => [...test])).sort();
  const answers = estimators.map((spec, s) => outOfFold(byFold[s]!, spec, data, folds, context));
  const scores = Float64Array.from(estimators, (spec, s) => {
    const score = scoreOf(answers[s]!, data, tested, context.classes, metric);
    if (!Number.isFinite(score)) throw new DataError(`blend.fit: ${metric.name} of ${spec.name} must be finite, got ${score}`);
    return score;
  });
  const shares =
    weighting === "least_absolute"
      ? jointShares(answers, data, tested, () => context.checkpoint())
      : sharesOf(scores, metric.greaterIsBetter, power);
  return { parts: whole, shares, scores, classes: context.classes };
}

/** The metric of answers on the rows that were tested. */
function scoreOf(answers: Float64Array, { y }: PartData, tested: Int32Array, classes: number, metric: Metric): number {
  const yTrue = Float64Array.from(tested, (i) => y[i]!);
  if (classes === 0) return metric.compute({ yTrue, yPred: Float64Array.from(tested, (i) => answers[i]!) });
  const proba = new Float64Array(tested.length * classes);
  for (const [p, i] of tested.entries()) proba.set(answers.subarray(i * classes, (i + 1) * classes), p * classes);
  const yPred = mostProbable({ rows: tested.length, columns: classes, data: proba });
  return metric.compute({ yTrue, yPred, proba, classes: Array.from({ length: classes }, (_, k) => k) });
}

/** The shares whose blend of the answers is nearest to y on the rows that were tested. */
function jointShares(
  answers: readonly Float64Array[],
  { y, weights }: PartData,
  tested: Int32Array,
  checkpoint: () => void,
): Float64Array {
  const onTested = (values: Float64Array): Float64Array => Float64Array.from(tested, (i) => values[i]!);
  const options = { weights: weights && onTested(weights), checkpoint };
  return leastAbsoluteShares(answers.map(onTested), onTested(y), options).shares;
}

/** Scores as shares of 1; all the same where none counts. An error of 0 takes all. */
function sharesOf(scores: Float64Array, greaterIsBetter: boolean, power: number): Float64Array {
  const best = greaterIsBetter ? Math.max(...scores) : Math.min(...scores);
  const goodness = scores.map((score) => (greaterIsBetter ? Math.max(0, score) / best : score === best ? 1 : best / score));
  if (!(best > 0) && greaterIsBetter) goodness.fill(1);
  const raised = goodness.map((value) => {
    let product = 1;
    for (let k = 0; k < power; k++) product *= value;
    return product;
  });
  const total = raised.reduce((a, b) => a + b, 0);
  return raised.map((value) => value / total);
}

function checkBlend(
  { parts, shares, scores, classes }: BlendState,
  task: "classification" | "regression",
  columns: number,
): void {
  checkParts("blend", parts, { task, classes, columns });
  checkPerPart("blend", parts, shares);
  checkPerPart("blend", parts, scores);
}
