import { z } from "zod";
import { seriesQuery } from "./runs.ts";
import { metricSeries } from "./training.ts";
import { answer } from "./values.ts";

/** The split of what a run's process and machine did. It is no metric of a model: no list filters by it, no table and no comparison shows it. */
export const systemSplit = "system";

/** Query of GET …/{id}/system-metrics. */
export const systemQuery = seriesQuery.pick({ points: true, since: true, until: true, project_id: true });

/** One quantity by time. */
export const systemSeries = metricSeries.extend({
  name: z
    .string()
    .describe("cpu_percent (100 is one core), memory_mb, disk_read_mb, machine_cpu_percent (100 is all cores), gpu_0_percent …"),
  steps: z.array(z.number()).describe("Seconds since the run's first sample."),
  times: z.array(z.number()).describe("Milliseconds since 1970."),
});
export type SystemSeries = z.infer<typeof systemSeries>;
export const systemAnswer = answer({ series: z.array(systemSeries) });
