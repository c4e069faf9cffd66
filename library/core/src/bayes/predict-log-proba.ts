import type { TableLike } from "../base/columns.ts";
import type { ClassifierModel, MatrixInput } from "../base/contract.ts";
import { modelRows } from "../base/model-rows.ts";
import type { Matrix } from "../numeric/matrix.ts";
import { type BernoulliNBState, bernoulliJoint } from "./bernoulli-nb.ts";
import { type ComplementNBState, complementJoint } from "./complement-nb.ts";
import { type GaussianNBState, gaussianJoint } from "./gaussian-nb.ts";
import { type MultinomialNBState, multinomialJoint } from "./multinomial-nb.ts";
import { normalise } from "./scores.ts";

const joints: Readonly<Record<string, (x: Matrix, model: ClassifierModel) => Matrix>> = {
  gaussian_nb: (x, { state }) => gaussianJoint(x, state as GaussianNBState),
  multinomial_nb: (x, { state }) => multinomialJoint(x, state as MultinomialNBState),
  complement_nb: (x, { state }) => complementJoint(x, state as ComplementNBState),
  bernoulli_nb: (x, { state, params }) => bernoulliJoint(x, state as BernoulliNBState, params["binarize"] as number | null),
};

/**
 * Log-probability of each class (n × k) by a naive Bayes model: finite where `predictProba` has rounded to 0 already. O(n d k).
 * Throws DataError for another kind of model.
 *
 * @example
 * const model = await ml.gaussianNB().fit(train, { target: "species" });
 * ml.predictLogProba(model, test);
 */
export function predictLogProba(model: ClassifierModel, data: TableLike | MatrixInput): Matrix {
  const x = modelRows("predictLogProba", Object.keys(joints), model, data);
  return { ...normalise(joints[model.name]!(x, model)), names: model.classes.map(String) };
}
