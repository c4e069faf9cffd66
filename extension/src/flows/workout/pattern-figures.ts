import type { PlotlyFigure } from "../../plotly/plotly-figure";

/** Bars of counts by name. */
export function countsFigure(names: readonly string[], counts: readonly number[]): PlotlyFigure {
  return {
    data: [{ type: "bar", x: names, y: counts, marker: { color: "#0072B2" }, hovertemplate: "%{x}: %{y}<extra></extra>" }],
    layout: {
      xaxis: { type: "category" },
      yaxis: { rangemode: "tozero", nticks: 4 },
      bargap: 0.25,
      margin: { t: 8, r: 8, b: 28, l: 36 },
    },
  };
}
