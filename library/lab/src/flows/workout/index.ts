export { usualSteps } from "../../contract/workout-rule.ts";
export type { Advice } from "./advice.ts";
export type { AliasTable } from "./aliases.ts";
export {
  type Backtest,
  type BacktestOptions,
  type BacktestPoint,
  backtest,
  backtestByExercise,
  type ExerciseBacktest,
  type Gain,
} from "./backtest.ts";
export { getBacktest } from "./backtest-service.ts";
export { type ExampleLogOptions, exampleLog } from "./example-log.ts";
export type { Factor } from "./factors.ts";
export type { Feature } from "./feature.ts";
export { workoutFeatures } from "./features.ts";
export { type SentWorkouts, type WorkoutExplanation, type Workouts, workoutsOf } from "./for-cells.ts";
export { before, type ExerciseSession, type History, historyOf } from "./history.ts";
export { changeAliases, getLog, listLogs, readAliases, trainLog, uploadLog } from "./log-service.ts";
export { exerciseHistory, exercisesOf, listFeatures, listSets } from "./log-views.ts";
export {
  type LearnedWorkouts,
  learnWorkouts,
  type TrainWorkoutsOptions,
  trainWorkouts,
  type WorkoutModel,
  type WorkoutState,
} from "./model.ts";
export { type Patterns, patternsOf } from "./patterns.ts";
export { type Plateau, type PlateauLine, plateauLine, plateauOf } from "./plateau.ts";
export type { LoadRules } from "./plates.ts";
export { predictWeight, type WeightForecast, type WeightQuestion } from "./predict.ts";
export { logOfEntries, parseLog, type ReadLogOptions, readLog } from "./read-log.ts";
export { answerWeight, workoutAnalyticsOf } from "./service.ts";
export type { ExerciseAlias, LoadUnit, LogProblem, LogReport, WorkoutLog, WorkoutSet } from "./sets.ts";
export { type StoredSets, setsTable, storedSetsOf } from "./sets-table.ts";
export { brzycki, epley, lombardi } from "./strength.ts";
export { updateWorkouts } from "./update.ts";
export { warmWorkouts } from "./warm.ts";
