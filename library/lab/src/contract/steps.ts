import { z } from "zod";
import { columnProfile, step } from "./datasets.ts";
import { answer, id } from "./values.ts";

/** Answer of GET /api/ml/data/steps: every kind of step with the JSON Schema of its settings. */
export const stepForms = answer({
  items: z.array(z.object({ step: z.string(), title: z.string(), description: z.string(), schema: z.looseObject({}) })),
});
export type StepForm = z.infer<typeof stepForms>["items"][number];

const steps = z.array(step).min(1).max(200);

/** Body of POST /api/ml/data/transform: steps to be fitted, or those of another version as they were fitted there. */
export const transformRequest = z.object({
  dataset_id: z.string().min(1),
  steps: steps.optional(),
  recipe_of: z
    .string()
    .min(1)
    .optional()
    .describe("A version that steps made, as `koi@2`: its fitted steps are applied to these rows."),
  split_id: id.optional().describe("Statistics are taken from this split's training rows alone; default: from all rows."),
  note: z.string().max(1000).default(""),
  project_id: id.optional(),
});
export type TransformRequest = z.input<typeof transformRequest>;
export const transformAnswer = answer({
  dataset_id: z.string().describe("The dataset's id with `@version`."),
  version: z.number().int(),
  original_rows: z.number().int(),
  rows: z.number().int(),
  split_id: id.nullable().describe("The split over the new version, where every row stayed."),
});

/** Body of POST /api/ml/data/clean: the most usual steps in few words. */
export const cleanRequest = z.object({
  dataset_id: z.string().min(1),
  missing_strategy: z
    .enum(["mean", "median", "mode", "min", "max", "constant", "drop", "forward_fill", "backward_fill", "none"])
    .default("median"),
  fill_value: z.union([z.number(), z.string()]).optional().describe("For `constant`."),
  missing_markers: z.array(z.string()).min(1).optional(),
  outlier_method: z.enum(["iqr", "zscore", "range", "none"]).default("none"),
  outlier_threshold: z.number().positive().max(1000).default(3),
  outlier_range: z.tuple([z.number(), z.number()]).optional().describe("For `range`."),
  outlier_action: z.enum(["drop", "clip", "mean", "median"]).default("clip"),
  columns: z.array(z.string()).min(1).optional(),
  project_id: id.optional(),
});
export const cleanAnswer = answer({
  cleaned_dataset_id: z.string().describe("The dataset's id with `@version`."),
  original_rows: z.number().int(),
  cleaned_rows: z.number().int(),
  steps: z.array(step),
});

/** Body of POST /api/ml/data/preview: what the last of these steps does. */
export const previewRequest = z.object({
  dataset_id: z.string().min(1),
  steps,
  split_id: id.optional(),
  project_id: id.optional(),
});
export const stepPreview = z.object({
  rows: z
    .tuple([z.number().int(), z.number().int()])
    .describe("Before and after the last step, of at most 100,000 that are shown."),
  rows_touched: z.number().int().describe("Rows that it left out, or of which a cell changed."),
  cells_touched: z.number().int(),
  examples: z.array(z.number().int()).describe("Row numbers of the first touched rows, at most 20."),
  columns: z
    .array(z.object({ name: z.string(), before: columnProfile.nullable(), after: columnProfile.nullable() }))
    .describe("Columns that it changed, added (no before) or left out (no after), at most 20 of each."),
  changed_columns: z.number().int(),
});
export const previewAnswer = answer({ preview: stepPreview });
export type StepPreview = z.infer<typeof stepPreview>;

/** Body of POST /api/ml/data/cell: steps as TypeScript that does the same. */
export const stepsCellRequest = z.object({ dataset_id: z.string().min(1), steps, project_id: id.optional() });
export const stepsCellAnswer = answer({ code: z.string() });
