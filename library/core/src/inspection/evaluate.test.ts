import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Classifier } from "../base/contract.ts";
import { classifier } from "../base/estimator.ts";
import { seal } from "../base/registry.ts";
import { table } from "../data/table.ts";
import { histGradientBoostingRanker } from "../ensemble/boosting/index.ts";
import { randomForestClassifier } from "../ensemble/random-forest.ts";
import { linearRegression } from "../linear/linear-regression.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { ridge } from "../linear/ridge.ts";
import { rocAuc } from "../metrics/class-areas.ts";
import { ndcg } from "../metrics/ranking.ts";
import { random } from "../numeric/random.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import { columnTransformer } from "../preprocessing/column-transformer.ts";
import { imputer } from "../preprocessing/imputer.ts";
import { oneHotEncoder } from "../preprocessing/one-hot-encoder.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { c45Classifier } from "../tree/c45.ts";
import { decisionTreeClassifier } from "../tree/decision-tree.ts";
import { evaluate, score } from "./evaluate.ts";
import { evaluationFigures } from "./evaluation-figures.ts";

const rows = table({ x: [1, 2, 3, 4, 5, 6], z: [2, 1, 4, 3, 6, 5], y: ["a", "a", "b", "a", "b", "b"] });
const draw = random(2, "evaluate");
const n = 300;
const x = Array.from({ length: n }, () => [draw.normal(), draw.normal()]);
const kinds = x.map(([a, b]) => (a! + 0.5 * draw.normal() > 0.5 ? "high" : b! > 0 ? "mid" : "low"));
const values = x.map(([a, b]) => 3 * a! - b! + draw.normal());
const weights = x.map((_, i) => (i % 3 === 0 ? 2 : 1));
const twice = [...x.keys()].flatMap((i) => (weights[i] === 2 ? [i, i] : [i]));

seal(); // what is defined below lives in a cell

