import type { Label } from "../base/contract.ts";
import { ShapeError } from "../base/errors.ts";
import { type ClassCounts, classCounter } from "./class-counts.ts";
import { weightedMean } from "./row-mean.ts";

/** What kind of answers a metric judges. */
export type MetricTask = "classification" | "regression" | "ranking";

/** What a metric is computed from. */
export interface Scored {
  readonly yTrue: ArrayLike<Label>;
  /** Predicted labels or numbers (n); not looked at where the metric needs probabilities. */
  readonly yPred: ArrayLike<Label>;
  /** Class probabilities (n × k, row-major) where the model has them. */
  readonly proba?: ArrayLike<number> | undefined;
  /** Labels of the probability columns (k); the last of two is the positive one. */
  readonly classes?: readonly Label[] | undefined;
  /** Row weights (n). */
  readonly weights?: ArrayLike<number> | undefined;
  /** The query of each row (n), for rankings. */
  readonly groups?: ArrayLike<Label> | undefined;
}

/** The metric of rows that were read already, under other row weights. */
export type Reweighted = (weights?: ArrayLike<number>) => number;

/** A metric by name, as runs, forms and leaderboards use it. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly task: MetricTask;
  readonly greaterIsBetter: boolean;
  /** Whether it needs class probabilities. */
  readonly needsProba: boolean;
  /** Its least and greatest value. */
  readonly range: readonly [low: number, high: number];
  /** Whether it is among those that are computed when nobody asks for certain ones: defined on whatever a model answers. */
  readonly isUsual: boolean;
  /** Which answers it is defined for. */
  readonly domain: Domain;
  compute(scored: Scored): number;
  /** Reads the rows once, for many weights: what resampling needs. A row of weight 0 counts as absent, one of weight 2 as there twice. */
  prepare(scored: Scored): Reweighted;
}

/** Which answers a metric is defined for: all, two classes only, or numbers above −1, from 0 on, or above 0. */
type Domain = "all" | "two classes" | "above -1" | "from 0" | "above 0";

/** What a metric says of itself. */
export type About = Pick<Metric, "name" | "title"> & Partial<Omit<Metric, "compute" | "prepare">>;

/** A metric from how it reads rows. Defaults: classification, the greater the better, 0 … 1, for all answers, only on request. */
export function metric(about: About, prepare: (scored: Scored) => Reweighted): Metric {
  return {
    task: "classification",
    greaterIsBetter: true,
    needsProba: false,
    range: [0, 1],
    isUsual: false,
    domain: "all",
    ...about,
    compute: (scored) => prepare(scored)(scored.weights),
    prepare,
  };
}

/** A metric of the counts by class. */
export function ofCounts(about: About, value: (counts: ClassCounts, scored: Scored) => number): Metric {
  return metric(about, (scored) => {
    const count = classCounter(about.name, scored.yTrue, scored.yPred, scored.classes);
    return (weights) => value(count(weights), scored);
  });
}

/** A metric that is the mean of one number a row, or made of it. */
export function ofRows(
  about: About,
  rows: (scored: Scored) => Float64Array,
  finish: (mean: number) => number = (mean) => mean,
): Metric {
  return metric(about, (scored) => {
    const values = rows(scored);
    return (weights) => finish(weightedMean(about.name, values, weights));
  });
}

/** A metric that is computed anew for each weights. */
export function ofAll(about: About, value: (scored: Scored) => number): Metric {
  return metric(about, (scored) => (weights) => value({ ...scored, weights }));
}

/** The probabilities and their classes. Throws ShapeError where there are none. */
export function probaOf({ proba, classes }: Scored, name: string): { proba: ArrayLike<number>; classes: readonly Label[] } {
  if (!proba || !classes)
    throw new ShapeError(`${name}: needs proba (n × k) and classes (k), got ${proba ? "no classes" : "no proba"}`);
  return { proba, classes };
}

/** True and predicted numbers. */
export function numbersOf({ yTrue, yPred }: Scored): [ArrayLike<number>, ArrayLike<number>] {
  return [yTrue as ArrayLike<number>, yPred as ArrayLike<number>];
}
