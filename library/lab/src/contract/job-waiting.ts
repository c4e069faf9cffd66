import { z } from "zod";
import { instant } from "./values.ts";

/** How a job waits in the queue, and how long it may take. */
export const jobWaiting = z.object({
  priority: z.number().int().min(-1000).max(1000).default(0).describe("The higher is taken first."),
  timeout_seconds: z
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .optional(),
  retries: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(2)
    .describe("How often it is taken up again after its worker ended in the middle."),
  not_before: instant.optional().describe("Taken at this instant at the earliest."),
});
export type JobWaiting = z.output<typeof jobWaiting>;
