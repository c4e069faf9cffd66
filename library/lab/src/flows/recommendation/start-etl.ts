import { type EtlRequest, type EtlRun, type EtlSource, etlSettings, etlSource } from "../../contract/etl.ts";
import { ensureWorker, submitJob } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import { checked } from "./checked.ts";
import { enterRun, getEtlRun } from "./etl-runs.ts";
import { checkPlace } from "./source-place.ts";

/** Settings with their defaults. Throws ParamsError naming the field. */
export function readEtlSettings(given: EtlRequest) {
  return checked("etl", etlSettings.strict(), given);
}

/** Queues a run and answers at once. Throws ConflictError for a version that exists, ParamsError and DataError for settings that cannot be. */
export async function startEtl(session: Session, given: EtlRequest): Promise<EtlRun> {
  const settings = readEtlSettings(given);
  checkPlace(settings.mapping);
  const { jobId } = await submitJob(session, "etl", settings);
  await enterRun(session, jobId, settings, jobId);
  await ensureWorker(session);
  return getEtlRun(session, jobId);
}

/** Queues the making of the travel application; gives its job's id. */
export async function startEtlSource(session: Session, size: EtlSource): Promise<string> {
  const { jobId } = await submitJob(session, "etl-source", checked("source", etlSource.strict(), size));
  await ensureWorker(session);
  return jobId;
}
