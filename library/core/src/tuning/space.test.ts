import { describe, expect, it } from "vitest";
import { z } from "zod";
import { classifier } from "../base/estimator.ts";
import { withParams } from "../base/with-params.ts";
import { votingClassifier } from "../ensemble/index.ts";
import { algorithms } from "../estimators.ts";
import { logisticRegression } from "../linear/index.ts";
import { random } from "../numeric/random.ts";
import { pipeline, standardScaler } from "../preprocessing/index.ts";
import { svc } from "../svm/index.ts";
import { checkSpace } from "./check-space.ts";
import { contains } from "./contains.ts";
import { defaultSpace } from "./default-space.ts";
import type { Space } from "./distribution.ts";
import { searchRanges } from "./search-ranges.ts";
import { tunedOf } from "./tunable.ts";
import { uniform } from "./uniform.ts";

describe("checkSpace", () => {
  const refused: readonly (readonly [unknown, string])[] = [
    [{}, "t: space must name at least one parameter, got {}"],
    [[], "t: space must be an object of distributions by parameter name, got []"],
    [{ c: 3 }, 't: space.c.type must be "float", "int" or "categorical", got 3'],
    [{ c: { type: "flaot", low: 0, high: 1 } }, 'must be "float", "int" or "categorical", did you mean float, got "flaot"'],
    [{ c: { type: "float", low: 0, high: 1, log: true } }, "t: space.c.low must be > 0 on a log scale, got 0"],
    [{ c: { type: "int", low: 0, high: 9, log: true } }, "t: space.c.low must be ≥ 1 on a log scale, got 0"],
    [{ c: { type: "float", low: 2, high: 1 } }, "t: space.c.low must be at most high, which is 1, got 2"],
    [{ c: { type: "float", low: 0, high: Infinity } }, "t: space.c.high must be a finite number, got Infinity"],
    [{ c: { type: "int", low: 0.5, high: 2 } }, "t: space.c.low must be a whole number, got 0.5"],
    [{ c: { type: "float", low: 0, high: 1, step: 0.3 } }, "t: space.c.step must divide high − low, which is 1, got 0.3"],
    [{ c: { type: "float", low: 0, high: 1, step: 0 } }, "t: space.c.step must be a finite number > 0, got 0"],
    [{ c: { type: "float", low: 1, high: 2, log: true, step: 1 } }, "t: space.c.step must be absent on a log scale, got 1"],
    [{ c: { type: "float", low: 1, hihg: 2 } }, "t: space.c has no hihg, did you mean high"],
    [{ c: { type: "categorical", choices: [] } }, "t: space.c.choices must be a list of at least one choice, got []"],
    [{ c: { type: "categorical", choices: ["a", "a"] } }, 't: space.c.choices must name each choice once, got "a"'],
    [{ c: { type: "categorical", choices: [1, "1"] } }, "must hold choices that look different, whatever their type"],
    [
      { c: { type: "categorical", choices: [[1]] } },
      "t: space.c.choices must hold texts, finite numbers, booleans or null, got [1]",
    ],
    [{ c: { type: "int", low: 1, high: 2, when: { k: 1 } } }, "t: space.c.when.k must name a parameter that stands before it"],
    [
      { k: { type: "categorical", choices: ["a", "b"] }, c: { type: "int", low: 1, high: 2, when: { k: "c" } } },
      't: space.c.when.k must be a value that k can have, got "c"',
    ],
  ];

  it.each(refused)("refuses %j", (space, message) => {
    expect(() => checkSpace("t", space)).toThrow(message);
  });

  it("names the place for forms", () => {
    try {
      checkSpace("t", { c: { type: "int", low: 3, high: 2 } });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "ParamsError", field: "space.c.low", value: 3 });
    }
  });

  it("takes what JSON carries", () => {
    const space: Space = {
      kernel: { type: "categorical", choices: ["rbf", "poly", null, true, 3] },
      degree: { type: "int", low: 2, high: 5, when: { kernel: ["poly", true] } },
      c: { type: "float", low: 0.001, high: 100, log: true },
      share: { type: "float", low: 0, high: 1, step: 0.1 },
    };
    expect(() => checkSpace("t", JSON.parse(JSON.stringify(space)))).not.toThrow();
  });
});

