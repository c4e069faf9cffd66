import type { Classifier, FitOptions, Regressor, Spec, TableTask } from "../base/contract.ts";
import { displayable } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import type { Table } from "../data/table.ts";
import { algorithmByName, algorithms, estimatorByName, type PredictTask } from "../estimators.ts";
import { metricByName } from "../metrics/registry.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import { type CrossValidateOptions, type CrossValidation, crossValidate } from "./cross-validate.ts";
import { correctedResampledP } from "./student-t.ts";

/** Which models are compared, and how. */
export interface CompareOptions
  extends TableTask,
    FitOptions,
    Pick<CrossValidateOptions, "folds" | "metrics" | "seed" | "stratified"> {
  /**
   * Algorithms by name, or estimators; default every algorithm of the task once: no preset of another (`lightgbm`, `xgboost`), and nothing
   * that is made of others (`voting`, `stacking`, `blend`, `bagging`, `calibrated`).
   */
  readonly models?: readonly (string | Classifier | Regressor)[];
  /** Orders the board; default accuracy, or R². */
  readonly metric?: string;
  /** Default: guessed from the target. */
  readonly task?: PredictTask;
  /** No model is begun after this time; default none. */
  readonly budgetMs?: number;
}

/** One model's row on the board. */
export interface LeaderboardRow {
  readonly model: string;
  /** The preset that it was named by, as "xgboost" of hist_gradient_boosting. */
  readonly preset: string | null;
  /** The estimator that ran, with the preprocessing put before it. */
  readonly spec: Spec;
  /** What was put before the algorithm, as "imputer → standard_scaler". */
  readonly preprocessing: string;
  readonly baseline: boolean;
  readonly mean: Readonly<Record<string, number>>;
  readonly sd: Readonly<Record<string, number>>;
  readonly scores: readonly number[];
  readonly fitMs: number;
  readonly predictMs: number;
  /** Two-sided p-value of the difference from the best on the same folds; null for the best itself. */
  readonly pValue: number | null;
  readonly error: string | null;
}

/** Models from best to worst, the dummy first. */
export interface Leaderboard {
  readonly task: PredictTask;
  readonly metric: string;
  readonly folds: number;
  readonly rows: readonly LeaderboardRow[];
}

/**
 * Cross-validates models on the same folds and orders them. The dummy is always there, first: what it reaches needs no learning.
 * A model that fails has its error in its row. Differences from the best are tested with the corrected resampled t-test.
 */
export async function compareModels(table: Table, options: CompareOptions): Promise<Leaderboard> {
  const task = options.task ?? guessTask(table, options.target);
  const metric = metricByName(options.metric ?? (task === "classification" ? "accuracy" : "r2"), task);
  const features =
    options.features ??
    table.names.filter((name) => ![options.target, options.weight, options.group, options.time].includes(name));
  const candidates = candidatesOf(options.models ?? usualModels(task), task);
  const begin = performance.now();
  const results: (Candidate & { result?: CrossValidation; error?: string })[] = [];
  for (const [k, candidate] of candidates.entries()) {
    const spec = autoPreprocess(candidate.spec, table, features);
    const { preset } = candidate;
    if (options.budgetMs !== undefined && performance.now() - begin > options.budgetMs) {
      results.push({ spec, preset, error: `not begun: the budget of ${options.budgetMs} ms was used up` });
      continue;
    }
    try {
      results.push({
        spec,
        preset,
        result: await crossValidate(spec, table, {
          ...options,
          features,
          metrics: [...new Set([metric.name, ...(options.metrics ?? [])])],
          observer: {},
        }),
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      results.push({ spec, preset, error: (error as Error).message });
    }
    options.observer?.progress?.({ step: k + 1, steps: candidates.length, metrics: {}, elapsedMs: performance.now() - begin });
  }
  const rows = results.map(({ result, error, ...candidate }) => rowOf(candidate, metric.name, result, error));
  const goodness = (row: LeaderboardRow): number => {
    const mean = row.mean[metric.name] ?? Number.NaN;
    return Number.isNaN(mean) ? -Infinity : metric.greaterIsBetter ? mean : -mean;
  };
  const better = (a: LeaderboardRow, b: LeaderboardRow): number => (goodness(a) === goodness(b) ? 0 : goodness(b) - goodness(a));
  const ranked = rows.filter(({ baseline }) => !baseline).sort(better);
  const best = ranked[0];
  const tested = (row: LeaderboardRow): LeaderboardRow => {
    if (!best || row === best || row.error || best.error) return row;
    const { folds } = results.find(({ result }) => result)!.result!; // the same folds for every model
    const differences = row.scores.map((score, k) => score - best.scores[k]!);
    return { ...row, pValue: correctedResampledP(differences, folds[0]!.testRows / folds[0]!.trainRows) };
  };
  return displayable("leaderboard", {
    task,
    metric: metric.name,
    folds: options.folds ?? 5,
    rows: [...rows.filter(({ baseline }) => baseline), ...ranked].map(tested),
  });
}

/** What a target asks for: labels for text, categories and booleans, numbers else. */
export function guessTask(table: Pick<Table, "column">, target: string): PredictTask {
  const { kind } = table.column(target);
  return kind === "number" || kind === "datetime" ? "regression" : "classification";
}

interface Candidate {
  readonly spec: Classifier | Regressor;
  /** The preset that it was named by. */
  readonly preset: string | null;
}

/** Every algorithm of a task once: no presets, and nothing that is made of others. */
function usualModels(task: PredictTask): readonly string[] {
  return algorithms
    .filter(({ factories, isPreset, isComposite }) => factories[task] && !isPreset && !isComposite)
    .map(({ name }) => name);
}

/** The dummy, and each model once. Throws ParamsError for an unknown name, or an estimator of another task. */
function candidatesOf(models: readonly (string | Classifier | Regressor)[], task: PredictTask): readonly Candidate[] {
  const named = models.map((model) => (typeof model === "string" ? algorithmByName(model).name : model));
  return [...new Set(["dummy", ...named])].map((model) => {
    if (typeof model === "string")
      return { spec: estimatorByName(model, task), preset: algorithmByName(model).isPreset ? model : null };
    if (model.task !== task)
      throw new ParamsError(`compareModels: ${model.name} is a ${model.task} estimator, the task is ${task}`);
    return { spec: model, preset: null };
  });
}

function rowOf(
  { spec, preset }: Candidate,
  metric: string,
  result: CrossValidation | undefined,
  error: string | undefined,
): LeaderboardRow {
  const steps = spec.name === "pipeline" ? (spec.params["steps"] as readonly Spec[]) : [spec];
  const model = steps.at(-1)!.name;
  const mean = (of: "fitMs" | "predictMs"): number =>
    result ? result.folds.reduce((sum, fold) => sum + fold[of], 0) / result.folds.length : Number.NaN;
  return {
    model,
    preset,
    spec: JSON.parse(JSON.stringify(spec)),
    preprocessing: steps
      .slice(0, -1)
      .map(({ name }) => name)
      .join(" → "),
    baseline: model === "dummy",
    mean: result?.mean ?? {},
    sd: result?.sd ?? {},
    scores: result?.folds.map((fold) => fold.metrics[metric]!) ?? [],
    fitMs: mean("fitMs"),
    predictMs: mean("predictMs"),
    pValue: null,
    error: error ?? null,
  };
}
