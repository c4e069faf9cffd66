import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readLightgbm } from "./read-lightgbm.ts";
import { readXgboost } from "./read-xgboost.ts";
import { answersOf, farthest, rowsOf, sumsOf } from "./testing/foreign-case.ts";

const folder = resolve(import.meta.dirname, "../../../../../../shared/data/models");

const lines = (path: string): string[] => readFileSync(resolve(folder, path), "utf8").trim().split("\n");

/** Rows of numbers, parted by blanks; without the first of each where it is the label. */
const numbersOf = (path: string, from = 0): number[][] =>
  lines(path).map((line) => line.trim().split(/\s+/).slice(from).map(Number));

/** Rows of `label index:value …`; what is not named is missing. */
function sparseOf(path: string, columns: number): (number | null)[][] {
  return lines(path).map((line) => {
    const row: (number | null)[] = Array(columns).fill(null);
    for (const word of line.trim().split(/\s+/).slice(1)) row[Number(word.split(":")[0])] = Number(word.split(":")[1]);
    return row;
  });
}

test.skipIf(!existsSync(folder))("LightGBM models of leaves and treelite predict what their authors publish", async () => {
  const multi = await readLightgbm(resolve(folder, "leaves/lgmulticlass.model"));
  const asked = rowsOf(numbersOf("leaves/multiclass_test.tsv", 1));
  expect(farthest(sumsOf(multi, asked), numbersOf("leaves/lgmulticlass_true_raw_predictions.txt"))).toBeLessThan(1e-12);
  const shares = numbersOf("leaves/lgmulticlass_true_predictions.txt");
  expect(farthest(answersOf(multi, asked, shares), shares)).toBeLessThan(1e-12);

  for (const name of ["gamma_AvgClaimAmount", "poisson_Frequency", "tweedie_PurePremium"]) {
    const model = await readLightgbm(resolve(folder, `leaves/genlin_fmtp_${name}.model`));
    const rows = rowsOf(numbersOf(`leaves/genlin_fmtp_${name}_features.tsv`));
    const wanted = numbersOf(`leaves/genlin_fmtp_${name}_true_predictions.txt`);
    expect(farthest(answersOf(model, rows, wanted), wanted), name).toBeLessThan(1e-12);
  }

  const toy = await readLightgbm(resolve(folder, "treelite/toy_categorical/toy_categorical_model.txt"));
  const rows = rowsOf(sparseOf("treelite/toy_categorical/toy_categorical.test", 2));
  const wanted = numbersOf("treelite/toy_categorical/toy_categorical.test.pred");
  expect(farthest(answersOf(toy, rows, wanted), wanted)).toBeLessThan(1e-12);
});

test.skipIf(!existsSync(folder))("XGBoost models of leaves predict what their authors publish", async () => {
  const mushrooms = rowsOf(sparseOf("leaves/agaricus_test.libsvm", 127));
  const trees = await readXgboost(resolve(folder, "leaves/xgagaricus.model"));
  const shares = lines("leaves/xgagaricus_true_predictions.txt").map(Number);
  expect(farthest(answersOf(trees, mushrooms, shares), shares)).toBeLessThan(1e-6);

  const dart = await readXgboost(resolve(folder, "leaves/xg_dart_agaricus.model"), { rounds: 10 });
  expect(farthest(sumsOf(dart, mushrooms), lines("leaves/xg_dart_agaricus_true_predictions.txt").map(Number))).toBeLessThan(1e-6);

  const linear = await readXgboost(resolve(folder, "leaves/xgblin_agaricus.model"));
  const sums = lines("leaves/xgblin_agaricus_true_raw_predictions.txt").map(Number);
  expect(farthest(sumsOf(linear, mushrooms), sums)).toBeLessThan(1e-6);

  const skin = await readXgboost(resolve(folder, "leaves/xgdermatology.model"));
  const rows = rowsOf(sparseOf("leaves/dermatology_test.libsvm", 33));
  expect(farthest(sumsOf(skin, rows), numbersOf("leaves/xgdermatology_true_predictions.txt"))).toBeLessThan(1e-6);
});
