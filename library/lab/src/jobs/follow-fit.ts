import type * as ml from "assay";
import type { ActiveRun } from "../tracking/index.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { JobContext } from "./kinds.ts";

/** What surrounds the fit of a job; without `checkpoints` nothing of it is kept on the way. */
interface FitSurroundings extends Pick<JobContext, "signal"> {
  readonly checkpoints?: Checkpoints | undefined;
  /** The metrics of a step as the run names them; default as the algorithm does. */
  readonly metricsOf?: (told: ml.Progress["metrics"]) => Record<string, number>;
}

/**
 * What the fit of a job is given: its run hears of every step with its metrics, its state is kept in checkpoints, the job's signal ends it. It goes
 * on behind what an earlier attempt kept.
 */
export function followFit(
  run: ActiveRun,
  { signal, checkpoints, metricsOf }: FitSurroundings,
): Pick<ml.FitOptions, "observer" | "signal" | "snapshots"> {
  const observer: ml.Observer = metricsOf
    ? { progress: (event) => run.progress({ ...event, metrics: metricsOf(event.metrics) }) }
    : run;
  return { observer, signal, ...(checkpoints && { snapshots: keepIn(checkpoints, run) }) };
}

/**
 * A fit's snapshots as checkpoints of its job, one written after the other; the fit does not wait for them. The metrics of the steps up to it are written
 * before a checkpoint is: who goes on from there leaves none out.
 */
function keepIn(checkpoints: Checkpoints, run: ActiveRun): ml.SnapshotOptions {
  const { latest, everyMs, soon } = checkpoints;
  if (latest) run.info(`resumed at step ${latest.step} of ${latest.steps}`);
  let writing: Promise<void> | undefined;
  const take = (snapshot: ml.Snapshot): void => {
    if (writing) return; // the disk is slower than the fit
    writing = run
      .flush()
      .then(() => checkpoints.save(snapshot))
      .catch((error: Error) => run.warn(`a checkpoint could not be kept: ${error.message}`))
      .finally(() => {
        writing = undefined;
      });
  };
  return { everyMs, soon, from: latest, take };
}
