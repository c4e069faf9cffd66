import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { ridge } from "../linear/index.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectNear, expectWithinSpread } from "../testing/oracle-comparison.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { adaBoostClassifier, adaBoostRegressor, weightedMedians } from "./adaboost.ts";

const learners = {
  classification: pipeline(imputer(), decisionTreeClassifier({ maxDepth: 1 })),
  regression: pipeline(imputer(), ridge()),
};

describe.each(["classification", "regression"] as const)("adaboost, %s", (task) => {
  // the regressor draws rows: other ones where some are absent
  const params = { nEstimators: 10, estimator: learners[task] };
  for (const { name, run } of estimatorChecks(task, "adaboost", params, 3)) test(name, run);
});

interface Case {
  readonly params: { readonly n_estimators: number; readonly learning_rate?: number; readonly deep?: boolean };
  readonly weighted: boolean;
  readonly predict: readonly (readonly number[])[];
  readonly errors: readonly number[];
  readonly importances: readonly number[];
}
interface Data {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly (readonly number[])[];
  readonly binary: readonly Case[];
  readonly several: readonly Case[];
}

describe("adaboost, classification, is scikit-learn's", () => {
  const { x, y, weights, query, binary, several } = fixture<Data>(import.meta.url, "adaboost-classifier");
  const expectSame = async (
    target: readonly number[],
    { params, weighted, predict, errors, importances }: Case,
  ): Promise<void> => {
    const model = await adaBoostClassifier({
      nEstimators: params.n_estimators,
      learningRate: params.learning_rate ?? 1,
      ...(params.deep && { estimator: decisionTreeClassifier({ maxDepth: 2, minSamplesLeaf: 8 }) }),
    }).fit(x, target, weighted ? { weights } : {});
    expectNear(model.predictProba(query).data, predict.flat());
    expectNear(model.state.partErrors, errors.slice(0, model.state.parts.length));
    const byName = new Map(model.importances()!.map(({ feature, importance }) => [feature, importance]));
    expectNear(
      model.columns.map(({ name }) => byName.get(name)!),
      importances,
    );
  };
  const titled = (cases: readonly Case[]) =>
    cases.map((each) => [JSON.stringify(each.params) + (each.weighted ? ", weighted" : ""), each] as const);
  test.each(titled(binary))("on two classes with %s", (_, each) =>
    expectSame(
      y.map((code) => (code > 0 ? 1 : 0)),
      each,
    ),
  );
  test.each(titled(several))("on three classes with %s", (_, each) => expectSame(y, each));
});

describe("adaboost, regression, scores as scikit-learn's within the spread of its seeds", () => {
  const { x, y, train, scores } = fixture<{
    readonly x: readonly (readonly number[])[];
    readonly y: readonly number[];
    readonly train: number;
    readonly scores: Readonly<Record<"linear" | "square" | "exponential", readonly number[]>>;
  }>(import.meta.url, "adaboost-regressor");
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const r2 = (truth: readonly number[], answers: Float64Array): number => {
    const square = (of: (i: number) => number): number => truth.reduce((sum, _, i) => sum + of(i) * of(i), 0);
    return 1 - square((i) => truth[i]! - answers[i]!) / square((i) => truth[i]! - mean(truth));
  };
  test.each(["linear", "square", "exponential"] as const)("with loss %s", async (loss) => {
    const ours: number[] = [];
    for (const seed of [0, 1, 2, 3, 4]) {
      const model = await adaBoostRegressor({ loss, seed }).fit(x.slice(0, train), y.slice(0, train));
      ours.push(r2(y.slice(train), model.predict(x.slice(train))));
    }
    expectWithinSpread(ours, scores[loss]);
  });
});

describe("adaboost", () => {
  const x = Array.from({ length: 120 }, (_, i) => [i % 17, (i * 7) % 23, i % 5]);
  const y = x.map(([a, b]) => a! + b! > 20);

  test("ends at a learner without error", async () => {
    const { state } = await adaBoostClassifier().fit(
      x,
      x.map(([a]) => a! > 8),
    );
    expect(state.parts.length).toBe(1);
  });

  test("refuses a learner that is no better than guessing", async () => {
    const even = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const estimator = decisionTreeClassifier({ maxDepth: 1, minSamplesLeaf: 3 });
    await expect(adaBoostClassifier({ estimator }).fit(even, ["a", "b", "b", "a"])).rejects.toThrow(
      "the first learner must err less than guessing among 2 classes, it errs in 50.0 % of the weight",
    );
  });

  test("takes a learner by name, and refuses one of another task", async () => {
    const model = await adaBoostClassifier({ estimator: "decision_tree", nEstimators: 3 }).fit(x, y);
    expect(model.state.parts[0]!.name).toBe("decision_tree");
    expect(() => adaBoostClassifier({ estimator: ridge() })).toThrow("adaboost: estimator must be a classifier");
  });

  test("tells each round's error", async () => {
    const seen: Record<string, number>[] = [];
    const observer = { progress: ({ metrics }: { metrics: Readonly<Record<string, number>> }) => seen.push({ ...metrics }) };
    await adaBoostClassifier({ nEstimators: 20 }).fit(x, y, { observer });
    expect(seen.at(-1)!["error"]).toBeGreaterThan(0);
  });

  test("ends within 100 ms of an abort", async () => {
    const long = adaBoostClassifier({ nEstimators: 5000, learningRate: 1e-6 });
    await expect(abortedFit((options) => long.fit(x, y, options))).rejects.toThrow(/abort/);
  });

  test("read from a file whose learner's tree goes in circles is refused", async () => {
    const model = await adaBoostClassifier({ nEstimators: 3 }).fit(x, y);
    const tree = model.state.parts[0]!.state as { left: Int32Array };
    tree.left[0] = 0;
    expect(() => decodeModel(encodeModel(model))).toThrow("node 0 of the tree has the child 0");
  });

  test("read from a file with a weight too few is refused", async () => {
    const model = await adaBoostClassifier({ nEstimators: 3 }).fit(x, y);
    const state = { ...model.state, partWeights: model.state.partWeights.slice(1) };
    expect(() => decodeModel(encodeModel({ ...model, state }))).toThrow("must have a number for each of its 3 parts");
  });
});

test("the weighted median is where half of the weight is reached", () => {
  const answers = [Float64Array.of(3, 1), Float64Array.of(1, 1), Float64Array.of(2, 5)];
  expect([...weightedMedians(answers, Float64Array.of(1, 1, 1))]).toEqual([2, 1]);
  expect([...weightedMedians(answers, Float64Array.of(9, 1, 1))]).toEqual([3, 1]);
});
