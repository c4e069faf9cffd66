import type { Comparison } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { AxisSelect } from "./AxisSelect";
import { associations } from "./association";
import { axesOf, type Marked } from "./axes";
import { importanceBars, parallelAxes, rangesOf } from "./relation-figures";
import { Scatter } from "./Scatter";

/** Pixels of an axis in parallel coordinates, at least. */
const axisWidth = 90;

interface RelationsProps {
  comparison: Comparison;
  /** Runs that lie within the marks. */
  shown: ReadonlySet<string>;
  onMark(marked: readonly Marked[]): void;
}

/** How parameters and metrics go together: parallel coordinates that are marked by dragging, importance, a scatter of any two. */
export function Relations({ comparison, shown, onMark }: RelationsProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const axes = useMemo(() => axesOf(comparison), [comparison]);
  const metrics = axes.filter(({ name, kind }) => kind === "number" && comparison.metrics.some((each) => each.name === name));
  const params = axes.filter(({ name }) => comparison.params.some((each) => each.name === name));
  const [chosen, setChosen] = useState("");
  const metric = metrics.find(({ name }) => name === chosen) ?? metrics[0];
  const parallel = useMemo(() => parallelAxes(comparison.parallel, metric), [comparison, metric]);
  const importance = useMemo(() => (metric ? associations(params, metric) : []), [axes, metric]);
  const bars = useMemo(() => importanceBars(importance), [importance]);
  if (axes.length < 2 || !metric) return null;
  return (
    <section aria-label={trans.__("Parameters and metrics")}>
      <div className="jp-Assay-bar jp-AssayCompare-head">
        <h2>{trans.__("Parameters and metrics")}</h2>
        <span className="jp-Assay-spring" />
        <AxisSelect name="metric" label={trans.__("Metric")} axes={metrics} value={metric.name} onChange={setChosen} />
      </div>
      <div className="jp-Assay-figures">
        {comparison.parallel.length > 1 && (
          <figure className="jp-mod-wide" data-figure="parallel">
            <figcaption>{trans.__("In parallel: drag along an axis to keep only those runs, in the table too")}</figcaption>
            <Wide label={trans.__("Figure that moves sideways")}>
              {/* names of axes that stand closer would lie over each other */}
              <div style={{ minWidth: axisWidth * comparison.parallel.length }}>
                <Figure
                  figure={parallel}
                  label={trans.__("Runs in parallel coordinates, coloured by %1", metric.name)}
                  height={320}
                  onRestyle={(traces) => onMark(rangesOf(traces))}
                />
              </div>
            </Wide>
          </figure>
        )}
        {importance.length > 0 && (
          <figure data-figure="importance">
            <figcaption>{trans.__("What went together with %1: |ρ| of numbers, η of categories", metric.name)}</figcaption>
            <Figure
              figure={bars}
              label={trans.__(
                "Strength of association with %1: %2",
                metric.name,
                importance.map(({ name, strength }) => `${name} ${strength.toFixed(2)}`).join(", "),
              )}
              height={Math.max(160, 60 + 24 * importance.length)}
            />
          </figure>
        )}
        <Scatter axes={axes} metric={metric} comparison={comparison} shown={shown} />
      </div>
    </section>
  );
}
