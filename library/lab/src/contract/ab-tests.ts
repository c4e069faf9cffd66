import { z } from "zod";
import { listQuery } from "./listing.ts";
import { answer, cell, id, instant, listOf, name } from "./values.ts";

/** A person, as callers name them. */
export const userKey = z
  .string()
  .min(1)
  .max(200)
  .refine((key) => !key.includes("\0"), "must have no NUL");
export const arm = z.enum(["a", "b"]);
export type Arm = z.infer<typeof arm>;
export const abTestStatus = z.enum(["draft", "running", "stopped"]);

/** What a test is judged by. */
export const abMetric = z.object({
  name: z.string().regex(/^[\w.-]{1,100}$/),
  kind: z.enum(["binary", "number"]).default("binary"),
  better: z.enum(["higher", "lower"]).default("higher"),
  aggregate: z
    .enum(["sum", "mean", "max", "first", "last"])
    .default("sum")
    .describe("A person's one number, of several outcomes; binary: whether any was true."),
  missing: z
    .enum(["zero", "left_out"])
    .default("zero")
    .describe("A person without an outcome counts as 0, or is left out until one comes."),
  window_hours: z
    .number()
    .positive()
    .max(24 * 365)
    .nullable()
    .default(null)
    .describe("Outcomes so long after the exposure count, and a person counts once it has passed; null: everything so far."),
  guardrail: z
    .object({ margin: z.number().min(0).default(0).describe("How much worse B may be, in the metric's unit.") })
    .nullable()
    .default(null)
    .describe("The test stops itself once B is surely worse than A by more than the margin."),
});
export type AbMetric = z.infer<typeof abMetric>;

/** The body of POST /api/ml/models/ab-test. */
export const abTestRequest = z.object({
  test_name: name,
  model_a_id: z.string().min(1).describe("Version that answers now: id, name@1.0.0, name@production, name@alias."),
  model_b_id: z.string().min(1).describe("Version that is tried."),
  split_ratio: z.number().gt(0).lt(1).default(0.5).describe("The share that B gets."),
  shadow: z.boolean().default(false).describe("B is asked beside A, logged, and never answers."),
  description: z.string().max(10_000).default(""),
  metrics: z
    .array(abMetric)
    .min(1)
    .max(20)
    .default([abMetric.parse({ name: "outcome" })]),
  segment_columns: z
    .array(z.string().max(200))
    .max(5)
    .default([])
    .describe("Fields of a person's first request to split the result by."),
  seed: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .describe("Hashed with the person's key; default the test's id."),
  confidence: z.number().min(0.5).max(0.9999).default(0.95),
  planned_users: z
    .number()
    .int()
    .min(100)
    .max(100_000_000)
    .default(5000)
    .describe("Where the always-valid interval is narrowest."),
  start: z.boolean().default(true),
  project_id: id.optional(),
});
export type AbTestRequest = z.input<typeof abTestRequest>;

/** The body of PATCH: a draft's every field; of a test that began, its description. */
export const abTestChange = z
  .object({
    model_a_id: z.string().min(1),
    model_b_id: z.string().min(1),
    split_ratio: z.number().gt(0).lt(1),
    shadow: z.boolean(),
    description: z.string().max(10_000),
    metrics: z.array(abMetric).min(1).max(20),
    segment_columns: z.array(z.string().max(200)).max(5),
    confidence: z.number().min(0.5).max(0.9999),
    planned_users: z.number().int().min(100).max(100_000_000),
  })
  .partial();
export type AbTestChange = z.input<typeof abTestChange>;

