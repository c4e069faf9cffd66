import { quiet } from "../base/display.ts";
import { type ChosenMetrics, meanOf, metricsOf } from "../model-selection/chosen-metrics.ts";
import { foldFitsOnPool } from "../model-selection/fold-fits.ts";
import type { ValidationRows } from "../model-selection/validation-rows.ts";
import type { Fold } from "../splits/folds.ts";
import { wrongOption } from "./check-options.ts";
import type { TrialParams } from "./distribution.ts";
import { type Trial, TrialPruned } from "./trial.ts";
import type { Tuned } from "./tunable.ts";

/** What every trial of a search is scored by. */
interface Scoring {
  readonly tuned: Tuned;
  readonly rows: ValidationRows;
  /** The metrics that are searched for, then those that are recorded. */
  readonly metrics: ChosenMetrics;
  /** How many are searched for. */
  readonly goals: number;
  readonly threads: number;
  /** The parameter that a trial is given more and more of. */
  readonly resource: string | undefined;
  /** Ends the trial under way. */
  readonly timeUp: AbortSignal;
}

/** The resource of the first rung, and by how much each has more than the one before. */
const leastResource = 10;
const resourceFactor = 3;

type Scores = Readonly<Record<string, number>>;

/**
 * Means over the folds of the metrics that are searched for. With a pruner a trial is told after every fold, or after every rung of the
 * resource. Throws TrialPruned, and what the fits throw.
 */
export async function scoreTrial(trial: Trial, scoring: Scoring): Promise<number[]> {
  const { metrics, goals } = scoring;
  const scores = scoring.resource === undefined ? await byFolds(trial, scoring) : await byRungs(trial, scoring, scoring.resource);
  const names = metrics.all.map(({ name }) => name);
  const means = names.map((name) => meanOf(scores.map((fold) => fold[name]!)));
  trial.setAttribute("estimator", JSON.parse(JSON.stringify(scoring.tuned.make(trial.params))));
  trial.setAttribute("metrics", Object.fromEntries(names.map((name, m) => [name, finite(means[m]!)])));
  trial.setAttribute(
    "folds",
    scores.map((fold) => names.map((name) => finite(fold[name]!))),
  );
  return means.slice(0, goals);
}

/** Folds side by side, told in their order whatever the order they end in. */
async function byFolds(trial: Trial, scoring: Scoring): Promise<readonly Scores[]> {
  const { folds } = scoring.rows;
  const name = onlyGoal(scoring);
  // with a pruner, a round of folds at a time: what comes after a bad one need not be fitted
  const round = name !== undefined && trial.pruner.name !== "nop" ? scoring.threads : folds.length;
  const scores: Scores[] = [];
  let sum = 0;
  for (let from = 0; from < folds.length; from += round)
    for (const fold of await fitFolds(trial, scoring, trial.params, folds.slice(from, from + round))) {
      scores.push(fold);
      if (name === undefined) continue;
      sum += fold[name]!;
      trial.report(trial.pruner.comparesSteps ? fold[name]! : sum / scores.length, scores.length);
      if (scores.length < folds.length && trial.shouldPrune()) throw new TrialPruned();
    }
  return scores;
}

/** All folds with a little of the resource, then with more of it, at last with all that the trial has; each time anew. */
async function byRungs(trial: Trial, scoring: Scoring, resource: string): Promise<readonly Scores[]> {
  const { folds } = scoring.rows;
  const name = onlyGoal(scoring);
  const most = trial.params[resource] ?? scoring.tuned.own(resource);
  if (!Number.isSafeInteger(most))
    throw wrongOption("tune", "resource", "must be a parameter that holds a whole number", resource);
  if (name !== undefined && trial.pruner.name !== "nop")
    for (let rung = leastResource; rung < (most as number); rung *= resourceFactor) {
      const scores = await fitFolds(trial, scoring, { ...trial.params, [resource]: rung }, folds);
      trial.report(meanOf(scores.map((fold) => fold[name]!)), rung);
      if (trial.shouldPrune()) throw new TrialPruned();
    }
  const scores = await fitFolds(trial, scoring, trial.params, folds);
  if (name !== undefined) trial.report(meanOf(scores.map((fold) => fold[name]!)), most as number);
  return scores;
}

/** The metric that is reported on the way: where one is searched for. */
function onlyGoal({ metrics, goals }: Scoring): string | undefined {
  return goals === 1 ? metrics.all[0]!.name : undefined;
}

async function fitFolds(
  trial: Trial,
  { tuned, rows, metrics, threads, timeUp }: Scoring,
  params: TrialParams,
  folds: readonly Fold[],
): Promise<readonly Scores[]> {
  const isOwn = metrics.own.length > 0;
  const answers = await foldFitsOnPool(
    rows.input,
    {
      specs: [tuned.make(params)],
      fits: folds.map((fold) => ({ spec: 0, train: fold.train, test: fold.test, name: `fold ${rows.folds.indexOf(fold) + 1}` })),
      metrics: metrics.named,
      onTrain: false,
      answers: isOwn,
      keepErrors: false,
    },
    { signal: AbortSignal.any([trial.signal, timeUp]), threads, observer: quiet },
  ).catch((error) => {
    throw timeUp.aborted ? timeUp.reason : error;
  });
  return answers.map((answer, k) => {
    const tested = isOwn ? Array.from(folds[k]!.test, (i) => rows.truth[i]!) : [];
    return metricsOf(metrics, answer.scores, answer, tested, rows.classes);
  });
}

/** JSON has no NaN. */
function finite(score: number): number | null {
  return Number.isFinite(score) ? score : null;
}
