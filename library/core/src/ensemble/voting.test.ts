import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { regressor } from "../base/estimator.ts";
import { seal } from "../base/registry.ts";
import { dummyClassifier } from "../dummy/index.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier, decisionTreeRegressor } from "../tree/index.ts";
import { baggingRegressor } from "./bagging.ts";
import { votingClassifier, votingRegressor } from "./voting.ts";

const bearing = {
  classification: [pipeline(imputer(), logisticRegression()), pipeline(imputer(), decisionTreeClassifier()), dummyClassifier()],
  regression: [pipeline(imputer(), ridge()), pipeline(imputer(), decisionTreeRegressor())],
};

describe.each(["classification", "regression"] as const)("voting, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "voting", { estimators: bearing[task] }, 1e-3)) test(name, run);
});

interface Data<C> {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly (readonly number[])[];
  readonly cases: readonly (C & { readonly weights: readonly number[] | null })[];
}

describe("voting is scikit-learn's", () => {
  const { classes, numbers } = fixture<{
    classes: Data<{ voting: "hard" | "soft"; predict: readonly number[] | readonly (readonly number[])[] }>;
    numbers: Data<{ predict: readonly number[] }>;
  }>(import.meta.url, "voting");
  const logistic = (c: number) => logisticRegression({ c, tol: 1e-10, maxIter: 10_000 });
  const estimators = [logistic(1), decisionTreeClassifier({ maxDepth: 2, minSamplesLeaf: 8 }), logistic(0.01)];

  test.each(classes.cases.map((each) => [each.voting, each.weights, each] as const))(
    "%s with weights %j",
    async (voting, weights, { predict }) => {
      const { x, y, query } = classes;
      const model = await votingClassifier({ estimators, voting, weights: weights && [...weights] }).fit(x, y, {
        weights: classes.weights,
      });
      if (voting === "hard") expect(model.predict(query)).toEqual(predict);
      else
        for (const [k, p] of model.predictProba(query).data.entries())
          expect(Math.abs(p - (predict as number[][]).flat()[k]!)).toBeLessThan(1e-6);
    },
  );

  test.each(numbers.cases.map((each) => [each.weights, each] as const))(
    "for numbers with weights %j",
    async (weights, { predict }) => {
      const { x, y, query } = numbers;
      const parts = [ridge(), decisionTreeRegressor({ maxDepth: 2, minSamplesLeaf: 8 })];
      const model = await votingRegressor({ estimators: parts, weights: weights && [...weights] }).fit(x, y, {
        weights: numbers.weights,
      });
      for (const [i, value] of model.predict(query).entries()) expect(Math.abs(value - predict[i]!)).toBeLessThan(1e-9);
    },
  );
});

describe("voting", () => {
  const x = Array.from({ length: 60 }, (_, i) => [i % 7, (i * 5) % 11]);
  const y = x.map(([a, b]) => (a! > 3 ? "high" : b! > 5 ? "middle" : "low"));

  test("hard answers shares of the votes as probabilities", async () => {
    const estimators = [decisionTreeClassifier(), logisticRegression(), dummyClassifier()];
    const { data } = (await votingClassifier({ estimators, weights: [1, 1, 2] }).fit(x, y)).predictProba(x);
    for (const share of data) expect([0, 0.25, 0.5, 0.75, 1]).toContain(share);
  });

  test("refuses weights that do not fit its estimators", () => {
    expect(() => votingClassifier({ estimators: [dummyClassifier()], weights: [1, 2] })).toThrow(
      "voting: weights must be as many as the estimators, got [1,2]",
    );
    expect(() => votingClassifier({ estimators: [dummyClassifier()], weights: [0] })).toThrow("weights must not all be 0");
  });

  test("refuses no estimators, and one of another task", () => {
    expect(() => votingClassifier({ estimators: [] })).toThrow("estimators must have at least 1");
    expect(() => votingRegressor({ estimators: [dummyClassifier()] })).toThrow("must be a regressor");
  });

  test("bears categories where its parts do", async () => {
    const levels = [["a", "b", "c"], undefined];
    const coded = { rows: 60, columns: 2, data: Float64Array.from(x.flatMap(([a, b]) => [a! % 3, b!])), levels };
    await votingClassifier({ estimators: [dummyClassifier()] }).fit(coded, y);
    await expect(votingClassifier({ estimators: [logisticRegression()] }).fit(coded, y)).rejects.toThrow(
      'logistic_regression.fit: column "x0" holds categories; put ml.oneHotEncoder() before it',
    );
  });

  test("may hold itself", async () => {
    const inner = votingClassifier({ estimators: [dummyClassifier(), decisionTreeClassifier()] });
    const model = await votingClassifier({ estimators: [inner, inner], voting: "soft" }).fit(x, y);
    expect(decodeModel<typeof model>(encodeModel(model)).predict(x)).toEqual(model.predict(x));
  });

  test("read from a file whose parts are not those of its parameters is refused", async () => {
    const model = await votingClassifier({ estimators: [decisionTreeClassifier()] }).fit(x, y);
    const [part] = model.state.parts;
    const changed = (parts: unknown): Uint8Array => encodeModel({ ...model, state: { ...model.state, parts } });
    expect(() => decodeModel(changed([]))).toThrow("the parts of the voting are not some of classification");
    expect(() => decodeModel(changed([{ ...part!, classes: Int32Array.of(0, 1, 9) }]))).toThrow("a part of the voting");
    const other = decodeModel<typeof model>(changed([{ ...part!, name: "dummy" }]));
    expect(() => other.predict(x)).toThrow("the model holds a part of dummy where its parameters say decision_tree");
  });
});

test("ensembles of an estimator defined in a cell are fitted on the calling thread, in slices", async () => {
  seal(); // what is defined from here on, no worker can load
  const slow = regressor({
    name: "mean_of_a_cell",
    params: z.strictObject({}),
    *fit(_, y): Generator<void, { value: number }> {
      for (let slice = 0; slice < 20; slice++) {
        for (const until = performance.now() + 2; performance.now() < until; );
        yield;
      }
      return { value: y.reduce((a, b) => a + b, 0) / y.length };
    },
    predict: (x, { value }) => new Float64Array(x.rows).fill(value),
  });
  const [x, y] = [
    [[1], [2], [3], [4]],
    [1, 2, 3, 6],
  ];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const voting = await votingRegressor({ estimators: [slow(), slow()] }).fit(x, y);
  expect(turns).toBeGreaterThan(1);
  expect([...voting.predict(x)]).toEqual([3, 3, 3, 3]);
  const bagging = await baggingRegressor({ estimator: slow(), nEstimators: 2, bootstrap: false }).fit(x, y);
  expect([...bagging.predict(x)]).toEqual([3, 3, 3, 3]);
  clearInterval(timer);
});
