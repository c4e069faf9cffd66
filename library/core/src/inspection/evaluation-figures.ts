import { plotConfusion, plotPrecisionRecall, plotRoc } from "../plots/classification-plots.ts";
import type { Figure } from "../plots/figure.ts";
import { plotImportance, plotPermutationImportance } from "../plots/model-plots.ts";
import { plotPredicted, plotResidualQuantiles, plotResiduals } from "../plots/residual-plots.ts";
import { plotCalibration, plotScores, plotThreshold } from "../plots/score-plots.ts";
import type { Evaluation, FigureName, NamedFigure } from "./evaluation.ts";

/** Classes of a confusion matrix that is drawn, at most. */
const mostDrawn = 40;

/** The figures of an evaluation, from its plain values: also of one that was stored. */
export function evaluationFigures(evaluation: Omit<Evaluation, "figures">): NamedFigure[] {
  const { confusion, curves, residuals, importances, permutation, tree } = evaluation;
  const figures: NamedFigure[] = [];
  const add = (name: FigureName, title: string, figure: Figure): number => figures.push({ name, title, figure });
  if (confusion && confusion.labels.length <= mostDrawn) add("confusion", "Confusion matrix", plotConfusion(confusion));
  if (curves.length > 0) {
    const named = curves.map(({ label, ...curve }) => ({ name: String(label), ...curve }));
    add("roc", "ROC curve", plotRoc(named.map(({ name, roc, rocAuc }) => ({ name, curve: roc, auc: rocAuc }))));
    const recall = named.map(({ name, precisionRecall, averagePrecision, prevalence }) => ({
      name,
      curve: precisionRecall,
      averagePrecision,
      prevalence,
    }));
    add("precision_recall", "Precision–recall curve", plotPrecisionRecall(recall));
  }
  addScoreFigures(evaluation, add);
  if (residuals) {
    const { predicted, truth } = residuals.points;
    add("residuals", "Residuals", plotResiduals(predicted, truth));
    add("predicted", "Predicted against true", plotPredicted(predicted, truth));
    add("residual_quantiles", "Normal quantiles of residuals", plotResidualQuantiles(predicted, truth));
  }
  if (importances && importances.length > 0) add("importance", "Feature importance", plotImportance(importances));
  if (permutation) add("permutation", "Permutation importance", plotPermutationImportance(permutation));
  if (tree) add("tree", "Tree", tree);
  return figures;
}

function addScoreFigures(
  { calibration, scores, thresholds }: Omit<Evaluation, "figures">,
  add: (name: FigureName, title: string, figure: Figure) => number,
): void {
  const positive = thresholds === null ? "confidence" : `probability of ${thresholds.positive}`;
  if (calibration && calibration.counts.length > 0)
    add("calibration", "Calibration", plotCalibration([{ name: positive, curve: calibration }]));
  if (scores.length > 0) add("scores", "Scores by class", plotScores(scores, { axisTitle: positive }));
  if (thresholds) {
    const { thresholds: at, precision, recall, f1 } = thresholds.curve;
    add("threshold", "Metrics by threshold", plotThreshold({ thresholds: at, metrics: { precision, recall, f1 } }));
  }
}
