import { z } from "zod";
import { listQuery } from "./listing.ts";
import { answer, id, instant, listOf, name } from "./values.ts";

/** Most signs of a view or a template as JSON. */
const contentMost = 100_000;

const kind = z
  .string()
  .regex(/^[a-z][a-z\d_-]{0,49}$/)
  .describe("The panel of a view, as `experiments`; the form of a template, as `training`.");
const content = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= contentMost, `must have at most ${contentMost} signs as JSON`)
  .describe("What the panel or the form is given again, as it gave it.");

/** Body of POST /api/ml/views and of POST /api/ml/templates. */
export const keepRequest = z.strictObject({
  kind,
  name,
  content,
  replace: z.boolean().default(false).describe("true: in place of the one of this kind and name, where there is one."),
  project_id: id.optional(),
});
export type KeepRequest = z.input<typeof keepRequest>;

/** A kept view or template. */
export const kept = z.object({
  id,
  kind: z.string(),
  name: z.string(),
  content: z.record(z.string(), z.unknown()),
  created_by: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
});
export type Kept = z.infer<typeof kept>;
export const viewAnswer = answer({ view: kept });
export const templateAnswer = answer({ template: kept });
export const keptList = listOf(kept);
export const keptListQuery = listQuery("id", "kind", "name", "created_by", "created_at", "updated_at").extend({
  kind: kind.optional(),
});
