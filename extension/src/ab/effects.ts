import type { AbEffect, AbMetric, AbResult } from "assay-lab/contract";
import { bandTraces } from "../plotly/band";
import type { PlotlyFigure } from "../plotly/plotly-figure";

/** How a guard-rail stands: broken (B is surely too bad), holding (B surely is not), or not known yet. */
export type GuardrailState = "broken" | "holding" | "unknown";

/** The state of a metric's guard-rail by the always-valid interval; null where it guards nothing. */
export function guardrailOf({ guardrail, better }: AbMetric, effect: AbEffect | undefined): GuardrailState | null {
  if (!guardrail) return null;
  const { low, high } = effect?.sequential ?? { low: null, high: null };
  if (low === null || high === null) return "unknown";
  const [best, worst] = better === "higher" ? [high, low] : [-low, -high];
  if (best < -guardrail.margin) return "broken";
  return worst >= -guardrail.margin ? "holding" : "unknown";
}

/** A metric's difference over time with its always-valid interval, around the line of no difference. */
export function effectFigure({ points }: AbResult["over_time"][number], title: string): PlotlyFigure {
  const x = points.map(({ at }) => at);
  const band = bandTraces({
    name: title,
    x,
    value: points.map(({ difference }) => difference),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  });
  return {
    data: band,
    layout: {
      showlegend: false,
      xaxis: { type: "date" },
      yaxis: { title: { text: title }, zeroline: true, zerolinewidth: 2 },
      shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: 0, y1: 0, line: { width: 1, dash: "dot", color: "#888888" } }],
      margin: { t: 12, r: 16, b: 40, l: 64 },
    },
  };
}
