import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { PredictorModel } from "../../base/contract.ts";
import { ridge } from "../../linear/ridge.ts";
import { matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { fixture } from "../../testing/fixture.ts";
import { histGradientBoostingClassifier, histGradientBoostingRegressor } from "../boosting/hist-gradient-boosting.ts";
import { readLightgbm } from "./read-lightgbm.ts";
import { readXgboost } from "./read-xgboost.ts";
import { bytesOf, type ForeignCase, farthest, rowsOf, sumsOf } from "./testing/foreign-case.ts";
import { writeLightgbm } from "./write-lightgbm.ts";
import { writeXgboost } from "./write-xgboost.ts";

type Cases = Record<string, ForeignCase>;

const all: Cases = Object.assign(
  {},
  ...["lightgbm-objectives", "lightgbm-trees", "xgboost-objectives", "xgboost-trees", "xgboost-boosters"].map((name) =>
    fixture<Cases>(import.meta.url, name),
  ),
);

const readOf = ({ model }: ForeignCase): Promise<PredictorModel> =>
  model.startsWith("tree") ? readLightgbm(bytesOf(model)) : readXgboost(bytesOf(model));

/** Kinds of models that a library has no form for. */
const refusedByLightgbm = ["binary:hinge", "linear", "linear of classes", "linear, as UBJSON"];
const refusedByXgboost = [
  "cross_entropy_lambda",
  "regression sqrt",
  "missing as zero",
  "missing as zero, no NaN",
  "linear leaves",
  "linear leaves with missing",
];

describe("what writeLightgbm writes, readLightgbm reads as the same model, but for sums of 32 bits", () => {
  const own = Object.entries(all).filter(([name]) => !refusedByLightgbm.includes(name));
  test.each(own)("%s", async (_, each) => {
    const model = await readOf(each);
    const again = await readLightgbm(bytesOf(await writeLightgbm(model)));
    const { single } = model.state as { single: boolean };
    expect(farthest(sumsOf(again, rowsOf(each.x)), [...sumsOf(model, rowsOf(each.x))])).toBeLessThan(single ? 1e-6 : 1e-12);
    expect(again.columns).toEqual(model.columns);
  });
});

describe("what writeXgboost writes, readXgboost reads as the same model, to 32 bits", () => {
  const own = Object.entries(all).filter(([name]) => !refusedByXgboost.includes(name));
  test.each(own)("%s", async (_, each) => {
    const model = await readOf(each);
    const { scale } = model.state as { scale: number };
    const again = await readXgboost(bytesOf(await writeXgboost(model)));
    const wanted = [...sumsOf(model, rowsOf(each.x))].map((sum) => sum * scale);
    expect(farthest(sumsOf(again, rowsOf(each.x)), wanted)).toBeLessThan(1e-6);
    expect(again.columns).toEqual(model.columns);
  });
});

test.each(refusedByLightgbm)("writeLightgbm refuses %s", async (name) => {
  await expect(writeLightgbm(await readOf(all[name]!))).rejects.toThrow(/writeLightgbm: .* has no LightGBM form/);
});

test.each(refusedByXgboost)("writeXgboost refuses %s", async (name) => {
  await expect(writeXgboost(await readOf(all[name]!))).rejects.toThrow(
    /writeXgboost: .* have no XGBoost form|has no XGBoost form/,
  );
});

describe("models of our own training", () => {
  const draw = random(5, "write-models");
  const x = Array.from({ length: 300 }, () => [draw.float(), draw.float() < 0.1 ? Number.NaN : draw.float(), draw.int(5)]);
  const number = x.map(([a, b, c]) => a! * 3 - (Number.isNaN(b) ? 0 : b!) + (c === 2 ? 2 : 0));
  const label = number.map((value) => (value > 1.5 ? "high" : value > 0.5 ? "middle" : "low"));

  test.each([
    ["numbers", () => histGradientBoostingRegressor({ nEstimators: 10 }).fit(x, number)],
    [
      "two classes",
      () =>
        histGradientBoostingClassifier({ nEstimators: 10 }).fit(
          x,
          label.map((each) => each === "high"),
        ),
    ],
    ["three classes", () => histGradientBoostingClassifier({ nEstimators: 10 }).fit(x, label)],
  ])("%s", async (_, fit) => {
    const model: PredictorModel = await fit();
    const rows = matrix(x.map((row) => row.map(Math.fround)));
    const sums = [...sumsOf(model, rows)];
    const byLightgbm = await readLightgbm(bytesOf(await writeLightgbm(model)));
    const byXgboost = await readXgboost(bytesOf(await writeXgboost(model)));
    expect(farthest(sumsOf(byLightgbm, rows), sums)).toBeLessThan(1e-12);
    expect(farthest(sumsOf(byXgboost, rows), sums)).toBeLessThan(1e-6);
  });
});

test.each(["lightgbm", "xgboost"])("levels of category columns go along: %s", async (name) => {
  const { model } = fixture<Cases>(import.meta.url, "named-levels")[name]!;
  const read = await readOf({ model } as ForeignCase);
  const byLightgbm = await readLightgbm(bytesOf(await writeLightgbm(read)));
  const byXgboost = await readXgboost(bytesOf(await writeXgboost(read)));
  expect([byLightgbm.columns, byXgboost.columns]).toEqual([read.columns, read.columns]);
});

test("a model of another algorithm is refused by name", async () => {
  const model = await ridge().fit([[1], [2], [3]], [1, 2, 3]);
  await expect(writeLightgbm(model)).rejects.toThrow('writeLightgbm: needs a model of hist_gradient_boosting, got "ridge"');
});

const folder = await mkdtemp(join(tmpdir(), "assay-exchange-"));
afterAll(() => rm(folder, { recursive: true }));

test("a path is written whole, without a draft left behind", async () => {
  const model = await readOf(all["binary"]!);
  const text = await writeLightgbm(model, join(folder, "model.txt"));
  expect(await readFile(join(folder, "model.txt"), "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["model.txt"]);
});

test("a right child comes straight after the left, as XGBoost takes for granted", async () => {
  const model = await readOf(fixture<Cases>(import.meta.url, "named-levels")["lightgbm"]!);
  const { trees } = JSON.parse(await writeXgboost(model)).learner.gradient_booster.model;
  const gaps = trees.flatMap(({ left_children: left, right_children: right }: Record<string, number[]>) =>
    left!.map((child, k) => (child < 0 ? 1 : right![k]! - child)),
  );
  expect(new Set(gaps)).toEqual(new Set([1]));
});

test("the texts that are written can be read as they are", async () => {
  const model = await readOf(all["binary"]!);
  const byLightgbm = await readLightgbm(await writeLightgbm(model));
  const byXgboost = await readXgboost(await writeXgboost(model));
  expect([byLightgbm.columns, byXgboost.columns]).toEqual([model.columns, model.columns]);
});

test("a path that cannot be written is a StoreError", async () => {
  const model = await readOf(all["reg:squarederror"]!);
  await expect(writeXgboost(model, join(folder, "none", "model.json"))).rejects.toThrow(
    expect.objectContaining({ name: "StoreError", message: expect.stringMatching(/^writeXgboost: cannot write/) }),
  );
});
