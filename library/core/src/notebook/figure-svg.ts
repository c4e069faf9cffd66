import type { Figure, Trace } from "../plots/figure.ts";
import { type Html, html } from "./html.ts";

const width = 640;
const left = 112;
const right = 24;
const top = 40;
const bottom = 70;
const ink = "currentColor";

interface Scale {
  readonly labels: readonly string[] | undefined;
  readonly low: number;
  readonly high: number;
  place(value: unknown): number;
}

interface Annotation {
  readonly x: unknown;
  readonly y: unknown;
  readonly text: string;
  readonly bordercolor?: string;
}

/**
 * A figure as a still picture, for readers without a plotly renderer (a repository's page, an exported notebook): lines, points, bars and
 * heatmaps with axes, ticks and a legend.
 */
export function figureSvg({ data, layout }: Figure): string {
  const height = Number(layout["height"] ?? 380);
  const plot = { width: width - left - right, height: height - top - bottom };
  const horizontal = data.some((trace) => trace["orientation"] === "h");
  const reversed = (layout["yaxis"] as { autorange?: string } | undefined)?.autorange === "reversed";
  const x = scaleOf(
    data.map((trace) => trace["x"]),
    horizontal || hasBars(data, false) ? "zero" : "data",
    left,
    left + plot.width,
  );
  const y = scaleOf(
    data.map((trace) => trace["y"]),
    hasBars(data, true) ? "zero" : "data",
    reversed ? top : top + plot.height,
    reversed ? top + plot.height : top,
  );
  const marks = data.map((trace) => drawTrace(trace, x, y, plot));
  const titleOf = (axis: string): string => (layout[axis] as { title?: { text?: string } } | undefined)?.title?.text ?? "";
  const title = (layout["title"] as { text?: string } | undefined)?.text ?? "";
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" color="#666" role="img" aria-label="${title}">
<text x="${left}" y="22" font-size="14" fill="${ink}">${title}</text>
<path d="M${left} ${top}V${top + plot.height}H${left + plot.width}" fill="none" stroke="${ink}" stroke-opacity=".4"/>
${ticks(x).map(([at, label]) => html`<text x="${at}" y="${top + plot.height + 15}" text-anchor="middle" fill="${ink}">${label}</text>`)}
${ticks(y).map(([at, label]) => html`<text x="${left - 6}" y="${at + 4}" text-anchor="end" fill="${ink}">${label}</text>`)}
<text x="${left + plot.width / 2}" y="${top + plot.height + 33}" text-anchor="middle" fill="${ink}">${titleOf("xaxis")}</text>
<text transform="translate(14 ${top + plot.height / 2}) rotate(-90)" text-anchor="middle" fill="${ink}">${titleOf("yaxis")}</text>
${marks}
${((layout["annotations"] ?? []) as readonly Annotation[]).map((each) => drawAnnotation(each, x, y))}
${legend(data, height)}
</svg>`.html;
}

function hasBars(data: readonly Trace[], upright: boolean): boolean {
  return data.some((trace) => trace["type"] === "bar" && (trace["orientation"] !== "h") === upright);
}

function scaleOf(lists: readonly unknown[], from: "zero" | "data", begin: number, end: number): Scale {
  const values = lists.flatMap((list) => (Array.isArray(list) ? list : []));
  if (values.some((value) => typeof value === "string")) {
    const labels = [...new Set(values.map(String))];
    const place = (value: unknown): number => begin + ((labels.indexOf(String(value)) + 0.5) / labels.length) * (end - begin);
    return { labels, low: 0, high: labels.length, place };
  }
  const numbers = values.filter((value) => Number.isFinite(value)) as number[];
  const low = Math.min(from === "zero" ? 0 : Infinity, ...numbers);
  const high = Math.max(from === "zero" ? 0 : -Infinity, ...numbers);
  const span = high > low ? high - low : 1;
  return { labels: undefined, low, high, place: (value) => begin + ((Number(value) - low) / span) * (end - begin) };
}

/** Places and labels of an axis: every category, or about five round numbers. */
function ticks(scale: Scale): [number, string][] {
  if (scale.labels) {
    const every = Math.ceil(scale.labels.length / 30);
    return scale.labels
      .filter((_, k) => k % every === 0)
      .map((label) => [scale.place(label), label.length > 14 ? `${label.slice(0, 13)}…` : label]);
  }
  if (!(scale.high > scale.low)) return [[scale.place(scale.low), String(scale.low)]];
  const raw = (scale.high - scale.low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw)!;
  const found: [number, string][] = [];
  for (let value = Math.ceil(scale.low / step) * step; value <= scale.high + step * 1e-9; value += step)
    found.push([scale.place(value), String(Number(value.toPrecision(6)))]);
  return found;
}

function drawTrace(trace: Trace, x: Scale, y: Scale, plot: { width: number; height: number }): Html {
  const colour = ((trace["line"] ?? trace["marker"]) as { color?: string } | undefined)?.color ?? "#0072B2";
  const [xs, ys] = [(trace["x"] ?? []) as readonly unknown[], (trace["y"] ?? []) as readonly unknown[]];
  const r = (value: number): number => Math.round(value * 10) / 10;
  if (trace["type"] === "heatmap") return drawHeatmap(trace, x, y, plot);
  if (trace["type"] === "bar") {
    if (trace["orientation"] === "h") {
      const thick = (0.7 * plot.height) / Math.max(1, ys.length);
      return html`${ys.map((label, k) => html`<rect x="${r(x.place(0))}" y="${r(y.place(label) - thick / 2)}" width="${r(Math.max(0, x.place(xs[k]) - x.place(0)))}" height="${r(thick)}" fill="${colour}"/>`)}`;
    }
    const thick = (0.8 * plot.width) / Math.max(1, xs.length);
    return html`${xs.map((label, k) => html`<rect x="${r(x.place(label) - thick / 2)}" y="${r(y.place(ys[k]))}" width="${r(thick)}" height="${r(Math.max(0, y.place(0) - y.place(ys[k])))}" fill="${colour}"/>`)}`;
  }
  const points = xs
    .map((value, k) => [r(x.place(value)), r(y.place(ys[k]))] as const)
    .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  if (trace["mode"] === "markers")
    return html`${points.map(([px, py]) => html`<circle cx="${px}" cy="${py}" r="2.2" fill="${colour}" fill-opacity=".5"/>`)}`;
  const dash = (trace["line"] as { dash?: string } | undefined)?.dash ? "3 3" : "none";
  return html`<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>`;
}

function drawHeatmap(trace: Trace, x: Scale, y: Scale, plot: { width: number; height: number }): Html {
  const [xs, ys, z, text] = [trace["x"], trace["y"], trace["z"], trace["text"]] as [
    string[],
    string[],
    number[][],
    string[][] | undefined,
  ];
  const [w, h] = [plot.width / xs.length, plot.height / ys.length];
  return html`${ys.flatMap((row, i) =>
    xs.map((column, j) => {
      const share = z[i]![j]!;
      const lines = (text?.[i]?.[j] ?? "").split("<br>");
      const [cx, cy] = [x.place(column), y.place(row)];
      return html`<rect x="${cx - w / 2}" y="${cy - h / 2}" width="${w}" height="${h}" fill="#08519c" fill-opacity="${0.08 + 0.85 * share}"/>${lines.map((line, k) => html`<text x="${cx}" y="${cy + 4 + 14 * (k - (lines.length - 1) / 2)}" text-anchor="middle" fill="${share > 0.55 ? "#fff" : ink}">${line}</text>`)}`;
    }),
  )}`;
}

/** A box of lines of text at a place of the plot; plotly's bold is left out. */
function drawAnnotation({ x: atX, y: atY, text, bordercolor }: Annotation, x: Scale, y: Scale): Html {
  const lines = text.split("<br>").map((line) => plain(line));
  const [cx, cy] = [x.place(atX), y.place(atY)];
  const [w, h] = [5.2 * Math.max(...lines.map((line) => line.length)) + 8, 12 * lines.length + 6];
  return html`<rect x="${cx - w / 2}" y="${cy - h / 2}" width="${w}" height="${h}" fill="#fff" stroke="${bordercolor ?? "#999"}"/>${lines.map((line, k) => html`<text x="${cx}" y="${cy + 4 + 12 * (k - (lines.length - 1) / 2)}" text-anchor="middle" font-size="9" fill="#333">${line}</text>`)}`;
}

/** Text of plotly's little HTML. */
function plain(text: string): string {
  return text
    .replaceAll(/<\/?b>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function legend(data: readonly Trace[], height: number): Html {
  const named = data.filter((trace) => trace["name"] !== undefined && trace["showlegend"] !== false);
  if (named.length < 2) return html``;
  const each = (width - left - right) / Math.min(3, named.length);
  return html`${named.slice(0, 6).map((trace, k) => {
    const colour = ((trace["line"] ?? trace["marker"]) as { color?: string } | undefined)?.color ?? "#0072B2";
    const [px, py] = [left + (k % 3) * each, height - 22 + 14 * Math.floor(k / 3)];
    return html`<rect x="${px}" y="${py - 8}" width="10" height="10" fill="${colour}"/><text x="${px + 14}" y="${py + 1}" fill="${ink}">${trace["name"] as string}</text>`;
  })}`;
}
