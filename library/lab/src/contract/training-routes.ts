import { event, eventsQuery } from "./events.ts";
import { exampleJob } from "./example-job.ts";
import { exampleRun } from "./example-run.ts";
import { idempotencyHeaders, jobCreated, trainingAnswer } from "./jobs.ts";
import { route } from "./route.ts";
import { modelTrain } from "./training.ts";
import { byId } from "./values.ts";

const root = "/api/ml/models/train";

const { job_status, created_at, completed_at } = exampleJob;
const exampleTraining = { job: exampleJob, job_status, created_at, completed_at, results: null };

/** Trainings by their job, as programs ask for them that know no experiments. */
export const trainingRoutes = {
  train: route({
    method: "POST",
    path: root,
    summary: "Queues a training.",
    twin: true,
    headers: idempotencyHeaders,
    body: modelTrain,
    answer: jobCreated,
    statuses: [202],
    example: {
      body: {
        dataset_id: "koi",
        target_column: "koi_disposition",
        task_type: "classification",
        algorithm: "random_forest",
        hyperparameters: { n_estimators: 300 },
        test_size: 0.2,
        feature_selection: { method: "mutual_info", n_features: 8 },
      },
      answer: { job_id: exampleJob.job_id, experiment_id: exampleRun.id },
    },
  }),
  training: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "How a training's job stands, and its results.",
    params: byId,
    answer: trainingAnswer,
    example: { params: { id: exampleJob.job_id }, answer: exampleTraining },
  }),
  trainingEvents: route({
    method: "GET",
    path: `${root}/:id/events`,
    summary: "What happened and happens to a training, until it has ended.",
    params: byId,
    query: eventsQuery,
    events: event,
    example: { params: { id: exampleJob.job_id } },
  }),
};
