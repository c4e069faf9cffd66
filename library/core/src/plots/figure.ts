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
  return { title: { text: title }, automargin: true, zeroline: false, ...more };
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
