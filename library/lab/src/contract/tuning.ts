import { z } from "zod";
import { name } from "./values.ts";

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

/** How a search is done. */
export const tuning = z.strictObject({
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
  resource: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("A whole-number parameter, as n_estimators, that a trial is given more and more of while the pruner lets it."),
  workers: z.number().int().min(1).max(64).default(1).describe("Jobs that take part in the study."),
  concurrency: z.number().int().min(1).max(256).default(1).describe("Trials that one job runs at once."),
  tracked: z.boolean().default(true).describe("Each trial is a run of the experiment."),
  warm_start: z.string().min(1).max(200).optional().describe("A study whose trials are taken in first."),
  study: name
    .optional()
    .describe("The study's name; one that is there goes on to n_trials. Default: made of algorithm and dataset."),
});
