import { z } from "zod";
import { sentence } from "./sentences.ts";
import { sourceMapping } from "./source-mapping.ts";
import { answer, id, instant, listOf, page, shortSeed } from "./values.ts";

/** How a refresh names the version behind the newest: 1.1 behind 1.0. */
export const nextVersion = "next";

/** Settings of an ETL run. */
export const etlSettings = z.object({
  version: z
    .string()
    .regex(/^(\d{1,4}\.\d{1,4}|next)$/, 'must be as 1.0, or "next" for the one behind the newest')
    .default("1.0")
    .describe("1.0 first, 1.1 a refresh, 2.0 a change of schema or window; next: the refresh behind the newest."),
  window_days: z.number().int().min(1).max(3650).default(90).describe("Days of interactions, up to `until`."),
  negative_sample_ratio: z.number().min(0).max(20).default(2).describe("Items that were not shown, to each that was clicked."),
  test_size: z.number().gt(0).lt(1).default(0.2).describe("Share of the rows, the newest, that test."),
  random_seed: shortSeed,
  k_anonymity: z.number().int().min(2).max(1000).default(5).describe("People who must share age group, region and segment."),
  until: instant.optional().describe("The window's end; default now."),
  mapping: sourceMapping
    .optional()
    .describe("Where the application keeps what is read; default the travel application's tables."),
});
export type EtlSettings = z.output<typeof etlSettings>;
export type EtlRequest = z.input<typeof etlSettings>;

/** One of the ten steps of a run. */
export const etlStep = z.object({
  step: z.number().int(),
  name: z.string(),
  step_status: z.enum(["pending", "running", "completed", "kept", "failed"]).describe("kept: done by an earlier attempt."),
  rows: z.record(z.string(), z.number()).describe("Rows of each table that it wrote."),
  elapsed_ms: z.number().nullable(),
});
export type EtlStepState = z.infer<typeof etlStep>;

/** What a finished dataset must be, and what it is. */
export const etlCheck = z.object({
  name: z.string(),
  passed: z.boolean(),
  figure: z.number(),
  bound: z.string(),
  message: z.string(),
  bound_codes: z
    .array(sentence)
    .optional()
    .describe("The bound for programs, where it is more than a number; a run of an earlier release has none."),
  message_codes: z.array(sentence).optional().describe("The message for programs; a run of an earlier release has none."),
});
export type EtlCheck = z.infer<typeof etlCheck>;

/** How far the dataset is from naming people. */
export const etlPrivacy = z.object({
  word: z.enum(["anonymised", "pseudonymised"]).describe("anonymised only where every measure passes."),
  people: z.number().int(),
  k: z.number().int().describe("The least number of people with the same age group, region and segment."),
  k_wanted: z.number().int(),
  generalised: z.number().int().describe("People whose region or age group became other, so that k is reached."),
  suppressed: z.number().int().describe("People who were left out, since too few share even that."),
  singling_out: z.number().describe("Share of people whom their attributes, vectors among them, single out."),
  linkage: z.number().describe("Share of people whom two of their interactions (item and day) lead to."),
  measured_on: z.number().int().describe("People on whom linkage was measured."),
});
export type EtlPrivacy = z.infer<typeof etlPrivacy>;

const runStatus = z.enum(["queued", "running", "completed", "failed", "cancelled"]);

/** A run of the ETL. */
export const etlRun = z.object({
  etl_run_id: id,
  job_id: id.nullable(),
  run_status: runStatus,
  version: z.string().nullable().describe("null until a run for the next version has begun."),
  window_days: z.number().int(),
  settings: etlSettings,
  steps: z.array(etlStep),
  checks: z.array(etlCheck),
  privacy: etlPrivacy.nullable(),
  train_rows: z.number().int().nullable(),
  test_rows: z.number().int().nullable(),
  train_dataset: z.string().nullable().describe("name@version of the stored rows."),
  test_dataset: z.string().nullable(),
  error: z.string().nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
});
export type EtlRun = z.infer<typeof etlRun>;

export const etlRunAnswer = answer({ run: etlRun });
export const etlRunList = listOf(etlRun);
export const etlRunQuery = page;
/** Body of POST /api/ml/etl/runs. */
export const etlStart = etlSettings;
/** Body of POST /api/ml/etl/source. */
export const etlSource = z.object({
  users: z.number().int().min(10).max(1_000_000).default(20_000),
  items: z.number().int().min(20).max(100_000).default(2_000),
  interactions: z.number().int().min(100).max(20_000_000).default(250_000).describe("Recommendations that were shown."),
  days: z.number().int().min(2).max(3650).default(180),
  random_seed: shortSeed,
  until: instant.optional().describe("The history's end; default now."),
  replace: z.boolean().default(false).describe("Puts it in the place of one that is there."),
});
export type EtlSource = z.input<typeof etlSource>;
export const etlSourceQueued = answer({ job_id: id });
