import type { Figure, Trace } from "../../plots/figure.ts";
import { digits, type Html, html } from "../html.ts";
import type { Axis } from "./axes.ts";
import { colourAt, colourOf, paintOf, scaleOf } from "./colours.ts";
import { heatmapRange } from "./heatmap.ts";
import { numberRange } from "./lines.ts";
import type { Room } from "./parallel.ts";
import { round } from "./round.ts";

/** About how wide text of 11 pixels is; capitals are wider. */
export function widthOfText(text: string): number {
  return 6.1 * text.length + 1.7 * (text.match(/\p{Lu}/gu)?.length ?? 0);
}

/** How far below its axis a word ends that stands slanted. */
const slantedBegin = 13;
const slant = 35;

/** What the words of a lying axis take below it where they stand slanted. */
export function slantedRoom(words: readonly string[]): number {
  const longest = Math.max(0, ...words.map((word) => widthOfText(shortened(word, labelMost))));
  return slantedBegin + Math.ceil(longest * Math.sin((slant * Math.PI) / 180));
}

/** Signs of a word below a lying axis. */
export const labelMost = 18;

/** Text of at most so many characters: what is in its middle is left out, for names often differ at their ends. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = most < 8 ? 0 : Math.floor(most / 3);
  return `${text.slice(0, Math.max(1, most - 1 - tail))}…${text.slice(text.length - tail)}`;
}

/** Traces that the legend lists. */
function listed({ data, layout }: Figure): readonly { readonly name: string; readonly colour: string }[] {
  if (layout["showlegend"] === false) return [];
  const named = data
    .map((trace, k) => ({ trace, name: String(trace["name"] ?? ""), colour: colourOf(trace, k) }))
    .filter(({ trace, name }) => name !== "" && trace["showlegend"] !== false && trace["type"] !== "heatmap");
  return named.length > 1 || layout["showlegend"] === true ? named : [];
}

/** Lines of a legend of this width: names that fit beside each other, three lines at most. */
export function legendLines(
  figure: Figure,
  width: number,
): { readonly x: number; readonly name: string; readonly colour: string }[][] {
  const lines: { x: number; name: string; colour: string }[][] = [];
  let x = Infinity;
  for (const { name, colour } of listed(figure)) {
    const text = shortened(name, 40);
    const needed = 26 + widthOfText(text);
    if (x + needed > width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1)!.push({ x, name: text, colour });
    x += needed;
  }
  if (lines.length <= 3) return lines;
  const left = lines.slice(3).flat().length;
  const shown = lines.slice(0, 3);
  shown[2]!.splice(-1, 1, { x: shown[2]!.at(-1)!.x, name: `and ${left + 1} more`, colour: "none" });
  return shown;
}

/** A legend's lines from a top edge on. */
export function drawLegend(lines: ReturnType<typeof legendLines>, left: number, top: number, ink: string): Html {
  const items = lines.flatMap((line, row) =>
    line.map(({ x, name, colour }) => {
      const paint = paintOf(colour);
      const mark =
        colour === "none"
          ? html``
          : html`<rect x="${round(left + x)}" y="${round(top + 16 * row)}" width="10" height="10" fill="${paint.colour}"/>`;
      return html`${mark}<text x="${round(left + x + 14)}" y="${round(top + 16 * row + 9)}" fill="${ink}">${name}</text>`;
    }),
  );
  return html`${items}`;
}

/** What a colour scale beside the figure tells. */
interface ColourBar {
  readonly title: string;
  readonly holder: Readonly<Record<string, unknown>>;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly [string, string];
}

/** The first colour scale of a figure that wants to be shown. */
export function colourBar(data: readonly Trace[]): ColourBar | undefined {
  for (const trace of data) {
    const marker = trace["marker"] as Record<string, unknown> | undefined;
    const line = trace["line"] as Record<string, unknown> | undefined;
    if (trace["type"] === "heatmap" && trace["showscale"] !== false) return barOf(trace, heatmapRange(trace));
    for (const holder of [marker, line])
      if (holder?.["showscale"] === true && Array.isArray(holder["color"]))
        return barOf(holder, numberRange(holder, holder["color"] as number[]));
  }
  return undefined;
}

function barOf(holder: Readonly<Record<string, unknown>>, [low, high]: readonly [number, number]): ColourBar {
  const bar = (holder["colorbar"] ?? {}) as { title?: { text?: string }; ticktext?: readonly string[] };
  return {
    title: bar.title?.text ?? "",
    holder,
    low,
    high,
    ticks: [bar.ticktext?.[0] ?? digits(low), bar.ticktext?.at(-1) ?? digits(high)],
  };
}

