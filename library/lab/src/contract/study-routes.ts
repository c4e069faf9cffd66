import { z } from "zod";
import { deleted } from "./datasets.ts";
import { event } from "./events.ts";
import { idempotencyHeaders } from "./jobs.ts";
import { route } from "./route.ts";
import {
  importanceAnswer,
  type StudyInfo,
  studyAnswer,
  studyList,
  studyListQuery,
  studyPlotsAnswer,
  type TrialInfo,
  trialList,
  trialListQuery,
  tuneBody,
  tuneCreated,
} from "./studies.ts";

const root = "/api/ml/studies";
const studyRef = z.object({ id: z.string().min(1).max(200).describe("Id or name.") });
const cited = { id: "koi forest" };
const space = { n_estimators: { type: "int" as const, low: 50, high: 500, log: true } };

const forest: StudyInfo = {
  id: "01981c3e-7b00-7c42-9d6f-0b6a51a1d501",
  name: "koi forest",
  directions: ["maximize"],
  algorithm: "random_forest",
  dataset: "koi@1",
  task_type: "classification",
  metric: "accuracy",
  study_status: "running",
  n_trials: 100,
  trials: { waiting: 0, running: 1, completed: 41, pruned: 6, failed: 0 },
  best_trial: 17,
  best_value: 0.791,
  best_params: { n_estimators: 312 },
  revision: "4711",
  run_id: null,
  space,
  attributes: {},
  job_id: "01981c3e-7b01-7c42-9d6f-0b6a51a1d502",
  job_status: "running",
  created_at: "2026-07-18T09:40:00.000Z",
  updated_at: "2026-07-18T09:44:00.000Z",
};
const trial: TrialInfo = {
  number: 17,
  state: "completed",
  params: { n_estimators: 312 },
  values: [0.791],
  intermediate: [{ step: 0, value: 0.788 }],
  error: null,
  attributes: {},
  run_id: null,
  worker: "host-1",
  attempt: 1,
  started_at: "2026-07-18T09:42:00.000Z",
  ended_at: "2026-07-18T09:42:05.000Z",
  duration_ms: 5000,
};

/** Searches for good parameters: start, list, look, follow, stop. */
export const studyRoutes = {
  tune: route({
    method: "POST",
    path: "/api/ml/models/tune",
    summary: "Queues a search for good parameters.",
    headers: idempotencyHeaders,
    body: tuneBody,
    answer: tuneCreated,
    statuses: [202],
    example: {
      body: {
        dataset_id: "koi",
        target_column: "koi_disposition",
        algorithm: "random_forest",
        study: forest.name,
        n_trials: 100,
        cv: 5,
        pruner: "median",
        priority: 5,
        space,
      },
      answer: { job_id: forest.job_id, study_id: forest.id, experiment_id: "01981c3e-7b02-7c42-9d6f-0b6a51a1d503" },
    },
  }),
  list: route({
    method: "GET",
    path: root,
    summary: "Studies of the project, newest first.",
    query: studyListQuery,
    answer: studyList,
    example: { answer: { items: [forest], next_cursor: null } },
  }),
  get: route({
    method: "GET",
    path: `${root}/:id`,
    summary: "A study with its space, its job and its best trial.",
    params: studyRef,
    answer: studyAnswer,
    example: { params: cited, answer: { study: forest } },
  }),
  delete: route({
    method: "DELETE",
    path: `${root}/:id`,
    summary: "Deletes a study with its trials; their runs stay.",
    params: studyRef,
    answer: deleted,
    example: { params: cited, answer: { deleted: forest.id } },
  }),
  trials: route({
    method: "GET",
    path: `${root}/:id/trials`,
    summary: "Trials of a study, by number or by value.",
    params: studyRef,
    query: trialListQuery,
    answer: trialList,
    example: { params: cited, query: { sort: "-value", limit: 1 }, answer: { items: [trial], next_cursor: null } },
  }),
  importance: route({
    method: "GET",
    path: `${root}/:id/importance`,
    summary: "Which parameters the value depends on.",
    params: studyRef,
    answer: importanceAnswer,
    example: { params: cited, answer: { importance: [{ param: "n_estimators", importance: 1 }] } },
  }),
  plots: route({
    method: "GET",
    path: `${root}/:id/plots`,
    summary: "Figures of a study: history, slices, importance, parallel coordinates.",
    params: studyRef,
    answer: studyPlotsAnswer,
    example: {
      params: cited,
      answer: { figures: { history: { data: [{ type: "scatter", x: [0, 1], y: [0.77, 0.791] }], layout: {} } } },
    },
  }),
  stop: route({
    method: "POST",
    path: `${root}/:id/stop`,
    summary: "Ends a search after the trials under way, and keeps the best.",
    params: studyRef,
    answer: studyAnswer,
    example: { params: cited, answer: { study: { ...forest, study_status: "stopped" } } },
  }),
  events: route({
    method: "GET",
    path: `${root}/:id/events`,
    summary: "What happens to a study, as it happens.",
    params: studyRef,
    events: event,
    example: { params: cited },
  }),
};
