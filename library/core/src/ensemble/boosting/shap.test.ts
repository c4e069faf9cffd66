import { describe, expect, test } from "vitest";
import { ridge } from "../../linear/ridge.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { fixture } from "../../testing/fixture.ts";
import { readLightgbm } from "../exchange/index.ts";
import { histGradientBoostingClassifier } from "./hist-gradient-boosting.ts";
import { shapValues } from "./shap.ts";
import { predictRaw } from "./staged.ts";

interface Fixture {
  readonly x: readonly (readonly (number | null)[])[];
  readonly cases: readonly {
    readonly target: string;
    readonly categories: boolean;
    readonly text: string;
    readonly contributions: readonly (readonly number[])[];
  }[];
}
const oracle = fixture<Fixture>(import.meta.url, "shap");

describe("shapValues equal LightGBM's contributions", () => {
  test.each(oracle.cases.map((each) => [`${each.target}${each.categories ? ", with categories" : ""}`, each] as const))(
    "%s",
    async (_, { categories, text, contributions }) => {
      const d = categories ? 6 : 5;
      const data = Float64Array.from(oracle.x.flatMap((row) => row.slice(0, d).map((value) => value ?? Number.NaN)));
      const x: Matrix = { rows: oracle.x.length, columns: d, data };
      const { base, values } = shapValues(await readLightgbm(Buffer.from(text)), x);
      for (const [i, wanted] of contributions.entries())
        for (const [k, value] of values.entries()) {
          const got = [...value.data.subarray(i * d, (i + 1) * d), base[k]!];
          for (const [f, part] of got.entries()) expect(part).toBeCloseTo(wanted[k * (d + 1) + f]!, 9);
        }
    },
  );
});

test("the values of a row and the base sum to its raw score", async () => {
  const draw = random(1, "shap");
  const x = Array.from({ length: 400 }, () => [draw.normal(), draw.normal(), draw.normal()]);
  const y = x.map(([a, b, c]) => (a! * b! > 0 ? "p" : c! > 1 ? "q" : "r"));
  const model = await histGradientBoostingClassifier({ nEstimators: 10 }).fit(x, y);
  const { base, values } = shapValues(model, x);
  const raw = predictRaw(model, x);
  for (let i = 0; i < 400; i++)
    for (let k = 0; k < 3; k++) {
      const sum = values[k]!.data.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b, base[k]!);
      expect(sum).toBeCloseTo(raw.data[3 * i + k]!, 10);
    }
});

test("a model that is no boosted trees is refused by its name", async () => {
  const model = await ridge().fit([[1], [2]], [1, 2]);
  expect(() => shapValues(model, [[1]])).toThrow("shapValues: needs a model of hist_gradient_boosting, got ridge");
});
