import { z } from "zod";

const label = z.union([z.string(), z.number(), z.boolean()]);
const vector = z.array(z.number());

/** What a model has learnt, where it is small enough to be told. */
const learnt = z.object({
  /** Columns as the algorithm sees them, d: a category is one for each level, as `colour=red`, or one of its own. */
  features: z.array(z.string()),
  /** Classes in the order of probabilities and rows of `coefficients`. */
  classes: z.array(label).optional(),
  /** Weights: one row for two classes (of the second), else a row for each class (k × d). */
  coefficients: z.array(vector).optional(),
  intercepts: vector.optional(),
  /** Share of each column in what the splits gained (d); they sum to 1. */
  importances: vector.optional(),
  /** Clusters' means (k × d). */
  centers: z.array(vector).optional(),
  /** Rows of each cluster. */
  sizes: vector.optional(),
});

/** What is kept of a model that Spark wrote: where it lies, of what stages it is made, and what it has learnt. */
export const modelRecord = z.object({
  format: z.literal(1),
  algorithm: z.string(),
  task: z.enum(["classification", "regression", "recommendation", "clustering"]),
  /** The folder as the server sees it; PySpark's `PipelineModel.load` takes it. */
  place: z.string(),
  /** Spark's version. */
  spark: z.string(),
  stages: z.array(
    z.object({ className: z.string(), uid: z.string(), folder: z.string(), params: z.record(z.string(), z.any()).optional() }),
  ),
  /** Columns that a table must have. */
  columns: z.array(z.object({ name: z.string(), kind: z.enum(["number", "category"]) })),
  target: z.string().nullable(),
  missing: z.enum(["error", "skip"]),
  learnt,
});

/** See `modelRecord`. */
export type ModelRecord = z.infer<typeof modelRecord>;

/** What a model has learnt. */
export type Learnt = z.infer<typeof learnt>;

/** The artifact of a run that holds its model's record. */
export const recordName = "spark-model.json";
