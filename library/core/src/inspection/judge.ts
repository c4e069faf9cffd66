import type { Fitted } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { definitionOf } from "../base/registry.ts";
import { hasProba, lastStep, mostProbable, predictSync, probaSync } from "../base/run.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { JudgedModel } from "./judged-rows.ts";

/** What a model said of rows, ready for the metrics. */
export interface Verdict {
  /** Predicted numbers, scores, or places in the model's classes (n). */
  readonly predicted: Float64Array;
  /** Class probabilities (n × k), where the model has them. */
  readonly proba: Matrix | undefined;
}

/** The truth that a verdict is held against. */
export interface Truth {
  /** Numbers, or places in the model's classes (n). */
  readonly y: Float64Array;
  readonly weights?: Float64Array | undefined;
  readonly groups?: Int32Array | undefined;
}

/** Asks a model about rows once. */
export function judge(model: Fitted, x: Matrix): Verdict {
  const { predict, predictProba } = definitionOf(lastStep(model));
  const proba = predictProba ? probaSync(model, x) : undefined;
  return { predicted: proba && !predict ? mostProbable(proba) : predictSync(model, x), proba };
}

/** A metric of a verdict. */
export function metricValue(metric: Metric, model: Fitted, { predicted, proba }: Verdict, { y, weights, groups }: Truth): number {
  const classes = model.classes?.map((_, k) => k);
  const scored = { yTrue: y, yPred: predicted, proba: proba?.data, classes, weights, groups };
  return metric.compute(scored);
}

/** A metric of a model's task by name, or the usual one. Throws ParamsError for one that the model cannot be judged by. */
export function metricOf(who: string, model: JudgedModel, name: string | undefined): Metric {
  const usual = { classification: "accuracy", regression: "r2", ranking: "ndcg" }[model.task];
  const metric = metricByName(name ?? usual, model.task as "classification");
  if (metric.needsProba && !hasProba(model))
    throw new ParamsError(`${who}: metric "${metric.name}" needs probabilities, ${model.name} has none`);
  return metric;
}