/** An A/B test as it is set up. */
export const abTest = z.object({
  id,
  test_name: z.string(),
  description: z.string(),
  test_status: abTestStatus,
  model_a_id: id,
  model_a: z.string().describe("name@version"),
  model_b_id: id,
  model_b: z.string(),
  split_ratio: z.number(),
  shadow: z.boolean(),
  seed: z.string(),
  metrics: z.array(abMetric),
  segment_columns: z.array(z.string()),
  confidence: z.number(),
  planned_users: z.number().int(),
  winner: arm.nullable(),
  stop_reason: z.string().nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  stopped_at: instant.nullable(),
});
export type AbTest = z.infer<typeof abTest>;
export const abTestAnswer = answer({ test: abTest });
/** An A/B test as it was made: what divides its people, and the whole. */
export const abTestCreated = answer({
  test: abTest,
  config: abTest.pick({ test_name: true, model_a_id: true, model_b_id: true, split_ratio: true, shadow: true }),
});
export const abTestList = listOf(abTest);
export const abTestListQuery = listQuery(
  "id",
  "test_name",
  "test_status",
  "model_a",
  "model_b",
  "shadow",
  "winner",
  "split_ratio",
  "created_at",
  "started_at",
  "stopped_at",
).extend({ test_status: abTestStatus.optional() });

/** The body of POST …/stop. */
export const abStopRequest = z.object({
  reason: z.string().max(10_000).default(""),
  winner: arm.optional().describe("Answers from now on whoever asks by the test's name; default a."),
  promote: z.boolean().default(false).describe("Puts the winner into production first."),
});
export type AbStop = z.input<typeof abStopRequest>;

export const assignRequest = z.object({
  user_id: userKey,
  segments: z.record(z.string(), cell).default({}),
  project_id: id.optional(),
});
export const assignAnswer = answer({ arm, model_id: id });

const meanOfArm = z.object({ users: z.number().int(), mean: z.number().nullable(), sd: z.number().nullable() });
const bounds = z.object({ low: z.number().nullable(), high: z.number().nullable(), p_value: z.number().nullable() });

/** A metric's effect, B minus A. */
export const abEffect = z.object({
  metric: z.string(),
  kind: z.enum(["binary", "number"]),
  better: z.enum(["higher", "lower"]),
  a: meanOfArm,
  b: meanOfArm,
  difference: z.number().nullable(),
  relative: z.number().nullable().describe("Difference per A's mean."),
  fixed: bounds.describe("Newcombe's or Welch's: for one look at the end."),
  sequential: bounds.describe("Always valid: for looks at any time. null: too few people yet."),
  verdict: z.enum(["a", "b", "undecided"]).describe("The better arm by the always-valid interval."),
});
export type AbEffect = z.infer<typeof abEffect>;

/** What an A/B test has shown so far. */
export const abResult = z.object({
  test: abTest,
  exposures: z.object({ a: z.number().int(), b: z.number().int() }),
  sample_ratio: z.object({
    expected: z.number().describe("B's share."),
    observed: z.number().nullable(),
    chi_square: z.number(),
    p_value: z.number(),
    always_valid_p_value: z.number(),
    mismatch: z.boolean(),
  }),
  effects: z.array(abEffect),
  over_time: z.array(
    z.object({
      metric: z.string(),
      points: z.array(
        z.object({
          at: instant,
          users: z.number().int(),
          difference: z.number().nullable(),
          low: z.number().nullable(),
          high: z.number().nullable(),
          p_value: z.number().describe("The least always-valid p so far."),
        }),
      ),
    }),
  ),
  segments: z.array(
    z.object({ column: z.string(), value: z.string(), effects: z.array(abEffect) }).describe("p times the number of segments."),
  ),
  shadow: z
    .object({
      requests: z.number().int().describe("That B was asked."),
      failed: z.number().int().describe("Without an answer of B: it failed, or its thread did."),
      waiting: z.number().int().describe("That B is still to be asked."),
      skipped: z.number().int().describe("That B was spared since the service began, because too many waited."),
      agreement: z.number().nullable().describe("Share of the same labels; of numbers the mean distance."),
      latency_a_ms: z.number().nullable(),
      latency_b_ms: z.number().nullable(),
      truths: z.number().int(),
      score_a: z.number().nullable().describe("Share right, or mean absolute error, where the truth is known."),
      score_b: z.number().nullable(),
      difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
      last_error: z.string().nullable(),
    })
    .nullable(),
  warnings: z.array(z.string()),
});
export type AbResult = z.infer<typeof abResult>;
export const abResultAnswer = answer({ result: abResult });

