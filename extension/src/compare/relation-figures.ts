import type { ParallelDimension } from "assay-lab/contract";
import type { PlotlyFigure } from "../plotly/plotly-figure";
import type { Association } from "./association";
import type { Marked, Range } from "./axes";

const [blue, orange, grey] = ["#0072b2", "#e69f00", "#999999"];
/** From sky blue to vermilion: seen on light and on dark ground. */
const scale = [
  [0, "#56b4e9"],
  [0.5, "#999999"],
  [1, "#d55e00"],
];

/** The runs in parallel coordinates, coloured by a metric. A run without a value stands at the low end of that axis. */
export function parallelAxes(axes: readonly ParallelDimension[], metric: ParallelDimension | undefined): PlotlyFigure {
  const dimensions = axes.map(({ name, values, levels }) => {
    const known = values.filter((value) => value !== null);
    const low = known.length > 0 ? Math.min(...known) : 0;
    return {
      label: name,
      values: values.map((value) => value ?? low),
      ...(levels && { tickvals: levels.map((_, k) => k), ticktext: levels.map((level) => level.slice(0, 24)) }),
    };
  });
  const colors = metric?.values.map((value) => value ?? 0);
  return {
    data: [
      {
        type: "parcoords",
        dimensions,
        line: { color: colors ?? blue, colorscale: scale, showscale: colors !== undefined },
      },
    ],
    // a mark stays when the runs are compared anew
    layout: { margin: { t: 56, r: 40, b: 24, l: 104 }, uirevision: "parallel" },
  };
}

/** What the reader has marked on the axes of parallel coordinates. */
export function rangesOf(traces: readonly Record<string, unknown>[]): Marked[] {
  const dimensions = (traces[0]?.["dimensions"] ?? []) as {
    label: string;
    constraintrange?: readonly number[] | readonly Range[];
  }[];
  return dimensions.flatMap(({ label, constraintrange = [] }) => {
    if (constraintrange.length === 0) return [];
    const isOne = typeof constraintrange[0] === "number";
    return [{ name: label, ranges: (isOne ? [constraintrange] : constraintrange) as readonly Range[] }];
  });
}

/** Bars of associations, the strongest on top; blue where the metric rises with the parameter, orange where it falls, grey of a category. */
export function importanceBars(found: readonly Association[]): PlotlyFigure {
  return {
    data: [
      {
        type: "bar",
        orientation: "h",
        y: found.map(({ name }) => name),
        x: found.map(({ strength }) => strength),
        text: found.map(({ strength, rises }) => `${strength.toFixed(2)}${rises === null ? "" : rises ? " ↗" : " ↘"}`),
        textposition: "outside",
        cliponaxis: false,
        marker: { color: found.map(({ rises }) => (rises === null ? grey : rises ? blue : orange)) },
        hoverinfo: "x+y",
      },
    ],
    layout: {
      yaxis: { autorange: "reversed" },
      xaxis: { range: [0, 1.1] },
      margin: { t: 8, r: 24, b: 28, l: 110 },
      bargap: 0.35,
    },
  };
}
