import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { table } from "../data/table.ts";
import { logisticRegression } from "../linear/index.ts";
import { imputer, pipeline } from "../preprocessing/index.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeClassifier } from "../tree/index.ts";
import { calibratedClassifier, calibrateModel } from "./calibration.ts";
import { type CalibrationMethod, fitSigmoid } from "./calibrators.ts";

const estimator = pipeline(imputer(), decisionTreeClassifier({ maxDepth: 3 }));
describe.each(["sigmoid", "isotonic", "temperature"] as const)("calibrated, %s", (method) => {
  for (const { name, run } of estimatorChecks("classification", "calibrated", { estimator, method })) test(name, run);
});

interface Fixture {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly query: readonly (readonly number[])[];
  readonly fresh: readonly (readonly number[])[];
  readonly truth: readonly number[];
  readonly cases: readonly {
    readonly method: CalibrationMethod;
    readonly ensemble: boolean;
    readonly binary: boolean;
    readonly weighted: boolean;
    readonly predict: readonly (readonly number[])[];
  }[];
  readonly prefit: readonly { readonly method: CalibrationMethod; readonly predict: readonly (readonly number[])[] }[];
}

function expectNear(got: Float64Array, wanted: readonly (readonly number[])[], tolerance: number): void {
  const values = wanted.flat();
  expect(got.length).toBe(values.length);
  for (const [k, value] of got.entries()) expect(Math.abs(value - values[k]!)).toBeLessThan(tolerance);
}

describe("calibration is scikit-learn's", () => {
  const { x, y, weights, query, fresh, truth, cases, prefit } = fixture<Fixture>(import.meta.url, "calibration");
  const base = logisticRegression({ tol: 1e-10, maxIter: 10_000 });

  test.each(cases.map((each) => [each.method, each.ensemble, each.binary ? 2 : 3, each.weighted, each] as const))(
    "%s, ensemble %s, %i classes, weighted %s",
    async (method, ensemble, count, weighted, { predict }) => {
      const target = count === 2 ? y.map((code) => (code > 0 ? 1 : 0)) : y;
      const model = await calibratedClassifier({ estimator: base, method, ensemble, folds: 4 }).fit(
        x,
        target,
        weighted ? { weights } : {},
      );
      expectNear(model.predictProba(query).data, predict, 1e-6);
    },
  );

  test.each(prefit.map((each) => [each.method, each] as const))("%s of a fitted model", async (method, { predict }) => {
    const model = await base.fit(x, y);
    expectNear(calibrateModel(model, fresh, truth, { method }).predictProba(query).data, predict, 1e-6);
  });
});

describe("a calibrated model", () => {
  const x = Array.from({ length: 80 }, (_, i) => [i % 7, (i * 5) % 11]);
  const y = x.map(([a, b], i) => (a! + b! + (i % 3) > 9 ? "yes" : "no"));

  test("of a fitted one is saved and loaded", async () => {
    const rows = table(x.map(([a, b], i) => ({ a: a!, b: b!, y: y[i]! })));
    const model = await decisionTreeClassifier({ maxDepth: 3 }).fit(rows, { target: "y" });
    const calibrated = calibrateModel(model, rows, { target: "y", method: "isotonic" });
    expect(calibrated.classes).toEqual(["no", "yes"]);
    const loaded = decodeModel<typeof calibrated>(encodeModel(calibrated));
    expect(loaded.predictProba(rows).data).toEqual(calibrated.predictProba(rows).data);
  });

  test("is not made of labels that the classifier does not know", async () => {
    const model = await decisionTreeClassifier().fit(x, y);
    expect(() => calibrateModel(model, x, y.map((label, i) => (i === 5 ? "maybe" : label)) as never)).toThrow(
      "calibrateModel: the model knows the classes no, yes, got maybe in row 5",
    );
    expect(() => calibrateModel(model, x, y.slice(1))).toThrow("x has 80 rows but y has 79");
    expect(() => calibrateModel(model, x, y, { weights: y.map((_, i) => (i === 2 ? -1 : 1)) })).toThrow("-1 in row 2");
  });

  test("read from a file with a calibration too few is refused", async () => {
    const model = await calibratedClassifier({ estimator: decisionTreeClassifier(), folds: 3 }).fit(x, y);
    const { calibrators } = model.state;
    const changed = (other: unknown): Uint8Array => encodeModel({ ...model, state: { ...model.state, calibrators: other } });
    expect(() => decodeModel(changed(calibrators.slice(1)))).toThrow("must have a calibration for each part");
    expect(() => decodeModel(changed(calibrators.map(() => ({}))))).toThrow("the calibration is not one of 2 classes");
  });
});

test("Platt's sigmoid stays finite where the classes lie apart", () => {
  const { slope, offset } = fitSigmoid(Float64Array.of(0, 0, 0, 1, 1, 1), Float64Array.of(0, 0, 0, 1, 1, 1), undefined);
  const share = (score: number): number => 1 / (1 + Math.exp(slope * score + offset));
  expect(share(0)).toBeCloseTo(1 / 5, 9);
  expect(share(1)).toBeCloseTo(4 / 5, 9);
});
