import type { Figure, Trace } from "../plots/figure.ts";
import { type Html, html } from "./html.ts";
import { type Axis, axesOf, axisId, placed } from "./svg/axes.ts";
import { drawBars, stacked } from "./svg/bars.ts";
import { drawBoxes } from "./svg/boxes.ts";
import { colourOf, paintOf } from "./svg/colours.ts";
import { drawHeatmap } from "./svg/heatmap.ts";
import { histogramBars } from "./svg/histogram.ts";
import { drawScatter } from "./svg/lines.ts";
import { drawParallel, type Room } from "./svg/parallel.ts";
import { round } from "./svg/round.ts";
import {
  colourBar,
  drawAnnotation,
  drawAxis,
  drawColourBar,
  drawLegend,
  labelMost,
  legendLines,
  shortened,
  slantedRoom,
  widthOfText,
} from "./svg/words.ts";

/** How a figure is drawn as SVG. */
export interface SvgOptions {
  /** Pixels; default 640, or as the figure says. */
  readonly width?: number;
  /** Pixels; default as the figure says, else 380. */
  readonly height?: number;
  /** Colour of text and axes; default dark grey. */
  readonly ink?: string;
}

/**
 * A figure as a still picture for readers without a plotly renderer (repository pages, exported notebooks, HTML and PDF reports): plain SVG
 * 1.1 of paths, rectangles, circles and text, every text escaped. Takes every trace that our figures use: scatter (lines, markers, areas,
 * errors), bar, histogram, box, heatmap, parcoords; anything else is left out.
 * @example
 * const svg = ml.figureToSvg(ml.plotRoc(curves), { width: 480, height: 320 });
 */
export function figureToSvg(figure: Figure, { width, height, ink = "#444444" }: SvgOptions = {}): string {
  const size = {
    width: width ?? Number(figure.layout["width"] ?? 640),
    height: height ?? Number(figure.layout["height"] ?? 380),
  };
  const data = stacked(figure.data.map(histogramBars), figure.layout["barmode"]);
  return draw({ data, layout: figure.layout }, size, ink);
}

/** The same in the colour of the text around it, as a notebook shows it. */
export function figureSvg(figure: Figure): string {
  return figureToSvg(figure, { ink: "currentColor" });
}

function draw(figure: Figure, { width, height }: { readonly width: number; readonly height: number }, ink: string): string {
  const axes = axesOf(figure);
  const title = (figure.layout["title"] as { text?: string } | undefined)?.text ?? "";
  const left = 24 + Math.max(20, ...[...axes.values()].filter(isLeft).map(labelRoom));
  const bar = colourBar(figure.data);
  const legend = legendLines(figure, width - left - 20);
  const crowded = [...axes.values()].filter((axis) => isCrowded(axis, width - left - 20));
  const slanted = new Map(crowded.map(({ id, labels }) => [id, slantedRoom(labels)]));
  const words = Math.max(plainRoom, ...slanted.values());
  const foot = words + titleRoom + 16 * legend.length + (legend.length > 0 ? 8 : 0);
  const room: Room = { left, top: 40, width: width - left - (bar ? 74 : 20), height: Math.max(40, height - 40 - foot) };
  const laid = new Map([...axes].map(([id, axis]) => [id, placed(axis, ...endsOf(id, axis.domain, room))]));
  const pairs = pairsOf(figure, laid);
  const marks = figure.data.map((trace, k) => drawTrace(figure, trace, k, laid, room, ink));
  const place = (ref: string | undefined, letter: "x" | "y", value: unknown): number =>
    ref === "paper" ? onPaper(letter, Number(value), room) : (laid.get(ref ?? letter)?.place(value) ?? Number.NaN);
  const shapes = ((figure.layout["shapes"] ?? []) as readonly Shape[]).map((shape) => drawShape(shape, place));
  const notes = ((figure.layout["annotations"] ?? []) as readonly Parameters<typeof drawAnnotation>[0][]).map((each) =>
    drawAnnotation(each, place, ink),
  );
  const frames = pairs.map(([x, y]) => html`${drawAxis(x, y, ink, slanted.has(x.id))}${drawAxis(y, x, ink, false)}`);
  const titles = pairs.flatMap(([x, y]) => [titleBelow(x, y, slanted.get(x.id) ?? plainRoom, ink), titleBeside(y, x, left, ink)]);
  return html`<svg xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" color="#666666" role="img" aria-label="${title}">
<text x="${round(left)}" y="22" font-size="14" fill="${ink}">${shortened(title, Math.floor((width - left) / 7.5))}</text>
${frames}
${marks}
${shapes}${notes}${titles}
${bar ? drawColourBar(bar, room, ink) : ""}${drawLegend(legend, left, height - 16 * legend.length - 2, ink)}
</svg>`.html;
}

/** Pixels that level words below a lying axis take, and its title below them. */
const plainRoom = 16;
const titleRoom = 20;

