import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../base/codec.ts";
import type { Fitted, Regressor } from "../../base/contract.ts";
import { rocAuc } from "../../metrics/class-areas.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { estimatorChecks } from "../../testing/estimator-checks.ts";
import { fixture } from "../../testing/fixture.ts";
import { stagedPredict, stagedPredictProba } from "../staged-predict.ts";
import type { BoostedTrees } from "./boosted-trees.ts";
import { histGradientBoostingClassifier, histGradientBoostingRegressor } from "./hist-gradient-boosting.ts";
import { histGradientBoostingRanker } from "./hist-gradient-boosting-ranker.ts";
import { fromLightgbmParams } from "./lightgbm-preset.ts";
import { addTrees, addTreesByRow } from "./predict.ts";
import { predictRaw } from "./staged.ts";

describe.each(["classification", "regression"] as const)("hist_gradient_boosting, %s", (task) => {
  for (const { name, run } of estimatorChecks(task, "hist_gradient_boosting")) test(name, run);
});

interface Fixture {
  readonly x: readonly (readonly (number | null)[])[];
  readonly weights: readonly number[];
  readonly queries: readonly number[];
  readonly targets: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly {
    readonly name: string;
    readonly target: string;
    readonly weighted: boolean;
    readonly categories: boolean;
    readonly trees: number;
    readonly params: Readonly<Record<string, unknown>>;
    readonly raw: readonly (number | readonly number[])[];
  }[];
}
const oracle = fixture<Fixture>(import.meta.url, "lightgbm");

/** The fixture's table: five columns of numbers, and one of categories where asked for. */
function table(categories: boolean): Matrix {
  const columns = categories ? 6 : 5;
  const data = Float64Array.from(oracle.x.flatMap((row) => row.slice(0, columns).map((value) => value ?? Number.NaN)));
  const levels = Array.from({ length: columns }, (_, f) => (f === 5 ? Array.from("abcdefghi") : undefined));
  return { rows: oracle.x.length, columns, data, names: ["a", "b", "c", "d", "e", "f"].slice(0, columns), levels };
}

/** Columns by name, where LightGBM takes them by number. */
function named(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { num_class: _, monotone_constraints: signs, interaction_constraints: groups, ...rest } = params;
  const name = (f: number): string => "abcdef"[f]!;
  return {
    ...rest,
    ...(signs !== undefined && {
      monotone_constraints: Object.fromEntries((signs as number[]).map((sign, f) => [name(f), sign])),
    }),
    ...(groups !== undefined && { interaction_constraints: (groups as number[][]).map((group) => group.map(name)) }),
  };
}

describe("hist_gradient_boosting grows LightGBM's trees", () => {
  test.each(oracle.cases.map((each) => [each.name, each] as const))(
    "%s",
    async (_, { target, weighted, categories, trees, params, raw }) => {
      const estimator = fromLightgbmParams({ min_data_in_leaf: 5, num_leaves: 12, n_estimators: trees, ...named(params) });
      const model = await (estimator as Regressor).fit(table(categories), oracle.targets[target]!, {
        ...(weighted && { weights: oracle.weights }),
        ...(params["objective"] === "lambdarank" && { groups: oracle.queries }),
      });
      const wanted = raw.flat();
      const got = predictRaw(model, table(categories)).data;
      const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
      // LightGBM's ranking takes its sigmoid from a table
      expect(worst).toBeLessThan(params["objective"] === "lambdarank" ? 1e-4 : 2e-6);
    },
  );
});

/** Rows of a noisy, curved function with a twentieth missing. */
function curved(n: number, seed = 1) {
  const draw = random(seed, "curved");
  const rows = Array.from({ length: n }, () =>
    Array.from({ length: 6 }, () => (draw.float() < 0.05 ? Number.NaN : draw.normal())),
  );
  const signal = rows.map(([a, b, c]) => Math.sin(2 * (a! || 0)) + (b! || 0) * (c! || 0));
  return {
    x: rows,
    y: signal.map((value) => value + 0.3 * draw.normal()),
    two: signal.map((value) => value + draw.normal() > 0),
  };
}
const stateOf = (model: Fitted): BoostedTrees => model.state as BoostedTrees;

