import { z } from "zod";
import { answer, flag } from "./values.ts";

/** Programs whose history can be taken over. */
export const importSource = z.enum(["mlflow", "optuna"]);
export type ImportSource = z.infer<typeof importSource>;

/** Fields of POST /api/ml/import, beside the file. */
export const importFields = z.object({
  source: importSource,
  deleted: flag.default(false).describe("Takes the runs that were deleted there too, as deleted ones."),
  artifacts: flag.default(true).describe("Copies the files of the runs that lie in the store."),
});

/** What became of one run, study or file of the other program. */
export const importedItem = z.object({
  kind: z.enum(["run", "study", "artifact", "value"]),
  name: z.string(),
  external_id: z.string(),
  id: z.string().nullable().describe("Of the run or study here; null where it was left out."),
  outcome: z.enum(["taken", "updated", "there already", "left out"]),
  reason: z.string().nullable(),
  place: z.string().nullable().describe("File and line."),
});
export type ImportedItem = z.infer<typeof importedItem>;

/** What was taken over, and what was not. */
export const importReport = z.object({
  source: importSource,
  format: z.string().describe("As `file store`, `SQLite`, `journal`."),
  counts: z.object({
    runs: z.number().int(),
    studies: z.number().int(),
    trials: z.number().int(),
    metrics: z.number().int().describe("Points."),
    artifacts: z.number().int(),
    updated: z.number().int(),
    there_already: z.number().int(),
    left_out: z.number().int(),
  }),
  items: z.array(importedItem).describe("At most 1,000, what was left out before what was taken."),
  more_items: z.number().int().describe("Items behind those."),
});
export type ImportReport = z.infer<typeof importReport>;
export const importAnswer = answer({ import: importReport });
