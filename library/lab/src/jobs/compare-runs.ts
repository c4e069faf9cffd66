import { createHash } from "node:crypto";
import * as ml from "assay";
import type { ComparisonBoard } from "../contract/selection.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { createRun, environmentOf, finishRun, getRun, logMetrics, type NewPoint } from "../tracking/index.ts";
import type { Training } from "./training.ts";

/** A leaderboard whose models are runs. */
export interface TrackedLeaderboard extends ml.Leaderboard {
  /** Id of each model's run, by its name. */
  readonly runs: Readonly<Record<string, string>>;
}

/** What the run of a comparison, and of each of its models, says when it begins. */
export function runOf({ run }: Training) {
  const { algorithm: _, params: __, ...shared } = run;
  return { ...shared, request: undefined, tags: { comparison: "models" } };
}

/** A model that has ended becomes a run; a job that is done again finds those of its attempt before. */
export async function trackCandidate(
  session: Session,
  training: Training,
  experiment: string,
  parentId: string,
  { name, estimator, preset, result, error }: ml.ComparedCandidate,
): Promise<string> {
  const steps = estimator.name === "pipeline" ? (estimator.params["steps"] as readonly ml.Spec[]) : [estimator];
  const last = steps.at(-1)!;
  const pipeline = steps.slice(0, -1).map(({ name, params }) => ({ name, params }));
  const id = partId(parentId, name);
  const former = await getRun(session, id).catch((error: Error) =>
    error instanceof ml.NotFoundError ? undefined : Promise.reject(error),
  );
  if (former && former.status !== "training") return id;
  await createRun(session, {
    id,
    ...runOf(training),
    experiment,
    name,
    status: "training",
    algorithm: last.name,
    params: last.params,
    environment: { ...environmentOf(), pipeline },
    tags: { comparison: "models", ...(preset !== null && { preset }) },
    parentId,
  });
  if (result) await logMetrics(session, id, pointsOf(result));
  await finishRun(session, id, result ? "completed" : "failed", error === undefined ? {} : { error });
  return id;
}

/** A model's metrics of every fold (`cv`), and their means (`cv_mean`). */
export function pointsOf({ folds, mean }: NonNullable<ml.ComparedCandidate["result"]>): NewPoint[] {
  const points = folds.flatMap(({ metrics, fitMs, predictMs }, step) =>
    Object.entries({ ...metrics, fit_ms: fitMs, predict_ms: predictMs }).map(([name, value]) => ({
      name,
      split: "cv",
      step,
      value: toMetricValue(value),
    })),
  );
  const means = Object.entries(mean).map(([name, value]) => ({ name, split: "cv_mean", step: 0, value: toMetricValue(value) }));
  return [...points, ...means];
}

/** The id of a part of a run, always the same for the same name (a UUID of version 8). */
function partId(parentId: string, name: string): string {
  const hex = createHash("sha256").update(`${parentId}/${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A leaderboard as HTTP has it. */
export function boardOf(board: TrackedLeaderboard): ComparisonBoard {
  const number = (value: number | undefined) => (value === undefined ? null : toMetricValue(value));
  return {
    comparison: board.rows.map((row) => ({
      model: row.name,
      algorithm: row.model,
      preset: row.preset,
      baseline: row.baseline,
      rank: row.rank,
      mean_score: number(row.mean[board.metric]),
      std_score: number(row.sd[board.metric]),
      scores: row.scores.map(toMetricValue),
      metrics: Object.fromEntries(Object.entries(row.mean).map(([name, value]) => [name, toMetricValue(value)])),
      preprocessing: row.preprocessing,
      fit_ms: row.fitMs,
      predict_ms: row.predictMs,
      p_value: row.pValue,
      p_holm: row.pHolm,
      letters: row.letters,
      error: row.error,
      run_id: board.runs[row.name] ?? null,
    })),
    task_type: board.task,
    metric: board.metric,
    greater_is_better: board.greaterIsBetter,
    cv: board.folds,
    warnings: [...board.warnings],
    stopped: board.stopped,
  };
}
