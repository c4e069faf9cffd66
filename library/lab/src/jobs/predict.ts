import { z } from "zod";
import { predictFileFields } from "../contract/models.ts";
import { checkUpload, flushPredictions, getVersion, predictFile } from "../registry/index.ts";
import { defineJobKind } from "./kinds.ts";

/** The request of a job that predicts a file. */
const predictJobRequest = predictFileFields.extend({
  model_id: z.string().min(1),
  file: z.string().min(1).max(300).describe("As the upload named it."),
  file_name: z.string().min(1).max(300),
});

/** Predictions of a file, elsewhere. The version is decided when the job is queued: a promotion changes nothing in the middle of it. */
defineJobKind({
  name: "predict",
  request: predictJobRequest,
  plan: async (session, request) => {
    checkUpload(session, request.file);
    return { request: { ...request, model_id: (await getVersion(session, request.model_id)).model_id } };
  },
  run: async (session, request, { jobId, signal, log, progress }) => {
    const { model_id, file, file_name: fileName, output, on_bad_row: onBadRow, user_column: userColumn } = request;
    const result = await predictFile(
      session,
      model_id,
      { file, fileName, output, onBadRow, userColumn },
      { jobId, signal, progress },
    );
    await flushPredictions(session);
    log(`${result.rows} rows predicted by ${result.model}, ${result.bad_rows} could not be read`);
    for (const { line, detail } of result.errors) log(`line ${line}: ${detail}`, "warn");
    return result;
  },
});
