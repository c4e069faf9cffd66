import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import type { ClassifierModel } from "../base/contract.ts";
import { table } from "../data/table.ts";
import { randomForestClassifier } from "../ensemble/random-forest.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { knnClassifier } from "../neighbors/knn.ts";
import { random } from "../numeric/random.ts";
import { imputer } from "../preprocessing/imputer.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { chooseThreshold } from "./choose-threshold.ts";
import { thresholdClassifier, withThreshold } from "./threshold-classifier.ts";

const draw = random(8, "threshold");
const n = 200;
const x = Array.from({ length: n }, () => [draw.normal(), draw.normal()]);
const y = x.map(([a, b]) => (a! + 0.5 * b! + draw.normal() > 0.8 ? "yes" : "no"));
const people = table({ a: x.map(([a]) => a!), b: x.map(([, b]) => b!), y });

/** The same figures, counted one by one. */
function counted(scores: readonly number[], truth: readonly boolean[], threshold: number) {
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (const [i, score] of scores.entries()) {
    if (score >= threshold) truth[i] ? tp++ : fp++;
    else truth[i] ? fn++ : tn++;
  }
  return { tp, fp, tn, fn, f1: (2 * tp) / (2 * tp + fp + fn), recall: tp / (tp + fn), precision: tp / Math.max(1, tp + fp) };
}

describe("chooseThreshold", async () => {
  const model = await logisticRegression().fit(people, { target: "y" });
  const scores = Array.from({ length: n }, (_, i) => model.predictProba(people).data[2 * i + 1]!);
  const truth = y.map((label) => label === "yes");

  test("finds the greatest F1 of all thresholds that divide the rows", () => {
    const { threshold, value, chosen } = chooseThreshold(model, people);
    expect(value).toBe(Math.max(...scores.map((at) => counted(scores, truth, at).f1)));
    expect(chosen.f1).toBe(counted(scores, truth, threshold).f1);
  });
  test("gives for plain scores what it gives for the model", () => {
    expect(chooseThreshold(scores, y)).toEqual(chooseThreshold(model, people));
    expect(chooseThreshold(model, x, y)).toEqual(chooseThreshold(model, people));
  });
  test("keeps bounds, and is the best of those that do", () => {
    const { chosen, value } = chooseThreshold(model, people, { maximise: "precision", atLeast: { recall: 0.9 } });
    const allowed = scores.map((at) => counted(scores, truth, at)).filter(({ recall }) => recall >= 0.9);
    expect(chosen.recall).toBeGreaterThanOrEqual(0.9);
    expect(value).toBe(Math.max(...allowed.map(({ precision }) => precision)));
  });
  test("makes the cost least", () => {
    const costs = scores.map((at) => counted(scores, truth, at)).map(({ fp, fn }) => (fp + 9 * fn) / n);
    expect(chooseThreshold(model, people, { cost: { fp: 1, fn: 9 } }).value).toBeCloseTo(Math.min(...costs), 12);
  });
  test("a row of weight 2 counts as two rows", () => {
    const weights = y.map((_, i) => (i % 3 === 0 ? 2 : 1));
    const twice = [...scores.keys()].flatMap((i) => (weights[i] === 2 ? [i, i] : [i]));
    const weighted = chooseThreshold(scores, y, { weights });
    const repeated = chooseThreshold(
      twice.map((i) => scores[i]!),
      twice.map((i) => y[i]!),
    );
    expect(weighted.threshold).toBe(repeated.threshold);
    expect(weighted.value).toBeCloseTo(repeated.value, 12);
  });
  test("looks at the class that is called positive", () => {
    const { positive, chosen } = chooseThreshold(model, people, { positive: "no" });
    expect([positive, chosen.truePositives + chosen.falseNegatives]).toEqual(["no", y.filter((label) => label === "no").length]);
  });
  test("tells the point at 0.5 beside, and at most some 200 points", () => {
    const { usual, curve } = chooseThreshold(scores, y);
    expect(usual!.f1).toBe(counted(scores, truth, 0.5).f1);
    expect(curve.length).toBeLessThanOrEqual(201);
    expect(
      chooseThreshold(
        scores.map((score) => score * 10 - 5),
        y,
      ).usual,
    ).toBeNull();
  });
  const bad = [
    [{ maximise: "f2" }, 'no figure "f2", did you mean f1'],
    [{ maximise: "f1", cost: { fp: 1, fn: 1 } }, "takes either maximise or cost, got both"],
    [{ cost: { fp: -1, fn: 1 } }, "cost.fp must be ≥ 0, got -1"],
    [{ atLeast: { precision: 1.1 } }, "no threshold has precision ≥ 1.1 (at most 1)"],
    [{ positive: "maybe" }, 'positive must be one of no, yes, got "maybe"'],
  ] as const;
  test.each(bad)("refuses %j", (options, message) => {
    expect(() => chooseThreshold(model, people, options as never)).toThrow(message);
  });
  test("refuses rows of one class, scores that are no numbers, and lengths that differ", () => {
    expect(() => chooseThreshold([0.1, 0.9], ["a", "a"])).toThrow("needs positive and negative rows, all are positive");
    expect(() => chooseThreshold([0.1, Number.NaN], ["a", "b"])).toThrow("scores must be finite, got NaN in row 1");
    expect(() => chooseThreshold([0.1], ["a", "b"])).toThrow("scores has 1 rows but y has 2");
    expect(() => chooseThreshold([0.1, 0.2, 0.3], ["a", "b", "c"])).toThrow("y must hold two classes, got 3: a, b, c");
  });
});

