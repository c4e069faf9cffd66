export { type AdaBoostState, adaBoostClassifier, adaBoostRegressor } from "./adaboost.ts";
export { type BaggingState, baggingClassifier, baggingRegressor } from "./bagging.ts";
export { type BlendState, blendClassifier, blendRegressor } from "./blend.ts";
export * from "./boosting/index.ts";
export { type CalibratedState, type CalibrateOptions, calibratedClassifier, calibrateModel } from "./calibration.ts";
export type { CalibrationMethod, Calibrator } from "./calibrators.ts";
export { type ContinueParams, continueFit } from "./continue-fit.ts";
export * from "./exchange/index.ts";
export { type ExtraTreesState, extraTreesClassifier, extraTreesRegressor } from "./extra-trees.ts";
export type { ForestState } from "./forest.ts";
export {
  type GradientBoostingState,
  gradientBoostingClassifier,
  gradientBoostingRegressor,
} from "./gradient-boosting.ts";
export type { MonotoneFunction } from "./isotonic.ts";
export { type IsotonicRegressionState, isotonicRegression } from "./isotonic-regression.ts";
export type { PartState } from "./parts.ts";
export { type RandomForestState, randomForestClassifier, randomForestRegressor } from "./random-forest.ts";
export { type StackingState, stackingClassifier, stackingRegressor } from "./stacking.ts";
export { stagedPredict, stagedPredictProba } from "./staged-predict.ts";
export { type VotingState, votingClassifier, votingRegressor } from "./voting.ts";
