export type { SparkAlgorithmName } from "./algorithms.ts";
export type { SparkColumn } from "./columns.ts";
export type { SparkFitOptions } from "./fit.ts";
export { type Spark, type SparkModel, sparkOf } from "./for-cells.ts";
export type { SparkPredictions, SparkPredictOptions } from "./predict.ts";
