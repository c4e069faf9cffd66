import { table } from "../data/table.ts";
import { calibrationCurve } from "../metrics/calibration.ts";
import { confusionMatrix } from "../metrics/confusion.ts";
import { gainCurve } from "../metrics/gain-curves.ts";
import { binaryRocAuc, precisionRecallCurve, rocCurve } from "../metrics/ranking-curves.ts";
import { random } from "../numeric/random.ts";
import type { Figure } from "../plots/figure.ts";
import * as plots from "../plots/index.ts";

/** Every figure that the library draws, by the name of its function, from small made-up values. `name` is written wherever a name can be. */
export function figureGallery(name = "koi_depth"): Readonly<Record<string, Figure>> {
  return {
    ...classificationFigures(name),
    ...regressionFigures(name),
    ...selectionFigures(name),
    ...studyFigures(name),
    ...tableFigures(name),
  };
}

const draw = random(1, "gallery");
const positive = Array.from({ length: 120 }, () => draw.float() < 0.4);
const scores = positive.map((isPositive) => 1 / (1 + Math.exp((isPositive ? -1 : 1) + 1.3 * draw.normal())));
const grid = Array.from({ length: 12 }, (_, i) => i / 2);

function classificationFigures(name: string): Record<string, Figure> {
  const labels = positive.map((isPositive) => (isPositive ? name : "other"));
  const predicted = scores.map((score) => (score > 0.5 ? name : "other"));
  const gain = [{ name, curve: gainCurve(positive, scores) }];
  const metrics = { [name]: grid.map((x) => x / 6), recall: grid.map((x) => 1 - x / 6) };
  return {
    plotConfusion: plots.plotConfusion(confusionMatrix(labels, predicted)),
    plotRoc: plots.plotRoc([{ name, curve: rocCurve(positive, scores), auc: binaryRocAuc(positive, scores) }]),
    plotPrecisionRecall: plots.plotPrecisionRecall([
      { name, curve: precisionRecallCurve(positive, scores), averagePrecision: 0.7, prevalence: 0.4 },
    ]),
    plotCalibration: plots.plotCalibration([{ name, curve: calibrationCurve(positive, scores) }]),
    plotGain: plots.plotGain(gain),
    plotLift: plots.plotLift(gain),
    plotScores: plots.plotScores([
      { name, scores: scores.filter((_, i) => positive[i]) },
      { name: "other", scores: scores.filter((_, i) => !positive[i]) },
    ]),
    plotThreshold: plots.plotThreshold({ thresholds: grid.map((x) => x / 6), metrics, chosen: 0.4 }),
  };
}

function regressionFigures(name: string): Record<string, Figure> {
  const truth = Array.from({ length: 80 }, () => 50 + 20 * draw.normal());
  const predicted = truth.map((value) => value + 5 * draw.normal());
  const features = [name, "period", "impact"];
  const contributions = Float64Array.from({ length: 60 }, () => draw.normal());
  const curves = [name, "validation"].map((each, k) => ({
    name: each,
    steps: grid,
    values: grid.map((x) => Math.exp(-x / (k + 1))),
  }));
  return {
    plotResiduals: plots.plotResiduals(predicted, truth, name),
    plotPredicted: plots.plotPredicted(predicted, truth),
    plotResidualHistogram: plots.plotResidualHistogram(predicted, truth),
    plotResidualQuantiles: plots.plotResidualQuantiles(predicted, truth),
    plotImportance: plots.plotImportance(features.map((feature, k) => ({ feature, importance: 0.5 / (k + 1), sd: 0.05 }))),
    plotPermutationImportance: plots.plotPermutationImportance({
      metric: name,
      features: features.map((feature, k) => ({ feature, mean: 0.2 - 0.1 * k, sd: 0.02 })),
    }),
    plotLoss: plots.plotLoss(curves),
    plotPartialDependence: plots.plotPartialDependence({
      feature: name,
      grid,
      average: grid.map(Math.sin),
      individual: [grid.map(Math.cos), grid.map(Math.sin)],
      output: name,
    }),
    plotPartialDependenceOfCategories: plots.plotPartialDependence({ feature: name, grid: [name, "green"], average: [1, 2] }),
    plotPartialDependence2d: plots.plotPartialDependence2d({
      features: [name, "b"],
      grid: [grid, [name, "green"]],
      average: grid.flatMap((x) => [x, 1 - x]),
    }),
    plotShapSummary: plots.plotShapSummary({
      features,
      contributions,
      values: contributions.map((each) => 2 * each),
      output: name,
    }),
    plotShapWaterfall: plots.plotShapWaterfall({
      features,
      contributions: [0.5, -0.3, 0.1],
      values: [name, 3.2, null],
      base: 0.1,
    }),
  };
}

