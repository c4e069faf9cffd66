import { z } from "zod";
import type { FitContext } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { transformer } from "../base/estimator.ts";
import { estimatorParam } from "../base/params.ts";
import { foldFits } from "../model-selection/fold-fits.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { requireColumns, stepOf } from "./eliminate.ts";
import { foldData, foldParams } from "./fold-params.ts";
import { checkSelection, type SelectionState, takeSelected } from "./selection.ts";

const who = "sequential_feature_selector.fit";

/** What a sequential selection learns. */
export interface SequentialState extends SelectionState {
  /** Columns in the order they came (forward) or went (backward). */
  readonly order: Int32Array;
  /** Mean score over the folds after each of these steps. */
  readonly path: Float64Array;
}

/**
 * Takes columns one by one, each time the one that helps the cross-validated score most (forward), or leaves out the one that it misses least
 * (backward). Any model will do. With `nFeaturesToSelect` "auto" it ends where a step gains less than `tol`. All fits of a step run in
 * parallel. Fits: about folds × d × wanted. Source: Ferri et al. (1994), Pattern Recognition in Practice IV. Oracle: sklearn.feature_selection.SequentialFeatureSelector.
 */
export const sequentialFeatureSelector = transformer({
  name: "sequential_feature_selector",
  missing: true,
  categories: true,
  params: () =>
    z.strictObject({
      estimator: estimatorParam().meta({ title: "Model" }),
      nFeaturesToSelect: z
        .union([z.literal("auto"), z.number().gt(0).lt(1), z.int().min(1)])
        .default("auto")
        .meta({ title: "Columns to keep", description: "A number, a share below 1; auto: half, or as tol says." }),
      tol: z
        .number()
        .nullable()
        .default(null)
        .meta({ title: "Least gain", description: "With auto; negative lets a backward step lose so much." }),
      direction: z.enum(["forward", "backward"]).default("forward").meta({ title: "Direction" }),
      ...foldParams(),
    }),
  fit(x: Matrix, y: Float64Array, params, context: FitContext): SequentialState {
    const { estimator, direction, tol } = params;
    const d = x.columns;
    const wanted = params.nFeaturesToSelect === "auto" ? undefined : stepOf(params.nFeaturesToSelect, d);
    if (wanted !== undefined) requireColumns(who, "nFeaturesToSelect", wanted, d);
    if (direction === "forward" && tol !== null && tol < 0)
      throw new ParamsError(`${who}: tol must be ≥ 0 when columns are taken forward, got ${tol}`);
    const { data, classes, folds, metric } = foldData(who, x, y, params, context);
    const judge: Judge = (columns) => {
      const fits = columns.flatMap((own) => folds.map(({ train, test }) => ({ spec: 0, train, test, columns: own })));
      const questions = { specs: [estimator], fits, metrics: [metric.name], onTrain: false, answers: false, keepErrors: false };
      const inner = { ...context, classes, checkpoint: () => context.checkpoint() };
      const answers = foldFits(data, questions, inner);
      const sign = metric.greaterIsBetter ? 1 : -1;
      return columns.map((_, c) => {
        const own = answers.slice(c * folds.length, (c + 1) * folds.length);
        return (sign * own.reduce((sum, { scores }) => sum + scores[0]!, 0)) / folds.length;
      });
    };
    const most = direction === "forward" ? d : d - 1;
    const half = Math.min(most, Math.max(1, Math.floor(d / 2)));
    const byTol = Math.max(1, d - 1);
    const steps =
      wanted === undefined ? (tol === null ? half : Math.min(most, byTol)) : direction === "forward" ? wanted : d - wanted;
    return walk(d, steps, direction, wanted === undefined ? tol : null, judge, (done) => context.checkpoint(done, steps));
  },
  transform: (x, state) => takeSelected(x, state),
  check(state, columns) {
    checkSelection("sequential_feature_selector", state, columns);
    if (!(state.order instanceof Int32Array && state.path instanceof Float64Array) || state.order.length !== state.path.length)
      throw new StoreError("sequential_feature_selector: state must hold a score for each step");
  },
});

/** Mean score of the model on each of these sets of columns; the larger is the better. */
type Judge = (columns: readonly Int32Array[]) => readonly number[];

/** Goes step by step to the best neighbour; of equals the first column. */
function walk(
  d: number,
  steps: number,
  direction: "forward" | "backward",
  tol: number | null,
  judge: Judge,
  done: (steps: number) => void,
): SequentialState {
  const moved = new Set<number>();
  const path: number[] = [];
  const scores = new Float64Array(d).fill(Number.NaN);
  const all = Array.from({ length: d }, (_, j) => j);
  const setOf = (own: ReadonlySet<number>): Int32Array =>
    Int32Array.from(all.filter((j) => own.has(j) === (direction === "forward")));
  let last = -Infinity;
  for (let step = 0; step < steps; step++) {
    const candidates = all.filter((j) => !moved.has(j));
    const found = judge(candidates.map((j) => setOf(new Set([...moved, j]))));
    const best = found.reduce((top, value, c) => (value > found[top]! || Number.isNaN(found[top]!) ? c : top), 0);
    if (tol !== null && found[best]! - last < tol) break;
    last = found[best]!;
    moved.add(candidates[best]!);
    scores[candidates[best]!] = last;
    path.push(last);
    done(step + 1);
  }
  const selected = setOf(moved);
  const order = Int32Array.from(moved);
  return {
    selected,
    scores,
    pValues: new Float64Array(d).fill(Number.NaN),
    ranking: rankingOf(d, selected, order, direction),
    order,
    path: Float64Array.from(path),
  };
}

/** 1 for the columns that stay; backward the last that went is 2, forward the others share 2. */
function rankingOf(d: number, selected: Int32Array, order: Int32Array, direction: "forward" | "backward"): Int32Array {
  const ranking = new Int32Array(d).fill(2);
  if (direction === "backward") for (const [k, j] of order.toReversed().entries()) ranking[j] = k + 2;
  for (const j of selected) ranking[j] = 1;
  return ranking;
}
