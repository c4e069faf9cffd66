import { basename } from "node:path";
import { DataError } from "assay";
import { predictFileResult } from "../contract/models.ts";
import type { PredictFileOptions, SentPredictions } from "../jobs/index.ts";
import { fileToSend } from "./file-to-send.ts";
import { remoteJobEnded, sentRemoteJob } from "./jobs.ts";
import type { Service } from "./service.ts";

/** Predicts the rows of a CSV file by a job of a service; the answers come as a file. */
export async function predictRemoteFile(
  service: Service,
  model: string,
  path: string,
  { output = "csv", onBadRow = "error", userColumn }: PredictFileOptions = {},
): Promise<SentPredictions> {
  const file = await fileToSend("predict", path);
  const form = { id: model, output, on_bad_row: onBadRow, user_column: userColumn, file, fileName: basename(path) };
  const { job_id } = await service.client.predictions.predictFile(form);
  return {
    ...sentRemoteJob(service, job_id),
    async done(to) {
      const { job_status, error, results } = await remoteJobEnded(service, job_id);
      if (job_status !== "completed") throw new DataError(error ?? `predict: the job is ${job_status}`);
      if (to !== undefined) await service.download(`/api/ml/jobs/${job_id}/predictions`, to);
      return predictFileResult.parse(results);
    },
  };
}
