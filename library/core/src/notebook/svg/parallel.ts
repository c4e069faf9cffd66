import type { Trace } from "../../plots/figure.ts";
import { digits, type Html, html } from "../html.ts";
import { colourAt, paintOf, scaleOf } from "./colours.ts";
import { numberRange } from "./lines.ts";
import { round } from "./round.ts";
import { shortened } from "./words.ts";

/** The room of a drawing in pixels. */
export interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Dimension {
  readonly label?: string;
  readonly values: readonly number[];
  readonly range?: readonly [number, number];
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
}

/** Lines drawn of parallel coordinates at most. */
const linesMax = 2000;

/** Parallel coordinates: an upright axis a dimension, a line a row. */
export function drawParallel(trace: Trace, { left, top, width: whole, height }: Room, ink: string): Html {
  const width = whole - 36;
  const dimensions = (trace["dimensions"] ?? []) as readonly Dimension[];
  const rows = Math.min(linesMax, dimensions[0]?.values.length ?? 0);
  const inner = { top: top + 30, height: height - 40 };
  const axes = dimensions.map((dimension, k) => {
    const finite = dimension.values.filter(Number.isFinite);
    const low = dimension.range?.[0] ?? finite.reduce((a, b) => Math.min(a, b), Infinity);
    const high = dimension.range?.[1] ?? finite.reduce((a, b) => Math.max(a, b), -Infinity);
    const x = left + (dimensions.length > 1 ? (k * width) / (dimensions.length - 1) : width / 2);
    const y = (value: number): number => inner.top + inner.height * (high > low ? 1 - (value - low) / (high - low) : 0.5);
    return { dimension, x, y, low, high };
  });
  const style = (trace["line"] ?? {}) as Record<string, unknown>;
  const colours = lineColours(style);
  const lines = Array.from({ length: rows }, (_, i) => {
    const points = axes.map(({ dimension, x, y }) => [x, y(dimension.values[i]!)] as const);
    if (points.some(([, y]) => !Number.isFinite(y))) return html``;
    const path = points.map(([x, y], k) => `${k === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
    return html`<path d="${path}" fill="none" stroke="${colours(i)}" stroke-opacity="0.55" stroke-width="1.1"/>`;
  });
  const frames = axes.map(({ dimension, x, y, low, high }, k) => {
    const values = dimension.tickvals ?? (high > low ? [low, (low + high) / 2, high] : [low]);
    const anchor = k === axes.length - 1 && axes.length > 1 ? "end" : "start";
    const shift = anchor === "end" ? -5 : 5;
    const marks = values.map((value, t) =>
      Number.isFinite(value)
        ? html`<text x="${round(x + shift)}" y="${round(y(value) + 4)}" font-size="10" text-anchor="${anchor}" fill="${ink}">${shortened(dimension.ticktext?.[t] ?? digits(value), 12)}</text>`
        : html``,
    );
    const wide = axes.length > 1 ? width / (axes.length - 1) / 6 : 30;
    return html`<path d="M${round(x)} ${round(inner.top)}V${round(inner.top + inner.height)}" stroke="${ink}" stroke-width="1" fill="none"/><text x="${round(x)}" y="${round(top + 14)}" text-anchor="middle" fill="${ink}">${shortened(dimension.label ?? "", Math.max(6, Math.floor(wide)))}</text>${marks}`;
  });
  return html`${lines}${frames}`;
}

function lineColours(style: Readonly<Record<string, unknown>>): (i: number) => string {
  const given = style["color"];
  if (!Array.isArray(given)) return () => paintOf(given ?? "#0072B2").colour;
  const [low, high] = numberRange(style, given as number[]);
  const scale = scaleOf(style);
  return (i) => colourAt(scale, high > low ? (Number(given[i]) - low) / (high - low) : 0.5);
}
