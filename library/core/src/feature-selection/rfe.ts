import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { transformer } from "../base/estimator.ts";
import { estimatorParam } from "../base/params.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { eliminate, requireColumns, stepOf } from "./eliminate.ts";
import { checkSelection, type SelectionState, takeSelected } from "./selection.ts";
import { requireTarget, targetFor } from "./target-values.ts";

const who = "rfe.fit";

/**
 * Recursive feature elimination: fits a model, takes away the columns it makes least of, and goes on until as many are left as are wanted. The model must
 * tell weights or importances. Fits: (d − wanted) / step + 1. Source: Guyon et al. (2002), Machine Learning 46(1–3). Oracle: sklearn.feature_selection.RFE.
 *
 * @example
 * const slim = await ml.rfe({ estimator: ml.randomForestClassifier(), nFeaturesToSelect: 5 }).fit(train, { target: "species" });
 * ml.selectedFeatures(slim);
 */
export const rfe = transformer({
  name: "rfe",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: estimatorParam().meta({ title: "Model" }),
      nFeaturesToSelect: z
        .union([z.number().gt(0).lt(1), z.int().min(1)])
        .nullable()
        .default(null)
        .meta({ title: "Columns to keep", description: "A number, or a share below 1; null: half." }),
      step: z
        .union([z.number().gt(0).lt(1), z.int().min(1)])
        .default(1)
        .meta({ title: "Columns to take away at a time", description: "A number, or a share of all below 1." }),
    }),
  *fit(x: Matrix, y: Float64Array, { estimator, nFeaturesToSelect, step }, context: FitContext): Generator<void, SelectionState> {
    const d = x.columns;
    const wanted = nFeaturesToSelect === null ? Math.max(1, Math.floor(d / 2)) : stepOf(nFeaturesToSelect, d);
    requireColumns(who, "nFeaturesToSelect", wanted, d);
    const data = requireTarget(who, x, y, context);
    const target = targetFor(who, estimator, data.y, context.classes);
    const plan = { wanted, step: stepOf(step, d) };
    const { ranking, scores } = yield* eliminate(who, estimator, { ...data, y: target.y }, target.classes, plan, context);
    return {
      selected: Int32Array.from(ranking.keys()).filter((j) => ranking[j] === 1),
      scores,
      pValues: new Float64Array(d).fill(Number.NaN),
      ranking,
    };
  },
  transform: (x, state) => takeSelected(x, state),
  check: (state, columns) => checkSelection("rfe", state, columns),
});