describe("hist_gradient_boosting", () => {
  const { x, y, two } = curved(6000);

  test.each(["gbdt", "goss", "dart"] as const)("with %s is equal to the bit on 1, 2 and 4 threads", async (boosting) => {
    const params = {
      boosting,
      nEstimators: 15,
      subsample: boosting === "goss" ? 1 : 0.8,
      colsampleByTree: 0.7,
      colsampleByNode: 0.7,
      learningRate: 0.3,
    };
    const models = await Promise.all([1, 2, 4].map((threads) => histGradientBoostingClassifier(params).fit(x, two, { threads })));
    expect(models.slice(1).map(({ state }) => state)).toEqual([models[0]!.state, models[0]!.state]);
  });

  test("ends early, and keeps the iterations up to the best", async () => {
    const model = await histGradientBoostingRegressor({
      nEstimators: 500,
      learningRate: 0.3,
      earlyStopping: true,
      patience: 5,
    }).fit(x, y);
    const history = Array.from(model.state.history);
    const best = history.indexOf(Math.min(...history)) + 1;
    expect([model.state.roots.length, history.length]).toEqual([best, best + 5]);
  });

  test("stops by the metric that is named", async () => {
    const model = await histGradientBoostingClassifier({ nEstimators: 40, earlyStopping: true, metric: "roc_auc" }).fit(x, two);
    expect(model.state.history.every((score) => score < -0.5 && score >= -1)).toBe(true);
  });

  test("goes on from a model as if it had never stopped", async () => {
    const whole = await histGradientBoostingRegressor({ nEstimators: 20 }).fit(x, y);
    const half = await histGradientBoostingRegressor({ nEstimators: 10 }).fit(x, y);
    const rest = await histGradientBoostingRegressor({ nEstimators: 10 }).fit(x, y, { warmStart: half });
    expect(rest.state.feature).toEqual(whole.state.feature);
  });

  test("refuses to go on from a model of other columns", async () => {
    const half = await histGradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
    const columns = ["p", "q", "r", "s", "t", "u"];
    await expect(histGradientBoostingRegressor().fit(x, y, { columns, warmStart: half })).rejects.toThrow(
      /warmStart was fitted on the columns x0, x1/,
    );
  });

  test("minimises a loss of the user as its own", async () => {
    const own = await histGradientBoostingRegressor({ nEstimators: 10 }).fit(x, y);
    const customLoss = (scores: Float64Array, targets: Float64Array) => ({
      gradient: scores.map((score, i) => score - targets[i]!),
      hessian: scores.map(() => 1),
    });
    const given = await histGradientBoostingRegressor({ nEstimators: 10, customLoss }).fit(x, y);
    expect(given.state.threshold).toEqual(own.state.threshold);
  });

  test("names what a loss of the user gave wrongly", async () => {
    const customLoss = (scores: Float64Array) => ({ gradient: scores.map(() => Number.NaN), hessian: scores });
    await expect(histGradientBoostingRegressor({ customLoss }).fit(x, y)).rejects.toThrow(
      "hist_gradient_boosting: customLoss gave gradient NaN in place 0",
    );
  });

  test("rises along a column that must rise", async () => {
    const model = await histGradientBoostingRegressor({ monotoneConstraints: { x0: 1 }, nEstimators: 30 }).fit(x, y);
    const line = Array.from({ length: 81 }, (_, k) => [k / 10 - 4, 0.5, -0.5, 0, 0, 0]);
    const answers = Array.from(model.predict(line));
    expect(answers.every((answer, k) => k === 0 || answer >= answers[k - 1]! - 1e-12)).toBe(true);
  });

  test("lets only columns of one group meet on a path", async () => {
    const model = await histGradientBoostingRegressor({ interactionConstraints: [["x0", "x1"], ["x2"]], nEstimators: 20 }).fit(
      x,
      y,
    );
    const { roots, feature, left, right } = stateOf(model);
    const groupOf = [0, 0, 1, 2, 3, 4];
    const paths: number[][] = [];
    const walk = (node: number, path: number[]): void => {
      if (feature[node]! < 0) paths.push(path);
      else for (const child of [left[node]!, right[node]!]) walk(child, [...path, groupOf[feature[node]!]!]);
    };
    for (const root of roots) walk(root, []);
    expect(paths.every((path) => new Set(path).size <= 1)).toBe(true);
  });

  test("grown by depth has the depth asked for, and grown by leaf the leaves", async () => {
    const byDepth = await histGradientBoostingRegressor({ growth: "depth", numLeaves: null, maxDepth: 3, nEstimators: 1 }).fit(
      x,
      y,
    );
    const byLeaf = await histGradientBoostingRegressor({ numLeaves: 9, nEstimators: 1 }).fit(x, y);
    expect([byDepth.state.feature.length, byLeaf.state.feature.length]).toEqual([15, 17]);
  });

  test("counts histograms again that memory had no room for, and grows the same tree", async () => {
    const wide = x.slice(0, 300).map((row) => Array.from({ length: 20_000 }, (_, f) => row[f % 6]! * (1 + f / 1e6)));
    const model = await histGradientBoostingRegressor({ nEstimators: 1, numLeaves: 20, minSamplesLeaf: 5, minDataInBin: 1 }).fit(
      wide,
      y.slice(0, 300),
    );
    const narrow = await histGradientBoostingRegressor({ nEstimators: 1, numLeaves: 20, minSamplesLeaf: 5, minDataInBin: 1 }).fit(
      x.slice(0, 300),
      y.slice(0, 300),
    );
    expect(Array.from(model.predict(wide))).toEqual(Array.from(narrow.predict(x.slice(0, 300))));
  }, 60_000);

  test("stage by stage ends at the prediction", async () => {
    const model = await histGradientBoostingClassifier({ nEstimators: 5 }).fit(x, two);
    const stages = [...stagedPredictProba(model, x)];
    expect([stages.length, stages.at(-1)!.data]).toEqual([5, model.predictProba(x).data]);
  });

  test("stage by stage of a regressor begins near the mean", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 3, learningRate: 1e-9 }).fit(x, y);
    const [first] = stagedPredict(model, x);
    expect(first![0]).toBeCloseTo(y.reduce((a, b) => a + b) / y.length, 6);
  });

  test("packed trees score as the plain walk does, missing values and categories included", async () => {
    const model = await (
      fromLightgbmParams({ objective: "regression", min_data_per_group: 10, min_data_in_leaf: 5 }) as Regressor
    ).fit(table(true), oracle.targets["number"]!);
    const rows = table(true);
    const [packed, plain] = [new Float64Array(rows.rows), new Float64Array(rows.rows)];
    addTrees(stateOf(model), rows, 0, 100, packed);
    addTreesByRow(stateOf(model), rows, 0, 100, plain);
    expect(packed).toEqual(plain);
  });

  test("saved and loaded scores the same", async () => {
    const model = await histGradientBoostingClassifier({ nEstimators: 5 }).fit(x, two);
    expect((decodeModel(encodeModel(model)) as typeof model).predictProba(x).data).toEqual(model.predictProba(x).data);
  });

  test("a hostile file whose node names a column beyond the table is refused", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
    const feature = model.state.feature.map((f) => (f < 0 ? f : 99));
    const hostile = { ...model, state: { ...model.state, feature } };
    expect(() => decodeModel(encodeModel(hostile as never))).toThrow("hist_gradient_boosting: node 0 asks for column 99 of 6");
  });

  test("a hostile file whose tree runs in a circle is refused", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
    const left = model.state.left.map((node) => (node < 0 ? node : 0));
    const hostile = { ...model, state: { ...model.state, left } };
    expect(() => decodeModel(encodeModel(hostile as never))).toThrow(
      "hist_gradient_boosting: node 0 of tree 0 has a child outside it",
    );
  });

  test.each([
    ["base", undefined, "base must be a Float64Array"],
    ["roots", "x", "roots must be a Int32Array"],
    ["feature", new Float64Array(3), "feature must be a Int32Array"],
    ["link", "toString", "link must be one of identity"],
    ["scale", Number.NaN, "scale must be a number"],
    ["single", 3, "single must be true or false, got 3"],
  ] as const)("a hostile file with another %s is refused: %s", async (name, value, message) => {
    const model = await histGradientBoostingRegressor({ nEstimators: 2 }).fit(x, y);
    const hostile = { ...model, state: { ...model.state, [name]: value } };
    expect(() => decodeModel(encodeModel(hostile as never))).toThrow(message);
  });

  test("learns rare positives with balanced classes", async () => {
    const rare = two.map((label, i) => label && i % 10 === 0);
    const model = await histGradientBoostingClassifier({ classWeight: "balanced", nEstimators: 30 }).fit(x, rare);
    expect(rocAuc(rare, model.predictProba(x).data, { classes: [false, true] })).toBeGreaterThan(0.8);
  });

  test("targets whose squares overflow are named", async () => {
    const huge = y.map((value) => value * 1e308);
    await expect(histGradientBoostingRegressor().fit(x, huge)).rejects.toThrow(/scale the target|must be finite/);
  });

  test("values of ±1e308 are as good as any others", async () => {
    const scaled = x.map((row) => row.map((value) => value * 1e307));
    const model = await histGradientBoostingRegressor({ nEstimators: 5 }).fit(scaled, y);
    const same = await histGradientBoostingRegressor({ nEstimators: 5 }).fit(x, y);
    expect(model.state.feature).toEqual(same.state.feature);
  });

  test("columns of nothing but missing values are passed over", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 5 }).fit(
      x.map(([a, ...rest]) => [a!, Number.NaN, ...rest.slice(1)]),
      y,
    );
    expect(stateOf(model).feature.includes(1)).toBe(false);
  });

  test("a constant column is passed over", async () => {
    const model = await histGradientBoostingRegressor({ nEstimators: 5 }).fit(
      x.map(([, ...rest]) => [7, ...rest]),
      y,
    );
    expect(stateOf(model).feature.includes(0)).toBe(false);
  });

  test("a monotone column that is not there is refused with the nearest name", async () => {
    await expect(histGradientBoostingRegressor({ monotoneConstraints: { x00: 1 } }).fit(x, y)).rejects.toThrow(
      'hist_gradient_boosting: monotoneConstraints names no column "x00"',
    );
  });

  test("a Poisson target below zero is named with its row", async () => {
    await expect(histGradientBoostingRegressor({ loss: "poisson" }).fit([[1], [2]], [1, -3])).rejects.toThrow(
      "hist_gradient_boosting.fit: y must be ≥ 0 for the poisson loss, got -3 in row 1",
    );
  });
});

