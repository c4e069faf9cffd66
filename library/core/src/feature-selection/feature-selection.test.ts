import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../base/codec.ts";
import type { Classifier, Regressor, Spec, Transformer } from "../base/contract.ts";
import { table } from "../data/table.ts";
import { estimatorByName } from "../estimators.ts";
import { logisticRegression, ridge } from "../linear/index.ts";
import { crossValidate } from "../model-selection/cross-validate.ts";
import { knnClassifier } from "../neighbors/index.ts";
import { random } from "../numeric/random.ts";
import { pipeline } from "../preprocessing/pipeline.ts";
import { estimatorChecks } from "../testing/estimator-checks.ts";
import { fixture } from "../testing/fixture.ts";
import { decisionTreeRegressor } from "../tree/index.ts";
import * as fs from "./index.ts";
import { checkSelection } from "./selection.ts";

interface Rows {
  readonly x: number[][];
  readonly number: number[];
  readonly label: number[];
}
const oracle = <T>(name: string) => fixture<T & Rows>(import.meta.url, name);
const close = (found: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-9): void => {
  expect(found.length).toBe(wanted.length);
  for (const [k, value] of wanted.entries())
    expect(Math.abs(found[k]! - value), `place ${k}: ${found[k]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
};

describe("measures of single columns", () => {
  const { x, number, label, counts, ...wanted } = oracle<{
    counts: number[][];
    f_regression: { scores: number[]; p: number[] };
    r_regression: { scores: number[] };
    f_classif: { scores: number[]; p: number[] };
    chi2: { scores: number[]; p: number[] };
  }>("tests");

  test("F and r of numbers are scikit-learn's, 0 for a constant", async () => {
    const { scores, pValues } = await fs.fRegression(x, number);
    close(scores, wanted.f_regression.scores);
    close(pValues, wanted.f_regression.p);
    close((await fs.rRegression(x, number)).scores, wanted.r_regression.scores);
  });

  test("F between classes is scikit-learn's", async () => {
    const { scores, pValues } = await fs.fClassif(
      x.map((row) => row.slice(0, 5)),
      label,
    );
    close(scores, wanted.f_classif.scores);
    close(pValues, wanted.f_classif.p);
  });

  test("χ² of counts is scikit-learn's", async () => {
    const { scores, pValues } = await fs.chi2(counts, label);
    close(scores, wanted.chi2.scores);
    close(pValues, wanted.chi2.p);
  });

  test("χ² refuses a value below 0 with its place", async () => {
    await expect(
      fs.chi2(
        [
          [1, 2],
          [0, -1],
          [3, 1],
        ],
        [0, 1, 0],
      ),
    ).rejects.toThrow('chi2 counts: values must be ≥ 0, got -1 in row 1, column "x1"');
  });
});

describe("mutual information", () => {
  const wanted = oracle<{
    few: number[];
    ties: number[];
    classif: Record<string, number[]>;
    regression: Record<string, number[]>;
    discrete: number;
    discreteOfNumber: number;
    tiesOverSeeds: number[];
  }>("mutual-information");

  test("with classes is scikit-learn's where no values are equal", async () => {
    for (const [k, scores] of Object.entries(wanted.classif))
      close((await fs.mutualInfoClassif(wanted.x, wanted.label, { nNeighbors: Number(k) })).scores, scores);
  });

  test("with a number is scikit-learn's where no values are equal", async () => {
    for (const [k, scores] of Object.entries(wanted.regression))
      close((await fs.mutualInfoRegression(wanted.x, wanted.number, { nNeighbors: Number(k) })).scores, scores);
  });

  test("of discrete columns is scikit-learn's", async () => {
    const few = wanted.few.map((value) => [value]);
    close((await fs.mutualInfoClassif(few, wanted.label, { discrete: "all" })).scores, [wanted.discrete]);
    close((await fs.mutualInfoRegression(few, wanted.number, { discrete: ["x0"] })).scores, [wanted.discreteOfNumber]);
  });

  test("of columns with equal values lies among scikit-learn's own seeds", async () => {
    const ties = wanted.ties.map((value) => [value]);
    const { scores } = await fs.mutualInfoClassif(ties, wanted.label);
    expect(scores[0]).toBeGreaterThanOrEqual(Math.min(...wanted.tiesOverSeeds));
    expect(scores[0]).toBeLessThanOrEqual(Math.max(...wanted.tiesOverSeeds));
  });

  test("does not depend on the number of threads", async () => {
    const run = (threads: number) => fs.mutualInfoRegression(wanted.x, wanted.number, { threads });
    expect((await run(4)).scores).toEqual((await run(1)).scores);
  });
});

describe("univariate selection", () => {
  const { x, number, label, cases } = oracle<{
    cases: { selector: string; score: "f_classif" | "f_regression"; params: Record<string, number>; selected: number[] }[];
  }>("univariate");
  const makers: Record<string, (params: object) => Transformer> = {
    SelectKBest: fs.selectKBest,
    SelectPercentile: fs.selectPercentile,
    SelectFpr: fs.selectFpr,
    SelectFdr: fs.selectFdr,
    SelectFwe: fs.selectFwe,
  };
  test.each(cases)(
    "$selector of $score with $params keeps scikit-learn's columns",
    async ({ selector, score, params, selected }) => {
      const model = await makers[selector]!({ score, ...params }).fit(x, score === "f_classif" ? label : number);
      expect(Array.from((model.state as fs.SelectionState).selected)).toEqual(selected);
    },
  );

  test("keeping more columns than there are is refused", async () => {
    await expect(fs.selectKBest({ k: 9 }).fit(x, number)).rejects.toThrow("k must be at most the number of columns, 8, got 9");
  });

  test("a constant target and constant columns are refused by name", async () => {
    await expect(
      fs.selectKBest().fit(
        x,
        number.map(() => 3),
      ),
    ).rejects.toThrow("the target must vary, it is the same in all 80 rows");
    await expect(
      fs.selectKBest().fit(
        x.map(() => [1, 2]),
        number,
      ),
    ).rejects.toThrow("no column varies, all 2 are constant");
  });

  test("no target is refused", async () => {
    await expect(fs.selectKBest().fit(x)).rejects.toThrow("needs a target: fit(table, { target })");
  });

  test("a measure without p-values cannot be tested at a level", async () => {
    await expect(fs.selectFpr({ score: "mutual_info" }).fit(x, number)).rejects.toThrow("the measure has no p-values");
  });
});

test("variances, missing cells left out, and the columns kept are scikit-learn's", async () => {
  const { x, cases } = fixture<{
    x: (number | null)[][];
    cases: { threshold: number; variances: number[]; selected: number[] }[];
  }>(import.meta.url, "variance");
  const holed = x.map((row) => row.map((value) => value ?? Number.NaN));
  for (const { threshold, variances, selected } of cases) {
    const { state } = await fs.varianceThreshold({ threshold }).fit(holed);
    close(state.scores, variances);
    expect(Array.from(state.selected)).toEqual(selected);
  }
});

interface ModelCase {
  readonly model: string;
  readonly params: Record<string, unknown>;
  readonly target: "number" | "label";
}
const modelOf = ({ model, params, target }: ModelCase): Classifier | Regressor => {
  const plain = estimatorByName(model, target === "number" ? "regression" : "classification");
  return { ...plain, params: { ...plain.params, ...params } } as Classifier;
};

describe("selection by a model", () => {
  const fromModel = oracle<{
    cases: (ModelCase & { threshold: string | number | null; maxFeatures: number | null; selected: number[] })[];
  }>("from-model");
  test.each(fromModel.cases)(
    "$model at threshold $threshold, $maxFeatures at most, keeps scikit-learn's columns",
    async (each) => {
      const { threshold, maxFeatures, selected } = each;
      const { state } = await fs
        .selectFromModel({ estimator: modelOf(each), threshold, maxFeatures })
        .fit(fromModel.x, fromModel[each.target]);
      expect(Array.from(state.selected)).toEqual(selected);
    },
  );

  const { cases, withFolds, ...rows } = oracle<{
    cases: (ModelCase & { keep: number | null; step: number; ranking: number[] })[];
    withFolds: (ModelCase & { least: number; step: number; ranking: number[]; tried: number[]; scores: number[][] })[];
  }>("rfe");
  test.each(cases)("recursive elimination by $model to $keep in steps of $step ranks as scikit-learn", async (each) => {
    const { keep, step, ranking } = each;
    const { state } = await fs.rfe({ estimator: modelOf(each), nFeaturesToSelect: keep, step }).fit(rows.x, rows[each.target]);
    expect(Array.from(state.ranking)).toEqual(ranking);
  });

  test.each(withFolds)("with cross-validation by $model in steps of $step it ranks and scores as scikit-learn", async (each) => {
    const { least, step, ranking, tried, scores } = each;
    const selector = fs.rfecv({ estimator: modelOf(each), minFeaturesToSelect: least, step, folds: 4, seed: null });
    const { state } = await selector.fit(rows.x, rows[each.target]);
    expect(Array.from(state.ranking)).toEqual(ranking);
    expect(Array.from(state.tried)).toEqual(tried);
    close(state.foldScores, scores.flat(), 1e-6);
  });

  const sequential = oracle<{
    cases: (ModelCase & {
      direction: "forward" | "backward";
      keep: "auto" | number;
      tol: number | null;
      metric: string | null;
      selected: number[];
    })[];
  }>("sequential");
  test.each(sequential.cases)(
    "$direction selection by $model of $keep columns, tol $tol, metric $metric, is scikit-learn's",
    async (each) => {
      const { direction, keep, tol, metric, selected } = each;
      const params = { direction, nFeaturesToSelect: keep, tol, metric, folds: 4, seed: null };
      const { state } = await fs
        .sequentialFeatureSelector({ estimator: modelOf(each), ...params })
        .fit(sequential.x, sequential[each.target]);
      expect(Array.from(state.selected)).toEqual(selected);
    },
  );

  test("a model that tells no weights is refused by name", async () => {
    await expect(fs.rfe({ estimator: knnClassifier() }).fit(rows.x, rows.label)).rejects.toThrow(
      "rfe.fit: knn tells no weight of each column; take a linear model or trees",
    );
  });

  test("labels for a model of numbers are refused", async () => {
    await expect(fs.rfe({ estimator: ridge() }).fit(rows.x, rows.label.map(String) as never)).rejects.toThrow(
      "the target holds labels, ridge learns numbers; take a classifier",
    );
  });
});

test("the correlation selector keeps no column that repeats a stronger one", async () => {
  const { x, number, scores, cases } = oracle<{
    scores: number[];
    cases: { threshold: number; redundancy: number; maxFeatures: number | null; selected: number[] }[];
  }>("correlation");
  for (const { selected, ...params } of cases) {
    const { state } = await fs.correlationSelector(params).fit(x, number);
    close(state.scores, scores);
    expect(Array.from(state.selected)).toEqual(selected);
  }
});

describe("a selector in a pipeline", () => {
  const draw = random(5, "selectors");
  const n = 60;
  const noise = Object.fromEntries(
    Array.from({ length: 400 }, (_, j) => [`n${j}`, Array.from({ length: n }, () => draw.normal())]),
  );
  const y = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? "even" : "odd"));
  const random400 = table({ ...noise, y });

  test("chooses anew in every fold: columns of pure noise give no skill", async () => {
    const honest = pipeline(fs.selectKBest({ k: 5 }), logisticRegression());
    const task = { target: "y", metrics: ["accuracy"], repeats: 4 };
    const inside = await crossValidate(honest, random400, task);
    const { selected } = await fs.selectFeatures(random400, { target: "y", method: "statistical", nFeatures: 5 });
    const outside = await crossValidate(logisticRegression(), random400, { ...task, features: selected });
    expect(inside.mean["accuracy"]).toBeLessThan(0.65);
    expect(outside.mean["accuracy"]).toBeGreaterThan(0.75); // what choosing on all rows would have pretended
  });

  test("is saved with the model and keeps the names", async () => {
    const model = await pipeline(fs.selectKBest({ k: 3 }), logisticRegression()).fit(random400, { target: "y" });
    const loaded = decodeModel(encodeModel(model)) as typeof model;
    expect(loaded.predict(random400)).toEqual(model.predict(random400));
    expect(fs.selectedFeatures(loaded)).toEqual(fs.selectedFeatures(model));
    expect(fs.selectedFeatures(loaded).selected).toHaveLength(3);
  });
});

describe("a stored selection", () => {
  const whole = {
    selected: Int32Array.of(0, 2),
    scores: new Float64Array(3),
    pValues: new Float64Array(3),
    ranking: new Int32Array(3),
  };
  test.each([
    ["a column that is not there", { selected: Int32Array.of(3) }, "selected must name columns 0 … 2, ascending, got 3"],
    ["a column twice", { selected: Int32Array.of(1, 1) }, "ascending, got 1,1"],
    ["no column", { selected: new Int32Array(0) }, "selected must name columns"],
    ["scores of another length", { scores: new Float64Array(2) }, "scores has 2 entries for 3 columns"],
    ["text for numbers", { ranking: ["1", "2", "3"] }, "the state's lists must hold numbers"],
  ])("with %s is refused", (_, change, message) => {
    expect(() => checkSelection("rfe", { ...whole, ...change } as fs.SelectionState, 3)).toThrow(message);
  });
});

describe("selectFeatures", () => {
  const draw = random(8, "select-features");
  const n = 200;
  const useful = Array.from({ length: n }, () => draw.normal());
  const kind = useful.map((value) => (value > 0.3 ? "big" : "small"));
  const rows = table({
    useful,
    gaps: useful.map((value, i) => (i % 9 === 0 ? null : value + draw.normal())),
    colour: kind.map((value, i) => (i % 4 === 0 ? "red" : value === "big" ? "blue" : "green")),
    noise: useful.map(() => draw.normal()),
    kind,
  });

  test.each(fs.selectionMethods)("by %s finds the columns that tell the target", async (method) => {
    const { selected, features, notes } = await fs.selectFeatures(rows, { target: "kind", method, nFeatures: 2 });
    expect(selected).toContain("useful");
    expect(features.at(-1)!.feature).toBe("noise");
    expect(notes.join()).toMatch(/gaps/);
  });

  test("warns of a column that tells the target alone", async () => {
    const { notes } = await fs.selectFeatures(rows, { target: "kind", method: "statistical" });
    expect(notes.join()).toMatch(/column "useful" alone tells/);
  });

  test("names the method that is near the unknown one", async () => {
    await expect(fs.selectFeatures(rows, { target: "kind", method: "corelation" as never })).rejects.toThrow(
      /no method "corelation".*correlation/,
    );
  });

  test("refuses more features than there are", async () => {
    for (const nFeatures of [9, 0, 1.5])
      await expect(fs.selectFeatures(rows, { target: "kind", nFeatures })).rejects.toThrow(
        `nFeatures must be a whole number from 1 to the number of columns, 4, got ${nFeatures}`,
      );
  });

  test("refuses options that nobody reads", async () => {
    const asked = fs.selectFeatures(rows, { target: "kind", nFeature: 2 } as never);
    await expect(asked).rejects.toThrow("selectFeatures: no option nFeature, did you mean nFeatures");
  });

  test("is plain JSON", async () => {
    const found = await fs.selectFeatures(rows, { target: "kind" });
    expect(JSON.parse(JSON.stringify(found))).toEqual({ ...found });
  });
});

const checked: readonly (readonly [string, Record<string, unknown>])[] = [
  ["select_k_best", { k: 1 }],
  ["select_percentile", { percentile: 70 }],
  ["select_fpr", { alpha: 1 }],
  ["select_fdr", { alpha: 1 }],
  ["select_fwe", { alpha: 1 }],
  ["variance_threshold", {}],
  ["correlation_selector", {}],
  ["select_from_model", { estimator: decisionTreeRegressor({ maxDepth: 3 }) }],
  ["rfe", { estimator: decisionTreeRegressor({ maxDepth: 3 }) }],
  ["rfecv", { estimator: decisionTreeRegressor({ maxDepth: 3 }) }],
  ["sequential_feature_selector", { estimator: decisionTreeRegressor({ maxDepth: 3 }) }],
];
describe.each(checked)("%s passes the suite of estimators", (name, params) => {
  for (const { name: fact, run } of estimatorChecks(
    "transform",
    name,
    JSON.parse(JSON.stringify(params)) as Record<string, Spec>,
  ))
    test(fact, run);
});