describe("uniform", () => {
  it("draws every value of steps alike, and bounds too", () => {
    const draw = random(1, "uniform");
    const distribution = { type: "int", low: 3, high: 6 } as const;
    const counts = new Map<unknown, number>();
    for (let k = 0; k < 8000; k++) {
      const value = uniform(distribution, draw);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it("stays within every distribution", () => {
    const draw = random(2, "uniform");
    const space: Space = {
      a: { type: "float", low: 1e-5, high: 10, log: true },
      b: { type: "float", low: 0, high: 1, step: 0.05 },
      c: { type: "int", low: 1, high: 1000, log: true },
      d: { type: "int", low: 10, high: 100, step: 30 },
      e: { type: "categorical", choices: ["x", null] },
    };
    for (const distribution of Object.values(space))
      for (let k = 0; k < 500; k++) expect(contains(distribution, uniform(distribution, draw))).toBe(true);
  });
});

describe("defaultSpace", () => {
  const searched = algorithms.flatMap(({ name, factories }) =>
    (["classification", "regression"] as const).filter((task) => factories[task]).map((task) => [name, task] as const),
  );
  it.each(searched.filter(([name]) => name !== "dummy"))(
    "%s of %s: its ranges are within what the algorithm takes",
    (name, task) => {
      const space = defaultSpace(name, task);
      expect(() => checkSpace(name, space)).not.toThrow();
      for (const end of ["low", "high"] as const) {
        const params = Object.fromEntries(
          Object.entries(space).map(([key, entry]) => [
            key,
            entry.type === "categorical" ? entry.choices.at(end === "low" ? 0 : -1)! : entry[end],
          ]),
        );
        expect(() => tunedOf("test", name, params, task)).not.toThrow();
      }
    },
  );

  it("every range belongs to an algorithm", () => {
    for (const name of Object.keys(searchRanges)) expect(algorithms.map((each) => each.name)).toContain(name);
  });

  it("is of the steps of a pipeline, by path", () => {
    const space = defaultSpace(pipeline(standardScaler(), logisticRegression()));
    expect(Object.keys(space)).toEqual(["logistic_regression.c", "logistic_regression.classWeight"]);
  });

  it("is of the estimators that an algorithm is made of, by path, and can be tuned", () => {
    const both = votingClassifier({ estimators: [logisticRegression(), svc()] });
    const space = defaultSpace(both);
    expect(Object.keys(space)).toContain("estimators.0.c");
    expect(space["estimators.1.gamma"]).toMatchObject({ when: { "estimators.1.kernel": ["rbf", "poly"] } });
    expect(() => checkSpace("voting", space)).not.toThrow();
    const tuned = tunedOf("test", both, {}).make({ "estimators.0.c": 7 });
    expect(tuned.params).toMatchObject({ estimators: [{ params: { c: 7 } }, {}] });
  });

  it("reads the schema of an algorithm that a cell defined", () => {
    const own = classifier({
      name: "own_of_space_test",
      params: z.strictObject({
        depth: z.int().min(1).max(9).default(3).meta({ title: "Depth", search: "linear" }),
        rate: z.number().min(0.01).max(1).default(0.1).meta({ title: "Rate", search: "log" }),
        kind: z.enum(["a", "b"]).default("a").meta({ title: "Kind" }),
        seed: z.int().min(0).default(42).meta({ title: "Seed" }),
      }),
      fit: () => ({ share: 0.5 }),
      predict: (x) => new Float64Array(x.rows),
    });
    expect(defaultSpace(own as never)).toEqual({
      depth: { type: "int", low: 1, high: 9 },
      rate: { type: "float", low: 0.01, high: 1, log: true },
      kind: { type: "categorical", choices: ["a", "b"] },
    });
  });

  it("says where there is nothing to search", () => {
    expect(() => defaultSpace("dummy", "classification")).toThrow(
      "dummy has no parameter that is usually searched; give a space",
    );
  });
});

describe("withParams", () => {
  const steps = pipeline(standardScaler(), logisticRegression({ c: 2 }));

  it("changes a copy only", () => {
    withParams(steps, { "logistic_regression.c": 3 });
    expect((steps.params["steps"] as never[])[1]).toMatchObject({ params: { c: 2 } });
  });

  it("refuses a step that is not there, with the near name", () => {
    expect(() => withParams(steps, { "logistic_regresion.c": 3 })).toThrow(
      "no parameter logistic_regresion.c: the pipeline has no step logistic_regresion, did you mean logistic_regression",
    );
  });

  it("numbers steps of one name", () => {
    const twice = pipeline(standardScaler(), standardScaler(), logisticRegression());
    const changed = withParams(twice, { "standard_scaler_2.withMean": false }).params["steps"] as {
      params: { withMean: boolean };
    }[];
    expect(changed.map(({ params }) => params.withMean)).toEqual([true, false, undefined]);
  });
});
