import type { Trace } from "../../plots/figure.ts";
import { type Html, html } from "../html.ts";
import type { Axis } from "./axes.ts";
import { paintOf } from "./colours.ts";
import { round } from "./round.ts";

/** Which of the bars that stand side by side a trace's are. */
interface BarPlace {
  readonly member: number;
  /** How many stand side by side. */
  readonly members: number;
}

/** Both ends of each bar, with its error. */
export function barEnds(trace: Trace): number[] {
  const lengths = lengthsOf(trace);
  const base = (trace["stackBase"] ?? trace["base"]) as readonly number[] | undefined;
  const errors = errorsOf(trace);
  return lengths.flatMap((length, k) => {
    const from = base?.[k] ?? 0;
    return [from, from + length + (errors?.[k] ?? 0), from + length - (errors?.[k] ?? 0)];
  });
}

/** Traces whose bars are stacked carry where each begins as `stackBase`. */
export function stacked(data: readonly Trace[], barmode: unknown): readonly Trace[] {
  if (barmode !== "stack" && barmode !== "relative") return data;
  const sums = new Map<string, number>();
  return data.map((trace) => {
    if (trace["type"] !== "bar") return trace;
    const places = trace[trace["orientation"] === "h" ? "y" : "x"] as readonly unknown[];
    const stackBase = lengthsOf(trace).map((length, k) => {
      const key = `${String(trace["xaxis"])}/${String(trace["yaxis"])}/${String(places[k])}/${length < 0}`;
      const from = sums.get(key) ?? 0;
      sums.set(key, from + length);
      return from;
    });
    return { ...trace, stackBase };
  });
}

/** The bars of a trace with their errors and texts. */
export function drawBars(trace: Trace, x: Axis, y: Axis, colour: string, { member, members }: BarPlace, ink: string): Html {
  const isLying = trace["orientation"] === "h";
  const [along, across] = isLying ? [x, y] : [y, x];
  const places = trace[isLying ? "y" : "x"] as readonly unknown[];
  const base = (trace["stackBase"] ?? trace["base"]) as readonly number[] | undefined;
  const errors = errorsOf(trace);
  const colours = (trace["marker"] as { color?: unknown } | undefined)?.color;
  const texts = trace["text"] as readonly string[] | undefined;
  const slot = slotOf(across, places);
  const bars = lengthsOf(trace).map((length, k) => {
    const middle = across.place(places[k]);
    const from = along.place(base?.[k] ?? 0);
    const to = along.place((base?.[k] ?? 0) + length);
    if (!Number.isFinite(middle + from + to)) return html``;
    const width = widthOf(trace, k, across) ?? (0.8 * slot) / members;
    const side = middle - width / 2 + (members > 1 ? (member - (members - 1) / 2) * width : 0);
    const paint = paintOf(Array.isArray(colours) ? colours[k] : colour);
    const [low, size] = [Math.min(from, to), Math.max(0.4, Math.abs(to - from))];
    const box = isLying ? [low, side, size, width] : [side, low, width, size];
    const opacity = paint.opacity * Number(trace["opacity"] ?? 1);
    const rect = html`<rect x="${round(box[0]!)}" y="${round(box[1]!)}" width="${round(box[2]!)}" height="${round(box[3]!)}" fill="${paint.colour}" fill-opacity="${round(opacity)}"/>`;
    const error = errors ? drawError(along, side + width / 2, (base?.[k] ?? 0) + length, errors[k]!, isLying) : html``;
    const label =
      texts && isLying
        ? html`<text x="${round(Math.max(from, to) + 4)}" y="${round(side + width / 2 + 4)}" font-size="10" fill="${ink}">${texts[k]}</text>`
        : html``;
    return html`${rect}${error}${label}`;
  });
  return html`${bars}`;
}

/** A whisker of an error on each side of a value. */
export function drawError(along: Axis, at: number, value: number, error: number, isLying: boolean): Html {
  const [low, high] = [along.place(value - error), along.place(value + error)];
  if (!(error > 0) || !Number.isFinite(low + high)) return html``;
  const [a, b, c] = [round(low), round(high), round(at)];
  const path = isLying
    ? `M${a} ${c}H${b}M${a} ${round(at - 3)}V${round(at + 3)}M${b} ${round(at - 3)}V${round(at + 3)}`
    : `M${c} ${a}V${b}M${round(at - 3)} ${a}H${round(at + 3)}M${round(at - 3)} ${b}H${round(at + 3)}`;
  return html`<path d="${path}" fill="none" stroke="#777777" stroke-width="1.2"/>`;
}

function lengthsOf(trace: Trace): readonly number[] {
  return (trace[trace["orientation"] === "h" ? "x" : "y"] ?? []) as readonly number[];
}

function errorsOf(trace: Trace): readonly number[] | undefined {
  return (trace[trace["orientation"] === "h" ? "error_x" : "error_y"] as { array?: readonly number[] } | undefined)?.array;
}

/** Room of one place: of a category, or the least gap of numbers. */
function slotOf(across: Axis, places: readonly unknown[]): number {
  if (across.kind === "category") return Math.abs(across.end - across.begin) / Math.max(1, across.labels.length);
  const pixels = places.map((place) => across.place(place)).sort((a, b) => a - b);
  const gaps = pixels
    .slice(1)
    .map((pixel, k) => pixel - pixels[k]!)
    .filter((gap) => gap > 0.01);
  return gaps.length > 0 ? Math.min(...gaps) : Math.abs(across.end - across.begin) / 2;
}

function widthOf(trace: Trace, k: number, across: Axis): number | undefined {
  const width = trace["width"];
  const own = Array.isArray(width) ? (width as number[])[k] : (width as number | undefined);
  if (typeof own !== "number" || across.kind === "category") return undefined;
  return (0.97 * Math.abs(across.end - across.begin) * own) / (across.high - across.low);
}
