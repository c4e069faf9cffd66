import { z } from "zod";
import { page } from "./values.ts";

/** Query of a list that is filtered and sorted by these fields; one that ends with `.…` stands for names behind the dot. */
export function listQuery(...fields: readonly string[]) {
  const names = fields.join(", ");
  return page.extend({
    sort: z.string().max(1000).optional().describe(`Comma-separated, \`-\` in front for descending, of: ${names}.`),
    filter: z
      .string()
      .max(10_000)
      .optional()
      .describe(`Comparisons (= != < <= > >= like in between is null) joined by and, or, not, of: ${names}.`),
  });
}
