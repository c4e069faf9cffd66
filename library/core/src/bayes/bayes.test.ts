import { describe, expect, test } from "vitest";
import type { ClassifierFactory, ClassifierModel } from "../base/contract.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { bernoulliNB, complementNB, gaussianNB, multinomialNB, predictLogProba } from "./index.ts";

type Factory = ClassifierFactory<Readonly<Record<string, unknown>>, unknown, unknown>;
const factories = {
  gaussian_nb: gaussianNB,
  multinomial_nb: multinomialNB,
  complement_nb: complementNB,
  bernoulli_nb: bernoulliNB,
};
const names = Object.keys(factories) as (keyof typeof factories)[];

describe.each(names)("%s", (name) => {
  for (const { name: fact, run } of estimatorChecks("classification", name)) test(fact, run);
});

interface Fixture {
  readonly x: number[][];
  readonly y: number[];
  readonly weights: number[];
  readonly query: number[][];
  readonly cases: readonly {
    readonly params: Readonly<Record<string, unknown>>;
    readonly weighted: boolean;
    readonly logProba: number[][];
    readonly predict: number[];
  }[];
}

const camel: Readonly<Record<string, string>> = {
  var_smoothing: "varSmoothing",
  fit_prior: "fitPrior",
  class_prior: "classPrior",
  force_alpha: "",
};

describe.each(names)("%s equals scikit-learn's", (name) => {
  const { x, y, weights, query, cases } = fixture<Fixture>(import.meta.url, name.replace("_", "-"));
  test.each(cases.map((each) => [`${JSON.stringify(each.params)}, ${each.weighted ? "weighted" : "unweighted"}`, each] as const))(
    "%s",
    async (_, { params, weighted, logProba, predict }) => {
      const own = Object.entries(params).flatMap(([key, value]) => (camel[key] === "" ? [] : [[camel[key] ?? key, value]]));
      const model: ClassifierModel = await (factories[name] as Factory)(Object.fromEntries(own)).fit(
        x,
        y,
        weighted ? { weights } : {},
      );
      expect(model.predict(query)).toEqual(predict);
      const { data } = predictLogProba(model, query);
      for (const [i, value] of logProba.flat().entries())
        expect(Math.abs(data[i]! - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
    },
  );
});

describe("naive Bayes", () => {
  const x = [[0, 3], [1, 2], [4, 0], [5, 1]]; // biome-ignore format: rows in one line
  const y = ["a", "a", "b", "b"];

  test("refuses priors that do not sum to 1", async () => {
    await expect(gaussianNB({ priors: [0.5, 0.6] }).fit(x, y)).rejects.toThrow("gaussian_nb.fit: priors must sum to 1, got 1.1");
  });

  test("refuses priors of another number of classes", async () => {
    await expect(multinomialNB({ classPrior: [1] }).fit(x, y)).rejects.toThrow(
      "multinomial_nb.fit: priors must be one for each of the 2 classes, got 1",
    );
  });

  test.each([multinomialNB, complementNB] as Factory[])("of counts refuses a negative value with its place", async (factory) => {
    await expect(factory().fit([[0, 1], [2, -1]], ["a", "b"])).rejects.toThrow(/x must be ≥ 0, got -1 in row 1, column "x1"/); // biome-ignore format: rows
  });

  test("of yes/no columns refuses 2 without a threshold", async () => {
    await expect(bernoulliNB({ binarize: null }).fit([[0], [2]], y.slice(1, 3))).rejects.toThrow(
      'bernoulli_nb.fit: x must be 0 or 1 without binarize, got 2 in row 1, column "x0"',
    );
  });

  test("refuses a column that is constant in a class when nothing smooths it", async () => {
    await expect(gaussianNB({ varSmoothing: 0 }).fit([[1], [1], [2], [3]], y)).rejects.toThrow(
      'gaussian_nb.fit: the variance of column "x0" must be > 0 and finite, got 0; varSmoothing must be > 0 for a column that is constant in a class',
    );
  });

  test("refuses values whose variance is beyond 64-bit numbers", async () => {
    await expect(gaussianNB().fit([[1e308], [-1e308], [2], [3]], y)).rejects.toThrow(
      /column "x0" must be > 0 and finite, got Infinity/,
    );
  });

  test("of constant columns answers the priors", async () => {
    const model = await gaussianNB().fit([[7], [7], [7], [7]], ["a", "b", "b", "b"]);
    expect(Array.from(model.predictProba([[7]]).data)).toEqual([0.25, 0.75].map((p) => expect.closeTo(p, 12)));
  });

  test("gives a class without weight no chance", async () => {
    for (const factory of [gaussianNB, multinomialNB, bernoulliNB] as Factory[]) {
      const model = await factory().fit(x, y, { weights: [1, 1, 0, 0] });
      expect(model.predict(x)).toEqual(["a", "a", "a", "a"]);
    }
  });

  test("has log-probabilities where probabilities have rounded to 0", async () => {
    const model = await gaussianNB().fit(x, y);
    expect(model.predictProba([[1000, 1000]]).data).toContain(0);
    expect(predictLogProba(model, [[1000, 1000]]).data.every(Number.isFinite)).toBe(true);
  });

  test.each(names)("%s read from a file with arrays that do not fit is refused", async (name) => {
    const { decodeModel, encodeModel } = await import("../base/codec.ts");
    const model = await (factories[name] as Factory)().fit(x, y);
    const broken = { ...model, state: { ...(model.state as object), classCount: new Float64Array(3) } };
    expect(() => decodeModel(encodeModel(broken as never))).toThrow(/arrays must fit each other/);
  });
});
