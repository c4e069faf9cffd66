import { z } from "zod";
import { versionStatus } from "./models.ts";
import { studyStanding } from "./studies.ts";
import { jobStatus, logLine, metricPoint, progress, runStatus } from "./training.ts";
import { id } from "./values.ts";

/** What a stream of server-sent events tells; the event's id is a bigint as text, `event:` is the kind. */
export const event = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("run"), run_id: id, run_status: runStatus, error: z.string().nullable().optional() }),
  z.object({ kind: z.literal("metrics"), run_id: id, points: z.array(metricPoint) }),
  z.object({ kind: z.literal("system"), run_id: id, points: z.array(metricPoint) }),
  z.object({ kind: z.literal("progress"), run_id: id, progress }),
  z.object({ kind: z.literal("log"), run_id: id, line: logLine }),
  z.object({
    kind: z.literal("job"),
    job_id: id,
    run_id: id.nullable(),
    job_kind: z.string().optional(),
    job_status: jobStatus,
    error: z.string().nullable().optional(),
    progress: progress.optional(),
  }),
  z.object({
    kind: z.literal("dataset"),
    dataset_id: id,
    processing_status: z.enum(["pending", "processing", "ready", "failed", "deleted"]),
  }),
  z.object({ kind: z.literal("model"), model_id: id, version_status: versionStatus.optional(), action: z.string().optional() }),
  studyStanding.extend({ kind: z.literal("study"), study_id: id }),
  z.object({
    kind: z.literal("schedule"),
    schedule_id: id,
    action: z.enum(["created", "changed", "fired", "deleted"]),
  }),
]);
export type Event = z.infer<typeof event>;

/** Query of a stream of events. */
export const eventsQuery = z.object({
  after: z.string().max(100).optional().describe("Id of the last event that is known, where no `Last-Event-ID` says it."),
});