describe("hist_gradient_boosting refuses what it would answer wrongly", () => {
  const { x, y, two } = curved(400);
  const squares = (scores: Float64Array, targets: Float64Array) => scores.map((score, i) => score - targets[i]!);

  test("a metric that the rows held out cannot give", async () => {
    const rare = two.map((_, i) => i % 100 === 0);
    const estimator = histGradientBoostingClassifier({ earlyStopping: true, metric: "roc_auc" });
    await expect(estimator.fit(x, rare)).rejects.toThrow(
      "hist_gradient_boosting.fit: metric roc_auc is NaN on the 40 rows held out; take a larger validationFraction or another metric",
    );
  });

  test("an unknown metric for three classes, without early stopping too", async () => {
    const three = y.map((value) => Math.sign(Math.round(value)));
    await expect(histGradientBoostingClassifier({ metric: "acuracy" }).fit(x, three)).rejects.toThrow("did you mean accuracy");
  });

  test.each([1e200, -1e200])("a target of about %d, whose squares overflow", async (scale) => {
    await expect(
      histGradientBoostingRegressor().fit(
        x,
        y.map((value) => value * scale),
      ),
    ).rejects.toThrow("derivatives overflow at iteration 0; scale the target or the weights");
  });

  test("a target of about 1e-200, whose squares vanish", async () => {
    await expect(
      histGradientBoostingRegressor().fit(
        x,
        y.map((value) => value * 1e-200),
      ),
    ).rejects.toThrow("derivatives vanish at iteration 0; scale the target or the weights");
  });

  test.each([
    [1e300, "overflow"],
    [1e-300, "vanish"],
  ])("weights of %d", async (weight, how) => {
    await expect(histGradientBoostingRegressor().fit(x, y, { weights: y.map(() => weight) })).rejects.toThrow(
      `derivatives ${how} at iteration 0`,
    );
  });

  test("a Poisson target whose rows of some weight are all 0", async () => {
    const counts = y.map((_, i) => (i < 3 ? 5 : 0));
    const weights = y.map((_, i) => (i < 3 ? 0 : 1));
    await expect(histGradientBoostingRegressor({ loss: "poisson" }).fit(x, counts, { weights })).rejects.toThrow(
      "hist_gradient_boosting.fit: y must not be all 0 for the poisson loss",
    );
  });

  test.each(["absolute_error", "quantile"] as const)("monotone columns with leaves that answer quantiles: %s", async (loss) => {
    await expect(histGradientBoostingRegressor({ loss, monotoneConstraints: { x0: 1 } }).fit(x, y)).rejects.toThrow(
      `hist_gradient_boosting: monotoneConstraints do not go with loss ${loss}`,
    );
  });

  test("a loss of the user that is no function", () => {
    expect(() => histGradientBoostingRegressor({ customLoss: {} as never })).toThrow("customLoss must be a function");
  });

  test("a loss of the user with a negative hessian", async () => {
    const customLoss = (scores: Float64Array, targets: Float64Array) => ({
      gradient: squares(scores, targets),
      hessian: scores.map((_, i) => (i === 7 ? -1 : 1)),
    });
    await expect(histGradientBoostingRegressor({ customLoss }).fit(x, y)).rejects.toThrow(
      "hist_gradient_boosting: customLoss gave hessian -1 in place 7, must be ≥ 0",
    );
  });

  test("a loss of the user without any hessian", async () => {
    const customLoss = (scores: Float64Array, targets: Float64Array) => ({
      gradient: squares(scores, targets),
      hessian: scores.map(() => 0),
    });
    await expect(histGradientBoostingRegressor({ customLoss }).fit(x, y)).rejects.toThrow(
      "hist_gradient_boosting: customLoss gave nothing but hessians of 0",
    );
  });
});

