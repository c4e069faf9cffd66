import { describe, expect, test } from "vitest";
import { table } from "../data/table.ts";
import { randomForestClassifier } from "../ensemble/index.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { accuracy } from "../metrics/classification.ts";
import { folds } from "../splits/split.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { crossValidate } from "./cross-validate.ts";

const n = 90;
const rows = Array.from({ length: n }, (_, i) => i);
const a = rows.map((i) => (i * 37) % 101);
const b = rows.map((i) => (i * 53) % 89);
const labelled = table({
  a,
  b,
  star: rows.map((i) => `s${i % 18}`),
  kind: rows.map((i) => (a[i]! + b[i]! > 95 ? "far" : "near")),
});
const task = { target: "kind", features: ["a", "b"] };

describe("crossValidate", () => {
  test("gives every row the prediction of the model that did not see it", async () => {
    const { outOfFold, folds: scores } = await crossValidate(decisionTreeClassifier(), labelled, task);
    const parts = folds(labelled, { folds: 5, stratify: "kind" });
    for (const [k, { train, test: tested }] of parts.entries()) {
      const rest = labelled.take(tested);
      const model = await decisionTreeClassifier().fit(labelled.take(train), task);
      const predicted = model.predict(rest);
      expect(Array.from(tested, (i) => outOfFold[i])).toEqual(predicted);
      expect(scores[k]!.metrics["accuracy"]).toBe(
        accuracy(
          rest.toRows().map((row) => row["kind"] as string),
          predicted,
        ),
      );
    }
  });

  test("does not depend on the number of threads", async () => {
    const run = (threads: number) => crossValidate(randomForestClassifier({ nEstimators: 10 }), labelled, { ...task, threads });
    const [one, four] = [await run(1), await run(4)];
    expect(four.outOfFoldProba).toEqual(one.outOfFoldProba);
    expect(four.mean).toEqual(one.mean);
  });

  test("keeps the rows of a group on one side, and takes the group for no feature", async () => {
    // each star has its own label: only a model that saw the star could tell it
    const secret = table({
      code: rows.map((i) => i % 18),
      star: rows.map((i) => i % 18),
      kind: rows.map((i) => (i % 18) % 2 === 0),
    });
    const options = { target: "kind", group: "star", metrics: ["accuracy"] };
    const open = await crossValidate(decisionTreeClassifier(), secret, {
      target: "kind",
      features: ["code"],
      metrics: ["accuracy"],
    });
    const closed = await crossValidate(decisionTreeClassifier(), secret, options);
    expect(open.mean["accuracy"]).toBe(1);
    expect(closed.mean["accuracy"]).toBeLessThan(0.8);
  });

  test("puts probabilities into the columns of all classes, also where a fold's model knew only some", async () => {
    const kind = rows.map((i) => (i % 18 === 4 ? "galaxy" : a[i]! > 50 ? "star" : "planet"));
    const sparse = table({ a, b, star: rows.map((i) => i % 18), kind });
    const result = await crossValidate(decisionTreeClassifier(), sparse, { ...task, group: "star", metrics: ["accuracy"] });
    expect(result.classes).toEqual(["galaxy", "planet", "star"]);
    for (const i of rows) {
      const proba = Array.from(result.outOfFoldProba!.subarray(i * 3, i * 3 + 3));
      expect(proba.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      if (kind[i] === "galaxy") expect(proba[0]).toBe(0); // its only group is the one that is tested
      expect(result.outOfFold[i]).toBe(result.classes![proba.indexOf(Math.max(...proba))]);
    }
  });

  test("gives means and standard deviations over the folds", async () => {
    const numbers = table({ a, b, y: rows.map((i) => 3 * a[i]! - b[i]! + (i % 7)) });
    const { folds: scores, mean, sd, classes, outOfFoldProba } = await crossValidate(ridge(), numbers, { target: "y", folds: 3 });
    const r2 = scores.map(({ metrics }) => metrics["r2"]!);
    const centre = (r2[0]! + r2[1]! + r2[2]!) / 3;
    expect(mean["r2"]).toBeCloseTo(centre, 12);
    expect(sd["r2"]).toBeCloseTo(Math.sqrt(r2.reduce((sum, v) => sum + (v - centre) * (v - centre), 0) / 2), 12);
    expect([classes, outOfFoldProba]).toEqual([null, null]);
  });

  test("leaves rows that no fold tests without a prediction, where time orders the rows", async () => {
    const timed = table({ a, b, day: rows, y: rows.map((i) => a[i]! + b[i]!) });
    const { outOfFold } = await crossValidate(ridge(), timed, { target: "y", time: "day", folds: 4 });
    expect(outOfFold.findIndex((value) => value !== null)).toBe(18);
    expect(outOfFold.slice(18)).not.toContain(null);
  });

  test("counts the folds to its observer", async () => {
    const steps: number[] = [];
    const observer = { progress: ({ step, steps: of }: { step: number; steps: number }) => steps.push(step / of) };
    await crossValidate(decisionTreeClassifier(), labelled, { ...task, folds: 4, observer });
    expect(steps).toEqual(steps.toSorted((x, y) => x - y));
    expect([steps[0]! <= 0.5, steps.at(-1)]).toEqual([true, 1]);
  });

  test("answers with the first fold's failure, not with the abort of the others", async () => {
    const holes = table({ a: a.map((value, i) => (i === 3 ? null : value)), b, kind: rows.map((i) => i % 2 === 0) });
    await expect(crossValidate(logisticRegression(), holes, task)).rejects.toThrow(/NaN|missing/);
  });

  test("obeys an abort", async () => {
    const controller = new AbortController();
    const running = crossValidate(randomForestClassifier({ nEstimators: 50_000 }), labelled, {
      ...task,
      signal: controller.signal,
    });
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });

  test("names a metric that is near the unknown one", async () => {
    await expect(crossValidate(ridge(), labelled, { target: "a", metrics: ["rmsee"] })).rejects.toThrow(/rmsee.*rmse/);
  });

  test("refuses a target that is missing in a row", async () => {
    const hole = table({ a, kind: rows.map((i) => (i === 5 ? null : i % 2 === 0)) });
    await expect(crossValidate(decisionTreeClassifier(), hole, { target: "kind" })).rejects.toThrow(/"kind" is missing in row 5/);
  });
});
