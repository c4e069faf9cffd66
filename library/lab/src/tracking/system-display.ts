import { figureToSvg } from "assay";
import type { SystemSeries } from "../contract/system-metrics.ts";
import { display } from "../html.ts";
import { systemFigures } from "./system-figures.ts";

/** The same curves, which a notebook draws beside each other. */
export function shownSystem(series: readonly SystemSeries[]): readonly SystemSeries[] {
  return display([...series], () => {
    const figures = systemFigures(series);
    if (figures.length === 0) return "<p>Nothing was sampled: run with systemMetrics: true, or as a job.</p>";
    const pictures = figures.map(({ figure }) => figureToSvg(figure, { width: 520, height: 240, ink: "currentColor" })).join("");
    return `<div style="display:flex;flex-wrap:wrap;gap:12px">${pictures}</div>`;
  });
}