describe("withThreshold", () => {
  test("answers the positive class from the threshold on, and leaves the probabilities", async () => {
    const model = await randomForestClassifier({ nEstimators: 10 }).fit(people, { target: "y" });
    const bold = withThreshold(model, 0.2);
    const proba = model.predictProba(people);
    expect(bold.predict(people)).toEqual(y.map((_, i) => (proba.data[2 * i + 1]! >= 0.2 ? "yes" : "no")));
    expect(bold.predictProba(people).data).toEqual(proba.data);
    expect(withThreshold(model, 0.2, { positive: "no" }).predict(people)).toEqual(
      y.map((_, i) => (proba.data[2 * i]! >= 0.2 ? "no" : "yes")),
    );
    expect([bold.target, bold.classes, bold.importances()]).toEqual(["y", ["no", "yes"], model.importances()]);
  });
  test("is saved and loaded as a model of its own", async () => {
    const bold = withThreshold(await knnClassifier().fit(people, { target: "y" }), 0.3);
    const loaded = decodeModel(encodeModel(bold)) as ClassifierModel;
    expect(loaded.predict(people)).toEqual(bold.predict(people));
  });
  test("over a pipeline is loaded by the steps that were fitted, whatever the file says of their parameters", async () => {
    const estimator = pipeline(imputer(), logisticRegression());
    const model = await thresholdClassifier({ estimator, threshold: 0.3 }).fit(people, { target: "y" });
    const { fitted } = model.state;
    const odd = { ...model, state: { ...model.state, fitted: { ...fitted, params: null as never } } };
    expect((decodeModel(encodeModel(odd)) as ClassifierModel).predict(people)).toEqual(model.predict(people));
  });
  test("of a model with a threshold replaces it", async () => {
    const model = await knnClassifier().fit(people, { target: "y" });
    expect(withThreshold(withThreshold(model, 0.9), 0.3)).toEqual(withThreshold(model, 0.3));
  });
  test("refuses more than two classes, and thresholds that are no share", async () => {
    const three = await knnClassifier().fit(
      x,
      x.map((_, i) => i % 3),
    );
    expect(() => withThreshold(three, 0.5)).toThrow(
      "withThreshold: needs a classifier of two classes, got classification of 3 classes",
    );
    const two = await knnClassifier().fit(people, { target: "y" });
    expect(() => withThreshold(two, 1.5)).toThrow("withThreshold: threshold must be 0 … 1, got 1.5");
  });
  test("is what thresholdClassifier learns", async () => {
    const fitted = await thresholdClassifier({ estimator: logisticRegression(), threshold: 0.3 }).fit(people, { target: "y" });
    const after = withThreshold(await logisticRegression().fit(people, { target: "y" }), 0.3);
    expect(fitted.predict(people)).toEqual(after.predict(people));
  });
});

describe("thresholdClassifier is an estimator as all others", () => {
  const estimator = { task: "classification", name: "random_forest", params: { nEstimators: 5 } };
  test.each(estimatorChecks("classification", "fixed_threshold", { estimator }))("$name", ({ run }) => run(), 20_000);
});
