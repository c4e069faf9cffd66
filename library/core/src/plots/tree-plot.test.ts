import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { table } from "../data/table.ts";
import { randomForestRegressor } from "../ensemble/random-forest.ts";
import { figureSvg } from "../notebook/figure-svg.ts";
import { c45Classifier } from "../tree/c45.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/decision-tree.ts";
import { plotTree, treeText } from "./tree-plot.ts";

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../tree/fixtures/${name}.json`, import.meta.url), "utf8"));
const rules = read<{ classification: string; regression: string }>("tree-text");
const { wine } = read<{ wine: { x: number[][]; y: number[] } }>("tree-nodes-real");
const { diabetes } = read<{ diabetes: { x: number[][]; y: number[] } }>("tree-nodes-regressor");
const wines = wine.y.map((code) => ["red", "rosé", "white"][code]!);

test("the rules of a classification tree are scikit-learn's text", async () => {
  expect(treeText(await decisionTreeClassifier({ maxDepth: 2 }).fit(wine.x, wines))).toBe(rules.classification);
});

test("the rules of a regression tree are cut off where scikit-learn cuts them off", async () => {
  const columns = ["age", "sex", "bmi", "bp", "s1", "s2"];
  const model = await decisionTreeRegressor({ minSamplesLeaf: 10 }).fit(diabetes.x, diabetes.y, { columns });
  expect(treeText(model, { maxDepth: 1, decimals: 3 })).toBe(rules.regression);
});

test("a drawn tree has a box for each node and a line to each child", async () => {
  const model = await decisionTreeClassifier({ maxDepth: 2 }).fit(wine.x, wines);
  const { data, layout } = plotTree(model);
  expect(data.length).toBe(6);
  const boxes = layout["annotations"] as { text: string; x: number }[];
  expect(boxes.length).toBe(7);
  expect(boxes[0]!.text).toMatch(/^<b>x\d ≤ .*<br>impurity .*<br>rows 178<br>class: /);
});

test("a deep tree is drawn down to the depth that is asked", async () => {
  const model = await decisionTreeRegressor().fit(diabetes.x, diabetes.y);
  const boxes = plotTree(model, { maxDepth: 1 }).layout["annotations"] as { text: string }[];
  expect(boxes.length).toBe(7);
  expect(boxes.filter(({ text }) => text.includes("…")).length).toBeGreaterThan(0);
});

test("names of columns and classes are text, not HTML", async () => {
  const model = await decisionTreeClassifier().fit([[1], [2]], ["<i>", "&"], { columns: ["<b>x"] });
  expect(JSON.stringify(plotTree(model))).not.toMatch(/<b>x|<i>/);
});

const shops = Array.from({ length: 90 }, (_, i) => ({
  shop: ["<i>a", "b", "c"][i % 3]!,
  size: i,
  sold: i % 3 === 1 ? "much" : i > 60 ? "some" : "none",
}));

test("a tree of many branches has each answer above its box", async () => {
  const model = await c45Classifier().fit(table(shops), { target: "sold" });
  const boxes = plotTree(model).layout["annotations"] as { text: string }[];
  expect(boxes.length).toBe(model.state.feature.length);
  expect(boxes.some(({ text }) => text.startsWith("<b>shop = b</b><br>impurity 0.00<br>much (30.0)"))).toBe(true);
  expect(JSON.stringify(boxes)).not.toContain("<i>");
});

test("the rules of a tree of many branches are cut off where it is asked", async () => {
  const model = await c45Classifier().fit(table(shops), { target: "sold" });
  expect(treeText(model, { maxDepth: 0 })).toBe("shop = <i>a …\nshop = b: much (30.0)\nshop = c …\n");
});

test("a still picture shows the boxes", async () => {
  const svg = figureSvg(plotTree(await decisionTreeClassifier({ maxDepth: 1 }).fit(wine.x, wines)));
  expect(svg).toContain("rows 178");
  expect(svg).not.toContain("<b>");
});

test("a tree that the forest does not have is refused", async () => {
  const model = await randomForestRegressor({ nEstimators: 3 }).fit(diabetes.x, diabetes.y);
  expect(treeText(model, { tree: 2 })).toContain("|--- ");
  expect(() => treeText(model, { tree: 3 })).toThrow("tree must be 0 … 2, got 3");
});
