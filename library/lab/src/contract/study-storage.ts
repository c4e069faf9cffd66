import { z } from "zod";
import { direction, trialState } from "./studies.ts";
import { distribution, paramValue, space } from "./tuning.ts";
import { answer, id, instant, metricValue, name } from "./values.ts";

const attributes = z.record(z.string().max(200), z.unknown());
const params = z.record(z.string().min(1).max(200), paramValue);
const intermediate = z.array(z.tuple([z.number(), metricValue])).max(100_000);
const worker = z.string().min(1).max(200).describe("Names the process that asks.");
const call = id.optional().describe("Made by the caller: asked again under the same id, the first answer counts.");

/** One trial as programs that search by themselves exchange it. */
const trialRecord = z.object({
  number: z.number().int(),
  state: trialState,
  params,
  distributions: z.record(z.string(), distribution),
  fixed: params.nullable().describe("Values that its suggestions take."),
  values: z.array(metricValue).nullable(),
  intermediate,
  error: z.string().nullable(),
  attributes,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  worker: z.string().nullable(),
  attempt: z.number().int(),
});
export type TrialWire = z.infer<typeof trialRecord>;

/** A study as such programs open it. */
const studyRecord = z.object({
  id,
  name: z.string(),
  directions: z.array(direction),
  attributes,
  stopped: z.boolean(),
  created_at: instant,
});
export type StudyWire = z.infer<typeof studyRecord>;

/** Body of POST /api/ml/studies. */
export const studyCreate = z.object({
  name,
  directions: z.array(direction).min(1).max(10),
  attributes: attributes.default({}),
  space: space.optional(),
});
export const recordAnswer = answer({ study: studyRecord });
export const recordQuery = z.object({ name: z.string().min(1).max(200) });
export const recordFound = answer({ study: studyRecord.nullable() });

/** Body of PATCH /api/ml/studies/{id}: attributes are merged by key. */
export const studyPatch = z.strictObject({ attributes: attributes.optional(), stopped: z.boolean().optional() });

const cursor = z.string().max(200).default("").describe("Of the answer before; empty is before everything.");
const changes = z.object({ cursor: z.string(), trials: z.array(trialRecord), more: z.boolean(), stopped: z.boolean() });

/** Body of POST …/{id}/begin. */
export const trialBegin = z.object({
  worker,
  since: cursor,
  limit: z.number().int().min(0).optional().describe("No new number from here on."),
  call,
});
export const trialBegun = answer({ trial: trialRecord.nullable().describe("null where the limit is reached."), changes });

/** Query of GET …/{id}/changes. */
export const changesQuery = z.object({
  since: cursor,
  worker: worker.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
});
export const changesAnswer = answer({ changes });

const lease = { worker: z.string().max(200).nullable(), attempt: z.number().int() };
const told = {
  params: params.optional(),
  distributions: z.record(z.string(), distribution).optional(),
  intermediate: intermediate.optional().describe("Appended."),
  attributes: attributes.optional().describe("Merged by key."),
};
/** Body of POST …/{id}/trials/{number}/update. */
export const trialUpdate = z.object({ ...lease, ...told, call });
/** Body of POST …/{id}/trials/{number}/finish. */
export const trialFinish = z.object({
  ...lease,
  ...told,
  state: z.enum(["completed", "pruned", "failed"]),
  values: z.array(metricValue).max(10).nullable(),
  error: z.string().max(20_000).nullish(),
  call,
});
export const leaseAnswer = answer({ held: z.boolean().describe("false: the lease is lost, and nothing was done.") });

/** Body of PATCH …/{id}/trials/{number}. */
export const trialPatch = z.strictObject({ attributes: attributes.describe("Merged by key.") });

/** Body of POST …/{id}/trials. */
export const trialsAdd = z.object({
  trials: z
    .array(trialRecord.omit({ number: true, worker: true, attempt: true }).partial().required({ state: true }))
    .min(1)
    .max(1000),
});
export const trialsAdded = answer({ numbers: z.array(z.number().int()) });

/** Bodies of POST …/{id}/heartbeat and …/{id}/reclaim. */
export const workerHeard = z.object({ worker });
export const reclaimRequest = z.object({
  silent_ms: z.number().min(0),
  attempts: z.number().int().min(0),
  workers: z.string().max(200).optional().describe("Only those whose name begins so."),
});
export const reclaimed = answer({ trials: z.number().int() });
