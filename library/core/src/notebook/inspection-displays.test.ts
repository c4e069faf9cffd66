import { describe, expect, test } from "vitest";
import "../index.ts";
import { table } from "../data/table.ts";
import {
  chooseThreshold,
  compareModelsOn,
  errorSlices,
  evaluate,
  explain,
  explainRow,
  interactionStrength,
  partialDependence,
  permutationImportance,
  shapSummary,
  worstPredictions,
} from "../inspection/index.ts";
import { linearRegression, logisticRegression } from "../linear/index.ts";
import { autoPreprocess } from "../preprocessing/index.ts";

const hostile = "<img src=x onerror=alert(1)>";
const n = 120;
const rows = table({
  [hostile]: Array.from({ length: n }, (_, i) => ["red", hostile, "blue"][i % 3]!),
  size: Array.from({ length: n }, (_, i) => (i * 37) % 101),
  kind: Array.from({ length: n }, (_, i) => ((i * 37) % 101 > 50 !== (i % 3 === 1 && i % 2 === 0) ? hostile : "other")),
  price: Array.from({ length: n }, (_, i) => ((i * 37) % 101) / 10 + (i % 3)),
});
const features = [hostile, "size"];
const model = await autoPreprocess(logisticRegression(), rows, features).fit(rows, { target: "kind", features });
const other = await logisticRegression().fit(rows, { target: "kind", features: ["size"] });
const regressor = await autoPreprocess(linearRegression(), rows, features).fit(rows, { target: "price", features });
const why = await explain(model, rows);

const shown = (value: object): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

describe("in a notebook, values of inspection", () => {
  const values: readonly (readonly [string, () => object | Promise<object>])[] = [
    ["evaluation of a classifier", () => evaluate(model, rows)],
    ["evaluation of a regressor", () => evaluate(regressor, rows)],
    [
      "evaluation with all that takes longer",
      () =>
        evaluate(model, rows, { intervals: { resamples: 30 }, permutation: { repeats: 2 }, slices: { level: 1, minRows: 10 } }),
    ],
    ["permutation importance", () => permutationImportance(model, rows, { repeats: 2 })],
    ["partial dependence on a category", () => partialDependence(model, rows, { features: hostile })],
    [
      "partial dependence with curves of rows",
      () => partialDependence(regressor, rows, { features: "size", kind: "both", rows: 20 }),
    ],
    ["curves of rows alone", () => partialDependence(regressor, rows, { features: "size", kind: "individual", rows: 20 })],
    ["partial dependence on two columns", () => partialDependence(regressor, rows, { features, gridResolution: 5 })],
    ["interaction strength", () => interactionStrength(regressor, rows, { rows: 10 })],
    ["explanation", () => why],
    ["summary of contributions", () => shapSummary(why)],
    ["explanation of a row", () => explainRow(why, 1)],
    ["threshold", () => chooseThreshold(model, rows)],
    ["error slices", () => errorSlices(model, rows, { level: 1, minRows: 10, depth: 2 })],
    ["worst predictions", () => worstPredictions(model, rows)],
    ["worst predictions of numbers", () => worstPredictions(regressor, rows)],
    ["comparison of two models", () => compareModelsOn(rows, model, other, { resamples: 50 })],
  ];
  test.each(values)("%s: is drawn, says something in text, and escapes what the data says", async (_, make) => {
    const bundle = shown(await make());
    const picture = bundle["text/html"] ?? bundle["image/svg+xml"]!;
    expect(picture).toMatch(/<(svg|table|div|details)/);
    expect(picture).not.toContain("<img");
    expect(picture).not.toContain("<script");
    expect(picture).not.toMatch(/NaN|undefined|\[object/);
    expect(bundle["text/plain"]!.split("\n")[0]).toMatch(/\w/);
    expect(bundle["text/plain"]).not.toMatch(/undefined|\[object/);
  });
});