test("hist_gradient_boosting finds bins of rows that take turns", async () => {
  const rows = 400_000;
  const turns = { rows, columns: 1, data: Float64Array.from({ length: rows }, (_, i) => i % 2), names: ["turn"] };
  const model = await histGradientBoostingRegressor({ nEstimators: 1, learningRate: 1 }).fit(turns, turns.data);
  expect(Array.from(model.predict([[0], [1]]))).toEqual([0, 1]);
});

describe("hist_gradient_boosting, ranking", () => {
  const draw = random(9, "ranking");
  const groups = Array.from({ length: 900 }, (_, i) => `q${Math.floor(i / 15)}`);
  const x = groups.map(() => [draw.normal(), draw.normal(), draw.normal()]);
  const y = x.map(([a, b]) => Math.max(0, Math.min(4, Math.round(1.5 + a! + 0.5 * b! + 0.3 * draw.normal()))));

  test("orders the rows of a query by their labels", async () => {
    const model = await histGradientBoostingRanker({ nEstimators: 30 }).fit(x, y, { groups });
    const scores = model.predict(x);
    let right = 0;
    let pairs = 0;
    for (let i = 0; i < 900; i++)
      for (let j = i + 1; j < 900 && groups[j] === groups[i]; j++)
        if (y[i] !== y[j]) {
          pairs++;
          if (scores[i]! > scores[j]! === y[i]! > y[j]!) right++;
        }
    expect(right / pairs).toBeGreaterThan(0.85);
  });

  test("does not depend on how the queries are ordered", async () => {
    const order = Array.from(random(3, "order").permutation(60)).flatMap((q) => Array.from({ length: 15 }, (_, i) => 15 * q + i));
    const pick = <T>(values: readonly T[]): T[] => order.map((i) => values[i]!);
    const one = await histGradientBoostingRanker({ nEstimators: 5 }).fit(x, y, { groups });
    const other = await histGradientBoostingRanker({ nEstimators: 5 }).fit(pick(x), pick(y), { groups: pick(groups) });
    expect(other.state.feature).toEqual(one.state.feature);
  });

  test("labels of 31 weigh 2³¹ − 1", async () => {
    const model = await histGradientBoostingRanker({ nEstimators: 30 }).fit(
      x,
      y.map((label) => (label >= 3 ? 31 : 0)),
      { groups },
    );
    const scores = model.predict(x);
    const meanOf = (wanted: boolean): number => {
      const chosen = scores.filter((_, i) => y[i]! >= 3 === wanted);
      return chosen.reduce((a, b) => a + b) / chosen.length;
    };
    expect(meanOf(true)).toBeGreaterThan(meanOf(false) + 1);
  });

  test("without groups says what is missing", async () => {
    await expect(histGradientBoostingRanker().fit(x, y, {} as never)).rejects.toThrow(
      /a ranker needs to know which rows belong together/,
    );
  });

  test("a label that is no grade is named with its row", async () => {
    await expect(histGradientBoostingRanker().fit([[1], [2]], [1, 40], { groups: [1, 1] })).rejects.toThrow(
      "labels of a ranking must be whole numbers 0 … 31, got 40 in row 1",
    );
  });
});
