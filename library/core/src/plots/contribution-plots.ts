import { ShapeError } from "../base/errors.ts";
import { axis, colour, evenly, type Figure, figure, heightOf, lowToHigh, quiet, type Trace } from "./figure.ts";

const rowsMax = 500;

/** What each column added to each row's prediction. */
export interface Contributions {
  /** Names of the columns (d). */
  readonly features: readonly string[];
  /** Contributions (n × d, row-major). */
  readonly contributions: ArrayLike<number>;
  /** The columns' values (n × d, row-major) that colour the points; NaN where missing. */
  readonly values?: ArrayLike<number> | undefined;
  /** What the contributions add up to: "log odds of yes", "price". */
  readonly output?: string | undefined;
}

/**
 * A point for each row and column at its contribution, coloured by the column's value, the columns that matter most on top (mean absolute
 * contribution): at most `features` of them (15) and 500 rows, evenly taken. Source: Lundberg & Lee (2017), NeurIPS 30.
 */
export function plotShapSummary(
  { features: names, contributions, values, output = "prediction" }: Contributions,
  { features: featuresMax = 15 } = {},
): Figure {
  const d = names.length;
  const n = contributions.length / d;
  if (!Number.isInteger(n))
    throw new ShapeError(`plotShapSummary: contributions must be n × ${d}, got ${contributions.length} values`);
  const weight = names.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(contributions[i * d + j]!);
    return sum / n;
  });
  const shown = names
    .map((_, j) => j)
    .sort((a, b) => weight[b]! - weight[a]!)
    .slice(0, featuresMax)
    .reverse();
  const rows = evenly(n, rowsMax);
  const swarms = shown.map((j, place): Trace => {
    const x = rows.map((i) => contributions[i * d + j]!);
    return {
      type: "scatter",
      mode: "markers",
      x,
      y: offsets(x).map((offset) => place + offset),
      marker: {
        size: 4,
        opacity: 0.8,
        color: values ? ranks(rows.map((i) => values[i * d + j]!)) : colour(0),
        ...(values && { colorscale: lowToHigh, cmin: 0, cmax: 1, showscale: place === 0 }),
        ...(values && place === 0 && { colorbar: { title: { text: "value" }, tickvals: [0, 1], ticktext: ["low", "high"] } }),
      },
      name: names[j],
      hovertemplate: `${escapeText(names[j]!)}: %{x}<extra></extra>`,
      showlegend: false,
    };
  });
  return figure("What moved the predictions", swarms, {
    xaxis: axis(`contribution to ${output}`, { zeroline: true, zerolinecolor: "#999999" }),
    yaxis: axis("", {
      tickvals: shown.map((_, place) => place),
      ticktext: shown.map((j) => names[j]!),
      range: [-0.6, shown.length - 0.4],
    }),
    height: heightOf(shown.length, 28),
  });
}

/** What each column added to one row's prediction. */
export interface RowContributions {
  readonly features: readonly string[];
  /** One a column (d). */
  readonly contributions: ArrayLike<number>;
  /** The row's values, written beside the names. */
  readonly values?: readonly (number | string | boolean | null)[] | undefined;
  /** What is predicted where nothing is known of the row. */
  readonly base: number;
  readonly output?: string | undefined;
}

/** From the base value to the prediction, a bar a column, the largest on top; beyond `features` (12) the rest together. */
export function plotShapWaterfall(
  { features: names, contributions, values, base, output = "prediction" }: RowContributions,
  { features: featuresMax = 12 } = {},
): Figure {
  if (contributions.length !== names.length)
    throw new ShapeError(
      `plotShapWaterfall: needs one contribution for each of ${names.length} columns, got ${contributions.length}`,
    );
  const order = names.map((_, j) => j).sort((a, b) => Math.abs(contributions[b]!) - Math.abs(contributions[a]!));
  const steps = order.slice(0, featuresMax).map((j) => ({ name: labelOf(names[j]!, values?.[j]), by: contributions[j]! }));
  const rest = order.slice(featuresMax);
  if (rest.length > 0)
    steps.push({ name: `${rest.length} other columns`, by: rest.reduce((sum, j) => sum + contributions[j]!, 0) });
  steps.reverse();
  let at = base;
  const bases = steps.map(({ by }) => (at += by) - by);
  const bars = {
    type: "bar",
    orientation: "h",
    base: bases,
    x: steps.map(({ by }) => by),
    y: steps.map(({ name }) => name),
    marker: { color: steps.map(({ by }) => colour(by < 0 ? 0 : 3)) },
    text: steps.map(({ by }) => `${by < 0 ? "−" : "+"}${Number(Math.abs(by).toPrecision(3))}`),
  };
  const mark = (x: number) => ({
    type: "line",
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    xref: "x",
    yref: "paper",
    line: { color: quiet, dash: "dot" },
  });
  const words = (x: number, text: string, y: number) => ({
    x,
    y,
    xref: "x",
    yref: "paper",
    yanchor: "bottom",
    text,
    showarrow: false,
  });
  return figure("How the prediction came about", [bars], {
    xaxis: axis(output, { range: room([base, at, ...bases]) }),
    yaxis: axis("", { type: "category" }),
    shapes: [mark(base), mark(at)],
    annotations: [
      words(base, `base ${Number(base.toPrecision(4))}`, 1),
      words(at, `prediction ${Number(at.toPrecision(4))}`, 1.06),
    ],
    showlegend: false,
    height: heightOf(steps.length, 26) + 30,
  });
}

/** How far points stand off their line so that they do not hide each other: alternately up and down within each of 60 bins. */
function offsets(x: readonly number[]): number[] {
  const low = Math.min(...x);
  const width = (Math.max(...x) - low) / 60 || 1;
  const binOf = (value: number): number => Math.floor((value - low) / width);
  const fullest = Math.max(...countBy(x.map(binOf)).values());
  const seen = new Map<number, number>();
  return x.map((value) => {
    const bin = binOf(value);
    const k = seen.get(bin) ?? 0;
    seen.set(bin, k + 1);
    return ((k % 2 === 0 ? 1 : -1) * 0.4 * Math.ceil(k / 2)) / Math.max(6, fullest / 2);
  });
}

function countBy(keys: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Places among the values as shares of 0 … 1, so that one outlier does not take all colours; missing is the middle. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
  const places = new Map(sorted.map((value, k) => [value, sorted.length > 1 ? k / (sorted.length - 1) : 0.5]));
  return values.map((value) => places.get(value) ?? 0.5);
}

function labelOf(name: string, value: number | string | boolean | null | undefined): string {
  if (value === undefined) return name;
  return `${name} = ${typeof value === "number" ? Number(value.toPrecision(4)) : String(value ?? "missing").slice(0, 24)}`;
}

function room(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.12 * (high - low || 1);
  return [low - margin, high + margin];
}

/** plotly reads some HTML and its own `%{…}` in templates. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("%{", "% {");
}
