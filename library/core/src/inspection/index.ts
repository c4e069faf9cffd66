export { type Evaluation, evaluate, type NamedFigure, score } from "./evaluate.ts";
export {
  type FeatureLoss,
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from "./permutation-importance.ts";
