import { describe, expect, test } from "vitest";
import { type Matrix, matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";
import { type GrowOptions, growTree, treeGrower } from "./grow.ts";
import { rankColumns } from "./rank-columns.ts";

const draw = random(1, "grow");
const cells = (n: number, d: number, holes = 0): number[][] =>
  Array.from({ length: n }, () =>
    Array.from({ length: d }, () => (draw.int(100) < holes ? Number.NaN : Math.round(draw.normal() * 20))),
  );
const rowsOf = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
const plain: GrowOptions = {
  criterion: "squared_error",
  maxDepth: Infinity,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: 6,
  minImpurityDecrease: 0,
};

describe("the kernel of subtrees grows the tree that is grown node by node", () => {
  const x: Matrix = matrix(cells(900, 6, 10));
  const numbers = Float64Array.from({ length: 900 }, (_, i) => (x.data[6 * i]! || 0) + draw.normal());
  const labels = numbers.map((value) => (value > 4 ? 2 : value > -3 ? 1 : 0));

  test.each<[string, number, Partial<GrowOptions>]>([
    ["squared error", 0, {}],
    ["some of the columns", 0, { maxFeatures: 2 }],
    ["drawn cuts", 0, { splitter: "random", maxFeatures: 2 }],
    ["two classes", 2, { criterion: "gini", minSamplesLeaf: 3 }],
    ["three classes", 3, { criterion: "gini", maxFeatures: 3 }],
    ["three classes, drawn cuts", 3, { criterion: "gini", maxFeatures: 3, splitter: "random" }],
    ["entropy", 3, { criterion: "entropy", maxDepth: 7 }],
  ])("%s", (_, classes, options) => {
    const y = classes === 0 ? numbers : classes === 2 ? labels.map((code) => Math.min(1, code)) : labels;
    // constraints that bind nothing are unknown to the kernel
    const trees = [null, [0, 0, 0, 0, 0, 0]].map((monotonic) =>
      growTree(x, y, rowsOf(900), undefined, classes, { ...plain, ...options, monotonic }, random(5, "t"), () => {}),
    );
    expect(trees[0]!.feature.length).toBeGreaterThan(20);
    expect(trees[1]!.feature).toEqual(trees[0]!.feature);
    expect(trees[1]!.threshold).toEqual(trees[0]!.threshold);
    expect(trees[1]!.missingLeft).toEqual(trees[0]!.missingLeft);
    expect(trees[1]!.value).toEqual(trees[0]!.value);
  });
});

describe("growing a tree", () => {
  const x = matrix(cells(300, 3));
  const y = Float64Array.from({ length: 300 }, (_, i) => x.data[3 * i]! + draw.normal());
  const options = { ...plain, maxFeatures: 3, minSamplesLeaf: 4 };

  test("on ranked columns is growing it on the matrix, tree after tree", () => {
    const grow = treeGrower(rankColumns("test", x, { classes: 0, criterion: "squared_error" }));
    const once = growTree(x, y, rowsOf(300), undefined, 0, options, random(1, "t"), () => {});
    for (let k = 0; k < 2; k++) expect(grow(y, rowsOf(300), undefined, 0, options, random(1, "t"), () => {})).toEqual(once);
  });

  test("counts a row that is held twice as a row of weight 2", () => {
    const twice = Int32Array.from([...rowsOf(300), 7, 7, 40]);
    const weights = new Float64Array(300).fill(1);
    weights[7] = 3;
    weights[40] = 2;
    expect(growTree(x, y, twice, undefined, 0, options, random(1, "t"), () => {})).toEqual(
      growTree(x, y, rowsOf(300), weights, 0, options, random(1, "t"), () => {}),
    );
  });

  test("ends at the first checkpoint that throws", () => {
    let calls = 0;
    const stop = (): void => {
      if (++calls > 2) throw new Error("stopped");
    };
    expect(() => growTree(x, y, rowsOf(300), undefined, 0, options, random(1, "t"), stop)).toThrow("stopped");
  });
});

describe("hard data", () => {
  const far = [[-1e308], [1e308], [1.1e308], [1.2e308]];

  test("thresholds between values of ±1e308 are finite", async () => {
    for (const splitter of ["best", "random"] as const) {
      const model = await decisionTreeRegressor({ splitter }).fit(far, [1, 2, 3, 4]);
      expect([...model.state.threshold].every(Number.isFinite)).toBe(true);
      expect([...model.predict(far)]).toEqual([1, 2, 3, 4]);
    }
  });

  test("neighbours without a number between them are told apart", async () => {
    const near = [[1], [1 + Number.EPSILON], [1 + 2 * Number.EPSILON]];
    expect([...(await decisionTreeRegressor().fit(near, [1, 2, 3])).predict(near)]).toEqual([1, 2, 3]);
  });

  test("one row is its own answer", async () => {
    expect([...(await decisionTreeRegressor().fit([[3, 4]], [7])).predict([[0, 0]])]).toEqual([7]);
  });

  test("a column that is missing everywhere is never asked", async () => {
    const x = Array.from({ length: 50 }, (_, i) => [Number.NaN, i]);
    const { state } = await decisionTreeClassifier().fit(
      x,
      x.map(([, i]) => i! % 10 > 4),
    );
    expect(state.feature.includes(0)).toBe(false);
  });

  test("what only a missing value tells is learnt", async () => {
    const x = Array.from({ length: 20 }, (_, i) => [i % 2 ? Number.NaN : 5]);
    const model = await decisionTreeClassifier().fit(
      x,
      x.map((_, i) => (i % 2 ? "missing" : "there")),
    );
    expect(model.state.threshold[0]).toBe(Infinity);
    expect(model.predict([[Number.NaN], [1e9]])).toEqual(["missing", "there"]);
  });

  test("a missing value that the fit never saw goes where more rows went", async () => {
    const model = await decisionTreeClassifier().fit([[1], [2], [3], [9]], ["a", "a", "a", "b"]);
    expect(model.predict([[Number.NaN]])).toEqual(["a"]);
  });

  test("10,000 columns are searched", async () => {
    const x = Array.from({ length: 30 }, (_, i) => Array.from({ length: 10_000 }, (_c, j) => (j === 7_777 ? i : (i * j) % 3)));
    const { state } = await decisionTreeRegressor({ maxDepth: 1 }).fit(
      x,
      x.map((_, i) => (i < 13 ? 0 : 1)),
    );
    expect([state.feature[0], state.threshold[0]]).toEqual([7_777, 12.5]);
  });

  test("a chain as deep as the rows are many is grown", async () => {
    const x = Array.from({ length: 400 }, (_, i) => [i]);
    const model = await decisionTreeRegressor().fit(
      x,
      x.map((_, i) => 3 ** (i / 2)),
    );
    expect([...model.predict([[399]])][0]).toBeCloseTo(3 ** 199.5, -90);
  });

  test("a y whose squares end at Infinity is refused with its row", async () => {
    await expect(decisionTreeRegressor().fit([[1], [2]], [1, 1e200])).rejects.toThrow(
      "tree: y must lie within ±1e+150, got 1e+200 in row 1",
    );
  });

  test.each([1e300, 1e-300])("weights of %d, with which impurities overflow or vanish, are refused", async (weight) => {
    await expect(decisionTreeRegressor().fit([[1], [2]], [1, 2], { weights: [weight, weight] })).rejects.toThrow(
      "tree: the weights must add up to 1e-100 … 1e+100, got 2e",
    );
  });

  test("a negative y has no Poisson deviance", async () => {
    await expect(decisionTreeRegressor({ criterion: "poisson" }).fit([[1], [2]], [1, -2])).rejects.toThrow(
      "y must be ≥ 0 for criterion poisson, got -2 in row 1",
    );
  });

  test("constraints for another number of columns, or for three classes, are refused", async () => {
    await expect(decisionTreeRegressor({ monotonicCst: [1, 0] }).fit([[1], [2]], [1, 2])).rejects.toThrow(
      "decision_tree: monotonicCst must hold one of −1, 0, 1 for each of 1 columns, got 2",
    );
    await expect(decisionTreeClassifier({ monotonicCst: [1] }).fit([[1], [2], [3]], ["a", "b", "c"])).rejects.toThrow(
      "3 classes",
    );
  });
});
