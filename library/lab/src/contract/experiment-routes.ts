import { compareAnswer, compareRequest } from "./compare.ts";
import { deleted } from "./datasets.ts";
import { citedRun, exampleRun, exampleRunInfo, exampleSeries } from "./example-run.ts";
import { idempotencyHeaders } from "./jobs.ts";
import { route } from "./route.ts";
import {
  evaluateAnswer,
  evaluateRequest,
  experimentCreate,
  predictRows,
  predictRowsAnswer,
  runAnswer,
  runCreated,
  runList,
  runListQuery,
  runRemoval,
} from "./training.ts";
import { byId } from "./values.ts";

const root = "/api/ml/experiments";
const whole = { experiment: exampleRunInfo };
const queued = { experiment_id: exampleRun.id, job_id: exampleRunInfo.job_id, run_status: "pending" };

/** Experiments: create, train, follow, evaluate, predict, compare, delete. */
export const experimentRoutes = {
  create: route({
    method: "POST",
    path: `${root}/create`,
    summary: "Makes a run in an experiment and queues its training.",
    twin: true,
    headers: idempotencyHeaders,
    body: experimentCreate,
    answer: runCreated,
    statuses: [202],
    example: {
      body: {
        name: "koi",
        dataset_id: "koi",
        target_column: "koi_disposition",
        algorithm: "random_forest",
        hyperparameters: { n_estimators: 300 },
        test_ratio: 0.2,
        random_seed: 42,
      },
      answer: queued,
    },
  }),
  list: route({
    method: "GET",
    path: `${root}/list`,
    summary: "Runs by filter and order.",
    twin: true,
    query: runListQuery,
    answer: runList,
    example: {
      query: { filter: "status = 'completed' and metrics.test.accuracy > 0.7", sort: "-metrics.test.accuracy" },
      answer: { items: [exampleRun], next_cursor: null },
    },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "One run whole.",
    twin: true,
    params: byId,
    answer: runAnswer,
    example: { params: citedRun, answer: whole },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    summary: "Deletes a run; it can be restored unless it goes for good.",
    twin: true,
    params: byId,
    query: runRemoval,
    answer: deleted,
    example: { params: citedRun, answer: { deleted: exampleRun.id } },
  }),
  restore: route({
    method: "POST",
    path: `${root}/:id/restore`,
    summary: "Brings a deleted run back.",
    twin: true,
    params: byId,
    answer: runAnswer,
    example: { params: citedRun, answer: whole },
  }),
  train: route({
    method: "POST",
    path: `${root}/:id/train`,
    summary: "Trains a run's request once more, as a run of its own.",
    twin: true,
    params: byId,
    answer: runCreated,
    statuses: [202],
    example: { params: citedRun, answer: queued },
  }),
  cancel: route({
    method: "POST",
    path: `${root}/:id/cancel`,
    summary: "Stops a run and its job.",
    twin: true,
    params: byId,
    answer: runAnswer,
    example: { params: citedRun, answer: { experiment: { ...exampleRunInfo, status: "cancelled" } } },
  }),
  evaluate: route({
    method: "POST",
    path: `${root}/:id/evaluate`,
    action: "read",
    summary: "Evaluates a run's model on a dataset's rows, or on a part of a saved split.",
    twin: true,
    params: byId,
    body: evaluateRequest,
    answer: evaluateAnswer,
    example: {
      params: citedRun,
      body: { dataset_id: "koi@3" },
      answer: { evaluation: { metrics: { accuracy: 0.783, balanced_accuracy: 0.741 } } },
    },
  }),
  predict: route({
    method: "POST",
    path: `${root}/:id/predict`,
    action: "read",
    summary: "Predicts rows with a run's model.",
    twin: true,
    params: byId,
    body: predictRows,
    answer: predictRowsAnswer,
    example: {
      params: citedRun,
      body: { features: { koi_period: 9.49, koi_depth: 616 } },
      answer: {
        prediction: ["CONFIRMED"],
        prediction_proba: [[0.08, 0.9, 0.02]],
        classes: ["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"],
        warnings: [],
      },
    },
  }),
  downloadModel: route({
    method: "GET",
    path: `${root}/:id/download-model`,
    summary: "The file of a run's model.",
    twin: true,
    params: byId,
    file: ["application/octet-stream"],
    example: { params: citedRun },
  }),
  compare: route({
    method: "POST",
    path: `${root}/compare`,
    action: "read",
    summary: "Runs side by side: what differs, metrics with significance, curves.",
    variant: true,
    body: compareRequest,
    answer: compareAnswer,
    example: {
      body: { filter: "experiment = 'koi' and status = 'completed'", sort: "-metrics.test.accuracy", limit: 20 },
      answer: {
        runs: [exampleRun],
        baseline: exampleRun.id,
        params: [{ name: "n_estimators", group: "hyperparameters", values: [300], differs: false }],
        metrics: [],
        series: [exampleSeries],
        parallel: [],
        confusion: null,
        left_out: [],
      },
    },
  }),
};
