import type { Trace } from "../../plots/figure.ts";
import { type Html, html } from "../html.ts";
import type { Axis } from "./axes.ts";
import { drawError } from "./bars.ts";
import { colourAt, paintOf, scaleOf } from "./colours.ts";
import { round } from "./round.ts";

type Point = readonly [x: number, y: number];

/** Lines, areas, points and error bars of a scatter trace; a missing value breaks the line. */
export function drawScatter(trace: Trace, x: Axis, y: Axis, colour: string, before: Trace | undefined): Html {
  const points = pointsOf(trace, x, y);
  const mode = String(trace["mode"] ?? "lines");
  const opacity = Number(trace["opacity"] ?? 1);
  const area = drawArea(trace, points, x, y, before, colour, opacity);
  const line = mode.includes("lines") ? drawLine(trace, points, colour, opacity) : html``;
  const marks = mode.includes("markers") ? drawMarkers(trace, points, colour, opacity) : html``;
  const errors = (["x", "y"] as const).map((letter) => {
    const given = trace[`error_${letter}`] as { array?: readonly number[] } | undefined;
    if (!given?.array) return html``;
    const values = trace[letter] as readonly number[];
    const whiskers = points.map((point, k) =>
      drawError(letter === "x" ? x : y, point[letter === "x" ? 1 : 0], values[k]!, given.array![k]!, letter === "x"),
    );
    return html`${whiskers}`;
  });
  return html`${area}${line}${errors}${marks}`;
}

function pointsOf(trace: Trace, x: Axis, y: Axis): Point[] {
  const [xs, ys] = [(trace["x"] ?? []) as readonly unknown[], (trace["y"] ?? []) as readonly unknown[]];
  return xs.map((value, k) => [x.place(value), y.place(ys[k])] as const);
}

function drawLine(trace: Trace, points: readonly Point[], colour: string, opacity: number): Html {
  const style = (trace["line"] ?? {}) as { width?: number; dash?: string; shape?: string };
  const paint = paintOf(colour);
  if (style.width === 0 || paint.opacity === 0) return html``;
  const dash = style.dash === "dot" ? "2 3" : style.dash && style.dash !== "solid" ? "5 4" : undefined;
  return html`<path d="${pathOf(points, style.shape)}" fill="none" stroke="${paint.colour}" stroke-width="${style.width ?? 1.8}" stroke-opacity="${round(paint.opacity * opacity)}" stroke-linejoin="round"${dash ? html` stroke-dasharray="${dash}"` : ""}/>`;
}

function pathOf(points: readonly Point[], shape: string | undefined): string {
  let path = "";
  let isOpen = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x + y)) {
      isOpen = false;
      continue;
    }
    if (!isOpen) path += `M${round(x)} ${round(y)}`;
    else if (shape === "hv") path += `H${round(x)}V${round(y)}`;
    else if (shape === "vh") path += `V${round(y)}H${round(x)}`;
    else path += `L${round(x)} ${round(y)}`;
    isOpen = true;
  }
  return path;
}

function drawArea(
  trace: Trace,
  points: readonly Point[],
  x: Axis,
  y: Axis,
  before: Trace | undefined,
  colour: string,
  opacity: number,
): Html {
  const fill = trace["fill"];
  const inside = points.filter(([a, b]) => Number.isFinite(a + b));
  if (typeof fill !== "string" || fill === "none" || inside.length === 0) return html``;
  const paint = paintOf(trace["fillcolor"] ?? colour);
  const shade = trace["fillcolor"] ? paint.opacity : 0.3;
  let back: readonly Point[] = [];
  if (fill === "tozeroy")
    back = [
      [inside.at(-1)![0], y.place(0)],
      [inside[0]![0], y.place(0)],
    ];
  if (fill === "tonexty" && before)
    back = pointsOf(before, x, y)
      .filter(([a, b]) => Number.isFinite(a + b))
      .reverse();
  return html`<path d="${pathOf([...inside, ...back], undefined)}Z" fill="${paint.colour}" fill-opacity="${round(shade * opacity)}" stroke="none"/>`;
}

function drawMarkers(trace: Trace, points: readonly Point[], colour: string, opacity: number): Html {
  const marker = (trace["marker"] ?? {}) as Record<string, unknown>;
  const colours = markerColours(marker, colour);
  const sizes = marker["size"];
  const shown = round(opacity * Number(marker["opacity"] ?? 1));
  const dots = points.map(([px, py], k) => {
    if (!Number.isFinite(px + py)) return html``;
    const size = Array.isArray(sizes) ? Number((sizes as number[])[k]) : Number(sizes ?? 6);
    return html`<circle cx="${round(px)}" cy="${round(py)}" r="${round(Math.max(1, size / 2))}" fill="${colours(k)}" fill-opacity="${shown}"/>`;
  });
  return html`${dots}`;
}

/** The colour of each marker: one for all, one each, or a number each on a scale. */
function markerColours(marker: Readonly<Record<string, unknown>>, colour: string): (k: number) => string {
  const given = marker["color"];
  if (!Array.isArray(given)) return () => paintOf(typeof given === "string" ? given : colour).colour;
  if (typeof given[0] === "string") return (k) => paintOf(given[k]).colour;
  const [low, high] = numberRange(marker, given as number[]);
  const scale = scaleOf(marker);
  return (k) => colourAt(scale, high > low ? (Number(given[k]) - low) / (high - low) : 0.5);
}

/** Least and greatest number of a colour scale, as it says or of its values. */
export function numberRange(holder: Readonly<Record<string, unknown>>, values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [holder["cmin"], holder["cmax"]];
  return [
    typeof low === "number" ? low : finite.reduce((a, b) => Math.min(a, b), Infinity),
    typeof high === "number" ? high : finite.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}