/** A colour scale upright beside the figure. */
export function drawColourBar({ title, holder, ticks }: ColourBar, { left, top, width, height }: Room, ink: string): Html {
  const scale = scaleOf(holder);
  const steps = 32;
  const x = left + width + 14;
  const size = height / steps;
  const cells = Array.from(
    { length: steps },
    (_, k) =>
      html`<rect x="${round(x)}" y="${round(top + k * size)}" width="11" height="${round(size + 0.4)}" fill="${colourAt(scale, 1 - (k + 0.5) / steps)}"/>`,
  );
  return html`${cells}<text x="${round(x + 15)}" y="${round(top + 9)}" font-size="10" fill="${ink}">${ticks[1]}</text><text x="${round(x + 15)}" y="${round(top + height)}" font-size="10" fill="${ink}">${ticks[0]}</text><text transform="translate(${round(x + 24)} ${round(top + height / 2)}) rotate(-90)" text-anchor="middle" font-size="10" fill="${ink}">${shortened(title, 36)}</text>`;
}

interface Annotation {
  readonly x: unknown;
  readonly y: unknown;
  readonly text: string;
  readonly bordercolor?: string;
  readonly xref?: string;
  readonly yref?: string;
  readonly yanchor?: string;
}

/** Texts at places of the figure; with a border in a box. plotly's bold is left out. */
export function drawAnnotation(
  each: Annotation,
  place: (ref: string | undefined, letter: "x" | "y", value: unknown) => number,
  ink: string,
): Html {
  const lines = each.text.split("<br>").map(plain);
  const [cx, cy] = [place(each.xref, "x", each.x), place(each.yref, "y", each.y)];
  if (!Number.isFinite(cx + cy)) return html``;
  const [w, h] = [5.4 * Math.max(...lines.map((line) => line.length)) + 8, 12 * lines.length + 6];
  const middle = each.yanchor === "bottom" ? cy - h / 2 : cy;
  const box = each.bordercolor
    ? html`<rect x="${round(cx - w / 2)}" y="${round(middle - h / 2)}" width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="${paintOf(each.bordercolor).colour}"/>`
    : html``;
  return html`${box}${lines.map((line, k) => html`<text x="${round(cx)}" y="${round(middle + 4 + 12 * (k - (lines.length - 1) / 2))}" text-anchor="middle" font-size="${each.bordercolor ? 9 : 10}" fill="${each.bordercolor ? "#333333" : ink}">${line}</text>`)}`;
}

/** Text of plotly's little HTML. */
function plain(text: string): string {
  return text
    .replaceAll(/<\/?b>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** An axis: its line, its grid, its ticks with their words, and its title. */
export function drawAxis(axis: Axis, other: Axis, ink: string, isSlanted: boolean): Html {
  if (!axis.isVisible) return html``;
  const isX = axis.id.startsWith("x");
  const foot = isX ? Math.max(other.begin, other.end) : Math.min(other.begin, other.end);
  const head = isX ? Math.min(other.begin, other.end) : Math.max(other.begin, other.end);
  const grid =
    axis.kind === "category"
      ? ""
      : axis.ticks
          .map(([at]) => (isX ? `M${round(at)} ${round(foot)}V${round(head)}` : `M${round(foot)} ${round(at)}H${round(head)}`))
          .join("");
  const zero = axis.hasZeroLine ? axis.place(0) : Number.NaN;
  const words = axis.hasLabels
    ? axis.ticks.map(([at, text]) =>
        !isX
          ? html`<text x="${round(foot - 6)}" y="${round(at + 4)}" text-anchor="end" fill="${ink}">${shortened(text, 26)}</text>`
          : isSlanted
            ? html`<text transform="translate(${round(at + 3)} ${round(foot + slantedBegin)}) rotate(-${slant})" text-anchor="end" fill="${ink}">${shortened(text, labelMost)}</text>`
            : html`<text x="${round(at)}" y="${round(foot + 15)}" text-anchor="middle" fill="${ink}">${shortened(text, labelMost)}</text>`,
      )
    : [];
  const line = isX
    ? `M${round(axis.begin)} ${round(foot)}H${round(axis.end)}`
    : `M${round(foot)} ${round(axis.begin)}V${round(axis.end)}`;
  const zeroLine =
    Number.isFinite(zero) && (zero - axis.begin) * (zero - axis.end) <= 0
      ? html`<path d="${isX ? `M${round(zero)} ${round(foot)}V${round(head)}` : `M${round(foot)} ${round(zero)}H${round(head)}`}" fill="none" stroke="#999999"/>`
      : html``;
  return html`${grid && html`<path d="${grid}" fill="none" stroke="#8c8c8c" stroke-opacity="0.22"/>`}${zeroLine}<path d="${line}" fill="none" stroke="${ink}" stroke-opacity="0.5"/>${words}`;
}
