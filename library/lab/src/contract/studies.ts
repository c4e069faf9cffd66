import { z } from "zod";
import { jobStatus, trainRequest } from "./training.ts";
import { answer, id, instant, listOf, metricValue, name, page, taskType } from "./values.ts";

/** A value that a parameter can take. */
export const paramValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const when = z.record(z.string(), z.union([paramValue, z.array(paramValue).min(1)])).optional();

/** Where one parameter's values come from. */
export const distribution = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("float"),
    low: z.number(),
    high: z.number(),
    log: z.boolean().optional(),
    step: z.number().optional(),
    when,
  }),
  z.strictObject({
    type: z.literal("int"),
    low: z.number().int(),
    high: z.number().int(),
    log: z.boolean().optional(),
    step: z.number().int().optional(),
    when,
  }),
  z.strictObject({ type: z.literal("categorical"), choices: z.array(paramValue).min(1).max(10_000), when }),
]);

/** Parameters to search over, by name. */
export const space = z.record(z.string().min(1).max(200), distribution);

/** A sampler or a pruner: its name, or its name with options. */
const named = z.union([z.string().min(1), z.looseObject({ name: z.string().min(1) })]);

/** Body of POST /api/ml/models/tune: what a training needs, and how to search. */
export const tuneRequest = trainRequest
  .extend({
    tuning_method: z
      .enum(["grid_search", "random_search", "optuna"])
      .default("optuna")
      .describe("Which parameters are tried next: every combination, drawn ones, or TPE's, as Optuna's default."),
    sampler: named.optional().describe("In place of tuning_method: a sampler's name, or {name, …options}."),
    pruner: named.optional().describe("Ends trials early that go badly: median, halving …; default none."),
    n_trials: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Trials of the study in all, those taken in by warm_start not counted; default 100 where no timeout is given."),
    timeout: z
      .number()
      .gt(0)
      .max(30 * 86_400)
      .optional()
      .describe("Seconds; trials under way end in their own time."),
    cv: z.number().int().min(2).max(50).optional().describe("Folds of a trial; the same as cv_folds, default 5."),
    space: space.optional().describe("Default: the algorithm's own."),
    metric: z.string().min(1).max(100).optional().describe("Default: the task's."),
    workers: z.number().int().min(1).max(64).default(1).describe("Jobs that take part in the study."),
    concurrency: z.number().int().min(1).max(256).default(1).describe("Trials that one job runs at once."),
    tracked: z.boolean().default(true).describe("Each trial is a run of the experiment."),
    warm_start: z.string().min(1).max(200).optional().describe("A study whose trials are taken in first."),
    study: name
      .optional()
      .describe("The study's name; one that is there goes on to n_trials. Default: made of algorithm and dataset."),
    experiment: name.default("tuning"),
    run_name: name.optional(),
  })
  .meta({
    examples: [
      {
        dataset_id: "koi@3",
        target_column: "koi_disposition",
        algorithm: "random_forest",
        tuning_method: "optuna",
        n_trials: 100,
        cv: 5,
        metric: "roc_auc",
        pruner: "median",
        space: {
          n_estimators: { type: "int", low: 50, high: 500, log: true },
          max_features: { type: "categorical", choices: ["sqrt", "log2"] },
        },
      },
    ],
  });
export type TuneRequest = z.infer<typeof tuneRequest>;
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
