import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { logGamma } from "../numeric/special-functions.ts";
import { mean, variance } from "../numeric/statistics.ts";
import { shareInterval } from "./binomial-interval.ts";
import { bootstrapWeights } from "./bootstrap.ts";
import { bootstrapDifference, bootstrapInterval } from "./bootstrap-interval.ts";
import * as m from "./index.ts";
import { binomial, drawCounts } from "./multinomial.ts";
import { weightedQuantile } from "./row-mean.ts";

const rows = fc.array(
  fc.record({ positive: fc.boolean(), score: fc.integer({ min: -4, max: 4 }), weight: fc.integer({ min: 0, max: 3 }) }),
  {
    minLength: 2,
    maxLength: 40,
  },
);

describe("properties", () => {
  test("the ROC area is the share of pairs in the right order, ties half, with and without weights", () =>
    fc.assert(
      fc.property(rows, fc.boolean(), (list, weighted) => {
        const weightOf = (row: (typeof list)[number]): number => (weighted ? row.weight : 1);
        let pairs = 0;
        let right = 0;
        for (const a of list)
          for (const b of list)
            if (a.positive && !b.positive) {
              pairs += weightOf(a) * weightOf(b);
              right += weightOf(a) * weightOf(b) * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0);
            }
        fc.pre(pairs > 0);
        const options = weighted ? { weights: list.map(weightOf) } : {};
        const area = m.binaryRocAuc(
          list.map(({ positive }) => positive),
          list.map(({ score }) => score),
          options,
        );
        expect(area).toBeCloseTo(right / pairs, 12);
      }),
    ));

  test("many scores, sorted by radix, give the area of few, sorted by comparing", () => {
    const scores = Float64Array.from({ length: 30_000 }, (_, i) => ((i * 7919) % 1009) - 500);
    const positive = Uint8Array.from(scores, (score, i) => Number(score + ((i * 31) % 700) > 200));
    const merged = m.binaryRocAuc(positive, scores);
    expect(m.binaryRocAuc(positive, scores, { weights: scores.map(() => 2) })).toBeCloseTo(merged, 12);
  });

  test("a weighted quantile is that of the rows as often as they weigh", () =>
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 8 }), (list, eighths) => {
        fc.pre(list.some(({ weight }) => weight > 0));
        const values = Float64Array.from(list, ({ score }) => score);
        const expanded = Float64Array.from(list.flatMap(({ score, weight }) => new Array<number>(weight).fill(score)));
        const share = eighths / 8;
        expect(
          weightedQuantile(
            values,
            list.map(({ weight }) => weight),
            share,
          ),
        ).toBe(weightedQuantile(expanded, undefined, share));
      }),
    ));

  test("precision and recall exchange with truth and prediction", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), { minLength: 1 }),
        (pairs) => {
          const truth = pairs.map(([a]) => a);
          const predicted = pairs.map(([, b]) => b);
          expect(m.precision(truth, predicted, { average: "macro" })).toBe(m.recall(predicted, truth, { average: "macro" }));
        },
      ),
    ));

  test("a shuffled list of recommendations has the same recall at its length", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1 }),
        (list, taken) => {
          const k = list.length;
          expect(m.recallAtK([list], [taken], { k })).toBe(m.recallAtK([list.toReversed()], [new Set(taken)], { k }));
        },
      ),
    ));
});

