import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { random } from "../numeric/random.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { pca } from "./index.ts";

describe("pca", () => {
  for (const { name, run } of estimatorChecks("transform", "pca")) test(name, run);
});

interface Case {
  readonly x: number[][];
  readonly params: { n_components?: number; whiten?: boolean; svd_solver?: "full" | "covariance_eigh" };
  readonly components: number[][];
  readonly explainedVariance: number[];
  readonly explainedVarianceRatio: number[];
  readonly singularValues: number[];
  readonly noiseVariance: number;
  readonly mean: number[];
  readonly transform: number[][];
  readonly inverse: number[][];
}

function expectClose(ours: ArrayLike<number>, wanted: readonly number[]): void {
  for (const [at, value] of wanted.entries())
    expect(Math.abs(ours[at]! - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
}

describe("pca equals scikit-learn's to 1e-9", () => {
  const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "pca");
  test.each(cases.map((each) => [`${each.x.length} × ${each.x[0]!.length}, ${JSON.stringify(each.params)}`, each] as const))(
    "%s",
    async (_, { x, params, ...wanted }) => {
      const solver = params.svd_solver === "covariance_eigh" ? "covariance" : (params.svd_solver ?? "auto");
      const model = await pca({ nComponents: params.n_components ?? null, whiten: params.whiten ?? false, solver }).fit(x);
      for (const name of ["explainedVariance", "explainedVarianceRatio", "singularValues", "mean"] as const)
        expectClose(model.state[name], wanted[name]);
      expectClose(model.state.components, wanted.components.flat());
      expectClose([model.state.noiseVariance], [wanted.noiseVariance]);
      const reduced = model.transform(x.slice(0, 6));
      for (const [i, row] of wanted.transform.entries())
        expectClose(reduced.data.subarray(i * reduced.columns, (i + 1) * reduced.columns), row);
      expectClose(model.inverseTransform(reduced).data, wanted.inverse.flat());
    },
  );
});

describe("pca", () => {
  const { normal } = random(8, "pca");
  const x = Array.from({ length: 200 }, () => {
    const [a, b, c] = [normal(), normal(), normal()];
    return [a!, 2 * a! + b!, b! - c!, 5 + c!];
  });

  test("of all components turns back to the rows", async () => {
    const model = await pca().fit(x);
    expectClose(model.inverseTransform(model.transform(x)).data, x.flat());
  });

  test("gives uncorrelated components of unit variance when it whitens", async () => {
    const { data, columns: k } = (await pca({ nComponents: 3, whiten: true }).fit(x)).transform(x);
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) {
        let sum = 0;
        for (let i = 0; i < x.length; i++) sum += data[i * k + a]! * data[i * k + b]!;
        expect(sum / (x.length - 1)).toBeCloseTo(a === b ? 1 : 0, 9);
      }
  });

  test("has the same answer from both solvers", async () => {
    const [full, short] = await Promise.all([pca({ solver: "full" }).fit(x), pca({ solver: "covariance" }).fit(x)]);
    expectClose(full.state.components.subarray(0, 12), [...short.state.components.subarray(0, 12)]);
  });

  test("does not see rows of weight 0", async () => {
    const weights = x.map((_, i) => (i % 3 === 0 ? 0 : 1));
    for (const solver of ["full", "covariance"] as const) {
      const weighted = await pca({ solver, nComponents: 3 }).fit(x, undefined, { weights });
      const without = await pca({ solver, nComponents: 3 }).fit(x.filter((_, i) => weights[i] === 1));
      expectClose(weighted.state.components, [...without.state.components]);
      expectClose(weighted.state.explainedVariance, [...without.state.explainedVariance]);
    }
  });

  test("names its columns pca0, pca1, …", async () => {
    expect((await pca({ nComponents: 2 }).fit(x)).transform(x).names).toEqual(["pca0", "pca1"]);
  });

  test.each([1e300, 1e-300])("bears rows of size %d", async (size) => {
    const { state } = await pca({ solver: "covariance" }).fit(x.map((row) => row.map((value) => value * size)));
    const { state: plain } = await pca({ solver: "covariance" }).fit(x);
    expectClose(state.explainedVarianceRatio, [...plain.explainedVarianceRatio]);
  });

  test("of constant columns has no variance and loses nothing", async () => {
    const model = await pca().fit([[3], [3], [3]]);
    expect(Array.from(model.inverseTransform(model.transform([[3], [4]])).data)).toEqual([3, 4]);
  });

  test("refuses more components than columns", async () => {
    await expect(pca({ nComponents: 5 }).fit(x)).rejects.toThrow(
      "pca: nComponents must be ≤ 4, the smaller of rows and columns, got 5",
    );
  });

  test("refuses a broken number of components", () => {
    expect(() => pca({ nComponents: 1.5 })).toThrow("pca: nComponents must be a whole number, or a share below 1, got 1.5");
  });

  test("refuses to turn back rows of another width", async () => {
    const model = await pca({ nComponents: 2 }).fit(x);
    expect(() => model.inverseTransform([[1, 2, 3]])).toThrow("x must have 2 columns, one a component, got 3");
  });

  test("read from a file with components of another width is refused", async () => {
    const model = await pca().fit(x);
    const broken = { ...model, state: { ...model.state, components: new Float64Array(3) } };
    expect(() => decodeModel(encodeModel(broken))).toThrow(/loadModel: pca's components/);
  });
});
