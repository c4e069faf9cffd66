import type { ModelPerformance } from "assay-lab/contract";
import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { formatDuration, formatInterval, formatMetric } from "../elements/format";
import { Empty } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { metricFigure } from "./figures";

const first = ["accuracy", "f1_macro", "r2", "rmse", "mae"];

/** How good the answers were, by the outcomes that are known; beside what the version reached at its training. */
export function Performance({ performance }: { performance: ModelPerformance }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const id = useId();
  const names = Object.keys(performance.metrics);
  const [chosen, setChosen] = useState("");
  const metric = names.includes(chosen) ? chosen : (first.find((name) => names.includes(name)) ?? names[0] ?? "");
  const figure = useMemo(() => metricFigure(performance, metric), [performance, metric]);
  const number = (value: Parameters<typeof formatMetric>[0]) => formatMetric(value, preferences.values.decimals);
  const known = performance.metrics[metric];
  const trained = performance.baseline[`test.${metric}`];
  const { outcomes, predictions, delay_hours: delay } = performance;
  return (
    <section aria-label={trans.__("Performance")} data-outcomes={outcomes}>
      <h2>{trans.__("Performance")}</h2>
      {outcomes === 0 || !known ? (
        <Empty title={trans.__("No true values are known for this time.")}>
          <p>{trans.__("Report them below, or from a program: what really happened, by the prediction's id.")}</p>
        </Empty>
      ) : (
        <>
          <div className="jp-Assay-bar">
            <Select
              id={id}
              name="performance_metric"
              label={trans.__("Metric of the performance")}
              value={metric}
              options={names.map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
              onChange={setChosen}
            />
            <span data-fact="metric">
              <strong>{number(known.value)}</strong>
              {known.low !== null && known.high !== null && ` ${formatInterval(number(known.low), number(known.high))}`}
            </span>
            {trained !== undefined && <span className="jp-Assay-faint">{trans.__("at its training %1", number(trained))}</span>}
          </div>
          <p className="jp-Assay-faint">
            {[
              trans.__("%1 of %2 rows have their true value", outcomes.toLocaleString(), predictions.toLocaleString()),
              ...(delay ? [trans.__("half of them after %1, nine of ten after %2", hours(delay.p50), hours(delay.p90))] : []),
              ...(performance.newest_only ? [trans.__("only the newest were read")] : []),
            ].join(" · ")}
          </p>
          <figure className="jp-AssayMonitoring-figure" data-figure="performance">
            <figcaption>
              {trans.__("%1 over time with its 95 % interval; dashed: at the training", metric.replaceAll("_", " "))}
            </figcaption>
            <Figure figure={figure} label={trans.__("%1 over time with its interval", metric)} height={220} />
          </figure>
        </>
      )}
    </section>
  );
}

function hours(count: number): string {
  return formatDuration(count * 3_600_000);
}
