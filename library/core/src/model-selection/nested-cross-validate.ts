import type { Classifier, FitOptions, Regressor, Spec, TableTask } from "../base/contract.ts";
import { displayable, signalFor } from "../base/display.ts";
import type { Table } from "../data/table.ts";
import { dummyClassifier, dummyRegressor } from "../dummy/index.ts";
import type { PredictTask } from "../estimators.ts";
import { metricsFor } from "../metrics/registry.ts";
import { chooseMetrics, deviationsOf, meansOf } from "./chosen-metrics.ts";
import { guessTask } from "./compare-models.ts";
import { type CrossValidateOptions, crossValidate, type FoldScore } from "./cross-validate.ts";
import { readValidation } from "./validation-rows.ts";

/** What a search on the training rows of an outer fold came to. */
export interface Tuned {
  readonly estimator: Classifier | Regressor;
  /** Its score in the search. */
  readonly score?: number;
}

/**
 * Searches for an estimator on the training rows of one outer fold, and sees no others: `ml.tune` and its best, a comparison, a grid of one's own.
 */
export type TuneWithin = (
  train: Table,
  fold: { readonly index: number; readonly seed: number; readonly signal: AbortSignal | undefined },
) => Promise<Tuned | Classifier | Regressor>;

/** How the outer folds are drawn and scored. */
export interface NestedOptions
  extends TableTask,
    FitOptions,
    Pick<CrossValidateOptions, "folds" | "repeats" | "stratified" | "seed" | "metrics"> {
  /** Default: guessed from the target. */
  readonly task?: PredictTask;
}

/** What a search reaches on rows that it never saw. */
export interface NestedValidation {
  readonly folds: readonly (FoldScore & {
    /** What the search on this fold's training rows chose. */
    readonly spec: Spec;
    /** Its score in the search, where that was told: as a rule better than it deserves. */
    readonly innerScore: number | null;
  })[];
  readonly mean: Readonly<Record<string, number>>;
  readonly sd: Readonly<Record<string, number>>;
}

/**
 * Nested cross-validation: on the training rows of each outer fold a search chooses an estimator, which is then scored on rows that the search never saw. The
 * score of the best trial of one search flatters; this does not. Outer folds one after the other, as each search uses all threads.
 * Source: Varma & Simon (2006), BMC Bioinformatics 7. Oracle: sklearn.model_selection.cross_val_score of a GridSearchCV.
 *
 * @example
 * const honest = await ml.nestedCrossValidate(async (rows, { seed }) => {
 *   const study = await ml.tune(ml.ridge, rows, { target: "price", trials: 30, sampler: ml.tpe({ seed }) });
 *   return ml.ridge(study.best.params);
 * }, train, { target: "price", folds: 5 });
 */
export async function nestedCrossValidate(tune: TuneWithin, table: Table, options: NestedOptions): Promise<NestedValidation> {
  const { task = guessTask(table, options.target, "nestedCrossValidate"), seed, observer, metrics } = options;
  const signal = signalFor(options.signal);
  const dummy = task === "classification" ? dummyClassifier() : dummyRegressor();
  const { folds } = readValidation("nestedCrossValidate", dummy, table, options, undefined, ["metrics", "task"]);
  const chosen = chooseMetrics("nestedCrossValidate", metrics ?? metricsFor(task), task);
  const found: NestedValidation["folds"][number][] = [];
  const begin = performance.now();
  for (const [index, fold] of folds.entries()) {
    signal?.throwIfAborted();
    const answer = await tune(table.take(fold.train), { index, seed: (seed ?? 42) + index, signal });
    const { estimator, score } = "estimator" in answer ? answer : { estimator: answer, score: undefined };
    const { repeats: _, seed: __, task: ___, ...rest } = options;
    const outer = await crossValidate(estimator, table, {
      ...rest,
      folds: [fold],
      metrics: chosen.all,
      outOfFold: false,
      observer: {},
      ...(signal && { signal }),
    });
    found.push({ ...outer.folds[0]!, spec: JSON.parse(JSON.stringify(estimator)), innerScore: score ?? null });
    observer?.progress?.({ step: index + 1, steps: folds.length, metrics: {}, elapsedMs: performance.now() - begin });
  }
  const names = chosen.all.map(({ name }) => name);
  const scores = found.map((each) => each.metrics);
  return displayable("nested-validation", { folds: found, mean: meansOf(names, scores), sd: deviationsOf(names, scores) });
}
