import { ConflictError } from "assay";
import type { Session } from "../projects/session.ts";
import type { ActiveRun } from "./active-run.ts";
import { createRun, type NewRun } from "./create-run.ts";
import { finishRun } from "./end-run.ts";
import { codeOf, environmentOf } from "./environment.ts";
import { holdRun } from "./recover.ts";
import { sampleSystem } from "./system-metrics.ts";

/** What a tracked run may be told beside its name. */
export interface TrackOptions extends Pick<NewRun, "description" | "notes" | "params" | "tags" | "datasetName" | "seed"> {
  /** Samples CPU and memory of this process; true is every 10 s. Default off. */
  readonly system?: boolean | { readonly everyMs: number };
  /** Default: the parent's, else "default". */
  readonly experiment?: string;
}

/**
 * Runs work as a tracked run: failed with error and stack when it throws, cancelled when it is aborted, completed else. Gives the run's id; an
 * error of the work is thrown on.
 */
export async function trackRun(
  session: Session,
  { system, experiment, ...run }: TrackOptions & Pick<NewRun, "name" | "parentId">,
  open: (id: string) => ActiveRun,
  work: (run: ActiveRun) => Promise<unknown>,
): Promise<string> {
  const id = await createRun(session, {
    ...run,
    experiment: experiment ?? (await experimentOf(session, run.parentId)),
    status: "training",
    environment: environmentOf(),
    code: await codeOf(),
  });
  const release = await holdRun(id);
  const active = open(id);
  const stopSampling = system ? sampleSystem(active, system === true ? undefined : system.everyMs) : undefined;
  try {
    await work(active);
    stopSampling?.();
    await active.flush();
    await finishRun(session, id, "completed");
  } catch (error) {
    stopSampling?.();
    await fail(session, active, error as Error);
    throw error;
  } finally {
    await release();
  }
  return id;
}

async function experimentOf({ db, projectId }: Session, parentId: string | undefined): Promise<string> {
  if (parentId === undefined) return "default";
  const row = await db
    .selectFrom("runs as r")
    .innerJoin("experiments as e", "e.id", "r.experiment_id")
    .select("e.name")
    .where("r.id", "=", parentId)
    .where("r.project_id", "=", projectId)
    .executeTakeFirst();
  return row?.name ?? "default";
}

/** A run that somebody ended already, as by cancelling it, stays as it is. */
async function fail(session: Session, run: ActiveRun, error: Error): Promise<void> {
  const message = error?.message ?? String(error);
  run.error(message);
  await run.flush().catch(() => {});
  const status = error?.name === "AbortError" ? "cancelled" : "failed";
  await finishRun(session, run.id, status, { error: message, stack: error?.stack }).catch((failure) => {
    if (!(failure instanceof ConflictError)) throw failure;
  });
}
