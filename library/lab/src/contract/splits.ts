import { z } from "zod";
import { answer, id, instant, name, randomSeed } from "./values.ts";

/** Body of POST /api/ml/data/split. */
export const splitRequest = z.object({
  dataset_id: z.string().min(1).describe("Id or name, `@version` behind it for another than the active one."),
  name: name.optional().describe("Default: made of the shares and the seed."),
  target_column: z.string().optional(),
  test_size: z.number().min(0).max(0.9).default(0.2),
  validation_size: z.number().min(0).max(0.9).default(0),
  stratify: z.union([z.boolean(), z.string()]).default(false).describe("true: by the target; or the name of a column."),
  group: z.string().optional().describe("Column whose equal values stay in one part."),
  time: z.string().optional().describe("Column that orders the rows: the latest are the test."),
  seed: randomSeed,
  project_id: id.optional(),
});
export type SplitRequest = z.input<typeof splitRequest>;

/** A saved split: which rows of one dataset version are for training, validation, test. */
export const savedSplit = z.object({
  split_id: id,
  name: z.string(),
  dataset_id: id,
  dataset: z.string().describe("name@version."),
  version: z.number().int(),
  content_hash: z.string().describe("Of the version that the indices are of."),
  train_samples: z.number().int(),
  validation_samples: z.number().int(),
  test_samples: z.number().int(),
  recipe: z.looseObject({}).describe("How the rows were drawn."),
  created_by: z.string().nullable(),
  created_at: instant,
});
export type SavedSplit = z.infer<typeof savedSplit>;

export const splitCreated = answer({
  split_id: id,
  train_samples: z.number().int(),
  validation_samples: z.number().int(),
  test_samples: z.number().int(),
  split: savedSplit,
});
export const splitList = answer({ items: z.array(savedSplit) });
export const splitAnswer = answer({ split: savedSplit });
/** Row indices of a saved split, ascending, the first row is 0. */
export const splitIndicesAnswer = answer({
  split: savedSplit,
  train: z.array(z.number().int()),
  validation: z.array(z.number().int()),
  test: z.array(z.number().int()),
});
