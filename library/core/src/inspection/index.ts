export {
  chooseThreshold,
  type ThresholdChoice,
  type ThresholdMetric,
  type ThresholdOptions,
} from "./choose-threshold.ts";
export { type CompareOnOptions, compareModelsOn, type Disagreement, type PairComparison } from "./compare-on.ts";
export { type ErrorSlice, type ErrorSlices, errorSlices, type SliceOptions } from "./error-slices.ts";
export { type AskedFor, type EvaluateOptions, evaluate, type LongOptions, score } from "./evaluate.ts";
export type * from "./evaluation.ts";
export { evaluationFigures } from "./evaluation-figures.ts";
export { type ContributionUnit, type ExplainOptions, type Explanation, explain } from "./explain.ts";
export {
  type Interaction,
  type InteractionOptions,
  type InteractionStrength,
  interactionStrength,
} from "./interaction-strength.ts";
export { judge, type Verdict } from "./judge.ts";
export type { JudgedArrays, JudgedColumns, JudgedModel } from "./judged-rows.ts";
export { mcnemarP } from "./mcnemar.ts";
export { type IntervalOptions, metricIntervals } from "./metric-intervals.ts";
export { benjaminiHochberg } from "./multiple-tests.ts";
export { type DependenceOptions, type PartialDependence, partialDependence } from "./partial-dependence.ts";
export {
  type FeatureLoss,
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from "./permutation-importance.ts";
export {
  explainRow,
  type FeatureContributions,
  type RowContribution,
  type RowExplanation,
  type ShapSummary,
  shapSummary,
} from "./shap-summary.ts";
export type { SlicePart } from "./slice-columns.ts";
export { type ThresholdParams, type ThresholdState, thresholdClassifier, withThreshold } from "./threshold-classifier.ts";
export type { ThresholdPoint } from "./threshold-points.ts";
export { type WorstOptions, type WorstPrediction, type WorstPredictions, worstPredictions } from "./worst-predictions.ts";
