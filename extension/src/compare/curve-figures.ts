import type { MetricSeries } from "assay-lab/contract";
import type { NamedFigure } from "../plotly/plotly-figure";
import { smoothed } from "./smooth";

/** What a curve's points stand above: steps, seconds since the run's first point, or the clock. */
export type CurveAxis = "step" | "elapsed" | "clock";

/** How curves are drawn. */
export interface CurveOptions {
  axis: CurveAxis;
  /** 0 (as logged) up to 1, left out. */
  smoothing: number;
  /** Whether values stand on a logarithmic axis. */
  logarithmic: boolean;
}

/** As they were logged, by step. */
export const plainCurves: CurveOptions = { axis: "step", smoothing: 0, logarithmic: false };

const dashes = ["solid", "dash", "dot", "dashdot"];
/** Of the splits of one run: Okabe and Ito's colours; the theme lightens those that are dark on dark ground. */
export const splitColors = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#999999"];

/**
 * One chart of lines for each metric that was logged by step: the colour of the run where there are several, else one of the split, and a stroke a
 * split. Under a smoothed line stands the logged one, faint.
 */
export function metricCurves(
  series: readonly MetricSeries[],
  nameOf: (runId: string) => string,
  options: CurveOptions = plainCurves,
  colors: ReadonlyMap<string, string> = new Map(),
): NamedFigure[] {
  const byStep = series.filter(({ steps }) => steps.length > 1);
  const names = [...new Set(byStep.map(({ name }) => name))].sort();
  return names.map((name) => {
    const lines = byStep.filter((line) => line.name === name);
    const splits = [...new Set(lines.map(({ split }) => split))].sort();
    return {
      name,
      title: name,
      figure: {
        data: lines.flatMap((line) => {
          const style = {
            color: colors.get(line.run_id) ?? splitColors[splits.indexOf(line.split) % splitColors.length],
            dash: colors.size > 0 ? dashes[splits.indexOf(line.split) % dashes.length] : "solid",
          };
          return tracesOf(line, [nameOf(line.run_id), line.split].filter(Boolean).join(" · "), style, options);
        }),
        layout: {
          xaxis: { title: { text: titles[options.axis] } },
          yaxis: { title: { text: name }, ...(options.logarithmic && { type: "log" }) },
          margin: { t: 12, r: 12, b: 42, l: 60 },
          showlegend: lines.length > 1,
          legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
        },
      },
    };
  });
}

const titles: Readonly<Record<CurveAxis, string>> = { step: "step", elapsed: "seconds", clock: "time" };

function tracesOf(line: MetricSeries, name: string, style: object, { axis, smoothing }: CurveOptions): Record<string, unknown>[] {
  const values = line.values.map((value) => (typeof value === "number" ? value : null));
  const trace = { type: "scatter", name, x: placesOf(line, axis), legendgroup: name };
  const drawn = {
    ...trace,
    mode: line.steps.length > 60 || smoothing > 0 ? "lines" : "lines+markers",
    marker: { size: 4 },
    line: { ...style, width: 2 },
    y: smoothed(values, smoothing),
  };
  if (smoothing === 0) return [drawn];
  return [
    { ...trace, mode: "lines", line: { ...style, width: 1 }, y: values, opacity: 0.25, showlegend: false, hoverinfo: "skip" },
    drawn,
  ];
}

/** Where the points stand; by step where the instants are not known. */
function placesOf({ steps, times }: MetricSeries, axis: CurveAxis): readonly (number | string)[] {
  if (axis === "step" || !times) return steps;
  return axis === "elapsed" ? times.map((at) => (at - times[0]!) / 1000) : times.map((at) => new Date(at).toISOString());
}
