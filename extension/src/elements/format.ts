import type { MetricValue, Run } from "assay-lab/contract";

/** A metric with `digits` significant digits; whole numbers whole. */
export function formatMetric(value: MetricValue | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return { NaN: "NaN", Infinity: "∞", "-Infinity": "−∞" }[value];
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return size >= 10 ** digits && size < 1e9 ? value.toFixed(0) : text;
}

/** A run's algorithm, under the preset's name where it was asked for by one. */
export function formatAlgorithm({ algorithm, preset }: Pick<Run, "algorithm" | "preset">): string {
  return preset ? `${preset} (${algorithm})` : (algorithm ?? "–");
}

/** Any value of a parameter in one line. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A duration in its two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A size in the largest unit that leaves a number of at least one. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** An instant in the reader's zone, to the minute; the year where it is not this one. */
export function formatInstant(instant: string): string {
  const date = new Date(instant);
  const sameYear = date.getFullYear() === new Date().getFullYear();
  return date.toLocaleString(undefined, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
