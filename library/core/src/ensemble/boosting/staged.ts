import type { TableLike } from "../../base/columns.ts";
import type { Fitted, MatrixInput } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { readPredict } from "../../base/inputs.ts";
import { definitionOf } from "../../base/registry.ts";
import { checkPredict } from "../../base/run.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { defineStages } from "../staged-predict.ts";
import type { BoostedTrees } from "./boosted-trees.ts";
import { addTrees, answersOf, applyLink, probabilitiesOf, rawScores } from "./predict.ts";

// classes when the parameters are a classifier's: only it has class weights
defineStages("hist_gradient_boosting", function* (x: Matrix, state: BoostedTrees, params: object): Generator<
  Float64Array | Matrix
> {
  const isClassifier = "classWeight" in params;
  const { outputs, roots, base } = state;
  const each = state.output.includes(-1) ? 1 : outputs;
  const scores = rawScores({ ...state, average: false }, x, 0);
  for (let t = 0; t < roots.length; t += each) {
    addTrees(state, x, t, Math.min(t + each, roots.length), scores);
    const iterations = t / each + 1;
    const summed = scores.map((score, i) =>
      state.average ? base[i % outputs]! + (score - base[i % outputs]!) / iterations : score,
    );
    yield isClassifier ? probabilitiesOf(state, summed, x.rows) : answersOf(state, summed);
  }
});

function readRows(who: string, model: Fitted, data: TableLike | MatrixInput): { state: BoostedTrees; x: Matrix } {
  if (model.name !== "hist_gradient_boosting")
    throw new DataError(`${who}: needs a model of hist_gradient_boosting, got ${model.name}`);
  const { x } = readPredict(who, model.columns, data);
  checkPredict(definitionOf(model), model, x);
  return { state: model.state as BoostedTrees, x };
}

/** All answers of a model of several outputs, links applied (n × outputs). O(n · trees · depth). Throws DataError for another model. */
export function predictOutputs(model: Fitted, data: TableLike | MatrixInput): Matrix {
  const { state, x } = readRows("predictOutputs", model, data);
  return { rows: x.rows, columns: state.outputs, data: applyLink(state, rawScores(state, x)) };
}

/** Raw scores before the link (n × outputs): log-odds, logarithms of the mean, or the answers themselves. Throws DataError for another model. */
export function predictRaw(model: Fitted, data: TableLike | MatrixInput): Matrix {
  const { state, x } = readRows("predictRaw", model, data);
  return { rows: x.rows, columns: state.outputs, data: rawScores(state, x) };
}
