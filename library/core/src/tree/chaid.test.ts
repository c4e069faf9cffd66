import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { table } from "../data/table.ts";
import { random } from "../numeric/random.ts";
import { treeText } from "../plots/tree-plot.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { type ChaidState, chaidClassifier, chaidRegressor } from "./chaid.ts";
import { type Association, likelihoodRatioTest, pearsonTest, varianceTest } from "./chaid-association.ts";
import { logBonferroni } from "./chaid-bonferroni.ts";

describe.each(["classification", "regression"] as const)("decision_tree_chaid, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "decision_tree_chaid")) test(name, run);
});

interface OracleNode {
  readonly rows: readonly number[];
  readonly column: number | null;
  readonly groups?: readonly (readonly number[])[];
  readonly score?: number;
  readonly log_p?: number;
}
interface OracleTree {
  readonly params: { readonly alpha_merge: number; readonly max_depth: number; readonly min_parent_node_size: number };
  readonly nodes: readonly OracleNode[];
}
const oracle = fixture<{
  kinds: readonly string[];
  cases: readonly { readonly x: readonly string[]; readonly y: string; readonly trees: readonly OracleTree[] }[];
}>(import.meta.url, "chaid-classifier");

const ordinal = oracle.kinds.flatMap((kind, j) => (kind === "ordinal" ? [`x${j}`] : []));

/** The oracle's rows as a table of categories. */
function tableOf({ x, y }: (typeof oracle.cases)[number]) {
  const rows = x.map((line, i) => {
    const cells = line.split(",").map((cell, j) => [`x${j}`, cell === "" ? null : `level ${cell}`] as const);
    return { ...Object.fromEntries(cells), y: `class ${y[i]}` };
  });
  return table(rows);
}

/** Our nodes in the oracle's order: a parent before its children. */
function compare(state: ChaidState, node: number, wanted: readonly OracleNode[], at: number): number {
  const own = wanted[at]!;
  const counts = Array.from(state.value.subarray(node * state.outputs, (node + 1) * state.outputs), (p) =>
    Math.round(p * state.weight[node]!),
  );
  expect(counts.filter((count) => count > 0)).toEqual(own.rows.filter((count) => count > 0));
  expect(state.feature[node]).toBe(own.column ?? -1);
  let next = at + 1;
  if (own.column === null) return next;
  expect(Math.abs(state.statistic[node]! - own.score!)).toBeLessThan(1e-9 * own.score!);
  expect(Math.abs(state.logP[node]! - own.log_p!)).toBeLessThan(1e-9 * Math.abs(own.log_p!));
  for (const group of own.groups!) {
    const code = group.find((each) => each >= 0);
    const child = code === undefined ? state.missingChild[node]! : state.pieceChild[state.firstPiece[node]! + code]!;
    for (const each of group) if (each >= 0) expect(state.pieceChild[state.firstPiece[node]! + each]).toBe(child);
    next = compare(state, state.firstChild[node]! + child, wanted, next);
  }
  return next;
}

describe("CHAID without the correction is PyPI's", () => {
  const trees = oracle.cases.flatMap((each, k) => each.trees.map((tree) => [k, tree] as const));
  test.each(trees)("table %i", async (k, { params, nodes }) => {
    const { state } = await chaidClassifier({
      alphaMerge: params.alpha_merge,
      alphaSplit: params.alpha_merge,
      maxDepth: params.max_depth,
      minSamplesSplit: params.min_parent_node_size + 1,
      minSamplesLeaf: 1,
      bonferroni: false,
      ordinal,
    }).fit(tableOf(oracle.cases[k]!), { target: "y" });
    expect(compare(state, 0, nodes, 0)).toBe(nodes.length);
  });
});

describe("the tests of association", () => {
  const { tables, groups } = fixture<{
    tables: readonly { counts: number[][]; pearson: [number, number]; likelihood_ratio: [number, number] }[];
    groups: readonly { values: number[][]; f: [number, number] }[];
  }>(import.meta.url, "chaid-association");
  const near = ({ statistic, logP }: Association, [wanted, wantedP]: readonly [number, number]): void => {
    expect(Math.abs(statistic - wanted)).toBeLessThan(1e-9 * Math.max(1, wanted));
    expect(Math.abs(logP - wantedP)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wantedP)));
  };

  test("on tables are scipy's χ² and G²", () => {
    for (const { counts, pearson, likelihood_ratio } of tables) {
      const profiles = counts.map((row) => Float64Array.from(row));
      near(pearsonTest(profiles), pearson);
      near(likelihoodRatioTest(profiles), likelihood_ratio);
    }
  });

  test("on means is scipy's F", () => {
    for (const { values, f } of groups) {
      const sum = (list: readonly number[], power: number) => list.reduce((a, v) => a + (power === 2 ? v * v : v), 0);
      near(varianceTest(values.map((list) => Float64Array.of(list.length, sum(list, 1), sum(list, 2)))), f);
    }
  });

  test("see no difference where one class is all there is", () => {
    expect(pearsonTest([Float64Array.of(3, 0), Float64Array.of(9, 0)])).toEqual({ statistic: 0, logP: 0 });
  });

  test("are sure where groups do not vary and their means differ", () => {
    expect(varianceTest([Float64Array.of(3, 3, 3), Float64Array.of(3, 6, 12)])).toEqual({ statistic: Infinity, logP: -Infinity });
  });
});

