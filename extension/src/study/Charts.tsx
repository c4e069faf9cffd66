import type { StudyInfo, TrialInfo } from "assay-lab/contract";
import React, { useMemo } from "react";
import { Empty, State } from "../elements/states";
import type { Loaded } from "../elements/use-loaded";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { type PlotlyFigure, untitledFigure } from "../plotly/plotly-figure";
import type { StudyFigures } from "../study-routes";
import { brushed, type Dimension } from "./brush";
import { History } from "./History";

interface ChartsProps {
  study: StudyInfo;
  /** null until they are loaded. */
  trials: readonly TrialInfo[] | null;
  figures: Loaded<StudyFigures>;
  /** Told the marked axes of the parallel coordinates whenever they change. */
  onBrush(marked: readonly Dimension[]): void;
}

const wide = new Set(["parallel", "slice"]);

/** The figures of a study: history, Pareto front, parallel coordinates, slices, importance, values on the way. */
export function Charts({ study, trials, figures, onBrush }: ChartsProps): React.JSX.Element {
  const { trans } = usePanel();
  const shown = useMemo(() => (figures.data ? drawnOf(figures.data) : []), [figures.data]);
  const titles: Record<string, string> = {
    history: trans.__("Best so far"),
    pareto: trans.__("Pareto front"),
    parallel: trans.__("Parameters in parallel: drag along an axis to mark trials"),
    slice: trans.__("Value by parameter"),
    importance: trans.__("Importance of parameters"),
    intermediate: trans.__("Values on the way; grey ones were ended early"),
  };
  return (
    <section aria-label={trans.__("Figures")}>
      <h2>{trans.__("Figures")}</h2>
      <State of={figures} rows={6}>
        {() => shown.length === 0 && <Empty title={trans.__("No completed trial yet.")} />}
      </State>
      <div className="jp-Assay-figures">
        {shown.map(({ name, figure, height }) =>
          name === "history" && trials && study.directions.length === 1 ? (
            <History key={name} study={study} trials={trials} height={height} asOf={figures.data} />
          ) : (
            <figure key={name} data-figure={name} className={wide.has(name) ? "jp-mod-wide" : undefined}>
              <figcaption>{titles[name]}</figcaption>
              <Wide label={trans.__("Figure that moves sideways")}>
                <div style={{ minWidth: leastWidth(name, figure) }}>
                  <Figure
                    figure={figure}
                    label={titles[name] ?? name}
                    height={height}
                    {...(name === "parallel" && { onRestyle: (traces) => onBrush(brushed(dimensionsOf(traces))) })}
                  />
                </div>
              </Wide>
            </figure>
          ),
        )}
      </div>
    </section>
  );
}

/** Pixels that a figure of many axes needs: names that stand closer would lie over each other. */
function leastWidth(name: string, { data }: PlotlyFigure): number {
  if (name === "parallel") return 90 * dimensionsOf(data).length;
  return name === "slice" ? 150 * data.length : 0;
}

function dimensionsOf(traces: readonly Record<string, unknown>[]): Dimension[] {
  return (traces[0]?.["dimensions"] as Dimension[] | undefined) ?? [];
}

interface Drawn {
  name: string;
  figure: PlotlyFigure;
  height: number;
}

/** The figures in order, those with nothing in them left out. */
function drawnOf(figures: StudyFigures): Drawn[] {
  return ["history", "importance", "pareto", "intermediate", "parallel", "slice"].flatMap((name) => {
    const figure = figures[name];
    if (!figure?.data.some(hasPoints)) return [];
    const { layout, ...rest } = untitledFigure(figure);
    const { height: _, ...own } = layout ?? {};
    const margin = name === "parallel" ? { t: 56, r: 56, b: 24, l: 64 } : own["margin"];
    // a mark stays when newer trials are drawn
    return [{ name, figure: { ...rest, layout: { ...own, margin, uirevision: name } }, height: name === "parallel" ? 320 : 280 }];
  });
}

function hasPoints(trace: Record<string, unknown>): boolean {
  const points = trace["x"] ?? (trace["dimensions"] as { values?: unknown }[] | undefined)?.[0]?.values;
  return Array.isArray(points) && points.length > 0;
}
