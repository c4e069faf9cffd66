import { ConflictError, NotFoundError } from "assay";
import type { z } from "zod";
import { predictFileFields, predictFileResult } from "../contract/models.ts";
import {
  predictionFileRoutes as files,
  predictionRoutes as routes,
  subjectRoutes as subjects,
} from "../contract/prediction-routes.ts";
import { getJob, submitJob } from "../jobs/index.ts";
import type { Session } from "../projects/session.ts";
import {
  deletePredictionFile,
  eraseSubject,
  flushAllPredictions,
  followMoves,
  keepUpload,
  listPredictionFiles,
  openAnswers,
} from "../registry/index.ts";
import type { App } from "./app.ts";
import { handle } from "./handle.ts";
import { receiveFile } from "./receive-file.ts";
import { sendFile } from "./send-file.ts";

/** Predictions of files, and the erasure of what is known of a person. */
export function predictionRoutes(app: App, session: Session): void {
  let unfollow: (() => Promise<void>) | undefined;
  app.addHook("onListen", async () => {
    unfollow = await followMoves(session);
  });
  app.addHook("onClose", async () => {
    await unfollow?.();
    await flushAllPredictions(session);
  });

  handle(app, routes.predictFile, async (request) => {
    const { params } = request;
    const options = { who: "predict", store: request.session.store, fields: predictFileFields };
    return receiveFile(request, options, async ({ session, ...file }) => ({
      job_id: await queueFile(session, params.id, file),
    }));
  });

  handle(app, routes.download, async ({ params, session }, reply) => {
    const job = await getJob(session, params.id);
    if (job.kind !== "predict") throw new NotFoundError(`predict: job ${params.id} is of kind ${job.kind}`);
    if (job.job_status !== "completed") throw new ConflictError(`predict: the job is ${job.job_status}`);
    const result = predictFileResult.parse(job.results);
    const contentType = result.file.endsWith(".csv") ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
    reply.header("content-length", result.size_bytes);
    return sendFile(reply, await openAnswers(session, result), { fileName: result.file_name, contentType });
  });

  handle(app, files.list, async ({ query, session }) => {
    const { items, next_cursor } = await listPredictionFiles(session, query);
    return { items: [...items], next_cursor };
  });
  handle(app, files.delete, async ({ params, session }) => {
    await deletePredictionFile(session, params.id);
    return { deleted: params.id };
  });
  handle(app, subjects.erase, async ({ params, session }) => ({ erased: await eraseSubject(session, params.user_id) }));
}

interface RowFile {
  readonly path: string;
  readonly name: string;
  readonly fields: z.output<typeof predictFileFields>;
}

async function queueFile(session: Session, model_id: string, { path, name, fields }: RowFile): Promise<string> {
  const file = await keepUpload(session, path);
  try {
    const file_name = name.slice(0, 300) || "rows.csv";
    return (await submitJob(session, "predict", { ...fields, model_id, file, file_name })).jobId;
  } catch (error) {
    await session.store.remove(file);
    throw error;
  }
}
