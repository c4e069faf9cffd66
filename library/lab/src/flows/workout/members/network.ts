import { decodeModel, encodeModel, mlpRegressor, type RegressorModel } from "assay";
import type { Member, MemberKind, MemberState } from "./member.ts";
import { type Scaling, scaled, scalingOf } from "./scaling.ts";

/** The mean of three small neural networks on scaled features. */
export const networkMember: MemberKind = {
  async fit({ x, y }, { seed, signal }) {
    const scaling = scalingOf(x);
    const inputs = scaled(x, scaling);
    const models: Uint8Array[] = [];
    for (let k = 0; k < 3; k++) {
      const mlp = mlpRegressor({ hiddenLayerSizes: [16], alpha: 3, learningRateInit: 0.003, maxIter: 60, seed: seed + k });
      models.push(encodeModel(await mlp.fit(inputs, y, { ...(signal && { signal }) })));
    }
    return open({ models, arrays: { ...scaling } });
  },
  open,
};

function open(state: MemberState): Member {
  const models = state.models.map((bytes) => decodeModel<RegressorModel>(bytes));
  return {
    state,
    predict(x) {
      const inputs = scaled(x, state.arrays as unknown as Scaling);
      const answers = models.map((model) => model.predict(inputs));
      return Float64Array.from(
        { length: x.rows },
        (_, i) => answers.reduce((sum, answer) => sum + answer[i]!, 0) / answers.length,
      );
    },
  };
}