describe("drawing kinds of rows", () => {
  test.each([
    [20, 0.1],
    [60, 0.3],
    [1000, 0.002],
    [1000, 0.4],
    [100_000, 0.75],
  ])("binomial of %i at %d has its mean and variance", (n, p) => {
    const draw = random(7, "binomial");
    const values = Float64Array.from({ length: 20_000 }, () => binomial(draw, n, p));
    const spread = Math.sqrt(n * p * (1 - p));
    expect(Math.abs(mean(values) - n * p) / (spread / Math.sqrt(20_000))).toBeLessThan(4);
    expect(variance(values) / (spread * spread)).toBeCloseTo(1, 1);
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
  });
  test("the law of a binomial is met value by value", () => {
    const draw = random(8, "binomial");
    const counts = new Float64Array(41);
    for (let k = 0; k < 40_000; k++) counts[binomial(draw, 40, 0.35)]! += 1;
    let chiSquare = 0;
    for (let k = 6; k <= 22; k++) {
      const law = Math.exp(logGamma(41) - logGamma(k + 1) - logGamma(41 - k) + k * Math.log(0.35) + (40 - k) * Math.log(0.65));
      chiSquare += (counts[k]! - 40_000 * law) ** 2 / (40_000 * law);
    }
    expect(chiSquare).toBeLessThan(41); // 1 in 1,000 of 17 degrees of freedom
  });
  test("counts drawn add up to the rows", () => {
    const out = new Float64Array(4);
    for (let k = 0; k < 50; k++) {
      drawCounts(random(k, "counts"), Float64Array.of(3, 500, 1, 70), out);
      expect(out.reduce((a, b) => a + b, 0)).toBe(574);
    }
  });
  test("kinds and rows drawn one by one give intervals alike", () => {
    const draw = random(9, "kinds");
    const yTrue = Array.from({ length: 3000 }, () => draw.int(3));
    const yPred = yTrue.map((code) => (draw.float() < 0.8 ? code : draw.int(3)));
    const kinds = bootstrapInterval("f1_macro", yTrue, yPred);
    const each = bootstrapInterval("f1_macro", yTrue, yPred, { weights: yTrue.map(() => 1) });
    expect(kinds.value).toBe(each.value);
    expect(kinds.standardError / each.standardError).toBeCloseTo(1, 1);
    expect(kinds.low).toBeCloseTo(each.low, 2);
    expect(kinds.high).toBeCloseTo(each.high, 2);
  });
});

describe("resampling", () => {
  const truth = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? "yes" : "no"));
  const predicted = truth.map((label, i) => (i % 5 === 0 ? "no" : label));

  test("the same seed gives the same bits, another seed others", () => {
    const one = bootstrapInterval("f1_macro", truth, predicted, { seed: 3, resamples: 200 });
    expect(bootstrapInterval("f1_macro", truth, predicted, { seed: 3, resamples: 200 })).toEqual(one);
    expect(bootstrapInterval("f1_macro", truth, predicted, { seed: 4, resamples: 200 })).not.toEqual(one);
  });
  test("the interval holds the value, and is wider for more confidence", () => {
    const wide = bootstrapInterval("accuracy", truth, predicted, { confidence: 0.99 });
    const narrow = bootstrapInterval("accuracy", truth, predicted, { confidence: 0.8 });
    expect(wide.low <= narrow.low && narrow.low <= narrow.value && narrow.value <= narrow.high && narrow.high <= wide.high).toBe(
      true,
    );
  });
  test("the standard error of accuracy is that of a share", () => {
    const { value, standardError } = bootstrapInterval("accuracy", truth, predicted, { resamples: 4000 });
    expect(standardError / Math.sqrt((value * (1 - value)) / 60)).toBeCloseTo(1, 1);
  });
  test("strata keep their number of rows, groups are drawn whole", () => {
    for (const weights of bootstrapWeights(60, { strata: truth, resamples: 20 }))
      expect(truth.reduce((sum, label, i) => sum + (label === "yes" ? weights[i]! : 0), 0)).toBe(20);
    const groups = truth.map((_, i) => i >> 2);
    for (const weights of bootstrapWeights(60, { groups, resamples: 20 }))
      expect(groups.every((group, i) => weights[i] === weights[4 * group])).toBe(true);
  });
  test("resamples without a class are left out and counted", () => {
    const rare = [1, 0, 0, 0, 0, 0].map((code) => ["no", "yes"][code]!);
    const proba = [0.1, 0.9, 0.6, 0.4, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1, 0.95, 0.05];
    const options = { classes: ["no", "yes"], resamples: 300 };
    expect(bootstrapInterval("roc_auc", rare, proba, options).undefinedResamples).toBeGreaterThan(50);
    expect(bootstrapInterval("roc_auc", rare, proba, { ...options, strata: rare }).undefinedResamples).toBe(0);
  });
  test("a model does not differ from itself, and differs from a bad one", () => {
    expect(bootstrapDifference("accuracy", truth, predicted, predicted)).toMatchObject({ value: 0, low: 0, high: 0 });
    const bad = truth.map((label) => (label === "yes" ? "no" : "yes"));
    expect(bootstrapDifference("accuracy", truth, predicted, bad).low).toBeGreaterThan(0.5);
  });
  test("own weights multiply", () => {
    const weights = truth.map((_, i) => 1 + (i % 2));
    expect(bootstrapInterval("accuracy", truth, predicted, { weights, resamples: 50 }).value).toBe(
      m.accuracy(truth, predicted, { weights }),
    );
  });
  test("an abort ends it", () => {
    const signal = AbortSignal.abort();
    expect(() => bootstrapInterval("accuracy", truth, predicted, { signal })).toThrow("aborted");
  });
  test("a share of all or none keeps its end", () => {
    expect(shareInterval(0, 10).low).toBe(0);
    expect(shareInterval(10, 10).high).toBe(1);
  });
});

