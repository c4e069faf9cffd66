import {
  type ClassifierModel,
  decodeModel,
  encodeModel,
  histGradientBoostingClassifier,
  histGradientBoostingRegressor,
  type Matrix,
  type RegressorModel,
  sharedFloat64,
} from "assay";
import type { TrainingRows } from "../training-rows.ts";
import type { Member, MemberKind, MemberOptions, MemberState } from "./member.ts";
import { weightedMedian } from "./weighted-median.ts";

/** Fewer changes of a kind than this, and their size is taken as 5 %. */
const leastRows = 31;
const usualSize = 0.05;
const spreads = [0.5, 1, 1.6];

/**
 * Whether the load falls, stays or rises, by a classifier; how far, by two regressors on those that did. The answer is the weighted median of no
 * change and of 0.5, 1 and 1.6 times each size, so that it leaves zero only where the evidence does.
 */
export const twoStageMember: MemberKind = {
  async fit(rows, options) {
    const { x, y, last } = rows;
    const labels = Array.from(y, (change) => Math.sign(change) || 0);
    const kinds = [...new Set(labels)].sort((a, b) => a - b);
    const classifier = histGradientBoostingClassifier({
      nEstimators: 80,
      learningRate: 0.05,
      numLeaves: 6,
      minSamplesLeaf: 12,
      regLambda: 5,
      colsampleByNode: 0.5,
      seed: options.seed,
    });
    const { seed: _, ...fitOptions } = options;
    const direction =
      kinds.length > 1
        ? await classifier.fit(x, labels, { weights: last, ...(fitOptions.signal && { signal: fitOptions.signal }) })
        : undefined;
    const sizes = [await sizeModel(rows, -1, options), await sizeModel(rows, 1, options)];
    return open({
      models: [direction, ...sizes].map((model) => (model ? encodeModel(model) : new Uint8Array())),
      arrays: { kinds: Float64Array.from(kinds) },
    });
  },
  open,
};

async function sizeModel(rows: TrainingRows, sign: number, { seed, signal }: MemberOptions): Promise<RegressorModel | undefined> {
  const chosen = [...rows.y.keys()].filter((i) => Math.sign(rows.y[i]!) === sign);
  if (chosen.length < leastRows) return undefined;
  const { columns, data } = rows.x;
  const x = { rows: chosen.length, columns, data: sharedFloat64(chosen.length * columns) };
  for (const [k, i] of chosen.entries()) x.data.set(data.subarray(i * columns, (i + 1) * columns), k * columns);
  const boosting = histGradientBoostingRegressor({
    loss: "absolute_error",
    nEstimators: 60,
    learningRate: 0.06,
    numLeaves: 6,
    minSamplesLeaf: 10,
    seed,
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (i) => values[i]!);
  return boosting.fit(x, pick(rows.y), { weights: pick(rows.last), ...(signal && { signal }) });
}

function open(state: MemberState): Member {
  const [direction, down, up] = state.models.map((bytes) => (bytes.length > 0 ? bytes : undefined));
  const classifier = direction && decodeModel<ClassifierModel>(direction);
  const sizes = [down, up].map((bytes) => bytes && decodeModel<RegressorModel>(bytes));
  const kinds = [...state.arrays["kinds"]!];
  return {
    state,
    predict(x: Matrix) {
      const shares = classifier?.predictProba(x).data;
      const [falls, rises] = sizes.map((model, k) => model?.predict(x) ?? new Float64Array(x.rows).fill((2 * k - 1) * usualSize));
      return Float64Array.from({ length: x.rows }, (_, i) => {
        const share = (kind: number): number => {
          const k = kinds.indexOf(kind);
          if (k < 0) return 0;
          return shares ? shares[i * kinds.length + k]! : 1;
        };
        const candidates = [
          ...spreads.map((spread) => [spread * falls![i]!, share(-1) / 3] as const),
          [0, share(0)] as const,
          ...spreads.map((spread) => [spread * rises![i]!, share(1) / 3] as const),
        ].sort((a, b) => a[0] - b[0]);
        return weightedMedian(
          candidates.map(([value]) => value),
          candidates.map(([, weight]) => weight),
        );
      });
    },
  };
}
