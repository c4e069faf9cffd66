export type { ScalerState } from "./affine.ts";
export { type AutoPreprocessOptions, autoPreprocess } from "./auto-preprocess.ts";
export * from "./bins.ts";
export * from "./column-transformer.ts";
export * from "./encoders.ts";
export * from "./find-outliers.ts";
export { type ImputerState, imputer } from "./imputer.ts";
export * from "./one-hot-encoder.ts";
export { type OutlierRule, type OutlierState, outlierReplacer } from "./outlier-replacer.ts";
export * from "./pipeline.ts";
export * from "./power-transformer.ts";
export * from "./preview.ts";
export * from "./quantile-transformer.ts";
export {
  type AppliedSteps,
  type FitStepsOptions,
  type FittedStep,
  fitApplySteps,
  fitSteps,
  type Recipe,
  recipeFrom,
} from "./recipe.ts";
export * from "./scalers.ts";
export {
  parseSteps,
  type Step,
  type StepForm,
  type StepInput,
  type StepOf,
  stepForms,
  stepSchema,
  stepsSchema,
} from "./steps.ts";
export * from "./steps-to-cell.ts";
export { type TargetEncoderState, targetEncoder } from "./target-encoder.ts";
