import type { ColumnDrift, ModelDrift, ModelPerformance } from "assay-lab/contract";
import { bandTraces } from "../plotly/band";
import type { PlotlyFigure } from "../plotly/plotly-figure";

const blue = "#0072B2";
const orange = "#E69F00";
const legend = { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };
const margin = { t: 12, r: 16, b: 40, l: 56 };

/** Bars that can be told apart; numbers come in finer bins. */
const barsMost = 12;

/** Two distributions of one column side by side, in percent of the rows. */
export function distributionFigure(
  { bins, kind }: ColumnDrift,
  names: Readonly<Record<"reference" | "current", string>>,
): PlotlyFigure {
  const drawn = kind === "number" ? coarser(bins) : bins;
  const bar = (key: "reference" | "current", color: string) => ({
    type: "bar",
    name: names[key],
    x: drawn.map(({ label }) => label),
    y: drawn.map((bin) => 100 * bin[key]),
    marker: { color },
    hovertemplate: "%{x}: %{y:.1f} %<extra>%{fullData.name}</extra>",
  });
  return {
    data: [bar("reference", "#999999"), bar("current", blue)],
    layout: {
      barmode: "group",
      bargap: 0.2,
      xaxis: { type: "category" },
      yaxis: { ticksuffix: " %" },
      legend,
      margin,
    },
  };
}

/** Neighbouring bins of numbers as one, under the last one's label; missing cells stay apart. */
function coarser(bins: ColumnDrift["bins"]): ColumnDrift["bins"] {
  const values = bins.filter(({ label }) => label !== "missing");
  const size = Math.ceil(values.length / barsMost);
  const joined = Array.from({ length: Math.ceil(values.length / size) }, (_, k) => {
    const members = values.slice(k * size, (k + 1) * size);
    const { label } = members.at(-1)!;
    const before = values[k * size - 1]?.label;
    return {
      label: label.startsWith(">") && before ? before.replace("≤", ">") : label,
      reference: members.reduce((sum, { reference }) => sum + reference, 0),
      current: members.reduce((sum, { current }) => sum + current, 0),
    };
  });
  return [...joined, ...bins.filter(({ label }) => label === "missing")];
}

/** Rows over time by who answered them. */
export function trafficFigure(
  { over_time }: ModelDrift,
  names: Readonly<Record<"model" | "basic" | "emergency", string>>,
): PlotlyFigure {
  const x = over_time.map(({ from }) => from);
  const bar = (name: string, y: number[], color: string) => ({ type: "bar", name, x, y, marker: { color } });
  const rows = over_time.map((part) => part.rows - part.basic_rows - part.emergency_rows);
  return {
    data: [
      bar(names.model, rows, blue),
      bar(
        names.basic,
        over_time.map(({ basic_rows }) => basic_rows),
        orange,
      ),
      bar(
        names.emergency,
        over_time.map(({ emergency_rows }) => emergency_rows),
        "#D55E00",
      ),
    ].filter(({ y }, k) => k === 0 || y.some((value) => value > 0)),
    layout: { barmode: "stack", bargap: 0.15, xaxis: { type: "date" }, yaxis: { rangemode: "tozero" }, legend, margin },
  };
}

/** Milliseconds over time: the mean and the slowest answer. */
export function latencyFigure({ over_time }: ModelDrift, names: Readonly<Record<"mean" | "max", string>>): PlotlyFigure {
  const x = over_time.map(({ from }) => from);
  const line = (name: string, y: (number | null)[], color: string) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y,
    line: { color },
    marker: { size: 5, color },
  });
  return {
    data: [
      line(
        names.mean,
        over_time.map(({ latency_ms_mean }) => latency_ms_mean),
        blue,
      ),
      line(
        names.max,
        over_time.map(({ latency_ms_max }) => latency_ms_max),
        orange,
      ),
    ],
    layout: { xaxis: { type: "date" }, yaxis: { type: "log", ticksuffix: " ms", nticks: 5 }, legend, margin },
  };
}

/** The index of each column that moved most, over time; the lines at which it counts as moved. */
export function psiFigure({ over_time }: ModelDrift, names: Readonly<Record<"prediction", string>>): PlotlyFigure {
  const x = over_time.map(({ from }) => from);
  const columns = [...new Set(over_time.flatMap(({ psi }) => Object.keys(psi)))].slice(0, 5);
  const line = (name: string, y: (number | null)[]) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y,
    marker: { size: 5 },
  });
  const level = (y: number) => ({
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { width: 1, dash: "dot", color: "#888888" },
  });
  return {
    data: [
      line(
        names.prediction,
        over_time.map(({ prediction_psi }) => prediction_psi),
      ),
      ...columns.map((column) =>
        line(
          column,
          over_time.map(({ psi }) => psi[column] ?? null),
        ),
      ),
    ],
    layout: { xaxis: { type: "date" }, yaxis: { rangemode: "tozero" }, shapes: [level(0.1), level(0.25)], legend, margin },
  };
}

/** One metric over time with its interval, and its value at the training as a line. */
export function metricFigure({ over_time, baseline }: ModelPerformance, metric: string): PlotlyFigure {
  const number = (value: unknown) => (typeof value === "number" ? value : null);
  const estimates = over_time.map(({ metrics }) => metrics[metric]);
  const trained = number(baseline[`test.${metric}`]);
  return {
    data: bandTraces({
      name: metric,
      x: over_time.map(({ from }) => from),
      value: estimates.map((each) => number(each?.value)),
      low: estimates.map((each) => each?.low ?? null),
      high: estimates.map((each) => each?.high ?? null),
    }),
    layout: {
      showlegend: false,
      xaxis: { type: "date" },
      shapes:
        trained === null
          ? []
          : [
              {
                type: "line",
                xref: "paper",
                x0: 0,
                x1: 1,
                y0: trained,
                y1: trained,
                line: { width: 1, dash: "dash", color: "#888888" },
              },
            ],
      margin,
    },
  };
}
