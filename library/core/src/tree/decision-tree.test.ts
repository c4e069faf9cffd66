import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { expectNear, ownParams } from "../testing/oracle-comparison.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";

describe.each(["classification", "regression"] as const)("decision_tree, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "decision_tree")) test(name, run);
});

interface Case {
  readonly params: Readonly<Record<string, unknown>>;
  readonly weighted: boolean;
  readonly n_nodes: number;
  readonly predict: readonly (number | readonly number[])[];
  readonly importances: readonly number[];
}

interface Fixture {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly (readonly number[])[];
  readonly cases: readonly Case[];
}

const title = ({ params, weighted }: Case): string => JSON.stringify(params) + (weighted ? ", weighted" : "");

describe("decision_tree, classification, is scikit-learn's", () => {
  const { x, y, weights, query, cases } = fixture<Fixture>(import.meta.url, "decision-tree-classifier");
  test.each(cases.map((each) => [title(each), each] as const))("with %s", async (_, { params, weighted, predict, ...wanted }) => {
    const model = await decisionTreeClassifier(ownParams(params)).fit(x, y, weighted ? { weights } : {});
    expect(model.state.feature.length).toBe(wanted.n_nodes);
    expectNear(model.predictProba(query).data, predict.flat());
    const byName = new Map(model.importances()!.map(({ feature, importance }) => [feature, importance]));
    expectNear(
      model.columns.map(({ name }) => byName.get(name)!),
      wanted.importances,
    );
  });
});

describe("decision_tree, regression, is scikit-learn's", () => {
  const { x, y, weights, query, cases } = fixture<Fixture>(import.meta.url, "decision-tree-regressor");
  test.each(cases.map((each) => [title(each), each] as const))("with %s", async (_, { params, weighted, predict, ...wanted }) => {
    const model = await decisionTreeRegressor(ownParams(params)).fit(x, y, weighted ? { weights } : {});
    expect(model.state.feature.length).toBe(wanted.n_nodes);
    expectNear(model.predict(query), predict.flat());
    const byName = new Map(model.importances()!.map(({ feature, importance }) => [feature, importance]));
    expectNear(
      model.columns.map(({ name }) => byName.get(name)!),
      wanted.importances,
    );
  });
});

describe("a decision tree", () => {
  const xor = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];

  test("learns exclusive or, though its first split gains nothing", async () => {
    const model = await decisionTreeClassifier().fit(xor, ["a", "b", "b", "a"]);
    expect(model.predict(xor)).toEqual(["a", "b", "b", "a"]);
  });

  test("of depth 1 answers the means of the two sides", async () => {
    const model = await decisionTreeRegressor({ maxDepth: 1 }).fit([[1], [2], [10], [11]], [1, 3, 18, 20]);
    expect(Array.from(model.predict([[0], [6.1], [12]]))).toEqual([2, 19, 19]);
  });

  test("grown to the end answers its own labels", async () => {
    const { x, y } = fixture<Fixture>(import.meta.url, "decision-tree-classifier");
    expect((await decisionTreeClassifier().fit(x, y)).predict(x)).toEqual(y);
  });

  test("splits the same where all of y lies a thousand million higher", async () => {
    const { x, y } = fixture<Fixture>(import.meta.url, "decision-tree-regressor");
    const near = await decisionTreeRegressor({ maxDepth: 3 }).fit(x, y);
    const far = await decisionTreeRegressor({ maxDepth: 3 }).fit(
      x,
      y.map((value) => value + 1e9),
    );
    expect(Array.from(far.state.feature)).toEqual(Array.from(near.state.feature));
  });

  test("splits halfway between two neighbours", async () => {
    const model = await decisionTreeRegressor().fit([[1], [4]], [0, 1]);
    expect(model.state.threshold[0]).toBe(2.5);
  });

  test("names the column that decides as the only important one", async () => {
    const x = Array.from({ length: 40 }, (_, i) => [i % 3, i]);
    const model = await decisionTreeClassifier().fit(
      x,
      x.map(([, i]) => i! < 20),
      { columns: ["noise", "signal"] },
    );
    expect(model.importances()).toEqual([
      { feature: "signal", importance: 1 },
      { feature: "noise", importance: 0 },
    ]);
  });
});
