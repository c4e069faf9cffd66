export * from "./arm-effect.ts";
export * from "./binomial-interval.ts";
export { type BootstrapOptions, bootstrapWeights } from "./bootstrap.ts";
export * from "./bootstrap-interval.ts";
export * from "./calibration.ts";
export { type AreaAverage, averagePrecision, type ProbabilityOptions, type RocAucOptions, rocAuc } from "./class-areas.ts";
export {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  hammingLoss,
  type KappaOptions,
  mcc,
} from "./classification.ts";
export * from "./classification-report.ts";
export * from "./confusion.ts";
export * from "./delong.ts";
export { gammaDeviance, poissonDeviance, tweedieDeviance } from "./deviance.ts";
export { adjustedR2, d2AbsoluteError, d2Pinball, d2Tweedie, explainedVariance, r2 } from "./explained.ts";
export { type GainCurve, gainCurve, ksStatistic } from "./gain-curves.ts";
export type { WeightOptions } from "./inputs.ts";
export type { MetricName } from "./metric-names.ts";
export { pinball } from "./pinball.ts";
export {
  type Average,
  type AverageOptions,
  type ClassScores,
  f1,
  fBeta,
  jaccard,
  precision,
  recall,
} from "./precision-recall.ts";
export { brier, d2Brier, d2LogLoss, hingeLoss, logLoss, topKAccuracy } from "./probability-metrics.ts";
export {
  dcg,
  type GainOptions,
  type Gains,
  labelRankingAveragePrecision,
  meanAveragePrecision,
  meanReciprocalRank,
  ndcg,
  type RankingOptions,
} from "./ranking.ts";
export {
  binaryRocAuc,
  type CurveOptions,
  type DetCurve,
  detCurve,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocCurve,
} from "./ranking-curves.ts";
export * from "./recommendation.ts";
export * from "./registry.ts";
export { mae, mape, maxError, medianAbsoluteError, mse, msle, rmse, rmsle } from "./regression.ts";
export * from "./sample-ratio.ts";
export * from "./sample-size.ts";
export * from "./sequential-test.ts";
