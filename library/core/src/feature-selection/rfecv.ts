import { z } from "zod";
import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { estimatorParam } from "../base/params.ts";
import { hasProba, predictSync, probaSync } from "../base/run.ts";
import { defineWork, makeContext } from "../base/worker.ts";
import { type PartData, takeColumns, takeRows } from "../ensemble/part-rows.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import type { Matrix } from "../numeric/matrix.ts";
import type { Fold } from "../splits/folds.ts";
import { type Elimination, eliminate, requireColumns, stepOf } from "./eliminate.ts";
import { foldData, foldParams } from "./fold-params.ts";
import { checkSelection, type SelectionState, takeSelected } from "./selection.ts";

const who = "rfecv.fit";

/** What recursive elimination with cross-validation learns. */
export interface RfecvState extends SelectionState {
  /** Numbers of columns that were tried, ascending (s). */
  readonly tried: Int32Array;
  /** Score of each fold with each number of columns (folds × s). */
  readonly foldScores: Float64Array;
}

/**
 * Recursive feature elimination that finds the number of columns itself: eliminates on the training rows of each fold, scores each number of
 * columns on the others, and takes the best mean, of equals the fewest columns. Folds run in parallel. Fits: folds × (d / step) + d / step.
 * Source: Guyon et al. (2002), Machine Learning 46(1–3). Oracle: sklearn.feature_selection.RFECV.
 */
export const rfecv = transformer({
  name: "rfecv",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: estimatorParam().meta({ title: "Model" }),
      minFeaturesToSelect: z.int().min(1).default(1).meta({ title: "Columns to keep at least" }),
      step: z
        .union([z.number().gt(0).lt(1), z.int().min(1)])
        .default(1)
        .meta({ title: "Columns to take away at a time", description: "A number, or a share of all below 1." }),
      ...foldParams(),
    }),
  *fit(x: Matrix, y: Float64Array, params, context: FitContext): Generator<void, RfecvState> {
    const { estimator, minFeaturesToSelect } = params;
    requireColumns(who, "minFeaturesToSelect", minFeaturesToSelect, x.columns);
    const { data, classes, folds, metric } = foldData(who, x, y, params, context);
    const plan = { wanted: minFeaturesToSelect, step: stepOf(params.step, x.columns) };
    const work: Work = { data, classes, spec: estimator, metric: metric.name, plan, folds };
    const found = context.parallel<FoldPath>("rfecv folds", work, folds.length, (done) =>
      context.checkpoint(done, folds.length + 1),
    );
    const { tried } = found[0]!;
    const means = Array.from(tried, (_, s) => found.reduce((sum, { scores }) => sum + scores[s]!, 0));
    const sign = metric.greaterIsBetter ? 1 : -1;
    const best = means.reduce((top, value, s) => (sign * value > sign * means[top]! || Number.isNaN(means[top]!) ? s : top), 0);
    const end = yield* eliminate(who, estimator, data, classes, { ...plan, wanted: tried[best]! }, context);
    return {
      selected: Int32Array.from(end.ranking.keys()).filter((j) => end.ranking[j] === 1),
      scores: end.scores,
      pValues: new Float64Array(x.columns).fill(Number.NaN),
      ranking: end.ranking,
      tried,
      foldScores: Float64Array.from(found.flatMap(({ scores }) => [...scores])),
    };
  },
  transform: (x, state) => takeSelected(x, state),
  check(state, columns) {
    checkSelection("rfecv", state, columns);
    const { tried, foldScores } = state;
    if (!(tried instanceof Int32Array && foldScores instanceof Float64Array) || foldScores.length % tried.length !== 0)
      throw new StoreError("rfecv: state must hold a score for each fold and number of columns");
  },
});

interface Work {
  readonly data: PartData;
  readonly classes: number;
  readonly spec: Spec;
  readonly metric: string;
  readonly plan: Elimination;
  readonly folds: readonly Fold[];
}

/** Numbers of columns, ascending, and the score with each on a fold's test rows. */
interface FoldPath {
  readonly tried: Int32Array;
  readonly scores: Float64Array;
}

defineWork(
  "rfecv folds",
  ({ data, classes, spec, metric: name, plan, folds }: Work) =>
    (index: number, checkpoint: () => void): FoldPath => {
      const isAborted = (): boolean => {
        checkpoint();
        return false;
      };
      const context = makeContext({ classes, weights: undefined }, 1, isAborted, () => {});
      const metric = metricByName(name, classes > 0 ? "classification" : "regression");
      const { train, test } = folds[index]!;
      const [known, tested] = [takeRows(data, train, checkpoint), takeRows(data, test, checkpoint)];
      const path: [number, number][] = [];
      const slices = eliminate(who, spec, known, classes, plan, context, (fitted, columns) => {
        const x = columns.length === tested.x.columns ? tested.x : takeColumns(tested.x, columns);
        path.unshift([columns.length, scoreOf(metric, fitted, { ...tested, x }, classes)]);
      });
      while (!slices.next().done) checkpoint();
      return { tried: Int32Array.from(path, ([columns]) => columns), scores: Float64Array.from(path, ([, score]) => score) };
    },
);

function scoreOf(metric: Metric, fitted: Fitted, { x, y }: PartData, classes: number): number {
  const labels = Array.from({ length: classes }, (_, k) => k);
  const isAsked = metric.needsProba && hasProba(fitted);
  if (metric.needsProba && !isAsked) return Number.NaN;
  const proba = isAsked ? probaSync(fitted, x).data : undefined;
  return metric.compute({ yTrue: y, yPred: predictSync(fitted, x), ...(classes > 0 && { classes: labels, proba }) });
}
