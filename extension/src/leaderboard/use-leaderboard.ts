import type { Job, RunInfo } from "assay-lab/contract";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { told } from "../experiments/use-runs";
import { jobRoutes } from "../job-routes";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { type Board, boardOf, boardOfRuns, isBoard } from "./board";

/** A comparison of models: its run, its job, and the board as far as it is known. */
export interface Leaderboard {
  run: RunInfo;
  /** Null for a comparison that a cell made. */
  job: Job | null;
  board: Board;
}

/** Loads the comparison whose run this is, and follows it: models appear as they end. */
export function useLeaderboard(id: string): Loaded<Leaderboard> {
  const { api } = usePanel();
  const loaded = useLoaded(id, async () => {
    const run = await routes.run(api, id);
    const job = run.job_id === null ? null : await jobRoutes.get(api, run.job_id);
    if (job && isBoard(job.results)) return { run, job, board: boardOf(job.results) };
    const parts = await routes.children(api, id);
    const ended = parts.filter(({ status }) => status !== "training" && status !== "pending");
    const metric = metricOf(run, ended);
    const series =
      ended.length === 0
        ? []
        : await routes.manySeries(
            api,
            ended.map((part) => part.id),
            [`cv.${metric}`, "cv.fit_ms", "cv.predict_ms"],
          );
    return { run, job, board: boardOfRuns(ended, series, metric) };
  });
  const soon = useSoon(loaded.reload, 500);
  useEvents((event) => {
    if (event.kind === "progress" && event.run_id === id) loaded.change((old) => ({ ...old, run: told(old.run, event) }));
    else if (event.kind === "run" || (event.kind === "job" && event.run_id === id)) soon();
  }, loaded.reload);
  return loaded;
}

/** The metric that the request names, else the one that the best of a finished comparison is kept by, else the task's. */
function metricOf(run: RunInfo, parts: readonly { metrics: Record<string, unknown> }[]): string {
  const asked = (run.request as { metric?: unknown } | null)?.metric;
  if (typeof asked === "string") return asked;
  const kept = Object.keys(run.metrics).find((name) => name.startsWith("cv_mean."));
  if (kept) return kept.slice("cv_mean.".length);
  const usual = run.task_type === "regression" ? "r2" : "accuracy";
  return parts.some(({ metrics }) => `cv_mean.${usual}` in metrics) || parts.length === 0 ? usual : "accuracy";
}
