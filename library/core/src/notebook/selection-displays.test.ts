import { describe, expect, test } from "vitest";
import { display } from "../base/display.ts";
import { table } from "../data/table.ts";
import { selectFeatures } from "../feature-selection/index.ts";
import { compareModels, crossValidate, learningCurve, permutationTestScore } from "../model-selection/index.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { defineSelectionDisplays } from "./selection-displays.ts";

defineSelectionDisplays();
const n = 60;
const rows = table({
  "<img src=x>": Array.from({ length: n }, (_, i) => (i * 37) % 101),
  b: Array.from({ length: n }, (_, i) => (i * 53) % 89),
  kind: Array.from({ length: n }, (_, i) => ((i * 37) % 101 > 50 ? "far" : "near")),
});
const shown = (value: object) => (value as { [display](): Record<string, string> })[display]();
const task = { target: "kind", folds: 3 };

describe("shown in a notebook", () => {
  test("a leaderboard has its warning first, bars, letters and the boxes of the folds", async () => {
    const { "text/html": html, "text/plain": text } = shown(await compareModels(rows, { ...task, models: ["decision_tree"] }));
    expect(html!.indexOf("alone tells")).toBeLessThan(html!.indexOf("<table"));
    expect(html).toContain("<svg");
    expect(html).toContain("&lt;img src=x&gt;");
    expect(html).not.toContain("<img");
    expect(text).toMatch(/^dummy +accuracy 0\.\d+ ± .* b\ndecision_tree +accuracy .* a\n! column/);
  });

  test("a selection has every column, those that stay in bold, and escapes their names", async () => {
    const { "text/html": html, "text/plain": text } = shown(await selectFeatures(rows, { target: "kind", nFeatures: 1 }));
    expect(html).toContain('font-weight:600">&lt;img src=x&gt;');
    expect(html).not.toContain("<img");
    expect(text).toContain("1 columns by mutual info: <img src=x>");
  });

  test("a cross-validation names the fold that failed", async () => {
    const folds = [
      { train: Int32Array.from([0, 1, 2, 3, 4, 5]), test: Int32Array.from([6, 7]) },
      { train: Int32Array.from([0]), test: Int32Array.from([6, 7]) },
    ];
    const scores = await crossValidate(decisionTreeClassifier(), rows, { target: "kind", folds, errorScore: Number.NaN });
    expect(shown(scores)["text/plain"]).toContain("! fold 2: training rows must be of two classes at least, all 1 are of one");
  });

  test("a curve is a figure, a permutation test a sentence", async () => {
    const curve = shown(await learningCurve(decisionTreeClassifier(), rows, { ...task, sizes: [0.5, 1] }));
    expect(Object.keys(curve)).toContain("application/vnd.plotly.v1+json");
    const tested = await permutationTestScore(decisionTreeClassifier(), rows, { ...task, permutations: 5 });
    expect(shown(tested)["text/plain"]).toMatch(/accuracy .*; with the target in another order .* \(5 times\); p 0\.1667/);
  });
});
