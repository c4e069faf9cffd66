import { decodeModel, encodeModel, type RegressorModel, ridge } from "assay";
import type { Member, MemberKind, MemberState } from "./member.ts";
import { type Scaling, scaled, scalingOf } from "./scaling.ts";

/** Ridge regression on scaled features. */
export const ridgeMember: MemberKind = {
  async fit({ x, y, last }, { signal }) {
    const scaling = scalingOf(x);
    const model = await ridge({ alpha: 100 }).fit(scaled(x, scaling), y, { weights: relative(last), ...(signal && { signal }) });
    return open({ models: [encodeModel(model)], arrays: { ...scaling } });
  },
  open,
};

/** Weights of mean 1, so that the penalty means the same whatever the unit. */
function relative(weights: Float64Array): Float64Array {
  const centre = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / centre);
}

function open(state: MemberState): Member {
  const model = decodeModel<RegressorModel>(state.models[0]!);
  const scaling = state.arrays as unknown as Scaling;
  return { state, predict: (x) => model.predict(scaled(x, scaling)) };
}