/** What came of a prediction or of a person. */
export const outcome = z
  .object({
    prediction_id: id.optional(),
    user_id: userKey.optional(),
    ab_test_name: z.string().max(200).optional().describe("Refuses people who are not in the test."),
    truth: z
      .union([cell, z.array(cell).min(1).max(10_000)])
      .optional()
      .describe("The true value, or one for each of the prediction's rows."),
    metric: z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .default("outcome"),
    value: z.union([z.number(), z.boolean()]).optional(),
    outcome_id: z.string().min(1).max(200).optional().describe("The same again changes nothing; default: each is a new one."),
    at: z.iso.datetime({ offset: true }).optional().describe("When it happened; default now."),
  })
  .refine(
    ({ prediction_id, user_id }) => (prediction_id === undefined) !== (user_id === undefined),
    "needs either prediction_id or user_id",
  )
  .refine(({ truth, value }) => (truth === undefined) !== (value === undefined), "needs either truth or value")
  .refine(({ truth, prediction_id }) => truth === undefined || prediction_id !== undefined, "a truth needs prediction_id");
export type Outcome = z.input<typeof outcome>;

/** The body of POST /api/ml/predictions/{id}/outcome. */
export const predictionOutcome = z
  .object({
    truth: z.union([cell, z.array(cell).min(1).max(10_000)]).optional(),
    metric: z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .default("outcome"),
    value: z.union([z.number(), z.boolean()]).optional(),
    at: z.iso.datetime({ offset: true }).optional(),
    project_id: id.optional(),
  })
  .refine(({ truth, value }) => (truth === undefined) !== (value === undefined), "needs either truth or value");
export const outcomesRequest = z.object({ outcomes: z.array(outcome).min(1).max(10_000), project_id: id.optional() });

/** How a report of outcomes went. */
export const outcomeReport = z.object({
  stored: z.number().int(),
  repeated: z.number().int().describe("Were there already, with this value."),
  changed: z.number().int().describe("Were there with another value, which is replaced."),
  unknown: z.array(z.string()).describe("Predictions and people that are not known; the first hundred."),
  unknown_count: z.number().int(),
});
export type OutcomeReport = z.infer<typeof outcomeReport>;
export const outcomeAnswer = answer({ report: outcomeReport });

/** How the true values of a file were stored. */
export const outcomeFileReport = z.object({
  rows: z.number().int().describe("Lines below the header."),
  stored: z.number().int(),
  changed: z.number().int().describe("Were there with another value, which is replaced."),
  repeated: z.number().int().describe("Were there already, with this value."),
  failed: z.number().int(),
  errors: z.array(z.object({ line: z.number().int(), detail: z.string() })).describe("The first hundred."),
});
export type OutcomeFileReport = z.infer<typeof outcomeFileReport>;
export const outcomeFileAnswer = answer({ report: outcomeFileReport });
/** Fields of the form of POST /api/ml/predictions/outcomes; the file is `file`. */
export const outcomeFileFields = z.object({ project_id: id.optional() });

/** The body of POST /api/ml/models/ab-test-plan. */
export const abPlanRequest = z.object({
  baseline: z.number().gt(0).lt(1).optional().describe("A's share now, for binary metrics; this or sd."),
  sd: z.number().positive().optional(),
  effect: z.number().describe("The difference that shall not be missed."),
  power: z.number().gt(0).lt(1).default(0.8),
  confidence: z.number().gt(0).lt(1).default(0.95),
  split_ratio: z.number().gt(0).lt(1).default(0.5),
  users: z.number().int().positive().optional().describe("Asks for the power of so many people instead."),
});
export const abPlanAnswer = answer({
  users_a: z.number().int(),
  users_b: z.number().int(),
  users: z.number().int(),
  power: z.number(),
});
