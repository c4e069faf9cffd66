import { z } from "zod";
import { listQuery } from "./listing.ts";
import { answer, id, instant, listOf, metricValue, name } from "./values.ts";

/** Query of drift and performance: a window of time, and how it is parted. */
export const windowQuery = z.object({
  from: instant.optional().describe("Default: seven days before `to`."),
  to: instant.optional().describe("Default: now."),
  step: z.enum(["hour", "day", "week"]).default("day").describe("UTC hours, days, weeks from Monday; at most 400 in the window."),
});
export type WindowQuery = z.input<typeof windowQuery>;

const twoShares = z.tuple([z.number(), z.number()]);

/** How far one column, or the predictions, are from the reference. */
export const columnDrift = z.object({
  name: z.string(),
  kind: z.enum(["number", "category"]),
  psi: z.number().nullable().describe("Population stability index; null without rows."),
  test: z.enum(["ks", "chi_square"]),
  statistic: z.number().nullable().describe("Largest distance of the distribution functions at the bins' edges, or χ²."),
  p_value: z.number().nullable(),
  significant: z.boolean().describe("Whether chance does not explain it (5 %, over all columns together)."),
  verdict: z
    .enum(["steady", "somewhat moved", "moved", "unknown"])
    .describe("By the index (0.1, 0.25), and only where chance does not explain it."),
  missing: twoShares.describe("Share of missing cells in the reference and now."),
  other: twoShares
    .nullable()
    .describe("Share of values beyond those with a bin of their own: new ones, where the reference has none."),
  bins: z.array(z.object({ label: z.string(), reference: z.number(), current: z.number() })).describe("Shares of the rows."),
});
export type ColumnDrift = z.infer<typeof columnDrift>;

const window = z.object({ from: instant, to: instant });
const traffic = z.object({
  requests: z.number(),
  rows: z.number(),
  basic_rows: z.number().describe("Answered by the simpler model."),
  emergency_rows: z.number().describe("Answered by the rule: the model did not answer."),
  latency_ms_mean: z.number().nullable(),
  latency_ms_max: z.number().nullable(),
});
export type Traffic = z.infer<typeof traffic>;

/** Answer of GET /api/ml/models/{id}/drift. */
export const modelDrift = z.object({
  model_id: id,
  model: z.string(),
  reference: z
    .object({ dataset: z.string().nullable(), rows: z.number(), created_at: instant })
    .nullable()
    .describe("What it is held against; null: none is known, set one."),
  window,
  traffic,
  columns: z.array(columnDrift).describe("Inputs, the most moved first."),
  prediction: columnDrift.nullable(),
  over_time: z.array(
    traffic.extend({
      from: instant,
      prediction_psi: z.number().nullable(),
      psi: z.record(z.string(), z.number().nullable()).describe("By column: the ten that moved most in the window."),
    }),
  ),
});
export type ModelDrift = z.infer<typeof modelDrift>;
export const driftAnswer = answer({ drift: modelDrift });

/** Body of PUT /api/ml/models/{id}/reference. */
export const referenceRequest = z.strictObject({
  dataset_id: z.string().min(1).describe("name, name@3 or id; its rows are the reference."),
});
export const referenceAnswer = answer({ dataset: z.string(), rows: z.number().int() });

/** A figure with its 95 % interval. */
const estimate = z.object({ value: metricValue, low: z.number().nullable(), high: z.number().nullable() });

/** Answer of GET /api/ml/models/{id}/performance. */
export const modelPerformance = z.object({
  model_id: id,
  model: z.string(),
  task_type: z.string(),
  window,
  outcomes: z.number().describe("Rows whose true value is known."),
  predictions: z.number().describe("Rows that were predicted in the window, by the hours it touches."),
  newest_only: z.boolean().describe("The window holds more outcomes than are read at once: the newest were."),
  delay_hours: z
    .object({ p50: z.number(), p90: z.number() })
    .nullable()
    .describe("From prediction to the report of the outcome: windows younger than this are not complete."),
  metrics: z.record(z.string(), estimate),
  baseline: z.record(z.string(), metricValue).describe("The version's metrics at its training, by split."),
  over_time: z.array(
    z.object({ from: instant, outcomes: z.number(), predictions: z.number(), metrics: z.record(z.string(), estimate) }),
  ),
});
export type ModelPerformance = z.infer<typeof modelPerformance>;
export const performanceAnswer = answer({ performance: modelPerformance });

