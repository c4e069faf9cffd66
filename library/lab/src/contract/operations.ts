import { z } from "zod";
import { answer } from "./values.ts";

const days = z.number().int().min(1).max(36_500).nullable();

/** How long things are kept; null is for ever. Predictions are kept as each model's settings say. */
export const retention = z.strictObject({
  deleted_run_days: days.default(30).describe("Runs that were deleted, until they are gone for good with metrics and files."),
  run_log_days: days.default(null).describe("Log lines of runs that have ended."),
  stretch_days: days
    .default(null)
    .describe("What curves of long series are drawn from, of runs that have ended; afterwards they are drawn from the points."),
  job_days: days.default(180).describe("Jobs that have ended, with their logs."),
  event_days: days.default(30).describe("Events of streams; one that is resumed later begins anew."),
  activity_days: days.default(365).describe("What people did."),
  orphan_file_days: days.default(7).describe("Files of the store that nothing names."),
});
export type Retention = z.infer<typeof retention>;

/** A change of some of them. */
export const retentionChange = z
  .strictObject(
    Object.fromEntries(Object.entries(retention.shape).map(([name, field]) => [name, field.removeDefault().optional()])) as {
      [K in keyof Retention]: z.ZodOptional<typeof days>;
    },
  )
  .describe("Fields that are left out stay as they are.");
export type RetentionChange = z.infer<typeof retentionChange>;

/** What a sweep removes, or would. */
const sweepReport = z.object({
  dry_run: z.boolean(),
  removed: z.array(
    z.object({
      what: z.enum([
        "runs",
        "run_logs",
        "stretches",
        "jobs",
        "events",
        "activity",
        "predictions",
        "prediction_files",
        "files",
        "passing_files",
      ]),
      count: z.number().int().min(0),
      bytes: z.number().min(0).optional(),
    }),
  ),
});
export type SweepReport = z.infer<typeof sweepReport>;

export const retentionAnswer = answer({ retention });
export const sweepRequest = z.strictObject({ dry_run: z.boolean().default(false) });
export const sweepAnswer = answer({ sweep: sweepReport });
