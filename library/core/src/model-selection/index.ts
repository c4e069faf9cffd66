export type { AlgorithmName } from "./algorithm-names.ts";
export type { ModelChoice } from "./candidates.ts";
export type { FoldChoice } from "./choose-folds.ts";
export type { MetricChoice } from "./chosen-metrics.ts";
export {
  type ComparedCandidate,
  type CompareOptions,
  compareModels,
  guessTask,
  type Leaderboard,
  type LeaderboardRow,
} from "./compare-models.ts";
export {
  type ArrayCrossValidateOptions,
  type CrossValidateOptions,
  type CrossValidation,
  type CrossValPredictions,
  crossValidate,
  crossValPredict,
  type FoldScore,
  type ValidationOptions,
} from "./cross-validate.ts";
export {
  type Curve,
  type LearningCurveOptions,
  learningCurve,
  type ValidationCurveOptions,
  validationCurve,
} from "./curves.ts";
export {
  type NestedOptions,
  type NestedValidation,
  nestedCrossValidate,
  type Tuned,
  type TuneWithin,
} from "./nested-cross-validate.ts";
export { type PermutationTest, permutationTestScore } from "./permutation-test.ts";
export { holm } from "./significance.ts";
