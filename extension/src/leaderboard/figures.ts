import type { PlotlyFigure } from "../plotly/plotly-figure";
import type { Board, ComparedRow } from "./board";

const layoutOf = (title: string) => ({
  xaxis: { title: { text: title } },
  yaxis: { autorange: "reversed", type: "category" },
  margin: { t: 8, r: 16, b: 40, l: 150 },
  showlegend: false,
});

/** Mean of the folds as a bar with its standard deviation, the best on top; the dummy is grey. */
export function meanBars({ rows, metric }: Board): PlotlyFigure | null {
  const shown = rows.filter(hasScore);
  if (shown.length === 0) return null;
  const bars = {
    type: "bar",
    orientation: "h",
    y: shown.map(({ model }) => model),
    x: shown.map(({ mean_score }) => Number(mean_score)),
    error_x: { type: "data", array: shown.map(({ std_score }) => (std_score === null ? 0 : Number(std_score))), thickness: 1 },
    marker: { color: shown.map(({ baseline }) => (baseline ? "#999999" : "#0072b2")) },
    hoverinfo: "x+y",
  };
  return { data: [bars], layout: { ...layoutOf(metric ?? ""), bargap: 0.35 } };
}

/** The scores of each model's folds as boxes with their points; without the dummy, beside which no difference would be seen. */
export function foldBoxes({ rows, metric }: Board): PlotlyFigure | null {
  const shown = rows.filter(({ scores, baseline }) => scores.length > 1 && !baseline);
  if (shown.length === 0) return null;
  const boxes = shown.map(({ model, scores }) => ({
    type: "box",
    orientation: "h",
    name: model,
    x: scores.map(Number),
    boxpoints: "all",
    pointpos: 0,
    jitter: 0.4,
    marker: { color: "#0072b2", size: 4 },
    line: { width: 1 },
  }));
  return { data: boxes, layout: layoutOf(metric ?? "") };
}

function hasScore({ mean_score }: ComparedRow): boolean {
  return mean_score !== null && Number.isFinite(Number(mean_score));
}
