import type { FitOptions, Progress, TableTask } from "../base/contract.ts";
import { displayable, observerFor, signalFor } from "../base/display.ts";
import { ParamsError } from "../base/errors.ts";
import type { Table } from "../data/table.ts";
import { findLeaks } from "../data/target-leak.ts";
import type { PredictTask } from "../estimators.ts";
import type { MetricName } from "../metrics/metric-names.ts";
import { type Metric, metricByName } from "../metrics/registry.ts";
import { autoPreprocess } from "../preprocessing/auto-preprocess.ts";
import type { Fold } from "../splits/folds.ts";
import { candidatesOf, type ModelChoice } from "./candidates.ts";
import { type CrossValidateOptions, type CrossValidation, crossValidate } from "./cross-validate.ts";
import { type Leaderboard, rankedRows, type TriedCandidate } from "./leaderboard.ts";
import { readValidation } from "./validation-rows.ts";

export type { Leaderboard, LeaderboardRow } from "./leaderboard.ts";

/** A candidate of a comparison that has ended, well or not. */
export interface ComparedCandidate extends TriedCandidate {
  /** The estimator that ran, with the preprocessing put before it. */
  readonly estimator: TriedCandidate["estimator"];
  /** Its scores over the folds, where it has some. */
  readonly result?: CrossValidation;
  /** Why it has none. */
  readonly error?: string;
}

/** Which models are compared, and how. */
export interface CompareOptions
  extends TableTask,
    FitOptions,
    Pick<CrossValidateOptions, "folds" | "repeats" | "metrics" | "seed" | "stratified"> {
  /** Default "all". */
  readonly models?: ModelChoice;
  /** Orders the board; default accuracy, or R². */
  readonly metric?: MetricName;
  /** Default: guessed from the target. */
  readonly task?: PredictTask;
  /** The comparison ends after so many seconds: a model that is being fitted is stopped, the rest is not begun. Default none. */
  readonly seconds?: number;
  /** A single model may take so many seconds; default none. */
  readonly candidateSeconds?: number;
  /** Hears of each model that has ended, before the next begins; a promise is waited for. */
  readonly onCandidate?: (candidate: ComparedCandidate) => void | Promise<void>;
}

/**
 * Cross-validates models on the same folds and orders them. The dummy is always there, first: what it reaches needs no learning.
 * Cheap models go first, each with the preprocessing that its columns need, its folds in parallel. A model that fails has its error in its row;
 * a used-up budget, or an abort after the first model, ends the comparison and keeps what is done. Differences are tested with the
 * corrected resampled t-test. Columns that tell the target alone are named in `warnings`, and so is a target of a few whole numbers that
 * was taken for numbers though they may name classes.
 * Throws ParamsError for an unknown model or metric, DataError for a target or folds that cannot be.
 *
 * @example
 * const board = await ml.compareModels(train, { target: "species", models: "fast", metric: "f1_macro", seconds: 60 });
 * board.rows[1].label;
 */
export async function compareModels(table: Table, options: CompareOptions): Promise<Leaderboard> {
  const task = options.task ?? guessTask(table, options.target, "compareModels");
  const metric = metricByName(options.metric ?? (task === "classification" ? "accuracy" : "r2"), task);
  const features =
    options.features ??
    table.names.filter((name) => ![options.target, options.weight, options.group, options.time].includes(name));
  const candidates = candidatesOf(options.models ?? "all", task);
  for (const name of ["seconds", "candidateSeconds"] as const) atLeastZero(name, options[name]);
  const { folds } = readValidation(
    "compareModels",
    candidates[0]!.estimator,
    table,
    { ...options, features },
    undefined,
    ownKeys,
  );
  const watch = watchOf(options, candidates.length);
  const tried: TriedCandidate[] = [];
  for (const candidate of candidates) {
    const estimator = autoPreprocess(candidate.estimator, table, features);
    const stop = watch.stop(tried);
    const ended: TriedCandidate = stop
      ? { ...candidate, estimator, error: `not begun: ${stop}` }
      : await tryCandidate({ ...candidate, estimator }, table, { ...options, features }, folds, metric, watch);
    tried.push(ended);
    if (!stop) await options.onCandidate?.(ended);
    watch.progress(tried, metric);
  }
  return displayable("leaderboard", {
    task,
    metric: metric.name,
    greaterIsBetter: metric.greaterIsBetter,
    folds: folds.length,
    rows: rankedRows(tried, metric),
    warnings: [
      ...(options.task === undefined ? doubtOf(task, table, options.target) : []),
      ...findLeaks(table.select([...features, options.target]), options.target).map(({ message }) => message),
    ],
    stopped: tried.some(({ error }) => error?.startsWith("not begun")) ? (watch.stop(tried) ?? null) : null,
  });
}

