export { type CompareOptions, compareModels, guessTask, type Leaderboard, type LeaderboardRow } from "./compare-models.ts";
export { type CrossValidateOptions, type CrossValidation, crossValidate, type FoldScore } from "./cross-validate.ts";
