import type * as ml from "assay";
import { type CompareModelsRequest, compareModelsRequest } from "../contract/selection.ts";
import type { Session } from "../projects/session.ts";
import { ActiveRun, trackRun } from "../tracking/index.ts";
import { describeComparison, intoRun, type ModelComparison, planComparison, runComparison } from "./compare.ts";
import type { TrackedLeaderboard } from "./compare-runs.ts";
import { type QueueOptions, submitJob } from "./queue.ts";

/** A comparison that is done, and the run that its models' runs are parts of. */
interface DoneComparison {
  readonly runId: string;
  readonly board: TrackedLeaderboard;
}

/** Compares models in this process, as a run whose parts are the models' runs. An abort cancels the run, and keeps the runs that are done. */
export async function compareHere(
  session: Session,
  plan: ModelComparison,
  {
    name,
    signal,
    observer,
  }: {
    readonly name?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly observer?: ml.Observer | undefined;
  } = {},
): Promise<DoneComparison> {
  const { experiment, training } = plan;
  let board: TrackedLeaderboard | undefined;
  const track = { name: name ?? `compare on ${training.request.dataset_id}`, experiment, tags: { comparison: "models" } };
  const runId = await trackRun(
    session,
    track,
    (id) => new ActiveRun(session, id),
    async (run) => {
      await describeComparison(session, run.id, plan);
      const follow = intoRun(run, signal);
      const both: ml.Observer = {
        progress(event) {
          follow.observer.progress?.(event);
          observer?.progress?.(event);
        },
      };
      board = await runComparison(session, plan, run.id, { ...follow, observer: both });
    },
  );
  return { runId, board: board! };
}

/** Queues a comparison with its run. */
export async function queueComparison(
  session: Session,
  body: CompareModelsRequest,
  options: QueueOptions = {},
): Promise<{ readonly jobId: string; readonly runId: string }> {
  const { experiment, run_name } = body;
  const { jobId, runId } = await submitJob(session, "compare", body, { ...options, experiment, runName: run_name });
  return { jobId, runId: runId! };
}

/** What `lab.compareModels` takes beside experiment and dataset. */
export interface CompareModelsOptions extends Omit<ml.CompareOptions, "folds" | "onCandidate" | "weight"> {
  /** Number of folds; default 5. */
  readonly folds?: number;
  /** Name of the comparison's run. */
  readonly name?: string;
}

/** Compares models on a stored dataset, each a run of the experiment. The board tells the runs' ids. */
export async function compareModelsOn(
  session: Session,
  experiment: string,
  dataset: string,
  { name, signal, observer, models = "all", ...options }: CompareModelsOptions,
): Promise<TrackedLeaderboard> {
  const body = compareModelsRequest.parse({
    dataset_id: dataset,
    target_column: options.target,
    feature_columns: options.features,
    task_type: options.task,
    group_column: options.group,
    time_column: options.time,
    random_seed: options.seed ?? 42,
    cv: options.folds ?? 5,
    experiment,
  });
  const plan = await planComparison(session, body);
  const { target: _, features: __, group: ___, time: ____, task: _____, folds: ______, ...further } = options;
  const { board } = await compareHere(
    session,
    { ...plan, options: { ...plan.options, ...further, models } },
    { name, signal, observer },
  );
  return board;
}
