import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { linearRegression } from "../linear/linear-regression.ts";
import { logisticRegression } from "../linear/logistic-regression.ts";
import { random } from "../numeric/random.ts";
import { compareModelsOn } from "./compare-on.ts";
import { errorSlices } from "./error-slices.ts";
import { worstPredictions } from "./worst-predictions.ts";

const draw = random(5, "slices");
const n = 600;
const age = Array.from({ length: n }, () => Math.round(20 + 60 * draw.float()));
const region = Array.from({ length: n }, () => ["north", "south", "east"][draw.int(3)]!);
const income = Array.from({ length: n }, () => draw.normal());
// in the south the label follows nothing, elsewhere the income
const label = income.map((value, i) => ((region[i] === "south" ? draw.normal() : value) > 0 ? "buys" : "leaves"));
const price = income.map(
  (value, i) => 2 * value + (age[i]! > 65 && region[i] === "east" ? 5 * draw.normal() : 0.1 * draw.normal()),
);
const people = table({ age, region, income, label, price });

const classifier = await logisticRegression().fit(people, { target: "label", features: ["income"] });
const regressor = await linearRegression().fit(people, { target: "price", features: ["income"] });

describe("errorSlices", () => {
  test("finds the level on which a classifier errs, with its rows and shares", async () => {
    const { slices, mean, rows } = await errorSlices(classifier, people, { columns: ["age", "region"] });
    const south = region.flatMap((each, i) => (each === "south" ? [i] : []));
    const wrong = classifier.predict(people).map((answer, i) => Number(answer !== label[i]));
    const rate = south.reduce((sum, i) => sum + wrong[i]!, 0) / south.length;
    expect(slices[0]).toMatchObject({ text: "region = south", rows: south.length, mean: rate });
    expect(slices[0]!.adjusted).toBeLessThan(1e-6);
    expect(mean).toBeCloseTo(wrong.reduce((a, b) => a + b, 0) / rows, 12);
    expect(slices).toHaveLength(1);
  });
  test("at depth 2 finds what two columns have in common", async () => {
    const { slices, depth } = await errorSlices(regressor, people, { columns: ["age", "region"], depth: 2, minRows: 20 });
    expect(depth).toBe(2);
    const pair = slices.find(({ parts }) => parts.length === 2)!;
    expect(pair.parts[0]).toMatchObject({ column: "age" });
    expect(pair.parts[1]).toMatchObject({ column: "region", value: "east" });
  });
  test("does not tell parts of a bad slice that are no worse than the rest of it", async () => {
    const coin = people.with(
      "coin",
      Array.from({ length: n }, (_, i) => i % 2),
    );
    const { slices } = await errorSlices(classifier, coin, { columns: ["region", "coin"], depth: 2, minRows: 20 });
    expect(slices.map(({ text }) => text)).toEqual(["region = south"]);
  });
  test("tells no slice of fewer rows than asked for", async () => {
    const all = await errorSlices(regressor, people, { columns: ["age", "region"], depth: 2, minRows: 40, level: 1 });
    expect(Math.min(...all.slices.map(({ rows }) => rows))).toBeGreaterThanOrEqual(40);
  });
  test("of columns that have nothing to do with the errors tells next to nothing", async () => {
    let told = 0;
    for (let seed = 0; seed < 20; seed++) {
      const noise = random(seed, "noise");
      const columns = ["p", "q", "r"];
      const rows = columns.reduce(
        (all, name) =>
          all.with(
            name,
            Array.from({ length: n }, () => noise.int(5)),
          ),
        people,
      );
      told += Number((await errorSlices(classifier, rows, { columns })).slices.length > 0);
    }
    expect(told).toBeLessThanOrEqual(3); // at level 0.05 one in twenty is expected
  });
  test("takes missing cells as a slice of their own", async () => {
    const holes = people.with(
      "region",
      region.map((each) => (each === "south" ? null : each)),
    );
    const { slices } = await errorSlices(classifier, holes, { columns: ["region"] });
    expect(slices[0]).toMatchObject({ text: "region = missing", parts: [{ value: null }] });
  });
  test("is the same at any number of threads, and plain JSON", async () => {
    const options = { columns: ["age", "region", "income"], depth: 2, level: 1 } as const;
    const one = await errorSlices(regressor, people, { ...options, threads: 1 });
    expect(await errorSlices(regressor, people, { ...options, threads: 4 })).toEqual(one);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });
  test("rows of weight 0 are absent", async () => {
    const weights = region.map((each) => Number(each !== "north"));
    const weighted = await errorSlices(regressor, people.with("w", weights), {
      columns: ["region"],
      weight: "w",
      level: 1,
      target: "price",
    });
    const without = people.where(({ region: each }) => each !== "north");
    const plain = await errorSlices(regressor, without, { columns: ["region"], level: 1 });
    expect(weighted.slices.map(({ text, rows }) => [text, rows])).toEqual(plain.slices.map(({ text, rows }) => [text, rows]));
    expect(weighted.slices[0]!.effect).toBeCloseTo(plain.slices[0]!.effect, 10);
  });
  const bad = [
    [{ columns: ["regoin"] }, 'no column "regoin", did you mean region'],
    [{ metric: "roc_auc" }, 'metric must be a mean over rows, got "roc_auc"'],
    [{ depth: 3 }, "depth must be 1 or 2, got 3"],
    [{ minRows: 1 }, "minRows must be a whole number ≥ 2, got 1"],
    [{ level: 0 }, "level must be above 0 and at most 1, got 0"],
    [{ target: "lable" }, 'no column "lable", did you mean label'],
  ] as const;
  test.each(bad)("refuses %j", async (options, message) => {
    await expect(errorSlices(classifier, people, options as never)).rejects.toThrow(message);
  });
  test("skips free text, and says so", async () => {
    const rows = people.with(
      "note",
      Array.from({ length: n }, (_, i) => `note ${i}`),
    );
    expect((await errorSlices(classifier, rows, { columns: ["note", "region"] })).skipped).toEqual(["note"]);
  });
});

