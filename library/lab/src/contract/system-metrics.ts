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

/** Quantities of one unit, which are drawn together, by their names and in their order; MLflow's spell their units out. */
const systemRows = {
  processor: /^cpu_percent$/,
  memory: /^memory_mb$/,
  disk: /^disk_.*_mb$/,
  shares: /_percent(age)?$/,
  gpuMemory: /^gpu_\d+_memory/,
  sizes: /_(mb|megabytes)$/,
};
export type SystemRow = keyof typeof systemRows;
export const systemRowNames = Object.keys(systemRows) as readonly SystemRow[];

/** With which others a quantity is drawn; undefined for one that is known to nobody. */
export function systemRow(name: string): SystemRow | undefined {
  return systemRowNames.find((row) => systemRows[row].test(name));
}

/** The unit in which an axis of so many milliseconds is read, and its length. */
export function timeUnit(spanMs: number): { readonly unit: "seconds" | "minutes" | "hours"; readonly unitMs: number } {
  if (spanMs < 5 * 60_000) return { unit: "seconds", unitMs: 1000 };
  return spanMs < 5 * 3_600_000 ? { unit: "minutes", unitMs: 60_000 } : { unit: "hours", unitMs: 3_600_000 };
}
