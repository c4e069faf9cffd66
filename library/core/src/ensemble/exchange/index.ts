export type { ReadModelOptions } from "./foreign-predictor.ts";
export { readLightgbm } from "./read-lightgbm.ts";
export { readXgboost } from "./read-xgboost.ts";
export { writeLightgbm } from "./write-lightgbm.ts";
export { writeXgboost } from "./write-xgboost.ts";
