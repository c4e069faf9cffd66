import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { random } from "../numeric/random.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { poolViolators } from "./isotonic.ts";
import { isotonicRegression } from "./isotonic-regression.ts";

describe("isotonic_regression", () => {
  for (const { name, run } of estimatorChecks("regression", "isotonic_regression", { column: 0 })) test(name, run);
});

interface Fixture {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly number[];
  readonly cases: readonly {
    readonly params: {
      readonly increasing?: boolean | "auto";
      readonly y_min?: number;
      readonly y_max?: number;
    };
    readonly sign: number;
    readonly weighted: boolean;
    readonly thresholds: readonly number[];
    readonly predict: readonly number[];
  }[];
}

describe("isotonic_regression is scikit-learn's", () => {
  const { x, y, weights, query, cases } = fixture<Fixture>(import.meta.url, "isotonic-regression");
  const column = (values: readonly number[]) => values.map((value) => [value]);

  test.each(cases.map((each) => [JSON.stringify(each.params) + (each.weighted ? ", weighted" : ""), each] as const))(
    "with %s",
    async (_, { params, sign, weighted, thresholds, predict }) => {
      const model = await isotonicRegression({
        increasing: params.increasing ?? true,
        yMin: params.y_min ?? null,
        yMax: params.y_max ?? null,
      }).fit(
        column(x),
        y.map((value) => sign * value),
        weighted ? { weights } : {},
      );
      expect([...model.state.x]).toEqual(thresholds);
      for (const [i, value] of model.predict(column(query)).entries()) expect(Math.abs(value - predict[i]!)).toBeLessThan(1e-9);
    },
  );
});

describe("isotonic regression", () => {
  const [x, y] = [
    [[1], [2], [3], [4]],
    [1, 3, 2, 4],
  ];

  test("pools what falls", async () => {
    expect([...(await isotonicRegression().fit(x, y)).predict(x)]).toEqual([1, 2.5, 2.5, 4]);
  });

  test("beyond its range answers as asked", async () => {
    const beyond = [[0], [5]];
    expect([...(await isotonicRegression().fit(x, y)).predict(beyond)]).toEqual([1, 4]);
    expect([...(await isotonicRegression({ outOfBounds: "nan" }).fit(x, y)).predict(beyond)]).toEqual([Number.NaN, Number.NaN]);
    const raising = await isotonicRegression({ outOfBounds: "raise" }).fit(x, y);
    expect(() => raising.predict(beyond)).toThrow("x must lie in 1 … 4, got 0 in row 0");
  });

  test("refuses several columns unless told which", async () => {
    const wide = x.map(([a]) => [0, a!]);
    await expect(isotonicRegression().fit(wide, y)).rejects.toThrow("x must have one column");
    expect([...(await isotonicRegression({ column: 1 }).fit(wide, y)).predict(wide)]).toEqual([1, 2.5, 2.5, 4]);
    await expect(isotonicRegression({ column: 2 }).fit(wide, y)).rejects.toThrow("column must be below 2, got 2");
  });

  test("refuses bounds that contradict each other", async () => {
    await expect(isotonicRegression({ yMin: 2, yMax: 1 }).fit(x, y)).rejects.toThrow("yMin must be at most yMax, got 2 and 1");
  });

  test("read from a file whose points do not ascend is refused", async () => {
    const model = await isotonicRegression().fit(x, y);
    const state = { ...model.state, x: model.state.x.slice().reverse() };
    expect(() => decodeModel(encodeModel({ ...model, state }))).toThrow("the points of the isotonic regression do not ascend");
  });
});

test("pooling gives the least squares of ascending values, as the min–max formula says", () => {
  const draw = random(3, "pool");
  for (let round = 0; round < 20; round++) {
    const values = Float64Array.from({ length: 9 }, () => draw.normal());
    const weights = Float64Array.from({ length: 9 }, () => 0.5 + draw.float());
    const mean = (from: number, to: number): number => {
      let [sum, mass] = [0, 0];
      for (let p = from; p <= to; p++) {
        sum += weights[p]! * values[p]!;
        mass += weights[p]!;
      }
      return sum / mass;
    };
    const wanted = Array.from(values, (_, p) => {
      let best = -Infinity;
      for (let from = 0; from <= p; from++) {
        let least = Infinity;
        for (let to = p; to < 9; to++) least = Math.min(least, mean(from, to));
        best = Math.max(best, least);
      }
      return best;
    });
    const pooled = values.slice();
    poolViolators(pooled, weights);
    for (const [p, value] of pooled.entries()) expect(value).toBeCloseTo(wanted[p]!, 12);
  }
});