/** What a monitor looks at. */
export const measure = z.enum([
  "input_drift",
  "prediction_drift",
  "emergency_share",
  "latency_ms",
  "metric_below",
  "metric_above",
  "rows_below",
]);
export type Measure = z.infer<typeof measure>;

/** Body of POST /api/ml/models/{name}/monitors. */
export const monitorRequest = z.strictObject({
  name,
  measure,
  subject: name
    .optional()
    .describe("A column of input_drift (default: the one that moved most), the metric of metric_below and metric_above."),
  threshold: z.number().describe("Beyond it an alert opens: PSI, share of rows, milliseconds, metric, rows."),
  window_hours: z.number().int().min(1).max(8760).default(24),
  cooldown_hours: z
    .number()
    .int()
    .min(0)
    .max(8760)
    .default(24)
    .describe("For so long after an alert was resolved none opens again."),
  min_rows: z.number().int().min(1).max(1e9).default(100).describe("With fewer rows nothing is said."),
});
export type MonitorRequest = z.input<typeof monitorRequest>;
export const monitor = z.object({
  monitor_id: id,
  model: z.string(),
  name: z.string(),
  measure,
  subject: z.string().nullable(),
  threshold: z.number(),
  window_hours: z.number().int(),
  cooldown_hours: z.number().int(),
  min_rows: z.number().int(),
  paused: z.boolean(),
  checked_at: instant.nullable(),
  value: z.number().nullable().describe("At the last check; null: too few rows."),
  created_at: instant,
});
export type Monitor = z.infer<typeof monitor>;
export const monitorAnswer = answer({ monitor });
export const monitorListQuery = z.object({ model: name.optional().describe("Default: every model.") });
export const monitorList = answer({ items: z.array(monitor).describe("By name, at most 200.") });
export const monitorChange = z.strictObject({
  paused: z.boolean().optional(),
  threshold: z.number().optional(),
  window_hours: z.number().int().min(1).max(8760).optional(),
  cooldown_hours: z.number().int().min(0).max(8760).optional(),
  min_rows: z.number().int().min(1).max(1e9).optional(),
});
export type MonitorChange = z.infer<typeof monitorChange>;

/** Body of POST /api/ml/monitors/check, and the request of the job "monitor". */
export const checkRequest = z.strictObject({ model: name.optional().describe("Default: every model.") });
export const checkAnswerAlerts = answer({ checked: z.number().int(), opened: z.number().int(), resolved: z.number().int() });
export type MonitorCheck = Omit<z.infer<typeof checkAnswerAlerts>, "status">;

export const alertStatus = z.enum(["open", "acknowledged", "resolved"]);

/** An alert: a measure that went beyond its threshold. */
export const alert = z.object({
  alert_id: id,
  model: z.string(),
  model_id: id.nullable().describe("The version that was in production."),
  monitor_id: id,
  monitor: z.string(),
  alert_status: alertStatus,
  value: z.number().describe("As it was last seen."),
  threshold: z.number(),
  message: z.string(),
  times: z.number().int().describe("Checks that found it."),
  opened_at: instant,
  seen_at: instant,
  acknowledged_by: z.string().nullable(),
  acknowledged_at: instant.nullable(),
  resolved_by: z.string().nullable().describe("null: it went back by itself."),
  resolved_at: instant.nullable(),
  note: z.string(),
});
export type Alert = z.infer<typeof alert>;
export const alertList = listOf(alert);
export const alertListQuery = listQuery(
  "id",
  "model",
  "monitor",
  "alert_status",
  "value",
  "threshold",
  "times",
  "opened_at",
  "seen_at",
  "resolved_at",
).extend({ alert_status: alertStatus.optional(), model: z.string().optional() });
export const alertAnswer = answer({ alert });
export const alertMove = z.strictObject({ note: z.string().max(10_000).default("") });
