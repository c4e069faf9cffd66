export type { BoostedTrees, LinearLeaves, Link } from "./boosted-trees.ts";
export type { CustomLoss } from "./drivers.ts";
export {
  type HistGradientBoostingState,
  histGradientBoostingClassifier,
  histGradientBoostingRegressor,
} from "./hist-gradient-boosting.ts";
export { histGradientBoostingRanker } from "./hist-gradient-boosting-ranker.ts";
export { splitImportances } from "./importances.ts";
export { fromLightgbmParams } from "./lightgbm-preset.ts";
export { type ShapValues, shapValues } from "./shap.ts";
export { predictOutputs, predictRaw } from "./staged.ts";
export { fromXgboostParams } from "./xgboost-preset.ts";
