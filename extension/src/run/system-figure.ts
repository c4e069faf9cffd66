import { type SystemRow, type SystemSeries, systemRow, systemRowNames, timeUnit } from "assay-lab/contract";
import { splitColors } from "../compare/curve-figures";
import type { PlotlyFigure } from "../plotly/plotly-figure";

/** What the figure says, in the reader's language; `lines` by a quantity's name. */
export interface SystemWords {
  rows: Readonly<Record<SystemRow, string>>;
  lines: Readonly<Record<string, string>>;
  seconds: string;
  minutes: string;
  hours: string;
}

/** A figure, and how high it is drawn. */
interface SystemFigure {
  figure: PlotlyFigure;
  height: number;
}

const [rowHeight, around, gap] = [130, 130, 40];

/** One row a unit above one axis of time, which begins with the first sample; null where nothing was sampled. */
export function systemFigure(series: readonly SystemSeries[], words: SystemWords): SystemFigure | null {
  const drawn = series.filter(({ times }) => times.length > 0);
  if (drawn.length === 0) return null;
  const begin = Math.min(...drawn.map(({ times }) => times[0]!));
  const end = Math.max(...drawn.map(({ times }) => times.at(-1)!));
  const { unit, unitMs } = timeUnit(end - begin);

  const titleOf = ({ name }: SystemSeries): string => {
    const row = systemRow(name);
    return row ? words.rows[row] : name;
  };
  const order = [...systemRowNames.map((row) => words.rows[row]), ...drawn.map(titleOf)];
  const rows = [...new Set(order)].filter((row) => drawn.some((line) => titleOf(line) === row));
  const axisOf = (row: string): string => (rows.indexOf(row) === 0 ? "" : String(rows.indexOf(row) + 1));
  const lines = [...drawn].sort((a, b) => rows.indexOf(titleOf(a)) - rows.indexOf(titleOf(b)));

  const inner = rows.length * rowHeight + (rows.length - 1) * gap;
  const domainOf = (k: number): [number, number] => {
    const top = 1 - (k * (rowHeight + gap)) / inner;
    return [Math.max(0, top - rowHeight / inner), top];
  };
  const axes = rows.map((row, k) => [`yaxis${axisOf(row)}`, { domain: domainOf(k), rangemode: "tozero", nticks: 5 }] as const);
  return {
    height: inner + around,
    figure: {
      data: lines.map((line, k) => ({
        type: "scatter",
        mode: line.times.length > 60 ? "lines" : "lines+markers",
        name: words.lines[line.name] ?? line.name,
        x: line.times.map((at) => (at - begin) / unitMs),
        y: line.values.map((value) => (typeof value === "number" ? value : null)),
        yaxis: `y${axisOf(titleOf(line))}`,
        showlegend: drawn.filter((each) => titleOf(each) === titleOf(line)).length > 1,
        line: { color: splitColors[k % splitColors.length], width: 2 },
        marker: { size: 4 },
      })),
      layout: {
        ...Object.fromEntries(axes),
        xaxis: { anchor: `y${axisOf(rows.at(-1)!)}`, title: { text: words[unit], standoff: 6 }, rangemode: "tozero" },
        annotations: rows.map((row, k) => ({
          ...{ text: row, xref: "paper", x: 0, xanchor: "left", yref: "paper", y: domainOf(k)[1], yanchor: "bottom" },
          ...{ showarrow: false, font: { size: 12 } },
        })),
        legend: { orientation: "h", y: -52 / inner, yanchor: "top" },
        margin: { t: 22, r: 12, b: 108, l: 60 },
      },
    },
  };
}

/** The highest value of a quantity; undefined where it was not sampled. */
export function highest(series: readonly SystemSeries[], name: string): number | undefined {
  const values = series.find((line) => line.name === name)?.values.filter((value) => typeof value === "number") ?? [];
  return values.length > 0 ? Math.max(...values) : undefined;
}
