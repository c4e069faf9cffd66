import { describe, expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { ownParams } from "../testing/oracle-comparison.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";
import type { TreeArrays } from "./grow.ts";
import { costComplexityPath } from "./prune.ts";

interface Case {
  readonly params: Readonly<Record<string, unknown>>;
  readonly feature: readonly number[];
  readonly threshold: readonly (number | "inf")[];
  readonly missing_left: readonly number[];
  readonly value: readonly (number | readonly number[])[];
  readonly weight: readonly number[];
}
interface Grid {
  readonly x: readonly (readonly (number | null)[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[] | null;
  readonly cases: readonly Case[];
}

const near = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));

function expectSame({ feature, threshold, missingLeft, value, outputs, weight }: TreeArrays, wanted: Case): void {
  const questions = [...feature.keys()].filter((node) => feature[node]! >= 0);
  expect(Array.from(feature)).toEqual(wanted.feature);
  expect(questions.map((node) => threshold[node])).toEqual(wanted.threshold.map((each) => (each === "inf" ? Infinity : each)));
  expect(questions.map((node) => missingLeft![node])).toEqual(wanted.missing_left);
  for (const [node, each] of wanted.value.entries()) {
    const own = [...value.subarray(node * outputs + (outputs > 1 ? 1 : 0), (node + 1) * outputs)];
    expect(own.every((part, k) => near(part, [each].flat()[k] as number))).toBe(true);
    expect(near(weight[node]!, wanted.weight[node]!)).toBe(true);
  }
}

const grids = (name: string): [string, Case, Grid][] =>
  Object.entries(fixture<Record<string, Grid>>(import.meta.url, name)).flatMap(([set, grid]) =>
    grid.cases.map((each): [string, Case, Grid] => [`${set}: ${JSON.stringify(each.params)}`, each, grid]),
  );

const cells = ({ x }: Grid): number[][] => x.map((row) => row.map((value) => value ?? Number.NaN));

describe.each(["real", "classifier"])("every node of a classification tree is scikit-learn's (%s)", (name) => {
  test.each(grids(`tree-nodes-${name}`))("%s", async (_, wanted, grid) => {
    const options = grid.weights ? { weights: grid.weights } : {};
    const model = await decisionTreeClassifier(ownParams(wanted.params)).fit(cells(grid), grid.y, options);
    expectSame(model.state, wanted);
  });
});

describe("every node of a regression tree is scikit-learn's", () => {
  test.each(grids("tree-nodes-regressor"))("%s", async (_, wanted, grid) => {
    const options = grid.weights ? { weights: grid.weights } : {};
    const model = await decisionTreeRegressor(ownParams(wanted.params)).fit(cells(grid), grid.y, options);
    expectSame(model.state, wanted);
  });
});

describe("the pruning path is scikit-learn's", () => {
  interface Path {
    readonly ccp_alphas: readonly number[];
    readonly impurities: readonly number[];
  }
  const { x, labels, targets, ...paths } = fixture<{
    readonly x: number[][];
    readonly labels: number[];
    readonly targets: number[];
    readonly classification: Path;
    readonly regression: Path;
  }>(import.meta.url, "pruning-path");

  test.each(["classification", "regression"] as const)("%s", async (task) => {
    const model =
      task === "classification"
        ? await decisionTreeClassifier({ minSamplesLeaf: 4 }).fit(x, labels)
        : await decisionTreeRegressor({ minSamplesLeaf: 4 }).fit(x, targets);
    const { ccpAlphas, impurities } = costComplexityPath(model.state);
    expect(ccpAlphas.length).toBe(paths[task].ccp_alphas.length);
    expect([...ccpAlphas].every((alpha, k) => near(alpha, paths[task].ccp_alphas[k]!))).toBe(true);
    expect([...impurities].every((risk, k) => near(risk, paths[task].impurities[k]!))).toBe(true);
  });
});
