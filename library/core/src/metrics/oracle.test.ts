import { describe, expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import {
  accuracy,
  aucDifference,
  aucInterval,
  averagePrecision,
  balancedAccuracy,
  brier,
  calibrationCurve,
  classificationReport,
  classificationReportText,
  cohenKappa,
  confusionMatrix,
  coverageAtK,
  d2AbsoluteError,
  d2Brier,
  d2LogLoss,
  d2Pinball,
  d2Tweedie,
  dcg,
  detCurve,
  explainedVariance,
  f1,
  fBeta,
  gammaDeviance,
  hammingLoss,
  hingeLoss,
  hitRateAtK,
  jaccard,
  ksStatistic,
  labelRankingAveragePrecision,
  logLoss,
  mae,
  mapAtK,
  mape,
  maxError,
  mcc,
  medianAbsoluteError,
  mrrAtK,
  mse,
  msle,
  ndcg,
  ndcgAtK,
  noveltyAtK,
  pinball,
  poissonDeviance,
  precision,
  precisionAtK,
  precisionRecallCurve,
  r2,
  recall,
  recallAtK,
  rmse,
  rmsle,
  rocAuc,
  rocCurve,
  shareInterval,
  topKAccuracy,
  tweedieDeviance,
} from "./index.ts";
import { resampledInterval } from "./interval.ts";

/** Equal to 1e-12 of the value, or of 1; the oracles tell NaN as null and infinities as text. */
function close(got: unknown, wanted: unknown, place = "", tolerance = 1e-12): void {
  if (Array.isArray(wanted)) {
    expect((got as unknown[]).length, place).toBe(wanted.length);
    for (const [k, each] of wanted.entries()) close((got as unknown[])[k], each, `${place}[${k}]`, tolerance);
  } else if (typeof wanted === "number" && Number.isFinite(wanted))
    expect(Math.abs((got as number) - wanted) / Math.max(1, Math.abs(wanted)), `${place}: ${got} is not ${wanted}`).toBeLessThan(
      tolerance,
    );
  else expect(got, place).toEqual(wanted === null ? Number.NaN : /^-?Infinity$/.test(String(wanted)) ? Number(wanted) : wanted);
}

type Expected = Record<string, unknown>;
interface Case {
  readonly weights: number[] | null;
  readonly expected: Expected;
}

function compare(expected: Expected, answers: Expected): void {
  expect(Object.keys(expected).filter((name) => !(name in answers))).toEqual([]);
  for (const [name, wanted] of Object.entries(expected)) close(answers[name], wanted, name);
}

describe("metrics of labels equal scikit-learn's to 1e-12", () => {
  const cases = fixture<(Case & { truth: string[]; predicted: string[] })[]>(import.meta.url, "label-cases");
  const averages = ["macro", "micro", "weighted"] as const;
  test.each(cases.map((each, k) => [k, each] as const))("case %i", (_, { truth, predicted, weights: given, expected }) => {
    const weights = given ?? undefined;
    const answers: Expected = {
      accuracy: accuracy(truth, predicted, { weights }),
      balancedAccuracy: balancedAccuracy(truth, predicted, { weights }),
      balancedAccuracyAdjusted: balancedAccuracy(truth, predicted, { weights, adjusted: true }),
      mcc: mcc(truth, predicted, { weights }),
      hammingLoss: hammingLoss(truth, predicted, { weights }),
      confusion: confusionMatrix(truth, predicted, { weights }).counts,
      confusionLabels: confusionMatrix(truth, predicted, { weights, labels: ["b", "a"] }).counts,
      report: classificationReportText(classificationReport(truth, predicted, { weights }), { decimals: 3 }),
      reportLabels: classificationReportText(classificationReport(truth, predicted, { weights, labels: ["b", "a"] })),
    };
    for (const how of ["true", "pred", "all"] as const)
      answers[`confusion_${how}`] = confusionMatrix(truth, predicted, { weights, normalise: how }).counts;
    for (const distance of ["none", "linear", "quadratic"] as const)
      answers[`kappa_${distance}`] = cohenKappa(truth, predicted, { weights, distance });
    for (const average of averages) {
      const options = { weights, average };
      answers[`precision_${average}`] = precision(truth, predicted, options);
      answers[`recall_${average}`] = recall(truth, predicted, options);
      answers[`f1_${average}`] = f1(truth, predicted, options);
      answers[`fBeta_${average}`] = fBeta(truth, predicted, { ...options, beta: 0.5 });
      answers[`jaccard_${average}`] = jaccard(truth, predicted, options);
      answers[`precisionNaN_${average}`] = precision(truth, predicted, { ...options, zeroDivision: Number.NaN });
      answers[`recallOne_${average}`] = recall(truth, predicted, { ...options, labels: ["a", "b", "z"], zeroDivision: 1 });
    }
    const binary = { weights, average: "binary", positive: "a" } as const;
    if ("f1_binary" in expected)
      for (const [name, metric] of Object.entries({ precision, recall, f1, jaccard }))
        answers[`${name}_binary`] = metric(truth, predicted, binary);
    compare(expected, answers);
  });
});

describe("metrics of probabilities equal scikit-learn's to 1e-12", () => {
  const cases = fixture<(Case & { truth: number[]; proba: number[][]; classes: number })[]>(import.meta.url, "probability-cases");
  test.each(cases.map((each, k) => [k, each] as const))(
    "case %i",
    (_, { truth, proba: rows, classes: k, weights: given, expected }) => {
      const classes = Array.from({ length: k }, (__, c) => c);
      const options = { classes, weights: given ?? undefined };
      const proba = rows.flat();
      const decisions = k === 2 ? rows.map((row) => row[1]! * 4 - 2) : proba.map((share) => share * 3);
      const answers: Expected = {
        logLoss: logLoss(truth, proba, options),
        brier: brier(truth, proba, options),
        d2LogLoss: d2LogLoss(truth, proba, options),
        d2Brier: d2Brier(truth, proba, options),
        topK_1: topKAccuracy(truth, proba, { ...options, k: 1 }),
        topK_2: topKAccuracy(truth, proba, { ...options, k: 2 }),
        hinge: hingeLoss(truth, decisions, options),
        averagePrecision: averagePrecision(truth, proba, options),
        rocAuc: rocAuc(truth, proba, options),
        rocAuc_ovo: rocAuc(truth, proba, { ...options, multiClass: "ovo" }),
        rocAuc_ovo_weighted: rocAuc(truth, proba, { ...options, multiClass: "ovo", average: "weighted" }),
      };
      for (const average of ["weighted", "micro"] as const) {
        answers[`averagePrecision_${average}`] = averagePrecision(truth, proba, { ...options, average });
        answers[`rocAuc_${average}`] = rocAuc(truth, proba, { ...options, average });
      }
      if (k === 2) for (const maxFpr of [0.1, 0.5, 1]) answers[`rocAuc_${maxFpr}`] = rocAuc(truth, proba, { ...options, maxFpr });
      compare(expected, answers);
    },
  );
});

describe("curves equal scikit-learn's to 1e-12", () => {
  const cases = fixture<(Case & { truth: boolean[]; scores: number[] })[]>(import.meta.url, "curve-cases");
  test.each(cases.map((each, k) => [k, each] as const))("case %i", (_, { truth, scores, weights: given, expected }) => {
    const weights = given ?? undefined;
    const answers: Expected = { ks: ksStatistic(truth, scores) };
    for (const [name, dropIntermediate] of [
      ["False", false],
      ["True", true],
    ] as const) {
      const roc = rocCurve(truth, scores, { weights, dropIntermediate });
      answers[`roc_${name}`] = [roc.falsePositiveRate, roc.truePositiveRate, roc.thresholds];
      const pr = precisionRecallCurve(truth, scores, { weights, dropIntermediate });
      answers[`pr_${name}`] = [pr.precision, pr.recall, pr.thresholds];
      const det = detCurve(truth, scores, { weights, dropIntermediate });
      answers[`det_${name}`] = [det.falsePositiveRate, det.falseNegativeRate, det.thresholds];
    }
    for (const strategy of ["uniform", "quantile"] as const) {
      const curve = calibrationCurve(truth, scores, { bins: 7, strategy });
      answers[`calibration_${strategy}`] = [curve.observed, curve.predicted];
    }
    compare(expected, answers);
  });
});

describe("metrics of numbers equal scikit-learn's to 1e-12", () => {
  const cases = fixture<(Case & { truth: number[]; predicted: number[] })[]>(import.meta.url, "number-cases");
  const plain = {
    mse,
    rmse,
    mae,
    mape,
    msle,
    rmsle,
    medianAbsoluteError,
    r2,
    explainedVariance,
    poissonDeviance,
    gammaDeviance,
    d2AbsoluteError,
    maxError,
  };
  test.each(cases.map((each, k) => [k, each] as const))("case %i", (_, { truth, predicted, weights: given, expected }) => {
    const weights = given ?? undefined;
    const answers: Expected = {};
    for (const [name, metric] of Object.entries(plain)) answers[name] = metric(truth, predicted, { weights });
    for (const alpha of [0.1, 0.5, 0.9]) {
      answers[`pinball_${alpha}`] = pinball(truth, predicted, { weights, alpha });
      answers[`d2Pinball_${alpha}`] = d2Pinball(truth, predicted, { weights, alpha });
    }
    for (const power of [-1, 0, 1, 1.5, 2, 3]) {
      answers[`tweedie_${power}`] = tweedieDeviance(truth, predicted, { weights, power });
      answers[`d2Tweedie_${power}`] = d2Tweedie(truth, predicted, { weights, power });
    }
    compare(expected, answers);
  });
});

describe("rankings", () => {
  const given = fixture<{
    queries: { grades: number[]; scores: number[]; expected: Expected }[];
    labels: { relevant: number[][]; scores: number[][]; weights: number[]; plain: number; weighted: number };
    lists: number[][];
    taken: number[][];
    recommended: Record<string, Expected>;
  }>(import.meta.url, "ranking-cases");
  test.each(given.queries.map((each, k) => [k, each] as const))(
    "nDCG and DCG of query %i equal scikit-learn's to 1e-12",
    (_, { grades, scores, expected }) => {
      const answers: Expected = {};
      for (const [name, k] of [
        ["None", undefined],
        ["1", 1],
        ["5", 5],
      ] as const)
        for (const gains of ["linear", "exponential"] as const) {
          answers[`dcg_${gains}_${name}`] = dcg(grades, scores, { k, gains });
          answers[`ndcg_${gains}_${name}`] = ndcg(grades, scores, { k, gains });
        }
      compare(expected, answers);
    },
  );
  test("nDCG over groups is the mean of the queries'", () => {
    const [a, b] = [given.queries[1]!, given.queries[2]!];
    const groups = [...a.grades.map(() => "q1"), ...b.grades.map(() => "q2")];
    const all = ndcg([...a.grades, ...b.grades], [...a.scores, ...b.scores], { groups });
    close(all, (ndcg(a.grades, a.scores) + ndcg(b.grades, b.scores)) / 2);
  });
  test("label ranking average precision equals scikit-learn's to 1e-12", () => {
    const { relevant, scores, weights, plain, weighted } = given.labels;
    close(labelRankingAveragePrecision(relevant.flat(), scores.flat(), { labels: 5 }), plain);
    close(labelRankingAveragePrecision(relevant.flat(), scores.flat(), { labels: 5, weights }), weighted);
  });
  test.each(Object.entries(given.recommended))(
    "lists of recommendations at %s equal the plain definitions to 1e-12",
    (at, expected) => {
      const k = Number(at);
      const popularity = new Map<number, number>();
      for (const item of given.taken.flat()) popularity.set(item, (popularity.get(item) ?? 0) + 1);
      const answers: Expected = {
        coverageAtK: coverageAtK(given.lists, { k, items: 30 }),
        noveltyAtK: noveltyAtK(given.lists, { k, popularity, users: given.taken.length }),
      };
      for (const [name, metric] of Object.entries({ recallAtK, precisionAtK, hitRateAtK, mapAtK, mrrAtK, ndcgAtK }))
        answers[name] = metric(given.lists, given.taken, { k });
      compare(expected, answers);
    },
  );
});

describe("intervals", () => {
  type Ends = [low: number, high: number];
  const given = fixture<{
    data: number[];
    values: number[];
    percentile: Ends;
    basic: Ends;
    bca: Ends;
    shares: { right: number; rows: number; wilson: Ends; exact: Ends }[];
    truth: boolean[];
    a: number[];
    b: number[];
    delong: { auc: Ends; se: number; p: number };
  }>(import.meta.url, "intervals");
  const mean = (values: readonly number[]): number => values.reduce((x, y) => x + y, 0) / values.length;
  test.each(["percentile", "basic", "bca"] as const)("%s of the same resamples has scipy's ends", (method) => {
    const left = Float64Array.from(given.data, (_, k) => mean(given.data.filter((__, i) => i !== k)));
    const { low, high } = resampledInterval(Float64Array.from(given.values), mean(given.data), left, { method, confidence: 0.9 });
    close([low, high], given[method], method, 1e-10);
  });
  test.each(given.shares)("$right of $rows has scipy's Wilson and Clopper–Pearson ends", ({ right, rows, wilson, exact }) => {
    const ends = (method: "wilson" | "clopper_pearson"): number[] => {
      const { low, high } = shareInterval(right, rows, { method });
      return [low, high];
    };
    close(ends("wilson"), wilson, "wilson");
    close(ends("clopper_pearson"), exact, "exact", 1e-11);
  });
  test("DeLong's variance and test are those of all pairs", () => {
    const { truth, a, b, delong } = given;
    const one = aucInterval(truth, a);
    const two = aucDifference(truth, a, b);
    close([one.value, one.standardError], [delong.auc[0], delong.se]);
    close([two.a, two.b, two.pValue], [...delong.auc, delong.p], "", 1e-11);
  });
});
