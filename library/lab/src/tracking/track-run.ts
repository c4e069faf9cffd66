import { ConflictError } from "assay";
import type { ActiveRun } from "./active-run.ts";
import type { NewRun } from "./create-run.ts";
import { codeOf, environmentOf } from "./environment.ts";
import { type RunPlace, type RunSink, sinkOf } from "./run-sink.ts";
import { sampleSystem } from "./system-metrics.ts";

/** What a tracked run may be told beside its name. */
export interface TrackOptions extends Pick<NewRun, "description" | "notes" | "params" | "tags" | "datasetName" | "seed"> {
  /** Samples processor, memory, disk and GPU of this process; true is every 10 s, or as ASSAY_SYSTEM_METRICS_SECONDS says. Default off. */
  readonly systemMetrics?: boolean | { readonly everyMs: number };
  /** Default: the parent's, else "default". */
  readonly experiment?: string;
}

/**
 * Runs work as a tracked run: failed with error and stack when it throws, cancelled when it is aborted, completed else. Gives the run's id; an
 * error of the work is thrown on.
 */
export async function trackRun(
  place: RunPlace,
  { systemMetrics, ...run }: TrackOptions & Pick<NewRun, "name" | "parentId">,
  open: (id: string) => ActiveRun,
  work: (run: ActiveRun) => Promise<unknown>,
): Promise<string> {
  const sink = sinkOf(place);
  const id = await sink.create({ ...run, environment: environmentOf(), code: await codeOf() });
  const release = await sink.hold(id);
  const active = open(id);
  const stopSampling = systemMetrics ? sampleSystem(active, systemMetrics === true ? {} : systemMetrics) : undefined;
  try {
    await work(active);
    stopSampling?.();
    await active.flush();
    await sink.finish(id, "completed");
  } catch (error) {
    stopSampling?.();
    await fail(sink, active, error as Error);
    throw error;
  } finally {
    await release();
  }
  return id;
}

/** A run that somebody ended already, as by cancelling it, stays as it is. */
async function fail(sink: RunSink, run: ActiveRun, error: Error): Promise<void> {
  const message = error?.message ?? String(error);
  run.error(message);
  await run.flush().catch(() => {});
  const status = error?.name === "AbortError" ? "cancelled" : "failed";
  await sink.finish(run.id, status, { error: message, stack: error?.stack }).catch((failure) => {
    if (!(failure instanceof ConflictError)) throw failure;
  });
}