describe("bad input is refused by name and place", () => {
  const proba = [0.4, 0.6, 0.7, 0.3];
  const classes = ["no", "yes"];
  test.each([
    ["no rows", () => m.accuracy([], []), DataError, "accuracy: needs one row at least, got 0"],
    ["lengths", () => m.mae([1, 2], [1]), ShapeError, "mae: yTrue has 2 rows but the prediction 1"],
    ["NaN", () => m.rmse([1, 2], [1, Number.NaN]), DataError, "rmse: yPred must hold finite numbers, got NaN in row 1"],
    ["a missing label", () => m.f1(["a", null as never], ["a", "a"]), DataError, "a label is missing, got null in row 1"],
    [
      "weights too few",
      () => m.accuracy(["a", "b"], ["a", "b"], { weights: [1] }),
      ShapeError,
      "weights must be one a row (2), got 1",
    ],
    [
      "a weight below 0",
      () => m.mse([1, 2], [1, 2], { weights: [1, -1] }),
      DataError,
      "weights must be finite and ≥ 0, got -1 in row 1",
    ],
    ["weights of 0", () => m.mse([1, 2], [1, 2], { weights: [0, 0] }), DataError, "weights must be above 0 in sum"],
    [
      "a probability",
      () => m.logLoss(["no", "yes"], [1.2, -0.2, 0.5, 0.5], { classes }),
      DataError,
      "probabilities must be 0 … 1, got 1.2 in row 0, column 0",
    ],
    [
      "a strange label",
      () => m.brier(["no", "maybe"], proba, { classes }),
      DataError,
      'label "maybe" in row 1 is not one of the model\'s classes no, yes',
    ],
    ["a positive class", () => m.recall(["no", "yes"], ["no", "no"], { positive: "yess" }), ParamsError, "did you mean yes"],
    [
      "binary of three",
      () => m.recall(["a", "b", "c"], ["a", "b", "c"], { average: "binary" }),
      ParamsError,
      "is for two classes, got 3",
    ],
    ["one class", () => m.rocCurve([true, true], [0.1, 0.2]), DataError, "all are positive"],
    ["no positive rows", () => m.precisionRecallCurve([false], [0.1]), DataError, "needs positive rows"],
    ["scores", () => m.binaryRocAuc([true, false], [1, Number.NaN]), DataError, "scores must hold finite numbers"],
    ["labels nowhere", () => m.confusionMatrix(["a"], ["a"], { labels: ["b"] }), DataError, "one of the labels must be in yTrue"],
    ["Tweedie's power", () => m.tweedieDeviance([1], [1], { power: 0.5 }), ParamsError, "power must be ≤ 0 or ≥ 1"],
    ["gamma of 0", () => m.gammaDeviance([0, 1], [1, 1]), DataError, "yTrue must be above 0 for power 2, got 0 in row 0"],
    ["logarithms", () => m.msle([-2], [1]), DataError, "yTrue must be above -1, got -2 in row 0"],
    ["grades", () => m.ndcg([-1], [1]), DataError, "grades must be finite and ≥ 0, got -1 in row 0"],
    ["groups", () => m.ndcg([1, 2], [1, 2], { groups: ["a"] }), ShapeError, "groups must be one a row (2), got 1"],
    ["an item twice", () => m.recallAtK([["a", "a"]], [["a"]]), DataError, 'the list of user 0 holds item "a" twice'],
    ["users", () => m.recallAtK([["a"]], []), ShapeError, "lists for 1 users but relevant items of 0"],
    ["a share", () => m.shareInterval(5, 4), ParamsError, "0 ≤ right ≤ rows"],
    [
      "confidence",
      () => m.shareInterval(1, 4, { confidence: 95 }),
      ParamsError,
      "confidence must be above 0 and below 1, got 95",
    ],
    ["a metric", () => m.bootstrapInterval("acuracy", ["a"], ["a"]), ParamsError, "did you mean accuracy"],
    [
      "classes",
      () => m.bootstrapInterval("roc_auc", classes, proba),
      ParamsError,
      "needs probabilities (n × k) with { classes }",
    ],
    [
      "resamples",
      () => m.bootstrapInterval("accuracy", classes, classes, { resamples: 0 }),
      ParamsError,
      "resamples must be a whole number 1",
    ],
    ["bins", () => m.calibrationCurve([true], [0.5], { bins: 0 }), ParamsError, "bins must be a whole number"],
  ] as const)("%s", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });
});

