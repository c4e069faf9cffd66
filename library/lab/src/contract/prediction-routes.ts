import { z } from "zod";
import { deleted } from "./datasets.ts";
import { exampleJob } from "./example-job.ts";
import {
  predictAnswer,
  predictFileFields,
  predictFileQueued,
  predictionFileList,
  predictionFileQuery,
  predictRequest,
  subjectErased,
} from "./models.ts";
import { route } from "./route.ts";
import { byId } from "./values.ts";

const models = "/api/ml/models";
const files = "/api/ml/prediction-files";
const cited = { id: exampleJob.job_id };
const exampleFile = {
  job_id: exampleJob.job_id,
  model: "koi@1.0.0",
  file_name: "stars predicted.csv",
  output: "csv" as const,
  rows: 9564,
  bad_rows: 0,
  size_bytes: 812_440,
  user_column: null,
  created_at: "2026-07-18T09:30:00.000Z",
  goes_at: "2026-10-16T09:30:00.000Z",
};

/** Predictions of rows and of files. */
export const predictionRoutes = {
  predict: route({
    method: "POST",
    path: `${models}/predict`,
    action: "read",
    summary: "Predicts one row or many with a version, or with the one that an A/B test gives a person.",
    body: predictRequest,
    answer: predictAnswer,
    example: {
      body: { model_id: "koi@production", features: { koi_period: 9.49, koi_depth: 616 }, user_id: "u-17" },
      answer: {
        model_id: "01981c3e-7a10-7c42-9d6f-0b6a51a1c0de",
        model: "koi@1.0.0",
        prediction: ["CONFIRMED"],
        prediction_proba: [[0.08, 0.9, 0.02]],
        classes: ["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"],
        prediction_id: "01981c52-4410-7b02-a7d3-6f4c0e9d1b35",
        source: "advanced",
        reason: null,
        latency_ms: 0.31,
        warnings: [],
      },
    },
  }),
  predictFile: route({
    method: "POST",
    path: `${models}/:id/predict-file`,
    summary: "Queues the rows of a file; the job's predictions are a file again.",
    params: z.object({ id: z.string().describe("As `model_id` of predict.") }),
    form: predictFileFields,
    answer: predictFileQueued,
    statuses: [202],
    example: { params: { id: "koi@production" }, form: { output: "csv" }, answer: { job_id: cited.id } },
  }),
  download: route({
    method: "GET",
    path: "/api/ml/jobs/:id/predictions",
    summary: "The predictions of a file, once its job has ended.",
    params: byId,
    file: ["text/csv", "application/vnd.apache.parquet"],
    example: { params: cited },
  }),
};

/** Files of predictions that are kept. */
export const predictionFileRoutes = {
  list: route({
    method: "GET",
    path: files,
    summary: "Files of predictions that are kept, newest first.",
    query: predictionFileQuery,
    answer: predictionFileList,
    example: { answer: { items: [exampleFile], next_cursor: null } },
  }),
  delete: route({
    method: "DELETE",
    path: `${files}/:id`,
    summary: "Removes a file of predictions before its time.",
    params: byId,
    answer: deleted,
    example: { params: cited, answer: { deleted: cited.id } },
  }),
};

/** People whom predictions are about. */
export const subjectRoutes = {
  erase: route({
    method: "DELETE",
    path: "/api/ml/subjects/:user_id",
    summary: "Erases what is known of a person, all or nothing.",
    params: z.object({ user_id: z.string().min(1).max(200) }),
    answer: subjectErased,
    example: {
      params: { user_id: "u-17" },
      answer: { erased: { predictions: 41, assignments: 1, outcomes: 3, prediction_files: 1 } },
    },
  }),
};
