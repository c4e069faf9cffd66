import { z } from "zod";

/** A UUID, as every id outward is. */
export const id = z.uuid();

/** Parameters of a path that names one thing by its id. */
export const byId = z.object({ id });

/** ISO 8601 in UTC. */
export const instant = z.iso.datetime();

/** A metric's value; JSON has no word for the last three. */
export const metricValue = z.union([z.number(), z.literal(["NaN", "Infinity", "-Infinity"])]);
export type MetricValue = z.infer<typeof metricValue>;

/** A metric's value as a number. */
export function toNumber(value: MetricValue): number {
  return typeof value === "number" ? value : Number(value);
}

/** A number as a metric's value. */
export function toMetricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

/** A label or a cell of a table. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;

/** What is learnt. */
export const taskType = z.enum(["classification", "regression"]);
export type TaskType = z.infer<typeof taskType>;

/** What is learnt, recommenders among it. */
export const modelTask = z.enum([...taskType.options, "recommendation"]);
export type ModelTask = z.infer<typeof modelTask>;

/** Names that people give: of datasets, experiments, models. */
export const name = z.string().trim().min(1).max(200);

/** What draws at random begin with. */
export const randomSeed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(42);

/** The same where it must fit into 32 bits. */
export const shortSeed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31)
  .default(42);

/** Yes or no, as a query or a form spells it: `true`, `false`, `1`, `0`, `yes`, `no`. */
export const flag = z.union([z.boolean(), z.stringbool()]);

/** Query of every list. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("Items at most."),
  cursor: z.string().max(500).optional().describe("`next_cursor` of the page before."),
  project_id: id.optional(),
});

/** Answer of every list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ status: z.literal("success"), items: z.array(item), next_cursor: z.string().nullable() });
}

/** Answer of every other route: fields beside `status: "success"`. */
export function answer<T extends z.ZodRawShape>(shape: T) {
  return z.object({ status: z.literal("success"), ...shape });
}

/** An error, RFC 9457. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  field: z.string().optional(),
  value: z.unknown().optional(),
  hint: z.string().optional(),
  errors: z.array(z.object({ field: z.string().optional(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

const spelled = new Map<string, string>();

/** A declared key as HTTP spells it: nEstimators is n_estimators. A list spells the same few names thousands of times. */
export function snakeCase(name: string): string {
  let snake = spelled.get(name);
  if (snake === undefined) {
    snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (spelled.size < 10_000) spelled.set(name, snake);
  }
  return snake;
}
