export { correlationSelector } from "./correlation-selector.ts";
export { rfe } from "./rfe.ts";
export { type RfecvState, rfecv } from "./rfecv.ts";
export type { ScoreName } from "./score-columns.ts";
export {
  chi2,
  type FeatureScores,
  fClassif,
  fRegression,
  type InformationOptions,
  mutualInfoClassif,
  mutualInfoRegression,
  rRegression,
  type ScoreFunction,
} from "./score-functions.ts";
export {
  featureSelector,
  type SelectFeaturesOptions,
  type SelectionMethod,
  selectFeatures,
  selectionMethods,
} from "./select-features.ts";
export { selectFromModel } from "./select-from-model.ts";
export { selectFdr, selectFpr, selectFwe, selectKBest, selectPercentile } from "./select-univariate.ts";
export { type FeatureRank, type FeatureSelection, selectedFeatures } from "./selected-features.ts";
export type { SelectionState } from "./selection.ts";
export { type SequentialState, sequentialFeatureSelector } from "./sequential-selector.ts";
export { varianceThreshold } from "./variance-threshold.ts";
