import { z } from "zod";
import { id, instant } from "./values.ts";

/** What is stored with a run: a model, a figure, a table, any file. */
export const artifact = z.object({
  id,
  name: z.string(),
  kind: z.string().describe("model, figure, table, file …"),
  content_type: z.string(),
  size_bytes: z.number(),
  content_hash: z.string().describe("SHA-256 of the bytes."),
  created_at: instant,
});
export type Artifact = z.infer<typeof artifact>;
