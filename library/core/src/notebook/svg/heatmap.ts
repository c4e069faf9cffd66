import type { Trace } from "../../plots/figure.ts";
import { type Html, html } from "../html.ts";
import type { Axis } from "./axes.ts";
import { colourAt, isPale, scaleOf } from "./colours.ts";
import { round } from "./round.ts";

/** Least and greatest number of a heatmap's cells, or as the trace says. */
export function heatmapRange(trace: Trace): [number, number] {
  const [zmin, zmax] = [trace["zmin"], trace["zmax"]];
  if (typeof zmin === "number" && typeof zmax === "number") return [zmin, zmax];
  let low = Infinity;
  let high = -Infinity;
  for (const row of (trace["z"] ?? []) as readonly (readonly (number | null)[])[])
    for (const value of row)
      if (value !== null && Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low <= high ? [low, high] : [0, 1];
}

/** Cells by colour with their texts; blank where a value is missing. */
export function drawHeatmap(trace: Trace, x: Axis, y: Axis): Html {
  const xs = trace["x"] as readonly unknown[];
  const ys = trace["y"] as readonly unknown[];
  const z = trace["z"] as readonly (readonly (number | null)[])[];
  const [low, high] = heatmapRange(trace);
  const scale = scaleOf(trace);
  const [columns, rows] = [edges(xs, x), edges(ys, y)];
  const cells = ys.map((_, i) =>
    xs.map((__, j) => {
      const value = z[i]?.[j];
      if (value === null || value === undefined || !Number.isFinite(value)) return html``;
      const colour = colourAt(scale, high > low ? (value - low) / (high - low) : 0.5);
      const [[left, right], [top, bottom]] = [columns[j]!, rows[i]!];
      const [width, height] = [right - left, bottom - top];
      const lines = width > 22 ? textOf(trace, i, j, value) : [];
      const middle = (top + bottom) / 2 + 4;
      const words = lines.map(
        (line, k) =>
          html`<text x="${round((left + right) / 2)}" y="${round(middle + 13 * (k - (lines.length - 1) / 2))}" text-anchor="middle" font-size="${height < 26 && lines.length > 1 ? 8 : 11}" fill="${isPale(colour) ? "#222222" : "#ffffff"}">${line}</text>`,
      );
      return html`<rect x="${round(left)}" y="${round(top)}" width="${round(width + 0.3)}" height="${round(height + 0.3)}" fill="${colour}"/>${words}`;
    }),
  );
  return html`${cells.flat()}`;
}

/** Begin and end of each cell in pixels: half-way to its neighbours. */
function edges(values: readonly unknown[], axis: Axis): [number, number][] {
  if (axis.kind === "category") {
    const half = Math.abs(axis.end - axis.begin) / Math.max(1, axis.labels.length) / 2;
    return values.map((value) => [axis.place(value) - half, axis.place(value) + half]);
  }
  const middles = values.map((value) => axis.place(value));
  const between = (k: number): number => (middles[k]! + middles[k + 1]!) / 2;
  return middles.map((middle, k) => {
    const before = k > 0 ? between(k - 1) : middles.length > 1 ? 2 * middle - between(k) : Math.min(axis.begin, axis.end);
    const after =
      k + 1 < middles.length ? between(k) : middles.length > 1 ? 2 * middle - between(k - 1) : Math.max(axis.begin, axis.end);
    return [Math.min(before, after), Math.max(before, after)];
  });
}

function textOf(trace: Trace, i: number, j: number, value: number): string[] {
  const template = trace["texttemplate"];
  if (typeof template !== "string") return [];
  if (template.startsWith("%{z")) return [value.toFixed(2)];
  return ((trace["text"] as readonly (readonly string[])[] | undefined)?.[i]?.[j] ?? "").split("<br>");
}
