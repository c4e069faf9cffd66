import type { Comparison } from "assay-lab/contract";
import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { colorsOf } from "../elements/identity-colors";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { runsRoutes } from "../experiments/runs-routes";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { type CurveAxis, type CurveOptions, metricCurves, plainCurves } from "./curve-figures";
import { shortName } from "./figures";

/** Curves of the runs over each other, smoothed and along the axis that the reader chooses. */
export function Curves({ comparison, shown }: { comparison: Comparison; shown: ReadonlySet<string> }): React.JSX.Element | null {
  const { api, trans } = usePanel();
  const id = useId();
  const [options, setOptions] = useState<CurveOptions>(plainCurves);
  const ids = comparison.runs.map((run) => run.id);
  const timed = useLoaded(options.axis === "step" ? null : ids.join(), () => runsRoutes.timedSeries(api, ids));
  const series = options.axis === "step" ? comparison.series : (timed.data?.series ?? []);
  const figures = useMemo(() => {
    const names = new Map(comparison.runs.map((run, i) => [run.id, shortName(run.name, i)]));
    const kept = series.filter((line) => shown.has(line.run_id) && line.split !== "cv");
    const colors = colorsOf(comparison.runs.map((run) => run.id));
    return metricCurves(kept, (run) => names.get(run) ?? run, options, colors);
  }, [comparison, series, shown, options]);
  if (!comparison.series.some(({ steps, split }) => steps.length > 1 && split !== "cv")) return null;
  const change = (changes: Partial<CurveOptions>) => setOptions((old) => ({ ...old, ...changes }));
  return (
    <section aria-label={trans.__("Curves")}>
      <div className="jp-Assay-bar jp-AssayCompare-head">
        <h2>{trans.__("Curves")}</h2>
        <span className="jp-Assay-spring" />
        <label className="jp-Assay-check">
          {trans.__("Smoothing")}
          <input
            type="range"
            name="smoothing"
            min={0}
            max={0.99}
            step={0.01}
            value={options.smoothing}
            onChange={({ target }) => change({ smoothing: target.valueAsNumber })}
          />
          <output>{options.smoothing.toFixed(2)}</output>
        </label>
        <Select
          id={id}
          name="axis"
          label={trans.__("Axis of the curves")}
          value={options.axis}
          options={[
            { value: "step", label: trans.__("by step") },
            { value: "elapsed", label: trans.__("by seconds since the start") },
            { value: "clock", label: trans.__("by the clock") },
          ]}
          onChange={(axis) => change({ axis: axis as CurveAxis })}
        />
        <label className="jp-Assay-check">
          <input
            type="checkbox"
            name="logarithmic"
            checked={options.logarithmic}
            onChange={({ target }) => change({ logarithmic: target.checked })}
          />
          {trans.__("Logarithmic")}
        </label>
      </div>
      <State of={timed} />
      <div className="jp-Assay-figures">
        {figures.map(({ name, title, figure }) => (
          <figure key={name} data-curves={name}>
            <figcaption>{title}</figcaption>
            <Figure figure={figure} label={trans.__("Curves of %1", title)} />
          </figure>
        ))}
      </div>
    </section>
  );
}