function selectionFigures(name: string): Record<string, Figure> {
  const folds = [0.7, 0.8, 0.85, 0.9].map((score) => [score, score + 0.02, score - 0.01]);
  return {
    plotLearningCurve: plots.plotLearningCurve({ x: [50, 100, 200, 400], train: folds, test: folds, metric: name }),
    plotValidationCurve: plots.plotValidationCurve({
      x: [0.01, 0.1, 1, 10],
      train: folds,
      test: folds,
      metric: "mae",
      param: name,
      log: true,
    }),
    plotLeaderboard: plots.plotLeaderboard({
      metric: name,
      rows: [
        { name, scores: [0.9, 0.92, 0.7, 0.91, 0.9] },
        { name: "dummy", scores: [0.5, 0.5, 0.5] },
      ],
    }),
  };
}

function studyFigures(name: string): Record<string, Figure> {
  const trials = Array.from({ length: 30 }, (_, number) => {
    const params = { c: Math.exp(6 * draw.float() - 3) * 10, [name]: [name, "poly"][draw.int(2)]!, degree: 1 + draw.int(5) };
    const value = draw.float();
    const isPruned = number % 7 === 6;
    const intermediate = [0, 1, 2].map((step) => [step, value - 0.1 / (step + 1)] as const);
    return {
      number,
      state: isPruned ? "pruned" : "completed",
      params,
      values: isPruned ? null : [value, draw.float()],
      intermediate,
    };
  });
  const study = { name, directions: ["maximize", "minimize"] as const, trials, metrics: [name, "size"] };
  return {
    plotStudyHistory: plots.plotStudyHistory(study),
    plotStudyParallel: plots.plotStudyParallel(study),
    plotStudySlice: plots.plotStudySlice(study),
    plotStudyImportance: plots.plotStudyImportance({ [name]: 0.7, c: 0.3 }),
    plotStudyPareto: plots.plotStudyPareto(study),
    plotStudyIntermediate: plots.plotStudyIntermediate(study),
    plotStudyEdf: plots.plotStudyEdf([study, { ...study, trials: trials.slice(0, 10) }]),
  };
}

function tableFigures(name: string): Record<string, Figure> {
  const rows = table({
    [name]: Array.from({ length: 60 }, () => draw.normal()),
    weight: Array.from({ length: 60 }, (_, i) => (i === 3 ? null : draw.float())),
    kind: Array.from({ length: 60 }, (_, i) => [name, "b", "c"][i % 3]!),
    day: Array.from({ length: 60 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i))),
  });
  return {
    plotHistogram: plots.plotHistogram(rows, name, { by: "kind" }),
    plotHistogramOfDays: plots.plotHistogram(rows, "day"),
    plotHistogramOfKinds: plots.plotHistogram(rows, "kind"),
    plotBoxes: plots.plotBoxes(rows, [name, "weight"]),
    plotScatter: plots.plotScatter(rows, "day", name, { by: "kind" }),
    plotScatterMatrix: plots.plotScatterMatrix(rows, [name, "weight"]),
    plotCorrelation: plots.plotCorrelation(rows, [name, "weight"]),
    plotMissing: plots.plotMissing(rows),
  };
}
