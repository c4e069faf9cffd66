import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import { matrix } from "../numeric/matrix.ts";
import { random } from "../numeric/random.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { kneighbors, knnClassifier, knnRegressor } from "./index.ts";
import { type MetricName, metricOf, unitRows } from "./metric.ts";
import { nearest } from "./search.ts";

describe.each(["classification", "regression"] as const)("knn, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "knn")) test(name, run);
});

interface Case {
  readonly params: { metric: MetricName; p?: number; algorithm: "brute" | "kd_tree" | "ball_tree" };
  readonly weights: "uniform" | "distance";
  readonly nNeighbors: number;
  readonly predict: number[];
  readonly proba?: number[][];
  readonly distances?: number[][];
  readonly indices?: number[][];
}
interface Fixture {
  readonly x: number[][];
  readonly y: number[];
  readonly query: number[][];
  readonly cases: readonly Case[];
}
const named = (cases: readonly Case[]) => cases.map((each) => [`${JSON.stringify(each.params)}, ${each.weights}`, each] as const);

function expectClose(ours: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12): void {
  for (const [i, value] of wanted.entries())
    expect(Math.abs(ours[i]! - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
}

describe("knn's classes, probabilities and neighbours equal scikit-learn's", () => {
  const { x, y, query, cases } = fixture<Fixture>(import.meta.url, "knn-classifier");
  test.each(named(cases))("%s", async (_, { params, weights, nNeighbors, predict, proba, distances, indices }) => {
    const model = await knnClassifier({ ...params, weights, nNeighbors }).fit(x, y);
    expect(model.predict(query)).toEqual(predict);
    if (params.metric !== "cosine") expectClose(model.predictProba(query).data, proba!.flat());
    const found = kneighbors(model, query);
    if (indices) expect(Array.from(found.indices)).toEqual(indices.flat());
    if (distances) expectClose(found.distances, distances.flat());
  });
});

describe("knn's values equal scikit-learn's", () => {
  const { x, y, query, cases } = fixture<Fixture>(import.meta.url, "knn-regressor");
  test.each(named(cases))("%s", async (_, { params, weights, nNeighbors, predict }) => {
    const model = await knnRegressor({ ...params, weights, nNeighbors }).fit(x, y);
    // 1 − cosine of rows in almost one direction keeps fewer digits; the last three queries are training rows, weighed by 1 / rounding
    const [asked, tolerance] = params.metric === "cosine" ? [query.length - 3, 1e-9] : [query.length, 1e-12];
    expectClose(model.predict(query.slice(0, asked)), predict.slice(0, asked), tolerance);
  });
});

/** Every distance measured and sorted. */
function plainly(x: number[][], queries: number[][], metric: MetricName, p: number, k: number): number[][] {
  const measure = metricOf(metric, p);
  const d = x[0]!.length;
  const rows = (from: number[][]): Float64Array => (metric === "cosine" ? unitRows(matrix(from).data, d) : matrix(from).data);
  const [known, asked] = [rows(x), rows(queries)];
  return queries.map((_, q) =>
    x
      .map((_, i) => ({ i, distance: measure.reduced(asked, q, known, i, d) }))
      .sort((a, b) => a.distance - b.distance || a.i - b.i)
      .slice(0, k)
      .map(({ i }) => i),
  );
}

describe("every search finds the rows that measuring all finds, the lower of equals first", () => {
  const { normal, int } = random(3, "neighbours");
  const draws: Record<string, (n: number, d: number) => number[][]> = {
    "normal rows": (n, d) => Array.from({ length: n }, () => Array.from({ length: d }, normal)),
    "rows on a grid, full of ties": (n, d) => Array.from({ length: n }, () => Array.from({ length: d }, () => int(3))),
    "rows far from 0 and close together": (n, d) =>
      Array.from({ length: n }, () => Array.from({ length: d }, () => 1e9 + normal())),
    "columns of very different sizes": (n, d) =>
      Array.from({ length: n }, () => Array.from({ length: d }, (_, j) => normal() * [1e-12, 1, 1e12][j % 3]!)),
    "rows with outliers": (n, d) =>
      Array.from({ length: n }, (_, i) => Array.from({ length: d }, () => normal() * (i % 9 === 0 ? 1e8 : 1))),
  };
  const searches = (["euclidean", "manhattan", "minkowski", "cosine"] as const).flatMap((metric) =>
    (["brute", "kd_tree", "ball_tree"] as const)
      .filter((algorithm) => metric !== "cosine" || algorithm === "brute")
      .map((algorithm) => [metric, algorithm] as const),
  );
  for (const [title, draw] of Object.entries(draws))
    test.each(searches)(`${title}: %s by %s`, (metric, algorithm) => {
      for (const [n, d, k] of [
        [203, 4, 5],
        [64, 1, 64],
        [500, 17, 9],
      ] as const) {
        const x = draw(n, d);
        const queries = [...draw(10, d), ...x.slice(0, 3)];
        const known = { x: matrix(x).data, columns: d };
        const { rows } = nearest(known, { metric, p: 3, algorithm, leafSize: 7 }, matrix(queries), k);
        const scaled = metric === "minkowski" ? 3 : 2;
        expect(Array.from(rows)).toEqual(plainly(x, queries, metric, scaled, k).flat());
      }
    });
});

describe("knn", () => {
  const x = [[0], [1], [2], [10]];
  const y = ["a", "a", "b", "b"];

  test("breaks a tied vote for the first class", async () => {
    expect((await knnClassifier({ nNeighbors: 2 }).fit(x, y)).predict([[1.5]])).toEqual(["a"]);
  });

  test("refuses more neighbours than rows", async () => {
    await expect(knnClassifier({ nNeighbors: 5 }).fit(x, y)).rejects.toThrow("knn: nNeighbors must be ≤ 4 rows, got 5");
  });

  test("refuses a tree for the cosine metric", async () => {
    await expect(knnClassifier({ nNeighbors: 1, metric: "cosine", algorithm: "kd_tree" }).fit(x, y)).rejects.toThrow(
      "knn: algorithm must be brute or auto for the cosine metric, got kd_tree",
    );
  });

  test("counts votes by row weight", async () => {
    const model = await knnClassifier({ nNeighbors: 4 }).fit(x, y, { weights: [1, 1, 3, 1] });
    expect(Array.from(model.predictProba([[0]]).data)).toEqual([2 / 6, 4 / 6].map((p) => expect.closeTo(p, 12)));
  });

  test("names neighbours by their rows in the training data, rows of weight 0 left out", async () => {
    const model = await knnRegressor({ nNeighbors: 2 }).fit(x, [1, 2, 3, 4], { weights: [0, 1, 1, 1] });
    expect(kneighbors(model, [[0]])).toEqual({ k: 2, distances: Float64Array.of(1, 2), indices: Int32Array.of(1, 2) });
  });

  test.each(["brute", "kd_tree", "ball_tree"] as const)("measures ±1e308 by %s", async (algorithm) => {
    const model = await knnRegressor({ nNeighbors: 1, algorithm }).fit([[1e308], [-1e308], [1e307]], [1, 2, 3]);
    expect(Array.from(model.predict([[-1e308], [9e307], [0]]))).toEqual([2, 1, 3]);
  });

  test("asks more neighbours of a fitted model than it was made for", async () => {
    const model = await knnClassifier({ nNeighbors: 1, algorithm: "brute" }).fit(
      Array.from({ length: 99 }, (_, i) => [i]),
      Array.from({ length: 99 }, (_, i) => i % 2),
    );
    model.predict([[3]]);
    expect(Array.from(kneighbors(model, [[0]], { nNeighbors: 99 }).indices)).toEqual(Array.from({ length: 99 }, (_, i) => i));
    expect(() => kneighbors(model, [[0]], { nNeighbors: 100 })).toThrow(
      "nNeighbors must be a whole number from 1 to 99, got 100",
    );
  });

  test.each([
    ["a class code beyond the classes", { y: Float64Array.of(0, 1, 2, 7) }],
    ["rows that are no numbers", { x: Float64Array.of(0, Number.NaN, 2, 3) }],
    ["another number of columns", { columns: 3 }],
    ["a negative weight", { weights: Float64Array.of(1, 1, 1, -1) }],
  ])("read from a file with %s is refused", async (_, wrong) => {
    const model = await knnClassifier({ nNeighbors: 1 }).fit(x, y);
    const broken = { ...model, state: { ...model.state, ...wrong } };
    expect(() => decodeModel(encodeModel(broken))).toThrow(/loadModel: knn's/);
  });
});