test("a model of one class has losses of 0 and no ROC area", () => {
  const rows = { yTrue: ["a", "a"], yPred: ["a", "a"], proba: [1, 1], classes: ["a"] };
  const value = (name: string): number => m.metricByName(name, "classification").compute(rows);
  expect([value("accuracy"), value("brier"), value("roc_auc"), value("average_precision")]).toEqual([1, 0, Number.NaN, 1]);
  expect(value("log_loss")).toBeCloseTo(0, 12);
});

describe("the registry", () => {
  test.each([
    ["auc", "classification", "roc_auc"],
    ["rocAuc", "classification", "roc_auc"],
    ["neg_log_loss", "classification", "log_loss"],
    ["f1Macro", "classification", "f1_macro"],
    ["neg_root_mean_squared_error", "regression", "rmse"],
    ["ndcg@10", "ranking", "ndcg@10"],
  ] as const)("knows %s of %s as %s", (name, task, ours) => expect(m.metricByName(name, task).name).toBe(ours));
  test("names are said once over all tasks", () => {
    const names = (["classification", "regression", "ranking"] as const)
      .flatMap((task) => m.allMetrics(task))
      .map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
  test("the usual metrics are those of every model and target", () =>
    expect([...m.metricsFor("classification"), ...m.metricsFor("regression")].every(({ domain }) => domain === "all")).toBe(
      true,
    ));
  test("a metric fits where its domain and probabilities are there", () => {
    const fits = (name: string, yTrue: readonly number[]) =>
      m.metricFits(m.metricByName(name, "regression"), { yTrue, yPred: [1, 2] });
    expect([
      fits("gamma_deviance", [1, 2]),
      fits("gamma_deviance", [0, 2]),
      fits("poisson_deviance", [0, 2]),
      fits("msle", [-2, 1]),
    ]).toEqual([true, false, true, false]);
    expect(m.metricFits(m.metricByName("roc_auc", "classification"), { yTrue: ["a"], yPred: ["a"] })).toBe(false);
  });
});

test("a calibration curve takes a mean of shares that is above 1 by a rounding", () => {
  expect(m.calibrationCurve([true, false], [1.0000000000000002, 0.05]).counts).toEqual([1, 1]);
});
