import { z } from "zod";
import { answer, cell, id, instant, name } from "./values.ts";

const column = z.string().min(1);
const columns = z.array(column).max(20).optional().describe("Default: the first columns that fit.");

/** What a chart of a dataset shows, by its type. */
export const chartSpec = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("histogram"),
    configuration: z.strictObject({ column, by: column.optional(), bins: z.number().int().min(1).max(200).default(30) }),
  }),
  z.object({ type: z.literal("box"), configuration: z.strictObject({ columns, by: column.optional() }) }),
  z.object({ type: z.literal("scatter"), configuration: z.strictObject({ x: column, y: column, by: column.optional() }) }),
  z.object({
    type: z.literal("scatter_matrix"),
    configuration: z.strictObject({ columns: z.array(column).min(2).max(6).optional(), by: column.optional() }),
  }),
  z.object({ type: z.literal("correlation"), configuration: z.strictObject({ columns }) }),
  z.object({ type: z.literal("missing"), configuration: z.strictObject({ columns }) }),
  z.object({
    type: z.literal("outliers"),
    configuration: z.strictObject({
      columns,
      method: z.enum(["iqr", "zscore"]).default("iqr"),
      threshold: z.number().gt(0).max(100).optional().describe("Default 1.5 for iqr, 3 for zscore."),
      limit: z.number().int().min(1).max(500).default(100),
    }),
  }),
]);
export type ChartSpec = z.input<typeof chartSpec>;
export const chartType = z.enum(["histogram", "box", "scatter", "scatter_matrix", "correlation", "missing", "outliers"]);
export type ChartType = z.infer<typeof chartType>;

/** Body of POST /api/ml/datasets/{id}/charts. */
export const chartCreate = z.intersection(z.object({ name, project_id: id.optional() }), chartSpec);

/** A saved chart: what it shows, who saved it and when. */
export const savedChart = z.object({
  chart_id: id,
  name: z.string(),
  type: chartType,
  configuration: z.looseObject({}),
  created_by: z.string().nullable(),
  created_at: instant,
});
export type SavedChart = z.infer<typeof savedChart>;
export const chartList = answer({ items: z.array(savedChart) });
export const chartAnswer = answer({ chart: savedChart });

/** A drawn chart: a plotly figure, or for outliers the rows. */
export const chartFigure = answer({
  version: z.number().int(),
  sampled: z.number().int().describe("Rows that were drawn."),
  figure: z.object({ data: z.array(z.looseObject({})), layout: z.looseObject({}) }).nullable(),
  table: z.object({ column_names: z.array(z.string()), rows: z.array(z.array(cell)), total_rows: z.number().int() }).nullable(),
});
export type ChartFigure = z.infer<typeof chartFigure>;
