import { ParamsError } from "assay";
import type { z } from "zod";
import { nearKey } from "../../near-key.ts";

/** A value with the defaults of its schema. Throws ParamsError in the name of `who`, with the field. */
export function checked<T extends z.ZodType>(who: string, schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given, { error: nearKey });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  throw Object.assign(new ParamsError(`${who}: ${field && `${field}: `}${issue.message}`), { field });
}
