import { z } from "zod";
import { jobWaiting } from "./job-waiting.ts";
import { listQuery } from "./listing.ts";
import { jobStatus, trainRequest } from "./training.ts";
import { paramValue, tuning } from "./tuning.ts";
import { answer, id, instant, listOf, metricValue, name, page, taskType } from "./values.ts";

/** A search: what a training needs, and how to search. */
export const tuneRequest = trainRequest.extend({
  ...tuning.shape,
  experiment: name.default("tuning"),
  run_name: name.optional(),
});
export type TuneRequest = z.infer<typeof tuneRequest>;

/** Body of POST /api/ml/models/tune. */
export const tuneBody = tuneRequest.extend(jobWaiting.shape);
export const tuneCreated = answer({ job_id: id, study_id: id, experiment_id: id });

export const trialState = z.enum(["waiting", "running", "completed", "pruned", "failed"]);
export const direction = z.enum(["minimize", "maximize"]);
export const studyStatus = z.enum(["waiting", "running", "stopped", "idle"]);

/** How many trials are in each state, and the best value of a study with one direction. */
export const studyStanding = z.object({
  study_status: studyStatus.describe("idle: nobody runs a trial now."),
  n_trials: z.number().int(),
  trials: z.record(trialState, z.number().int()),
  best_trial: z.number().int().nullable(),
  best_value: metricValue.nullable(),
  revision: z.string().describe("Grows with every change."),
});
export type StudyStanding = z.infer<typeof studyStanding>;

/** A study as the list shows it. */
export const study = studyStanding.extend({
  id,
  name: z.string(),
  directions: z.array(direction),
  algorithm: z.string().nullable(),
  dataset: z.string().nullable(),
  task_type: taskType.nullable(),
  metric: z.string().nullable(),
  best_params: z.record(z.string(), paramValue).nullable(),
  run_id: id.nullable().describe("The run of the model that was fitted with the best parameters."),
  created_at: instant,
  updated_at: instant,
});
export type Study = z.infer<typeof study>;

/** A study whole. */
export const studyInfo = study.extend({
  space: z.record(z.string(), z.unknown()).nullable(),
  attributes: z.record(z.string(), z.unknown()),
  job_id: id.nullable(),
  job_status: jobStatus.nullable(),
});
export type StudyInfo = z.infer<typeof studyInfo>;
export const studyList = listOf(study);
export const studyAnswer = answer({ study: studyInfo });

/** One trial. */
export const trial = z.object({
  number: z.number().int(),
  state: trialState,
  params: z.record(z.string(), paramValue),
  values: z.array(metricValue).nullable(),
  intermediate: z.array(z.object({ step: z.number(), value: metricValue })),
  error: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  run_id: id.nullable(),
  worker: z.string().nullable(),
  attempt: z.number().int(),
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  duration_ms: z.number().nullable(),
});
export type TrialInfo = z.infer<typeof trial>;
export const trialList = listOf(trial);
/** Query of GET /api/ml/studies. */
export const studyListQuery = listQuery("id", "name", "stopped", "run_id", "created_at");
export const trialListQuery = page.extend({
  sort: z
    .enum(["number", "-number", "value", "-value"])
    .default("number")
    .describe("By value: trials that have none are left out."),
  state: trialState.optional(),
});
export type TrialQuery = Partial<z.infer<typeof trialListQuery>>;

export const importanceAnswer = answer({
  importance: z.array(z.object({ param: z.string(), importance: z.number() })).describe("Greatest first; the shares sum to 1."),
});

/** Figures of a study as plotly draws them: history, parallel, slice, importance, intermediate, and pareto of two objectives. */
export const studyPlotsAnswer = answer({
  figures: z.record(z.string(), z.looseObject({ data: z.array(z.looseObject({})), layout: z.looseObject({}) })),
});
