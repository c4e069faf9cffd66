import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { normalCdf, normalQuantile } from "../numeric/normal.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { powerTransformer } from "./power-transformer.ts";
import { quantileTransformer } from "./quantile-transformer.ts";
import { maxAbsScaler, minMaxScaler, robustScaler, standardScaler } from "./scalers.ts";

describe.each([
  "standard_scaler",
  "min_max_scaler",
  "robust_scaler",
  "max_abs_scaler",
  "power_transformer",
  "quantile_transformer",
])("%s", (transformer) => {
  for (const { name, run } of estimatorChecks("transform", transformer)) test(name, run);
});

type Rows = number[][];
const rowsOf = ({ data, columns, rows }: { data: Float64Array; columns: number; rows: number }): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const expectClose = (got: Rows, wanted: Rows, tolerance = 1e-12): void => {
  expect(got.length).toBe(wanted.length);
  for (const [i, row] of wanted.entries())
    for (const [j, value] of row.entries())
      expect(Math.abs(got[i]![j]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
};

describe("scalers equal scikit-learn's, a constant column too", () => {
  const given = fixture<Record<"x" | "standard" | "minmax" | "robust", Rows>>(import.meta.url, "scalers");
  test.each([
    ["standard", standardScaler()],
    ["minmax", minMaxScaler({ low: -1, high: 2 })],
    ["robust", robustScaler()],
  ] as const)("%s", async (name, scaler) => {
    const model = await scaler.fit(given.x);
    expectClose(rowsOf(model.transform(given.x)), given[name]);
  });

  test("rows count by their weights", async () => {
    const { x, weights, standard } = fixture<{ x: Rows; weights: number[]; standard: Rows }>(import.meta.url, "weighted-scaler");
    const model = await standardScaler().fit(x, undefined, { weights });
    expectClose(rowsOf(model.transform(x)), standard);
  });
});

describe("scalers equal scikit-learn's on later rows", () => {
  type Name = "max_abs" | "clip" | "robust_wide" | "power" | "power_raw" | "uniform" | "normal";
  const given = fixture<Record<"x" | "later" | Name, Rows> & { lambdas: number[] }>(import.meta.url, "more-scalers");
  test.each([
    ["max_abs", maxAbsScaler(), 1e-12],
    ["clip", minMaxScaler({ clip: true }), 1e-12],
    ["robust_wide", robustScaler({ low: 0.1, high: 0.9 }), 1e-12],
    ["power", powerTransformer(), 1e-6],
    ["power_raw", powerTransformer({ standardize: false }), 1e-5],
    ["uniform", quantileTransformer({ quantiles: 10 }), 1e-12],
    ["normal", quantileTransformer({ quantiles: 25, output: "normal" }), 1e-9],
  ] as const)("%s", async (name, scaler, tolerance) => {
    const model = await scaler.fit(given.x);
    expectClose(rowsOf(model.transform(given.later)), given[name], tolerance);
  });

  test("the power transformer finds scikit-learn's exponents", async () => {
    const { state } = await powerTransformer().fit(given.x);
    expectClose([Array.from(state.lambda)], [given.lambdas], 1e-6);
  });

  test.each([
    standardScaler(),
    minMaxScaler(),
    maxAbsScaler(),
    robustScaler(),
    powerTransformer(),
    quantileTransformer(),
    quantileTransformer({ output: "normal" }),
  ])("inverseTransform gives the rows of the fit back", async (scaler) => {
    const model = await scaler.fit(given.x);
    const tolerance = scaler.params["output"] === "normal" ? 1e-5 : 1e-10; // the ends of the normal output are cut off at 1e-7
    expectClose(rowsOf(model.inverseTransform(model.transform(given.x))), given.x, tolerance);
  });
});

describe("hostile columns", () => {
  const hostile = [
    [1, Number.NaN, 1e308, 0],
    [1, Number.NaN, -1e308, 1e-320],
    [1, Number.NaN, 5e307, 0],
  ];
  test.each([standardScaler(), maxAbsScaler(), quantileTransformer()])(
    "constant, all missing, ±1e308 and subnormal give finite or missing numbers",
    async (scaler) => {
      const rows = rowsOf((await scaler.fit(hostile)).transform(hostile));
      for (const row of rows) {
        expect(row[1]).toBeNaN();
        for (const j of [0, 2, 3]) expect(Number.isFinite(row[j])).toBe(true);
      }
    },
  );

  test.each([minMaxScaler(), robustScaler()])("a range beyond 1.8e308 is refused by name", async (scaler) => {
    await expect(scaler.fit([[1.7e308], [-1.7e308], [1.7e308], [-1.7e308]])).rejects.toThrow(
      'column "x0" spans more than 1.8e308',
    );
  });

  test("one row stays finite", async () => {
    for (const scaler of [
      standardScaler(),
      minMaxScaler(),
      robustScaler(),
      maxAbsScaler(),
      powerTransformer(),
      quantileTransformer(),
    ])
      expect(Number.isFinite((await scaler.fit([[3]])).transform([[4]]).data[0])).toBe(true);
  });

  test("low above high is refused", async () => {
    await expect(minMaxScaler({ low: 2, high: 1 }).fit([[1]])).rejects.toThrow("min_max_scaler: low must be < high, got 2 and 1");
  });
});

test("a stored state with a number that is none is refused", async () => {
  const model = await standardScaler().fit([[1], [2]]);
  (model.state.scale as Float64Array)[0] = Number.NaN;
  expect(() => decodeModel(encodeModel(model))).toThrow("standard_scaler: state scale[0] must be finite, got NaN");
});

test("the normal quantile is the way back from the normal share", () => {
  for (const x of [-6, -3, -1.5, -0.2, 0, 0.4, 2, 5])
    expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, x < -4 || x > 4 ? 5 : 12);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 13);
});
