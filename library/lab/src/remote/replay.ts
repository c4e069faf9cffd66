import { ConflictError } from "assay";
import { type ReplayReport, replayReport } from "../contract/runs.ts";
import { remoteJobEnded } from "./jobs.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** Has a training done again by a job of a service; where an input is gone, the service says at once which. */
export async function remoteReplay(
  service: Service,
  id: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ReplayReport> {
  const { runs } = service.client;
  const queued = await runs.replay({ id }, once()).catch(async (error) => {
    if (error instanceof ConflictError) return runs.replay({ id, wait: true }); // with nothing to train it is the report
    throw error;
  });
  if ("replay" in queued) return queued.replay;
  const { job_status, error, results } = await remoteJobEnded(service, queued.job_id, signal);
  if (job_status !== "completed") throw new ConflictError(error ?? `replay: the job is ${job_status}`);
  return replayReport.parse(results);
}