describe("Bonferroni's multiplier counts the ways to make groups", () => {
  const ways = (c: number, r: number, isOrdered: boolean, hasMissing = false, exhaustive = false): number =>
    Math.round(Math.exp(logBonferroni(c, r, isOrdered, hasMissing, exhaustive)) * 1e6) / 1e6;

  test("of unordered categories: Stirling's numbers", () => {
    expect([ways(5, 2, false), ways(5, 3, false), ways(5, 5, false), ways(10, 4, false)]).toEqual([15, 25, 1, 34105]);
  });

  test("of ordered categories: where to put the cuts", () => {
    expect([ways(5, 2, true), ways(5, 3, true), ways(5, 5, true)]).toEqual([4, 6, 1]);
  });

  test("of ordered categories and missing values, which join any", () => {
    expect([ways(5, 2, true, true), ways(4, 3, true, true)]).toEqual([7, 5]);
  });

  test("of exhaustive merging: the pairs that were compared", () => {
    expect([ways(5, 2, false, false, true), ways(5, 3, true, false, true)]).toEqual([20, 10]);
  });

  test("is finite for very many categories", () => {
    expect(logBonferroni(2000, 700, false, false, false)).toBeGreaterThan(1000);
    expect(logBonferroni(2000, 700, false, false, false)).toBeLessThan(1e6);
  });
});

/** 400 rows whose label depends on two groups of colours and on age above 50. */
function colours(n = 400) {
  const draw = random(5, "chaid");
  return Array.from({ length: n }, () => {
    const colour = ["red", "green", "blue", "white", "black"][Math.floor(5 * draw.float())]!;
    const age = Math.floor(80 * draw.float());
    const isWarm = colour === "red" || colour === "white";
    return { colour, age, noise: draw.float(), bought: draw.float() < 0.15 + (isWarm ? 0.6 : 0) * (age > 50 ? 1 : 0.2) };
  });
}

