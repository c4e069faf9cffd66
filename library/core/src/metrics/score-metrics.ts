import { expectedCalibrationError } from "./calibration.ts";
import { type AreaAverage, classAreas, rocAuc } from "./class-areas.ts";
import { ksDistance } from "./gain-curves.ts";
import { type About, type Metric, metric, ofAll, ofRows, probaOf } from "./metric.ts";
import { brierLosses, d2Brier, d2LogLoss, logLosses, topKAccuracy } from "./probability-metrics.ts";
import { precisionRecallArea, rocArea } from "./ranking-curves.ts";
import type { ScoreSteps } from "./score-order.ts";

/** Metrics of class probabilities, the usual ones first. */
export const scoreMetrics: readonly Metric[] = [
  areas({ name: "roc_auc", title: "ROC AUC", isUsual: true }, "macro", rocArea),
  areas({ name: "average_precision", title: "Average precision", isUsual: true }, "macro", precisionRecallArea),
  ofRows(
    { name: "log_loss", title: "Log loss", needsProba: true, isUsual: true, greaterIsBetter: false, range: [0, Infinity] },
    (scored) => {
      const { proba, classes } = probaOf(scored, "log_loss");
      return logLosses(scored.yTrue, proba, classes);
    },
  ),
  ofRows(
    { name: "brier", title: "Brier score", needsProba: true, isUsual: true, greaterIsBetter: false, range: [0, 2] },
    (scored) => {
      const { proba, classes } = probaOf(scored, "brier");
      return brierLosses(scored.yTrue, proba, classes);
    },
  ),
  areas({ name: "roc_auc_weighted", title: "ROC AUC, weighted by class" }, "weighted", rocArea),
  ofAll({ name: "roc_auc_ovo", title: "ROC AUC of pairs of classes", needsProba: true }, (scored) => {
    const { proba, classes } = probaOf(scored, "roc_auc_ovo");
    return rocAuc(scored.yTrue, proba, { classes, weights: scored.weights, multiClass: "ovo" });
  }),
  areas({ name: "average_precision_weighted", title: "Average precision, weighted by class" }, "weighted", precisionRecallArea),
  areas({ name: "ks", title: "Kolmogorov–Smirnov distance of scores" }, "macro", ksDistance),
  shareExplained("d2_log_loss", "Share of log loss explained", d2LogLoss),
  shareExplained("d2_brier", "Share of Brier score explained", d2Brier),
  ofAll({ name: "top_2_accuracy", title: "Top-2 accuracy", needsProba: true }, (scored) => {
    const { proba, classes } = probaOf(scored, "top_2_accuracy");
    return topKAccuracy(scored.yTrue, proba, { classes, weights: scored.weights, k: 2 });
  }),
  ofAll(
    { name: "expected_calibration_error", title: "Expected calibration error", needsProba: true, greaterIsBetter: false },
    (scored) => {
      const { proba, classes } = probaOf(scored, "expected_calibration_error");
      return expectedCalibrationError(scored.yTrue, proba, { classes, weights: scored.weights });
    },
  ),
];

function areas(about: About, average: AreaAverage, area: (steps: ScoreSteps) => number): Metric {
  return metric({ needsProba: true, ...about }, (scored) => {
    const { proba, classes } = probaOf(scored, about.name);
    return classAreas(about.name, scored.yTrue, proba, classes, average, area);
  });
}

function shareExplained(name: string, title: string, value: typeof d2LogLoss): Metric {
  return ofAll({ name, title, needsProba: true, range: [-Infinity, 1] }, (scored) => {
    const { proba, classes } = probaOf(scored, name);
    return value(scored.yTrue, proba, { classes, weights: scored.weights });
  });
}
