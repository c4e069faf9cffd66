import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { dummyRegressor } from "../dummy/index.ts";
import { random } from "../numeric/random.ts";
import { abortedFit } from "../testing/aborted-fit.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectNear, ownParams } from "../testing/oracle-comparison.ts";
import { continueFit } from "./continue-fit.ts";
import { gradientBoostingClassifier, gradientBoostingRegressor } from "./gradient-boosting.ts";
import { stagedPredict, stagedPredictProba } from "./staged-predict.ts";

describe.each(["classification", "regression"] as const)("gradient_boosting, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "gradient_boosting", { nEstimators: 20 })) test(name, run);
});

interface Case {
  readonly params: Readonly<Record<string, unknown>>;
  readonly weighted: boolean;
  readonly predict: readonly (number | readonly number[])[];
  readonly train_score: readonly number[];
  readonly importances: readonly number[];
}
interface Data {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly (readonly number[])[];
}

const title = ({ params, weighted }: Case): string => JSON.stringify(params) + (weighted ? ", weighted" : "");
const named = (cases: readonly Case[]) => cases.map((each) => [title(each), each] as const);

describe("gradient_boosting, classification, is scikit-learn's", () => {
  const { x, y, weights, query, binary, multinomial } = fixture<Data & Record<"binary" | "multinomial", readonly Case[]>>(
    import.meta.url,
    "gradient-boosting-classifier",
  );
  const expectSame = async (target: readonly number[], { params, weighted, ...wanted }: Case): Promise<void> => {
    const model = await gradientBoostingClassifier(ownParams(params)).fit(x, target, weighted ? { weights } : {});
    expectNear(model.predictProba(query).data, wanted.predict.flat());
    expectNear(model.state.trainScore, wanted.train_score);
    expectNear(model.state.featureImportances, wanted.importances);
  };
  test.each(named(binary))("on two classes with %s", (_, each) =>
    expectSame(
      y.map((code) => (code > 0 ? 1 : 0)),
      each,
    ),
  );
  test.each(named(multinomial))("on three classes with %s", (_, each) => expectSame(y, each));
});

describe("gradient_boosting, regression, is scikit-learn's", () => {
  const { x, y, weights, query, cases } = fixture<Data & { cases: readonly Case[] }>(
    import.meta.url,
    "gradient-boosting-regressor",
  );
  test.each(named(cases))("with %s", async (_, { params, weighted, ...wanted }) => {
    const model = await gradientBoostingRegressor(ownParams(params)).fit(x, y, weighted ? { weights } : {});
    expectNear(model.predict(query), wanted.predict as number[]);
    expectNear(model.state.trainScore, wanted.train_score);
    expectNear(model.state.featureImportances, wanted.importances);
  });
});