describe("chaid", () => {
  test("joins the levels that do not differ, and reads as text", async () => {
    const model = await chaidClassifier({ maxDepth: 1 }).fit(table(colours()), { target: "bought", features: ["colour"] });
    expect(treeText(model)).toMatch(/^colour = black or blue or green: false \(.*\)\ncolour = red or white: false \(.*\)\n$/);
  });

  test("gives the p-value of its question with the correction", async () => {
    const data = table(colours());
    const task = { target: "bought", features: ["colour"] };
    const [raw, adjusted] = await Promise.all(
      [false, true].map(
        async (bonferroni) => (await chaidClassifier({ maxDepth: 1, bonferroni }).fit(data, task)).state.logP[0]!,
      ),
    );
    expect(adjusted! - raw!).toBeCloseTo(Math.log(15), 9); // five colours in two groups
  });

  test("cuts a number where the rows differ", async () => {
    const model = await chaidClassifier({ maxDepth: 2 }).fit(table(colours()), { target: "bought", features: ["colour", "age"] });
    expect(model.importances()!.map(({ importance }) => importance > 0.1)).toEqual([true, true]);
    expect(treeText(model)).toMatch(/age > (4[5-9]|5[0-9])/);
  });

  test("asks nothing where nothing differs significantly", async () => {
    const model = await chaidClassifier({ alphaSplit: 0.001 }).fit(table(colours()), { target: "bought", features: ["noise"] });
    expect(model.state.feature.length).toBe(1);
  });

  test("takes the most significant step of exhaustive merging", async () => {
    const data = table(colours());
    const task = { target: "bought", features: ["colour", "age"] };
    const params = { maxDepth: 1, bonferroni: false, alphaMerge: 1e-6 };
    const [plain, exhaustive] = await Promise.all(
      [false, true].map(async (each) => (await chaidClassifier({ ...params, exhaustive: each }).fit(data, task)).state.logP[0]!),
    );
    expect(exhaustive).toBeLessThanOrEqual(plain!);
  });

  test("leaves no group below its least size", async () => {
    const { state } = await chaidClassifier({ minSamplesLeaf: 60, bonferroni: false }).fit(table(colours()), {
      target: "bought",
    });
    expect(state.feature.length).toBeGreaterThan(1);
    expect(Math.min(...state.weight)).toBeGreaterThanOrEqual(60);
  });

  test("joins only neighbours where levels have an order", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ size: `${i % 5}`, y: [0, 1, 0, 1, 0][i % 5] === 1 ? "a" : "b" }));
    const { state } = await chaidClassifier({ ordinal: ["size"] }).fit(table(rows), { target: "y" });
    expect(Array.from(state.pieceChild)).toEqual([0, 1, 2, 3, 4]);
    const free = await chaidClassifier().fit(table(rows), { target: "y" });
    expect(Array.from(free.state.pieceChild)).toEqual([0, 1, 0, 1, 0]);
  });

  test("takes missing values as a category of their own", async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ a: i % 4 === 0 ? null : i % 4, y: i % 4 === 0 }));
    const model = await chaidClassifier().fit(table(rows), { target: "y" });
    expect(model.predict(table([{ a: null }, { a: 2 }]))).toEqual([true, false]);
    expect(treeText(model)).toBe("a is there: false (150.0)\na missing: true (50.0)\n");
  });

  test("answers what a node never saw by the node", async () => {
    const model = await chaidClassifier({ maxDepth: 1 }).fit(table(colours()), { target: "bought", features: ["colour"] });
    const shares = model.predictProba(table([{ colour: "mauve" }, { colour: null }])).data;
    expect(Array.from(shares)).toEqual([...model.state.value.slice(0, 2), ...model.state.value.slice(0, 2)]);
  });

  test("answers numbers by the mean of their group", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({
      shop: ["a", "b", "c", "d"][i % 4]!,
      y: [10, 10, 50, 50][i % 4]! + (i % 3),
    }));
    const model = await chaidRegressor().fit(table(rows), { target: "y" });
    expect(treeText(model)).toBe("shop = a or b: 11 (60.0)\nshop = c or d: 51 (60.0)\n");
    expect(Array.from(model.predict(table([{ shop: "a" }, { shop: "d" }])))).toEqual([11, 51]);
  });

  test("keeps its digits where y is as large as doubles are", async () => {
    const x = Array.from({ length: 60 }, (_, i) => [i < 30 ? -1.7e308 : 1.7e308]);
    const model = await chaidRegressor().fit(
      x,
      x.map(([v]) => v!),
    );
    expect(Array.from(model.predict([[-1e308], [1e308]]))).toEqual([-1.7e308, 1.7e308]);
    expect(model.importances()).toEqual([{ feature: "x0", importance: 1 }]);
  });

  test("takes whole weights as so many rows", async () => {
    const rows = colours(150);
    const weights = rows.map((_, i) => i % 4);
    const features = { target: "bought", features: ["colour", "age"] };
    const weighted = await chaidClassifier().fit(table(rows.map((row, i) => ({ ...row, w: weights[i]! }))), {
      ...features,
      weight: "w",
    });
    const copies = rows.flatMap((row, i) => Array.from({ length: weights[i]! }, () => row));
    expect(treeText(weighted)).toBe(treeText(await chaidClassifier().fit(table(copies), features)));
  });

  test("joins thousands of levels that each are one row", async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ id: `row ${i}`, y: i % 2 === 0 }));
    const { state } = await chaidClassifier().fit(table(rows), { target: "y" });
    expect(state.feature.length).toBe(1); // the correction for so many ways leaves nothing
  });

  test("refuses thousands of levels that all differ", async () => {
    const rows = Array.from({ length: 4200 }, (_, i) => ({ id: `row ${i % 2100}`, y: i }));
    await expect(chaidRegressor().fit(table(rows), { target: "y" })).rejects.toThrow(
      /column "id" has 2100 categories, at most 2000/,
    );
  });

  test("refuses an order of a column that has none", async () => {
    await expect(chaidClassifier({ ordinal: ["color"] }).fit(table(colours()), { target: "bought" })).rejects.toThrow(
      'ordinal must name columns of categories, got "color", did you mean colour',
    );
  });

  test("refuses a file whose tests are too few", async () => {
    const { task, name, params, columns, classes, state } = await chaidClassifier().fit(table(colours()), { target: "bought" });
    const bytes = encodeModel({ task, name, params, columns, classes, state: { ...state, logP: state.logP.slice(1) } });
    expect(() => decodeModel(bytes)).toThrow("tests of the tree are not one for each node");
  });
});
