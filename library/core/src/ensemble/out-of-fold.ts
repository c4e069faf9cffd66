import type { FitContext, Spec } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { toShared } from "../numeric/matrix.ts";
import { type Fold, kFold, stratifiedKFold, timeSeriesSplit } from "../splits/folds.ts";
import { type PartData, takeRows } from "./part-rows.ts";
import { fitParts, type PartState, partPredict, partProba } from "./parts.ts";

/** Estimators fitted on all rows, and again on the training rows of every fold. */
interface CrossFit {
  readonly folds: readonly Fold[];
  /** One for each estimator, fitted on all rows; none where they were not asked for. */
  readonly whole: readonly PartState[];
  /** By estimator, then by fold. */
  readonly byFold: readonly (readonly PartState[])[];
}

/**
 * Folds of rows in their order, of each class alike where there are classes, as scikit-learn's cross-validation without shuffling; with
 * `time` the tested rows always come after those learned from. Throws DataError where a class or the rows are too few.
 */
export function foldsOf(who: string, { y }: PartData, classes: number, folds: number, time = false): Fold[] {
  if (y.length < folds + (time ? 1 : 0)) throw new DataError(`${who}: ${y.length} rows are too few for ${folds} folds`);
  if (time) return [...timeSeriesSplit(y.length, { folds })];
  if (classes === 0) return [...kFold(y.length, { folds })];
  const counts = new Int32Array(classes);
  for (const code of y) counts[code]!++;
  const rare = counts.findIndex((count) => count > 0 && count < folds);
  if (rare >= 0)
    throw new DataError(
      `${who}: every class must have a row for each of ${folds} folds, class ${rare + 1} of ${classes} in sorted order has ${counts[rare]}; take fewer folds or leave the class out`,
    );
  return [...stratifiedKFold(y, { folds })];
}

/** Fits every estimator on the training rows of every fold, and on all rows unless `whole` is false; all of it side by side. */
export function* crossFit(
  specs: readonly Spec[],
  data: PartData,
  folds: readonly Fold[],
  context: FitContext,
  whole = true,
): Generator<void, CrossFit> {
  const trained = folds.map(({ train }) => toShared(train));
  const jobs = specs.flatMap((spec) => [...(whole ? [{ spec }] : []), ...trained.map((rows) => ({ spec, rows }))]);
  const parts = yield* fitParts(jobs, data, context, (finished) => context.checkpoint(finished, jobs.length));
  const width = folds.length + (whole ? 1 : 0);
  const bySpec = specs.map((_, s) => parts.slice(s * width, (s + 1) * width));
  return {
    folds,
    whole: whole ? bySpec.map(([first]) => first!) : [],
    byFold: bySpec.map((own) => (whole ? own.slice(1) : own)),
  };
}

/**
 * What an estimator answers for each row, by the fit that did not see it: probabilities (n × k), or numbers (n). NaN for rows that no
 * fold tests.
 */
export function outOfFold(
  parts: readonly PartState[],
  spec: Spec,
  data: PartData,
  folds: readonly Fold[],
  { classes, checkpoint }: Pick<FitContext, "classes" | "checkpoint">,
): Float64Array {
  const width = classes || 1;
  const out = new Float64Array(data.y.length * width).fill(Number.NaN);
  for (const [f, { test }] of folds.entries()) {
    const { x } = takeRows(data, test, checkpoint);
    const answers = classes > 0 ? partProba(parts[f]!, spec, x, classes).data : partPredict(parts[f]!, spec, x);
    for (const [p, i] of test.entries()) for (let k = 0; k < width; k++) out[i * width + k] = answers[p * width + k]!;
  }
  return out;
}
