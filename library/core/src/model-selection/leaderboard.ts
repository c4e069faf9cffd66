import type { Classifier, Regressor, Spec } from "../base/contract.ts";
import type { PredictTask } from "../estimators.ts";
import type { Metric } from "../metrics/registry.ts";
import { type Candidate, nameOf } from "./candidates.ts";
import type { CrossValidation } from "./cross-validate.ts";
import { holm, pairedP, significanceLetters } from "./significance.ts";

/** One model's row on the board. */
export interface LeaderboardRow {
  /** What it is called on this board, different for each row. */
  readonly name: string;
  readonly model: string;
  /** The preset that it was named by, as "xgboost" of hist_gradient_boosting. */
  readonly preset: string | null;
  /** The estimator that ran, with the preprocessing put before it. */
  readonly spec: Spec;
  /** What was put before the algorithm, as "imputer → standard_scaler". */
  readonly preprocessing: string;
  readonly baseline: boolean;
  /** 1 for the best; null for the baseline, and where there is no score. */
  readonly rank: number | null;
  readonly mean: Readonly<Record<string, number>>;
  readonly sd: Readonly<Record<string, number>>;
  /** The board's metric on each fold. */
  readonly scores: readonly number[];
  /** Mean over the folds, on the clock; null where there is no score. */
  readonly fitMs: number | null;
  readonly predictMs: number | null;
  /** Two-sided p-value of the difference from the best on the same folds; null for the best itself. */
  readonly pValue: number | null;
  /** The same, adjusted for the number of models that are tested against the best. */
  readonly pHolm: number | null;
  /** Rows that share a letter do not differ at 5 % (all pairs tested, adjusted); empty where there is no score. */
  readonly letters: string;
  readonly error: string | null;
}

/** Models from best to worst, the dummy first. */
export interface Leaderboard {
  readonly task: PredictTask;
  readonly metric: string;
  readonly greaterIsBetter: boolean;
  readonly folds: number;
  readonly rows: readonly LeaderboardRow[];
  /** What a person should know before believing the scores: columns that tell the target alone. */
  readonly warnings: readonly string[];
  /** Why not every model was tried; null where every one was. */
  readonly stopped: string | null;
}

/** A candidate that was tried, or why it was not. */
export interface TriedCandidate extends Candidate {
  readonly estimator: Classifier | Regressor;
  readonly result?: CrossValidation;
  readonly error?: string;
}

const level = 0.05;

/** Rows in order: the baseline, the scored from best to worst, then those without a score; the differences tested. */
export function rankedRows(tried: readonly TriedCandidate[], metric: Metric): LeaderboardRow[] {
  const sign = metric.greaterIsBetter ? 1 : -1;
  const rows = tried.map((each) => rowOf(each, metric.name));
  const goodness = (row: LeaderboardRow): number => {
    const mean = row.mean[metric.name] ?? Number.NaN;
    return Number.isNaN(mean) ? -Infinity : sign * mean;
  };
  const better = (a: LeaderboardRow, b: LeaderboardRow): number => (goodness(a) === goodness(b) ? 0 : goodness(b) - goodness(a));
  const ranked = rows
    .filter(({ baseline }) => !baseline)
    .sort(better)
    .map((row, k) => ({ ...row, rank: row.error === null && goodness(row) > -Infinity ? k + 1 : null }));
  const folds = tried.find(({ result }) => result)?.result?.folds[0];
  const share = folds ? folds.testRows / folds.trainRows : Number.NaN; // the same folds for every model
  return tested([...rows.filter(({ baseline }) => baseline), ...ranked], share, better);
}

/** The rows with what tests on their shared folds say. */
function tested(
  rows: readonly LeaderboardRow[],
  share: number,
  better: (a: LeaderboardRow, b: LeaderboardRow) => number,
): LeaderboardRow[] {
  const best = rows.find(({ rank }) => rank === 1);
  const pValues = rows.map((row) =>
    best && row !== best && row.error === null ? pairedP(row.scores, best.scores, share) : Number.NaN,
  );
  const adjusted = holm(pValues);
  const letters = lettersOf(rows.filter(hasScores).toSorted(better), share);
  return rows.map((row, k) => ({
    ...row,
    pValue: orNull(pValues[k]!),
    pHolm: orNull(adjusted[k]!),
    letters: letters.get(row.name) ?? "",
  }));
}

function hasScores({ error, scores }: LeaderboardRow): boolean {
  return error === null && scores.every(Number.isFinite);
}

/** Letters by name, of rows from best to worst. */
function lettersOf(rows: readonly LeaderboardRow[], share: number): Map<string, string> {
  const pairs = rows.flatMap((_, a) => rows.slice(a + 1).map((_, k) => [a, a + 1 + k] as const));
  const adjusted = holm(pairs.map(([a, b]) => pairedP(rows[a]!.scores, rows[b]!.scores, share)));
  const letters = significanceLetters(
    rows.length,
    pairs.filter((_, k) => adjusted[k]! < level),
  );
  return new Map(rows.map(({ name }, k) => [name, letters[k]!]));
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function rowOf({ name, estimator, preset, result, error }: TriedCandidate, metric: string): LeaderboardRow {
  const steps = estimator.name === "pipeline" ? (estimator.params["steps"] as readonly Spec[]) : [estimator];
  const model = nameOf(estimator);
  const mean = (of: "fitMs" | "predictMs"): number | null =>
    result ? result.folds.reduce((sum, fold) => sum + fold[of], 0) / result.folds.length : null;
  return {
    name,
    model,
    preset,
    spec: JSON.parse(JSON.stringify(estimator)),
    preprocessing: steps
      .slice(0, -1)
      .map(({ name }) => name)
      .join(" → "),
    baseline: model === "dummy",
    rank: null,
    mean: result?.mean ?? {},
    sd: result?.sd ?? {},
    scores: result?.folds.map((fold) => fold.metrics[metric]!) ?? [],
    fitMs: mean("fitMs"),
    predictMs: mean("predictMs"),
    pValue: null,
    pHolm: null,
    letters: "",
    error: error ?? null,
  };
}
