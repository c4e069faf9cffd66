import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, Fitted, Label, MatrixInput, PredictorModel, RegressorModel } from "../base/contract.ts";
import { DataError } from "../base/errors.ts";
import { readPredict } from "../base/inputs.ts";
import { mostProbable } from "../base/run.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** What a model would answer after each of its stages: numbers (n), or class probabilities (n × k); new arrays at each step. */
type Stages = (x: Matrix, state: never, params: never) => Generator<Float64Array | Matrix>;

const known = new Map<string, Stages>();

/** Says how the models of an algorithm answer stage by stage, for `stagedPredict`. */
export function defineStages(name: string, stages: Stages): void {
  known.set(name, stages);
}

/**
 * The predictions of a boosted model after each stage, first to last: how many stages would have been enough. O(n depth) a tree.
 * Throws DataError for a model without stages.
 *
 * @example
 * const model = await ml.gradientBoostingRegressor().fit(train, { target: "price" });
 * const errors = Array.from(ml.stagedPredict(model, test), (prices) => ml.rmse(truth, prices));
 */
export function stagedPredict<L extends Label>(
  model: ClassifierModel<unknown, unknown, L>,
  x: TableLike | MatrixInput,
): Generator<L[]>;
export function stagedPredict(model: RegressorModel, x: TableLike | MatrixInput): Generator<Float64Array>;
export function* stagedPredict(model: PredictorModel, x: TableLike | MatrixInput): Generator<Label[] | Float64Array> {
  for (const answer of stagesOf("stagedPredict", model, x))
    yield answer instanceof Float64Array ? answer : Array.from(mostProbable(answer), (code) => model.classes![code]!);
}

/** The class probabilities (n × k) of a boosted classifier after each stage. Throws DataError for a model without stages. */
export function* stagedPredictProba(model: ClassifierModel, x: TableLike | MatrixInput): Generator<Matrix> {
  for (const answer of stagesOf("stagedPredictProba", model, x)) yield answer as Matrix;
}

function stagesOf(who: string, model: Fitted, data: TableLike | MatrixInput): Generator<Float64Array | Matrix> {
  const stages = known.get(model.name);
  if (!stages) throw new DataError(`${who}: ${model.name} has no stages, ${[...known.keys()].join(" and ")} have`);
  const { x } = readPredict(`${model.name}.${who}`, model.columns, data);
  if (x.columns !== model.columns.length)
    throw new DataError(`${who}: x has ${x.columns} columns but the model was fitted on ${model.columns.length}`);
  return stages(x, model.state as never, model.params as never);
}
