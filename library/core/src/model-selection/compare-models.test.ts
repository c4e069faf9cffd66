import { describe, expect, test } from "vitest";
import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { table } from "../data/table.ts";
import { randomForestClassifier } from "../ensemble/index.ts";
import { algorithms } from "../estimators.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { compareModels, guessTask } from "./compare-models.ts";
import { crossValidate } from "./cross-validate.ts";
import { correctedResampledP } from "./student-t.ts";

const rows = Array.from({ length: 90 }, (_, i) => i);
const a = rows.map((i) => (i * 37) % 101);
const b = rows.map((i) => (i * 53) % 89);
const kinds = rows.map((i) => (a[i]! + b[i]! + (i % 9) * 5 > 115 ? "far" : "near"));
const labelled = table({ a, b, kind: kinds });

describe("compareModels", () => {
  test("puts the dummy first as the baseline and orders the others by the metric", async () => {
    const models = ["decision_tree", "logistic_regression", "random_forest"];
    const board = await compareModels(labelled, { target: "kind", models, metric: "log_loss" });
    expect(board.task).toBe("classification");
    expect(board.rows.map(({ baseline }) => baseline)).toEqual([true, false, false, false]);
    const losses = board.rows.slice(1).map(({ mean }) => mean["log_loss"]!);
    expect(losses).toEqual(losses.toSorted((x, y) => x - y));
  });

  test("compares every algorithm of the task once unless told otherwise: no presets, nothing that is made of others or of layers", async () => {
    const board = await compareModels(table({ a, y: a.map((value, i) => 2 * value + b[i]!) }), { target: "y", folds: 2 });
    expect(board.task).toBe("regression");
    const left = ["lightgbm", "xgboost", "voting", "stacking", "blend", "bagging", "calibrated", "network"];
    const expected = algorithms.filter(({ name, factories }) => factories.regression && !left.includes(name));
    expect(board.rows.map(({ model }) => model).toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
    expect(board.rows.filter(({ error }) => error !== null)).toEqual([]);
  });

  test("compares presets and ensembles of others where they are named, each preset by its name", async () => {
    const models = ["xgboost", "lightgbm", "voting", "xgboost"];
    const { rows: found } = await compareModels(labelled, { target: "kind", models, folds: 2 });
    expect(found.map(({ model, preset }) => [model, preset]).toSorted()).toEqual([
      ["dummy", null],
      ["hist_gradient_boosting", "lightgbm"],
      ["hist_gradient_boosting", "xgboost"],
      ["voting", null],
    ]);
  });

  test("compares an algorithm once that is named twice, by an alias too", async () => {
    const { rows: found } = await compareModels(labelled, { target: "kind", models: ["cart", "decision_tree"] });
    expect(found.map(({ model }) => model)).toEqual(["dummy", "decision_tree"]);
  });

  test("tests each row against the best on the same folds", async () => {
    const board = await compareModels(labelled, { target: "kind", models: ["decision_tree", "logistic_regression"] });
    const [dummy, best, other] = board.rows as [(typeof board.rows)[0], (typeof board.rows)[0], (typeof board.rows)[0]];
    const p = (row: typeof best) =>
      correctedResampledP(
        row.scores.map((score, k) => score - best.scores[k]!),
        18 / 72,
      );
    expect(best.pValue).toBeNull();
    expect([dummy.pValue, other.pValue]).toEqual([p(dummy), p(other)]);
  });

  test("has the scores that crossValidate gives", async () => {
    const board = await compareModels(labelled, { target: "kind", models: [decisionTreeClassifier({ maxDepth: 2 })] });
    const { folds } = await crossValidate(decisionTreeClassifier({ maxDepth: 2 }), labelled, { target: "kind" });
    expect(board.rows[1]!.scores).toEqual(folds.map(({ metrics }) => metrics["accuracy"]));
  });

  test("shows the preprocessing that an algorithm needed", async () => {
    const holes = table({ a: a.map((value, i) => (i % 10 === 0 ? null : value)), b, kind: kinds });
    const { rows: found } = await compareModels(holes, {
      target: "kind",
      models: ["logistic_regression", "gaussian_nb", "decision_tree"],
    });
    const steps = Object.fromEntries(found.map(({ model, preprocessing }) => [model, preprocessing]));
    expect(steps["logistic_regression"]).toBe("imputer → standard_scaler");
    expect(steps["gaussian_nb"]).toBe("imputer");
    expect(steps["decision_tree"]).toBe("");
  });

  test("gives a model that fails a row with its error, behind the others", async () => {
    const broken = decisionTreeClassifier({ maxFeatures: 1.5 });
    const board = await compareModels(labelled, { target: "kind", models: [broken, logisticRegression()] });
    expect(board.rows.map(({ model }) => model)).toEqual(["dummy", "logistic_regression", "decision_tree"]);
    expect(board.rows[2]!.error).toBe("decision_tree: maxFeatures must be a whole number or a share below 1, got 1.5");
    expect(board.rows[1]!.error).toBeNull();
  });

  test("says which models a used-up budget kept from beginning", async () => {
    const board = await compareModels(labelled, { target: "kind", models: ["decision_tree"], seconds: 0 });
    expect(board.rows.map(({ model, error }) => [model, error])).toEqual([
      ["dummy", "not begun: the budget of 0 s was used up"],
      ["decision_tree", "not begun: the budget of 0 s was used up"],
    ]);
  });

  test("numbers several models of one algorithm, and takes a specification's JSON", async () => {
    const models = [decisionTreeClassifier({ maxDepth: 1 }), JSON.parse(JSON.stringify(decisionTreeClassifier({ maxDepth: 3 })))];
    const { rows: found } = await compareModels(labelled, { target: "kind", models, folds: 2 });
    expect(found.map(({ name }) => name).toSorted()).toEqual(["decision_tree", "decision_tree 2", "dummy"]);
    expect(new Set(found.map(({ spec }) => spec.params["maxDepth"]))).toEqual(new Set([undefined, 1, 3]));
  });

  test("tries cheap models first, and tells of each before the next begins", async () => {
    const told: string[] = [];
    const models = ["random_forest", "gaussian_nb", "decision_tree"];
    await compareModels(labelled, {
      target: "kind",
      models,
      folds: 2,
      onCandidate: ({ name, result, error }) => void told.push(`${name} ${result?.folds.length} ${error ?? "ok"}`),
    });
    expect(told).toEqual(["dummy 2 ok", "gaussian_nb 2 ok", "decision_tree 2 ok", "random_forest 2 ok"]);
  });

  test("gives ranks, and letters that the test of all pairs agrees with", async () => {
    const board = await compareModels(labelled, { target: "kind", models: "fast", folds: 4 });
    const scored = board.rows.filter(({ baseline }) => !baseline);
    expect(scored.map(({ rank }) => rank)).toEqual(scored.map((_, k) => k + 1));
    expect(board.rows[0]!.rank).toBeNull();
    expect(scored[0]!.letters).toContain("a");
    const raised = board.rows.filter(({ pHolm, pValue }) => pHolm !== null && pHolm < pValue!);
    expect(raised).toEqual([]);
  });

  test("stops a model that takes longer than it may, and goes on with the others", async () => {
    const slow = randomForestClassifier({ nEstimators: 100_000 });
    const brief = classifier({
      name: "brief",
      params: z.strictObject({}),
      *fit() {
        yield;
        return {};
      },
      predict: ({ rows }) => new Float64Array(rows),
    })();
    const { rows: found } = await compareModels(labelled, {
      target: "kind",
      models: [slow, brief],
      metric: "accuracy",
      candidateSeconds: 2,
      folds: 2,
    });
    const byName = Object.fromEntries(found.map(({ name, error }) => [name, error]));
    expect(byName["random_forest"]).toMatch(/^stopped: the time of \d+\.\d s was used up$/);
    expect(byName["brief"]).toBeNull();
  });

  test("keeps what is done when it is stopped, and says what was not begun", async () => {
    const stop = new AbortController();
    const board = await compareModels(labelled, {
      target: "kind",
      models: ["decision_tree", "random_forest"],
      folds: 2,
      signal: stop.signal,
      onCandidate: ({ name }) => {
        if (name === "decision_tree") stop.abort();
      },
    });
    expect(board.rows.map(({ name, error }) => [name, error])).toEqual([
      ["dummy", null],
      ["decision_tree", null],
      ["random_forest", "not begun: the comparison was stopped"],
    ]);
    expect(board.stopped).toBe("the comparison was stopped");
  });

  test("throws when it is stopped before anything is done", async () => {
    await expect(compareModels(labelled, { target: "kind", signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  test("warns of a column that tells the target alone", async () => {
    const leaking = table({ a, b, code: kinds.map((kind) => (kind === "far" ? 1 : 0)), kind: kinds });
    const { warnings } = await compareModels(leaking, { target: "kind", models: ["decision_tree"], folds: 2 });
    expect(warnings).toEqual([expect.stringMatching(/column "code" alone tells .*; is it known when you predict\?/)]);
  });

  test("warns of whole numbers that may name classes, where it had to guess", async () => {
    const coded = table({ a, b, kind: kinds.map((kind, i) => (kind === "far" ? 2 : i % 2)) });
    const { warnings } = await compareModels(coded, { target: "kind", models: ["decision_tree"], folds: 2 });
    expect(warnings).toContainEqual(
      expect.stringMatching(/^target "kind" holds 3 different whole numbers .* give task: "classification"$/),
    );
  });

  test("does not warn of the task that it is given", async () => {
    const coded = table({ a, b, kind: kinds.map((kind, i) => (kind === "far" ? 2 : i % 2)) });
    const { warnings } = await compareModels(coded, {
      target: "kind",
      task: "classification",
      models: ["decision_tree"],
      folds: 2,
    });
    expect(warnings).toEqual([]);
  });

  test("is plain JSON", async () => {
    const board = await compareModels(labelled, { target: "kind", models: ["decision_tree"] });
    expect(JSON.parse(JSON.stringify(board))).toEqual({ ...board });
  });

  test("refuses an estimator of another task", async () => {
    await expect(compareModels(labelled, { target: "kind", models: [ridge()] })).rejects.toThrow(
      "compareModels: ridge is a regression estimator, the task is classification",
    );
  });
});

describe("guessTask", () => {
  test("takes numbers of which there are only 0 and 1, and missing ones, for classes", () => {
    expect(guessTask(table({ survived: [0, 1, null, 1] }), "survived")).toBe("classification");
  });

  test("takes other numbers for numbers", () => {
    expect(guessTask(table({ rooms: [0, 1, 2] }), "rooms")).toBe("regression");
  });
});
