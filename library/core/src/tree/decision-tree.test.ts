import { describe, expect, test } from "vitest";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "./decision-tree.ts";

describe.each(["classification", "regression"] as const)("decision_tree, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "decision_tree")) test(name, run);
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