/** Options of a comparison, beside those of a validation. */
const ownKeys = ["models", "metric", "metrics", "task", "seconds", "candidateSeconds", "onCandidate"];

/** What a target asks for: labels for text, categories, booleans and numbers of which there are only 0 and 1, numbers else. O(n). */
export function guessTask(table: Pick<Table, "column">, target: string, who = "guessTask"): PredictTask {
  if (typeof target !== "string") throw new ParamsError(`${who}: a table needs { target }, got ${String(target)}`);
  const { kind, values } = table.column(target) as { readonly kind: string; readonly values: ArrayLike<unknown> };
  if (kind !== "number") return kind === "datetime" ? "regression" : "classification";
  const different = new Set<unknown>();
  for (let i = 0; i < values.length && different.size < 3; i++) if (!Number.isNaN(values[i])) different.add(values[i]);
  return different.size === 2 && different.has(0) && different.has(1) ? "classification" : "regression";
}

/** Most different whole numbers that a target may hold to be suspected of naming classes. */
const mostClasses = 10;

/** What is doubtful about the task that was guessed. */
function doubtOf(task: PredictTask, table: Table, target: string): string[] {
  const column = table.column(target);
  if (task !== "regression" || column.kind !== "number") return [];
  const different = new Set(column.values.filter((value) => !Number.isNaN(value)));
  if (different.size > mostClasses || ![...different].every(Number.isInteger)) return [];
  return [
    `target "${target}" holds ${different.size} different whole numbers and was taken for a quantity (regression); where they name classes, give task: "classification"`,
  ];
}

/** The clock, the signals and the progress of one comparison. */
interface Watch {
  readonly signal: AbortSignal | undefined;
  /** Seconds that are left for the next model. */
  left(): number;
  /** Why no further model is begun; undefined where one is. Throws AbortError where nothing is done yet. */
  stop(tried: readonly TriedCandidate[]): string | undefined;
  progress(tried: readonly TriedCandidate[], metric: Metric): void;
}

function watchOf({ seconds = Infinity, candidateSeconds = Infinity, ...options }: CompareOptions, steps: number): Watch {
  const begin = performance.now();
  const signal = signalFor(options.signal);
  const observer = observerFor({ task: "transform", name: "compare_models", params: {} }, options.observer);
  const elapsed = (): number => (performance.now() - begin) / 1000;
  return {
    signal,
    left: () => Math.min(candidateSeconds, seconds - elapsed()),
    stop(tried) {
      if (signal?.aborted && !tried.some(({ result }) => result)) throw signal.reason;
      if (signal?.aborted) return "the comparison was stopped";
      return elapsed() >= seconds ? `the budget of ${seconds} s was used up` : undefined;
    },
    progress(tried, metric) {
      const scores = tried.flatMap(({ result }) => result?.mean[metric.name] ?? []).filter((score) => !Number.isNaN(score));
      const best = metric.greaterIsBetter ? Math.max(...scores) : Math.min(...scores);
      const event: Progress = {
        step: tried.length,
        steps,
        metrics: scores.length > 0 ? { [metric.name]: best } : {},
        elapsedMs: performance.now() - begin,
      };
      observer?.progress?.(event);
    },
  };
}

/** Cross-validates one candidate within the time that is left. */
async function tryCandidate(
  candidate: TriedCandidate,
  table: Table,
  options: CompareOptions,
  folds: readonly Fold[],
  metric: Metric,
  watch: Watch,
): Promise<TriedCandidate> {
  const left = watch.left();
  const begin = performance.now();
  const limit = Number.isFinite(left)
    ? AbortSignal.timeout(Math.min(2 ** 31 - 1, Math.max(1, Math.ceil(left * 1000))))
    : undefined;
  const signals = [watch.signal, limit].filter((signal) => signal !== undefined);
  try {
    const result = await crossValidate(candidate.estimator, table, {
      ...columnsOf(options),
      ...(options.threads !== undefined && { threads: options.threads }),
      folds,
      metrics: [...new Set([metric, ...(options.metrics ?? []).map((each) => metricByName(each, metric.task as PredictTask))])],
      observer: {},
      outOfFold: false,
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    });
    return { ...candidate, result };
  } catch (error) {
    const spent = ((performance.now() - begin) / 1000).toFixed(1);
    if (watch.signal?.aborted) return { ...candidate, error: `stopped after ${spent} s` };
    if (limit?.aborted) return { ...candidate, error: `stopped: the time of ${spent} s was used up` };
    return { ...candidate, error: (error as Error).message };
  }
}

/** Which columns play which part. */
function columnsOf({ target, features, weight, group, time }: CompareOptions): TableTask {
  return {
    target,
    ...(features && { features }),
    ...(weight !== undefined && { weight }),
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
  };
}

function atLeastZero(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0)) throw new ParamsError(`compareModels: ${name} must be ≥ 0, got ${value}`);
}
