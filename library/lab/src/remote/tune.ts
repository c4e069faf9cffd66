import type { SentTuning, TuneJob } from "../jobs/index.ts";
import { requestOf } from "../jobs/tune-for-cells.ts";
import { sentRemoteJob, waitingOf } from "./jobs.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";
import { openRemoteStudy } from "./studies.ts";

/** Searches parameters by a job of a service. */
export async function remoteTuning(service: Service, job: TuneJob): Promise<SentTuning> {
  const { client } = service;
  const body = JSON.parse(JSON.stringify({ ...requestOf(job), ...waitingOf(job) })); // the contract checks every field
  const { job_id, study_id: id, experiment_id: runId } = await client.studies.tune(body, once());
  const { name } = (await client.studies.get({ id })).study;
  const sent = sentRemoteJob(service, job_id);
  return {
    ...sent,
    runId,
    studyId: id,
    studyName: name,
    study: () => openRemoteStudy(service, id),
    stop: async () => void (await client.studies.stop({ id })),
    async done(waiting) {
      await sent.ended(waiting);
      return (await client.runs.get({ id: runId })).experiment;
    },
  };
}