describe("worstPredictions", () => {
  test("of a regressor are the largest errors, with rows, residuals and cells", () => {
    const predicted = regressor.predict(people);
    const errors = price.map((value, i) => Math.abs(value - predicted[i]!));
    const { predictions } = worstPredictions(regressor, people, { limit: 5, columns: ["region"] });
    const order = [...errors.keys()].sort((a, b) => errors[b]! - errors[a]!).slice(0, 5);
    expect(predictions.map(({ row }) => row)).toEqual(order);
    const [first] = predictions;
    expect(first).toMatchObject({ true: price[order[0]!], cells: [["region", region[order[0]!]]], confidence: null });
    expect(first!.residual).toBe(price[order[0]!]! - predicted[order[0]!]!);
  });
  test("of a classifier are those it was surest of and wrong", () => {
    const { predictions, metric } = worstPredictions(classifier, people, { limit: 3 });
    expect(metric).toBe("log_loss");
    for (const { confidence, trueProbability, true: truth, predicted } of predictions) {
      expect(confidence! + trueProbability!).toBeCloseTo(1, 12);
      expect(predicted).not.toBe(truth);
    }
    expect(predictions[0]!.loss).toBeGreaterThanOrEqual(predictions[2]!.loss);
  });
  test("of arrays have no cells, and of one row is that row", () => {
    const { predictions } = worstPredictions(regressor, [[1]], [2]);
    expect(predictions).toHaveLength(1);
    expect(predictions[0]).toMatchObject({ row: 0, true: 2, cells: [] });
  });
  test("refuses columns that are not there", () => {
    expect(() => worstPredictions(regressor, people, { columns: ["aeg"] })).toThrow('no column "aeg", did you mean age');
    expect(() => worstPredictions(regressor, people, { limit: 0 })).toThrow("limit must be a whole number 1 … 100000, got 0");
  });
});

describe("compareModelsOn", () => {
  test("finds the better of two classifiers, and counts who is right where", async () => {
    const blind = await logisticRegression().fit(people, { target: "label", features: ["age"] });
    const pair = await compareModelsOn(people, classifier, blind, { resamples: 300 });
    const [a, b] = [classifier.predict(people), blind.predict(people)];
    const right = (answers: readonly unknown[], i: number): boolean => answers[i] === label[i];
    const count = (of: (i: number) => boolean): number => label.filter((_, i) => of(i)).length;
    expect(pair.mcnemar).toMatchObject({
      both: count((i) => right(a, i) && right(b, i)),
      onlyA: count((i) => right(a, i) && !right(b, i)),
      onlyB: count((i) => !right(a, i) && right(b, i)),
    });
    expect(pair.difference.value).toBeCloseTo(pair.a.value - pair.b.value, 12);
    expect(pair.difference.low).toBeGreaterThan(0);
    expect(pair.pValue).toBeLessThan(0.001);
    expect(pair.differing).toBe(count((i) => a[i] !== b[i]));
  });
  test("a model does not differ from itself", async () => {
    const pair = await compareModelsOn(people, regressor, regressor, { metric: "rmse", resamples: 100 });
    expect(pair).toMatchObject({ differing: 0, pValue: 1, mcnemar: null });
    expect([pair.difference.low, pair.difference.high]).toEqual([0, 0]);
  });
  test("refuses models of different tasks", async () => {
    await expect(compareModelsOn(people, regressor, classifier, { target: "price" })).rejects.toThrow("compareModelsOn:");
  });
});
