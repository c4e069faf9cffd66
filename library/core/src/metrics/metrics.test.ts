import { describe, expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  classificationReport,
  confusionMatrix,
  explainedVariance,
  f1,
  logLoss,
  mae,
  mape,
  mcc,
  medianAbsoluteError,
  metricByName,
  mse,
  pinball,
  precision,
  precisionRecallCurve,
  r2,
  recall,
  rmse,
  rocAuc,
  rocCurve,
} from "./index.ts";

const close = (got: number, wanted: number): void =>
  expect(Math.abs(got - wanted)).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted)));
const allClose = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got.length).toBe(wanted.length);
  for (const [k, value] of wanted.entries()) close(got[k]!, value);
};
type Answers = Record<string, number> & { truth: never; predicted: never; weights: number[] };

describe("classification metrics equal scikit-learn's to 1e-12", () => {
  const given = fixture<Answers & { classes: string[]; proba: number[][]; precision: never; confusion: number[][] }>(
    import.meta.url,
    "classification",
  );
  const { truth, predicted, classes, weights } = given;
  const proba = given.proba.flat();
  test("accuracy", () => close(accuracy(truth, predicted), given["accuracy"]!));
  test("accuracy with weights", () => close(accuracy(truth, predicted, { weights }), given["accuracy_weighted"]!));
  test("balanced accuracy", () => close(balancedAccuracy(truth, predicted), given["balanced_accuracy"]!));
  test("Matthews correlation", () => close(mcc(truth, predicted), given["mcc"]!));
  test("log loss", () => close(logLoss(truth, proba, { classes }), given["log_loss"]!));
  test("one-vs-rest ROC AUC", () => close(rocAuc(truth, proba, { classes }), given["roc_auc"]!));
  test("mean average precision", () => close(averagePrecision(truth, proba, { classes }), given["average_precision"]!));
  test("confusion matrix", () => expect(confusionMatrix(truth, predicted).counts).toEqual(given.confusion));
  test.each(["macro", "micro", "weighted"] as const)("precision, recall and F1, %s", (average) => {
    close(precision(truth, predicted, { average }), given[`precision_${average}`]!);
    close(recall(truth, predicted, { average }), given[`recall_${average}`]!);
    close(f1(truth, predicted, { average }), given[`f1_${average}`]!);
  });
  test("the report by class", () => {
    const report = classificationReport(truth, predicted).classes;
    for (const name of ["precision", "recall", "f1", "support"] as const)
      allClose(
        report.map((row) => row[name]),
        given[name] as never,
      );
  });
});

describe("curves of tied scores equal scikit-learn's to 1e-12", () => {
  const given = fixture<
    Record<"truth" | "scores" | "fpr" | "tpr" | "roc_thresholds" | "precision" | "recall" | "pr_thresholds", number[]> &
      Record<"roc_auc" | "average_precision" | "brier", number>
  >(import.meta.url, "binary");
  const positive = given.truth.map(Boolean);
  const proba = given.scores.flatMap((score) => [1 - score, score]);
  const classes = [false, true];
  test("ROC", () => {
    const curve = rocCurve(positive, given.scores);
    allClose(curve.falsePositiveRate, given.fpr);
    allClose(curve.truePositiveRate, given.tpr);
    allClose(curve.thresholds.slice(1), given.roc_thresholds);
  });
  test("precision–recall", () => {
    const curve = precisionRecallCurve(positive, given.scores);
    allClose(curve.precision, given.precision);
    allClose(curve.recall, given.recall);
    allClose(curve.thresholds, given.pr_thresholds);
  });
  test("ROC AUC", () => close(rocAuc(positive, proba, { classes }), given.roc_auc));
  test("average precision", () => close(averagePrecision(positive, proba, { classes }), given.average_precision));
  test("Brier score", () => close(brier(positive, proba, { classes }), given.brier));
  test("one class only has no ROC curve", () => expect(() => rocCurve([true, true], [0.1, 0.2])).toThrow("all are positive"));
});

describe("regression metrics equal scikit-learn's to 1e-12", () => {
  const given = fixture<Answers>(import.meta.url, "regression");
  const { truth, predicted, weights } = given;
  test.each([
    ["mse", mse],
    ["rmse", rmse],
    ["mae", mae],
    ["mape", mape],
    ["median_absolute_error", medianAbsoluteError],
    ["r2", r2],
    ["explained_variance", explainedVariance],
  ] as const)("%s", (name, metric) => close(metric(truth, predicted), given[name]!));
  test("pinball", () => close(pinball(truth, predicted, { alpha: 0.2 }), given["pinball"]!));
  test("R² and MAE with weights", () => {
    close(r2(truth, predicted, { weights }), given["r2_weighted"]!);
    close(mae(truth, predicted, { weights }), given["mae_weighted"]!);
  });
});

test("an unknown metric is answered with the near name", () =>
  expect(() => metricByName("acuracy", "classification")).toThrow("did you mean accuracy"));
test("arrays of different lengths are refused", () =>
  expect(() => mse([1, 2], [1])).toThrow("yTrue has 2 rows but the prediction 1"));
