import { describe, expect, test } from "vitest";
import {
  encodeModel,
  extraTreesRegressor,
  type Fitted,
  gradientBoostingClassifier,
  histGradientBoostingClassifier,
  histGradientBoostingRegressor,
  imputer,
  mlpClassifier,
  pipeline,
  random,
  randomForestClassifier,
  type Snapshot,
  standardScaler,
} from "../index.ts";

const draw = random(3, "snapshots");
const x = Array.from({ length: 600 }, () => [draw.normal(), draw.normal(), draw.float(), draw.int(5)]);
const values = x.map(([a, b, c, d]) => a! * b! + c! * d! + 0.3 * draw.normal());
const labels = values.map((value) => (value > 1 ? "high" : value > 0 ? "middle" : "low"));

interface Fits {
  fit(x: never, y: never, options: object): Promise<Fitted>;
}

/** All snapshots of a fit, and its model's bytes. */
async function keepAll(estimator: Fits, y: readonly unknown[], from?: Snapshot, threads = 2) {
  const kept: Snapshot[] = [];
  const snapshots = { everyMs: 0, from, take: (snapshot: Snapshot) => void kept.push(structuredClone(snapshot)) };
  const model = await estimator.fit(x as never, y as never, { snapshots, threads });
  return { kept, bytes: Buffer.from(encodeModel(model)) };
}

const cases: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ["boosting", histGradientBoostingRegressor({ nEstimators: 30 }), values],
  [
    "boosting with rows and columns drawn",
    histGradientBoostingClassifier({ nEstimators: 20, subsample: 0.5, colsampleByTree: 0.6 }),
    labels,
  ],
  ["boosting with early stopping", histGradientBoostingClassifier({ nEstimators: 60, earlyStopping: true, patience: 5 }), labels],
  ["exact boosting", gradientBoostingClassifier({ nEstimators: 12, subsample: 0.7 }), labels],
  ["exact boosting with patience", gradientBoostingClassifier({ nEstimators: 40, nIterNoChange: 3 }), labels],
  ["a forest", randomForestClassifier({ nEstimators: 40, oobScore: true }), labels],
  ["extra trees", extraTreesRegressor({ nEstimators: 40 }), values],
  ["a network by Adam", mlpClassifier({ maxIter: 8, hiddenLayerSizes: [9], earlyStopping: true }), labels],
  ["a network by descent", mlpClassifier({ maxIter: 8, solver: "sgd", learningRate: "adaptive", tol: 1 }), labels],
  ["a pipeline", pipeline(imputer(), standardScaler(), histGradientBoostingClassifier({ nEstimators: 15 })), labels],
];

describe("a fit that goes on from a snapshot has the bits of one without a break", () => {
  test.each(cases)("%s", async (_, estimator, y) => {
    const whole = await keepAll(estimator as Fits, y);
    expect(whole.kept.length).toBeGreaterThan(1);
    const plain = await (estimator as Fits).fit(x as never, y as never, {});
    expect(Buffer.from(encodeModel(plain)).equals(whole.bytes)).toBe(true);
    for (const from of [whole.kept[0]!, whole.kept[Math.floor(whole.kept.length / 2)]!, whole.kept.at(-1)!]) {
      const rest = await keepAll(estimator as Fits, y, from, 1);
      expect(rest.kept.every(({ step }) => step > from.step)).toBe(true);
      expect(rest.bytes.equals(whole.bytes)).toBe(true);
    }
  });
});

test("a snapshot is taken when it is asked for", async () => {
  const soon = new AbortController();
  const kept: Snapshot[] = [];
  const snapshots = { everyMs: 1e9, soon: soon.signal, take: (snapshot: Snapshot) => void kept.push(snapshot) };
  const observer = { progress: () => soon.abort() };
  await histGradientBoostingRegressor({ nEstimators: 400 }).fit(x, values, { snapshots, observer });
  expect(kept.length).toBe(1);
});

test("an algorithm that cannot go on fits from the beginning and keeps nothing", async () => {
  const { kept } = await keepAll(standardScaler() as unknown as Fits, values);
  expect(kept).toEqual([]);
});
