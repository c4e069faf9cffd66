import { createWriteStream } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { DataError, NotFoundError } from "assay";
import { type PredictFileResult, predictFileResult } from "../contract/models.ts";
import type { Session } from "../projects/session.ts";
import { keepUpload, openAnswers, type VersionRef } from "../registry/index.ts";
import { jobEnded, type SentJob, sentJob } from "./for-cells.ts";
import { submitJob } from "./queue.ts";
import { ensureWorker } from "./worker.ts";

/** How a file is predicted. */
export interface PredictFileOptions {
  /** Default csv. */
  readonly output?: "csv" | "parquet";
  /** skip: rows that cannot be read are left empty and told by line; default error. */
  readonly onBadRow?: "error" | "skip";
  /** A column whose cells say whom a row is about. */
  readonly userColumn?: string;
}

/** A file that was sent to be predicted. */
export interface SentPredictions extends SentJob {
  /** Resolves with what was done; writes the answers to a path where one is given. Throws DataError for a job that failed. */
  done(path?: string): Promise<PredictFileResult>;
}

/** Predicts the rows of a CSV file by a job. */
export async function sendFile(
  session: Session,
  version: VersionRef,
  path: string,
  { output = "csv", onBadRow = "error", userColumn }: PredictFileOptions = {},
): Promise<SentPredictions> {
  await access(path).catch((cause) => {
    throw new NotFoundError(`predict: no file ${basename(path)}`, { cause });
  });
  const request = {
    model_id: typeof version === "string" ? version : version.model_id,
    file: await keepUpload(session, path),
    file_name: basename(path),
    output,
    on_bad_row: onBadRow,
    ...(userColumn !== undefined && { user_column: userColumn }),
  };
  const { jobId } = await submitJob(session, "predict", request).catch(async (error) => {
    await session.store.remove(request.file);
    throw error;
  });
  await ensureWorker(session);
  return {
    ...sentJob(session, jobId),
    async done(to) {
      const { job_status, error, results } = await jobEnded(session, jobId);
      if (job_status !== "completed") throw new DataError(error ?? `predict: the job is ${job_status}`);
      const result = predictFileResult.parse(results);
      if (to !== undefined) await pipeline(await openAnswers(session, result), createWriteStream(to));
      return result;
    },
  };
}