describe("an evaluation of a classifier", () => {
  test("counts every row once in the confusion matrix", async () => {
    const { confusion } = evaluate(await logisticRegression().fit(rows, { target: "y" }), rows);
    expect(confusion!.counts.flat().reduce((a, b) => a + b)).toBe(6);
  });
  test("of two classes has curves, calibration, scores and thresholds of the second", async () => {
    const model = await logisticRegression().fit(
      x,
      kinds.map((kind) => kind === "high"),
    );
    const found = evaluate(
      model,
      x,
      kinds.map((kind) => kind === "high"),
    );
    expect(found.curves.map(({ label }) => label)).toEqual([true]);
    expect(found.metrics["roc_auc"]).toBeCloseTo(found.curves[0]!.rocAuc, 12);
    expect(found.metrics["average_precision"]).toBeCloseTo(found.curves[0]!.averagePrecision, 12);
    expect(found.thresholds).toMatchObject({ positive: true });
    expect(found.thresholds!.points.map(({ threshold }) => threshold)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(found.calibration!.counts.reduce((a, b) => a + b)).toBe(n);
    expect(found.scores.map(({ name }) => name)).toEqual(["false", "true"]);
    expect(found.figures.map(({ name }) => name)).toEqual([
      "confusion",
      "roc",
      "precision_recall",
      "calibration",
      "scores",
      "threshold",
    ]);
  });
  test("of more classes has each one's curve, and areas whose mean is the metric", async () => {
    const model = await logisticRegression().fit(x, kinds);
    const { curves, metrics, classes, confused, thresholds } = evaluate(model, x, kinds);
    expect(curves.map(({ label }) => label)).toEqual(["high", "low", "mid"]);
    expect(curves.reduce((sum, { rocAuc: area }) => sum + area, 0) / 3).toBeCloseTo(metrics["roc_auc"]!, 12);
    expect(classes.map(({ rocAuc: area }) => area)).toEqual(curves.map(({ rocAuc: area }) => area));
    expect(thresholds).toBeNull();
    expect(confused[0]!.count).toBeGreaterThanOrEqual(confused.at(-1)!.count);
  });
  test("of very many classes draws the twelve of most rows, lists the pairs mistaken most, and says so", async () => {
    const many = x.map((_, i) => (i * 7) % 130);
    const model = await randomForestClassifier({ nEstimators: 3, maxDepth: 6 }).fit(x, many);
    const { curves, confusion, confused, notes } = evaluate(model, x, many);
    expect([curves.length, confusion, confused.length]).toEqual([12, null, 20]);
    expect(notes.some((each) => each.startsWith("curves of the 12 classes of most rows, of "))).toBe(true);
  });
  test("of rows that hold one class only leaves the curves out, and says why", async () => {
    const model = await logisticRegression().fit(rows, { target: "y" });
    const { curves, thresholds, notes, metrics } = evaluate(model, rows.take([0, 1]));
    expect([curves, thresholds]).toEqual([[], null]);
    expect(notes).toEqual(["no curves where the rows hold one kind only: b"]);
    expect(metrics["accuracy"]).toBeDefined();
  });
  test("a row of weight 2 counts as two rows everywhere", async () => {
    const model = await logisticRegression().fit(x, kinds);
    const weighted = evaluate(model, x, kinds, { weights });
    const repeated = evaluate(
      model,
      twice.map((i) => x[i]!),
      twice.map((i) => kinds[i]!),
    );
    expect(weighted.confusion).toEqual(repeated.confusion);
    for (const [name, value] of Object.entries(repeated.metrics)) expect(weighted.metrics[name]).toBeCloseTo(value, 10);
    expect(weighted.classes.map(({ support }) => support)).toEqual(repeated.classes.map(({ support }) => support));
  });
  test("rows of weight 0 are absent, also where a class has no others", async () => {
    const model = await logisticRegression().fit(rows, { target: "y" });
    const none = evaluate(model, rows.with("w", [1, 1, 0, 1, 0, 0]), { weight: "w" });
    expect([none.curves, none.thresholds, none.classes.map(({ rocAuc: area }) => area)]).toEqual([[], null, [null, null]]);
    const some = evaluate(model, rows.with("w", [1, 0, 1, 1, 0, 1]), { weight: "w" });
    expect(some.metrics).toEqual(evaluate(model, rows.take([0, 2, 3, 5])).metrics);
    expect(some.curves[0]!.prevalence).toBe(0.5);
  });
  test("of a model without probabilities has all that labels give, and says what is missing", async () => {
    const coin = classifier({
      name: "coin_without_probabilities",
      params: z.strictObject({}),
      fit: () => ({ sides: 2 }),
      predict: ({ rows: count, data, columns }) => Float64Array.from({ length: count }, (_, i) => Number(data[i * columns]! > 3)),
    });
    const model = await coin().fit(rows, { target: "y", features: ["x"] });
    const { metrics, curves, calibration, notes, confusion } = evaluate(model, rows);
    expect([metrics["accuracy"], "log_loss" in metrics, curves, calibration]).toEqual([2 / 3, false, [], null]);
    expect(confusion!.counts).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(notes).toEqual(["the model has no probabilities: no curves, calibration and thresholds"]);
    expect(() => evaluate(model, rows, { metrics: ["roc_auc"] })).toThrow(
      'metric "roc_auc" needs probabilities, coin_without_probabilities has none',
    );
  });
  test("a label that the model never learnt is named with its row", async () => {
    const model = await logisticRegression().fit(rows, { target: "y" });
    const odd = rows.with("y", ["a", "a", "b", "a", "c", "b"]);
    expect(() => evaluate(model, odd)).toThrow('label "c" in row 4 is not one of the model\'s classes a, b');
  });
  test("a table without its columns is refused with the nearest name", async () => {
    const model = await logisticRegression().fit(rows, { target: "y", features: ["x", "z"] });
    expect(() => evaluate(model, rows, { target: "Y" })).toThrow('no column "Y", did you mean y');
    expect(() => evaluate(model, rows.drop(["x"]))).toThrow('no column "x"');
    expect(() => evaluate(model, rows.head(0))).toThrow("evaluate: needs one row at least, got 0");
  });
});

describe("an evaluation of a regressor", () => {
  test("has residuals and no classes", async () => {
    const { figures, classes, confusion, residuals } = evaluate(await ridge().fit(rows, { target: "z", features: ["x"] }), rows);
    expect(figures.map(({ name }) => name)).toEqual(["residuals", "predicted", "residual_quantiles"]);
    expect([classes, confusion]).toEqual([[], null]);
    expect(residuals!.points.truth).toEqual([2, 1, 4, 3, 6, 5]);
  });
  test("says that errors are steady, or that they grow with the prediction", async () => {
    const model = await linearRegression().fit(x, values);
    expect(evaluate(model, x, values).residuals!.spread!.verdict).toBe("steady");
    const predicted = model.predict(x);
    const fanned = Array.from(predicted, (value) => value + Math.exp(0.7 * value) * draw.normal());
    expect(evaluate(model, x, fanned).residuals!.spread).toMatchObject({ verdict: "growing" });
  });
  test("of one row is that row's, with metrics that need more left out or no number", async () => {
    const model = await ridge().fit(rows, { target: "z", features: ["x"] });
    const found = evaluate(model, rows.head(1));
    expect([found.rows, found.worst.length, found.residuals!.spread]).toEqual([1, 1, null]);
    expect(found.metrics["mae"]).toBeCloseTo(Math.abs(found.residuals!.bias), 12);
  });
});

describe("an evaluation of a ranker", () => {
  const query = x.map((_, i) => `q${i % 30}`);
  const grade = x.map(([a]) => Math.max(0, Math.min(4, Math.round(2 + a!))));
  const searches = table({ a: x.map(([a]) => a!), b: x.map(([, b]) => b!), query, grade });
  const fit = () =>
    histGradientBoostingRanker({ nEstimators: 10 }).fit(searches, { target: "grade", group: "query", features: ["a", "b"] });

  test("has nDCG and MAP over its queries, and the worst of them", async () => {
    const model = await fit();
    const found = evaluate(model, searches, { group: "query" });
    expect(found.task).toBe("ranking");
    expect(found.metrics["ndcg"]).toBeCloseTo(ndcg(grade, model.predict(searches), { groups: query }), 12);
    expect(found.queries).toMatchObject({ queries: 30 });
    expect(found.queries!.worst[0]!.ndcg).toBeLessThanOrEqual(found.queries!.quantiles.q05);
  });
  test("needs to know the queries", async () => {
    const model = await fit();
    expect(() => evaluate(model, searches)).toThrow("a ranking needs to know which rows belong together");
  });
});

describe("every evaluation", () => {
  test("is plain JSON, from which its figures can be drawn again", async () => {
    const model = await randomForestClassifier({ nEstimators: 5 }).fit(x, kinds);
    const found = evaluate(model, x, kinds);
    const stored = JSON.parse(JSON.stringify(found));
    expect(stored.figures).toHaveLength(found.figures.length);
    expect(JSON.parse(JSON.stringify(evaluationFigures(stored)))).toEqual(stored.figures);
    expect(JSON.stringify(found).length).toBeLessThan(300_000);
  });
  test("sums a pipeline's importances to the columns of the table", async () => {
    const colour = x.map((_, i) => (i % 11 === 0 ? null : ["red", "green", "blue"][i % 3]!));
    const people = table({ a: x.map(([a], i) => (i % 7 === 0 ? null : a!)), colour, kinds });
    const features = ["a", "colour"];
    const model = await autoPreprocess(logisticRegression(), people, features).fit(people, { target: "kinds", features });
    expect(evaluate(model, people).importances).toBeNull();
    const tree = decisionTreeClassifier({ maxDepth: 5 });
    const steps = columnTransformer({
      parts: [{ columns: "category", transformer: pipeline(imputer({ strategy: "mode" }), oneHotEncoder()) }],
    });
    const whole = await pipeline(steps, imputer({ addIndicator: true }), tree).fit(people, { target: "kinds", features });
    const { importances } = evaluate(whole, people);
    expect(importances!.map(({ feature }) => feature)).toEqual(features);
    expect(importances!.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
  });
  test("tells the metrics that were asked for, as score does", async () => {
    const model = await logisticRegression().fit(rows, { target: "y" });
    const wanted = { metrics: ["accuracy", "f1"] };
    expect(Object.keys(evaluate(model, rows, wanted).metrics)).toEqual(["accuracy", "f1"]);
    expect(score(model, rows, wanted)).toEqual(evaluate(model, rows, wanted).metrics);
    expect(() => evaluate(model, rows, { metrics: ["acuracy"] })).toThrow(
      'no classification metric "acuracy", did you mean accuracy',
    );
  });
  test("with intervals, permutation importance and slices is a promise of the same and these", async () => {
    const people = table({ a: x.map(([a]) => a!), b: x.map(([, b]) => b!), kinds });
    const model = await logisticRegression().fit(people, { target: "kinds" });
    const plain = evaluate(model, people);
    const full = await evaluate(model, people, {
      intervals: { resamples: 50 },
      permutation: { repeats: 2, metric: "log_loss" },
      slices: { minRows: 20 },
    });
    expect(full.metrics).toEqual(plain.metrics);
    const interval = full.intervals!["roc_auc"]!;
    expect(interval.value).toBeCloseTo(rocAuc(kinds, model.predictProba(people).data, { classes: model.classes }), 12);
    expect(interval.low).toBeLessThan(interval.value);
    expect(full.permutation!.features.map(({ feature }) => feature).toSorted()).toEqual(["a", "b"]);
    expect(full.slices!.tested).toBeGreaterThan(0);
    expect(full.figures.at(-1)!.name).toBe("permutation");
  });
  test("obeys an abort of what takes longer", async () => {
    const model = await logisticRegression().fit(x, kinds);
    await expect(evaluate(model, x, kinds, { intervals: true, signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});

describe("the tree of an evaluation", () => {
  const rows = table({ side: [1, 2, 3, 4, 5, 6], colour: ["a", "b", "a", "b", "a", "b"], kind: ["x", "x", "x", "y", "y", "y"] });
  const treeOf = async (estimator: Classifier) =>
    evaluate(
      (await autoPreprocess(estimator, rows, ["side", "colour"]).fit(rows, { target: "kind" })) as never,
      rows,
    ).figures.find(({ name }) => name === "tree");

  test("is drawn where a pipeline ends in one, with the names of its columns", async () => {
    expect(JSON.stringify((await treeOf(decisionTreeClassifier()))!.figure.layout["annotations"])).toContain("side");
  });

  test("is drawn for one of many branches", async () => {
    expect((await treeOf(c45Classifier()))!.title).toBe("Tree");
  });

  test("is not drawn for other models", async () => {
    expect(await treeOf(logisticRegression())).toBeUndefined();
  });
});