function drawTrace(figure: Figure, trace: Trace, k: number, axes: ReadonlyMap<string, Axis>, room: Room, ink: string): Html {
  if (trace["type"] === "parcoords") return drawParallel(trace, room, ink);
  const [x, y] = [axes.get(axisId(trace, "x")), axes.get(axisId(trace, "y"))];
  if (!x || !y) return html``;
  const colour = colourOf(trace, k);
  if (trace["type"] === "heatmap") return drawHeatmap(trace, x, y);
  if (trace["type"] === "box") return drawBoxes(trace, x, y, paintOf(colour).colour);
  if (trace["type"] === "scatter") return drawScatter(trace, x, y, colour, figure.data[k - 1]);
  if (trace["type"] !== "bar") return html``;
  const mode = figure.layout["barmode"] ?? "group";
  const beside = figure.data.filter(
    (other) => other["type"] === "bar" && axisId(other, "x") === x.id && axisId(other, "y") === y.id,
  );
  const isGroup = mode === "group";
  const place = { member: isGroup ? beside.indexOf(trace) : 0, members: isGroup ? beside.length : 1 };
  return drawBars(trace, x, y, colour, place, ink);
}

/** Each pair of axes that has traces, once. */
function pairsOf({ data }: Figure, axes: ReadonlyMap<string, Axis>): (readonly [Axis, Axis])[] {
  const keys = new Set(
    data.filter(({ type }) => type !== "parcoords").map((trace) => `${axisId(trace, "x")} ${axisId(trace, "y")}`),
  );
  return [...keys].map((key) => key.split(" ").map((id) => axes.get(id)!) as unknown as readonly [Axis, Axis]);
}

type Unplaced = ReturnType<typeof axesOf> extends Map<string, infer A> ? A : never;

function isLeft({ id, isVisible, hasLabels }: Unplaced): boolean {
  return id.startsWith("y") && isVisible && hasLabels;
}

/** Width of the longest words of an upright axis. */
function labelRoom(axis: Unplaced): number {
  const texts = placed(axis, 300, 0).ticks.map(([, text]) => shortened(text, 26));
  return Math.max(0, ...texts.map(widthOfText)) + 10;
}

/** Whether the words of a lying axis would run into each other. */
function isCrowded(axis: Unplaced, width: number): boolean {
  if (!axis.id.startsWith("x") || axis.kind !== "category" || !axis.hasLabels || !axis.isVisible) return false;
  const slot = (width * (axis.domain[1] - axis.domain[0])) / Math.max(1, axis.labels.length);
  return Math.max(0, ...axis.labels.map((label) => widthOfText(shortened(label, labelMost)))) > slot;
}

function endsOf(id: string, [from, to]: readonly [number, number], room: Room): [number, number] {
  return id.startsWith("x")
    ? [room.left + from * room.width, room.left + to * room.width]
    : [room.top + (1 - from) * room.height, room.top + (1 - to) * room.height];
}

function onPaper(letter: "x" | "y", share: number, room: Room): number {
  return letter === "x" ? room.left + share * room.width : room.top + (1 - share) * room.height;
}

function titleBelow(x: Axis, y: Axis, words: number, ink: string): Html {
  const foot = Math.max(y.begin, y.end) + words + titleRoom - 4;
  const room = Math.floor(Math.abs(x.end - x.begin) / 5.6) + 4;
  return x.isVisible
    ? html`<text x="${round((x.begin + x.end) / 2)}" y="${round(foot)}" text-anchor="middle" fill="${ink}">${shortened(x.title, room)}</text>`
    : html``;
}

function titleBeside(y: Axis, x: Axis, left: number, ink: string): Html {
  const isFirst = Math.min(x.begin, x.end) < left + 1;
  const at = isFirst ? 14 : Math.min(x.begin, x.end) - 40;
  const room = Math.floor(Math.abs(y.end - y.begin) / 5.6) + 2;
  return y.isVisible
    ? html`<text transform="translate(${round(at)} ${round((y.begin + y.end) / 2)}) rotate(-90)" text-anchor="middle" fill="${ink}">${shortened(y.title, room)}</text>`
    : html``;
}

interface Shape {
  readonly type: string;
  readonly x0: unknown;
  readonly x1: unknown;
  readonly y0: unknown;
  readonly y1: unknown;
  readonly xref?: string;
  readonly yref?: string;
  readonly fillcolor?: string;
  readonly line?: { readonly color?: string; readonly dash?: string; readonly width?: number };
}

function drawShape(shape: Shape, place: (ref: string | undefined, letter: "x" | "y", value: unknown) => number): Html {
  const [x0, x1] = [place(shape.xref, "x", shape.x0), place(shape.xref, "x", shape.x1)];
  const [y0, y1] = [place(shape.yref, "y", shape.y0), place(shape.yref, "y", shape.y1)];
  if (!Number.isFinite(x0 + x1 + y0 + y1)) return html``;
  const paint = paintOf(shape.line?.color);
  const dash = shape.line?.dash === "dot" ? "2 3" : shape.line?.dash ? "5 4" : "none";
  if (shape.type === "line")
    return html`<path d="M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}" fill="none" stroke="${paint.colour}" stroke-width="${shape.line?.width ?? 1.2}" stroke-dasharray="${dash}"/>`;
  const fill = paintOf(shape.fillcolor ?? "none");
  return html`<rect x="${round(Math.min(x0, x1))}" y="${round(Math.min(y0, y1))}" width="${round(Math.abs(x1 - x0))}" height="${round(Math.abs(y1 - y0))}" fill="${fill.colour}" fill-opacity="${round(fill.opacity)}" stroke="${paint.colour}" stroke-width="${shape.line?.width ?? 1}"/>`;
}
