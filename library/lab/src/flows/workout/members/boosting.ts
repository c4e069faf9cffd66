import { decodeModel, encodeModel, gradientBoostingRegressor, type RegressorModel } from "assay";
import type { MemberKind } from "./member.ts";

/** Gradient boosting of small trees on absolute error. */
export const boostingMember: MemberKind = {
  async fit({ x, y, last }, { seed, signal }) {
    const boosting = gradientBoostingRegressor({
      loss: "absolute_error",
      nEstimators: 150,
      learningRate: 0.05,
      maxDepth: 3,
      subsample: 0.7,
      minSamplesLeaf: 8,
      maxFeatures: 0.4,
      seed,
    });
    const model = await boosting.fit(x, y, { weights: last, ...(signal && { signal }) });
    return { predict: (rows) => model.predict(rows), state: { models: [encodeModel(model)], arrays: {} } };
  },
  open(state) {
    const model = decodeModel<RegressorModel>(state.models[0]!);
    return { predict: (rows) => model.predict(rows), state };
  },
};
