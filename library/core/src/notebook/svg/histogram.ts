import type { Trace } from "../../plots/figure.ts";

/** A histogram trace of numbers as bars; any other trace as it is. */
export function histogramBars(trace: Trace): Trace {
  if (trace["type"] !== "histogram") return trace;
  const isLying = trace["y"] !== undefined && trace["x"] === undefined;
  const values = ((trace[isLying ? "y" : "x"] ?? []) as readonly unknown[]).filter((value): value is number =>
    Number.isFinite(value),
  );
  const bins = Number(trace[isLying ? "nbinsy" : "nbinsx"] ?? Math.min(60, Math.max(5, Math.ceil(Math.sqrt(values.length)))));
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return { ...trace, type: "bar", x: [], y: [] };
  const width = high > low ? (high - low) / bins : 1;
  const counts = new Array<number>(high > low ? bins : 1).fill(0);
  for (const value of values) counts[Math.min(counts.length - 1, Math.floor((value - low) / width))]!++;
  const shares = String(trace["histnorm"] ?? "").startsWith("probability")
    ? counts.map((count) => count / values.length)
    : counts;
  const places = counts.map((_, k) => low + (k + 0.5) * width);
  return isLying
    ? { ...trace, type: "bar", orientation: "h", y: places, x: shares, width }
    : { ...trace, type: "bar", x: places, y: shares, width };
}
