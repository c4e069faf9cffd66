import { displayable } from "../base/display.ts";

/** A plotly trace: plain JSON. */
export type Trace = Readonly<Record<string, unknown>>;

/** A figure as plotly's plain JSON; a notebook draws it, and so do the panels. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** Eight colours that colour-blind readers tell apart. Source: Okabe & Ito (2008), Color Universal Design. */
export const palette = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#999999", "#F0E442"] as const;

/** Grey of chance, of zero, of what is not the matter: seen on white and on black. */
export const quiet = "#8c8c8c";

/** Shares from none to all, or small to large numbers: pale to dark blue. */
export const sequential = [
  [0, "#eef3f9"],
  [1, "#08519c"],
] as const;

/** Small to large with a middle, where blue is low and red is high. */
export const diverging = [
  [0, "#2166ac"],
  [0.5, "#f7f7f7"],
  [1, "#b2182b"],
] as const;

/** Low to high values of a point, told apart on white, on black and by colour-blind readers. */
export const lowToHigh = [
  [0, "#2C7BE5"],
  [0.5, "#9B6FB0"],
  [1, "#E0325B"],
] as const;

/** The k-th colour. */
export function colour(k: number): string {
  return palette[k % palette.length]!;
}

/** A figure with the layout that all of ours share: no background of its own, room for labels. */
export function figure(title: string, data: readonly Trace[], layout: Readonly<Record<string, unknown>> = {}): Figure {
  const base = {
    title: { text: title, font: { size: 15 } },
    height: 380,
    margin: { t: 48, r: 24, b: 64, l: 64 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hovermode: "closest",
    legend: { orientation: "h", yanchor: "top", y: -0.24 },
  };
  return displayable("figure", { data, layout: { ...base, ...layout } });
}

/** An axis with a title. */
export function axis(title: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { title: { text: title }, automargin: true, zeroline: false, gridcolor: "rgba(140,140,140,0.25)", ...more };
}

/** An axis of shares from 0 to 1 with a little room, so that lines at the ends are seen. */
export function shareAxis(title: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return axis(title, { range: [-0.02, 1.02], ...more });
}

/** A straight line that is only there to compare with: chance, identity, perfection. */
export function reference(name: string, x: readonly unknown[], y: readonly unknown[]): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: [...x],
    y: [...y],
    line: { color: quiet, dash: "dot", width: 1.2 },
    hoverinfo: "skip",
  };
}

/** A colour of the palette with an opacity, for areas. */
export function faint(hex: string, opacity: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${opacity})`;
}

/** Every k-th of many rows, so that at most `limit` are drawn. */
export function evenly(rows: number, limit: number): number[] {
  const stride = Math.max(1, Math.ceil(rows / limit));
  return Array.from({ length: Math.ceil(rows / stride) }, (_, k) => k * stride);
}

/** A height that gives each of so many rows its room. */
export function heightOf(rows: number, each = 22): number {
  return Math.max(220, 120 + each * rows);
}

/** At most `limit` points of a line, its ends and its extremes kept: the lowest and highest of each stretch. */
export function thin(x: readonly number[], y: readonly number[], limit = 500): { x: number[]; y: number[] } {
  if (x.length <= limit) return { x: [...x], y: [...y] };
  const kept = new Set([0, x.length - 1]);
  const stretches = Math.floor(limit / 2) - 1;
  for (let s = 0; s < stretches; s++) {
    const begin = Math.floor((s * x.length) / stretches);
    const end = Math.floor(((s + 1) * x.length) / stretches);
    let low = begin;
    let high = begin;
    for (let i = begin; i < end; i++) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
    }
    kept.add(low).add(high);
  }
  const order = [...kept].sort((a, b) => a - b);
  return { x: order.map((i) => x[i]!), y: order.map((i) => y[i]!) };
}