describe("gradient boosting", () => {
  const draw = random(5, "rows");
  const x = Array.from({ length: 160 }, () => [draw.normal(), draw.normal(), draw.normal()]);
  const y = x.map(([a, b]) => a! * a! + b! + 0.3 * draw.normal());
  const labels = y.map((value) => (value > 1.5 ? "high" : value > 0 ? "middle" : "low"));

  test("gives the same bits on one thread and on four, class by class", async () => {
    const estimator = gradientBoostingClassifier({ subsample: 0.7, maxFeatures: 2, nEstimators: 15 });
    const [one, four] = [await estimator.fit(x, labels, { threads: 1 }), await estimator.fit(x, labels, { threads: 4 })];
    expect(four.state).toEqual(one.state);
  });

  test("answers after each stage what a model of so many stages answers", async () => {
    const model = await gradientBoostingClassifier({ nEstimators: 6 }).fit(x, labels);
    const short = await gradientBoostingClassifier({ nEstimators: 4 }).fit(x, labels);
    const [labelsByStage, byStage] = [[...stagedPredict(model, x)], [...stagedPredictProba(model, x)]];
    expect(byStage.length).toBe(6);
    expect(byStage[3]!.data).toEqual(short.predictProba(x).data);
    expect(labelsByStage[5]).toEqual(model.predict(x));
    const numbers = await gradientBoostingRegressor({ nEstimators: 5 }).fit(x, y);
    expect([...stagedPredict(numbers, x)].at(-1)).toEqual(numbers.predict(x));
  });

  test("has no stages to tell of another algorithm's model", async () => {
    const model = await dummyRegressor().fit(x, y);
    expect(() => [...stagedPredict(model, x)]).toThrow("stagedPredict: dummy has no stages, ");
  });

  test("goes on where it ended, to the bit", async () => {
    const shared = { subsample: 0.8, maxFeatures: 2 };
    const short = await gradientBoostingClassifier({ ...shared, nEstimators: 7 }).fit(x, labels);
    const long = await gradientBoostingClassifier({ ...shared, nEstimators: 12 }).fit(x, labels);
    const further = await continueFit(short, { nEstimators: 12 }, x, labels as ("high" | "middle" | "low")[]);
    expect(further.state).toEqual(long.state);
    expect(further.params).toEqual(long.params);
    expect(short.state.trainScore.length).toBe(7);
  });

  test("does not go on with fewer stages, other classes or another algorithm", async () => {
    const model = await gradientBoostingClassifier({ nEstimators: 5 }).fit(x, labels as string[]);
    await expect(continueFit(model, { nEstimators: 4 }, x, labels)).rejects.toThrow(
      "continueFit: nEstimators must be ≥ 5, the stages that the model has, got 4",
    );
    const others = labels.map((label) => (label === "high" ? "top" : label));
    await expect(continueFit(model, { nEstimators: 6 }, x, others)).rejects.toThrow(
      "the classes must be the model's high, low, middle, got low, middle, top",
    );
    const dummy = (await dummyRegressor().fit(x, y)) as never;
    await expect(continueFit(dummy, { nEstimators: 6 }, x, y)).rejects.toThrow(
      "needs a model of gradient_boosting, got one of dummy",
    );
  });

  test("stops when the held-out loss no longer falls", async () => {
    const model = await gradientBoostingRegressor({ nEstimators: 500, nIterNoChange: 5, validationFraction: 0.3 }).fit(x, y);
    const { validationScore, trainScore } = model.state;
    expect(trainScore.length).toBeLessThan(500);
    expect(validationScore.length).toBe(trainScore.length);
    expect(validationScore.at(-1)).toBeGreaterThan(Math.min(...validationScore));
  });

  test("tells the loss of each stage", async () => {
    const seen: Record<string, number>[] = [];
    const observer = { progress: ({ metrics }: { metrics: Readonly<Record<string, number>> }) => seen.push({ ...metrics }) };
    const { state } = await gradientBoostingRegressor({ nEstimators: 12, nIterNoChange: 12 }).fit(x, y, { observer });
    expect(seen.at(-1)).toEqual({ train_loss: state.trainScore[11], validation_loss: state.validationScore[11] });
  });

  test("says by how much each stage helps the rows it did not see", async () => {
    const { state } = await gradientBoostingRegressor({ nEstimators: 10, subsample: 0.5 }).fit(x, y);
    expect(state.oobImprovement.length).toBe(10);
    expect(state.oobImprovement[0]).toBeGreaterThan(0);
  });

  test("bears missing cells", async () => {
    const holed = x.map((row, i) => (i % 4 === 0 ? [Number.NaN, row[1]!, row[2]!] : row));
    const model = await gradientBoostingRegressor({ nEstimators: 30 }).fit(holed, y);
    expect(model.predict(holed).every(Number.isFinite)).toBe(true);
  });

  test("predicts the quantile that was asked", async () => {
    const model = await gradientBoostingRegressor({ loss: "quantile", alpha: 0.8 }).fit(x, y);
    const below = [...model.predict(x)].filter((value, i) => y[i]! <= value).length / y.length;
    expect(Math.abs(below - 0.8)).toBeLessThan(0.1);
  });

  test("refuses the exponential loss for three classes", async () => {
    await expect(gradientBoostingClassifier({ loss: "exponential" }).fit(x, labels)).rejects.toThrow(
      'gradient_boosting.fit: loss "exponential" needs two classes, got 3',
    );
  });

  test("refuses rows of one class only, where the other has no weight", async () => {
    const two = labels.map((label) => label === "high");
    const weights = two.map((is) => (is ? 0 : 1));
    await expect(gradientBoostingClassifier().fit(x, two, { weights })).rejects.toThrow(
      "the rows with a weight above 0 must have two classes at least",
    );
  });

  test("refuses numbers whose squares overflow", async () => {
    const far = y.map((value, i) => (i === 7 ? 1e200 : value));
    await expect(gradientBoostingRegressor({ loss: "quantile" }).fit(x, far)).rejects.toThrow(
      "gradient_boosting.fit: y must lie within ±1e150, got 1e+200 in row 7",
    );
  });

  test("refuses early stopping without a row to hold out", async () => {
    await expect(
      gradientBoostingRegressor({ nIterNoChange: 2, validationFraction: 0.01 }).fit(x.slice(0, 9), y.slice(0, 9)),
    ).rejects.toThrow("early stopping holds out 0.01 of 9 rows, which is none");
  });

  test("ends within 100 ms of an abort", async () => {
    const long = gradientBoostingClassifier({ nEstimators: 100_000 });
    await expect(abortedFit((options) => long.fit(x, labels, options))).rejects.toThrow(/abort/);
  });

  test("read from a file with trees that are no whole stages is refused", async () => {
    const model = await gradientBoostingClassifier({ nEstimators: 3 }).fit(x, labels);
    const changed = (state: object): Uint8Array => encodeModel({ ...model, state: { ...model.state, ...state } });
    const { roots, feature } = model.state;
    for (const state of [
      { roots: roots.slice(0, -1) },
      { roots: roots.map((root, t) => (t === 1 ? 0 : root)) },
      { prior: new Float64Array(2) },
      { feature: feature.map((column) => (column === 0 ? 99 : column)) },
    ])
      expect(() => decodeModel(changed(state))).toThrow("the trees do not lie one behind the other in whole stages");
  });
});
