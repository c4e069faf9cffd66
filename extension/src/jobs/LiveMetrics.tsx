import type { MetricSeries } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../elements/format";
import { useEvents } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** Metrics that a card has room for. */
const most = 6;

/** The newest value of each of a running job's metrics, as they come. */
export function LiveMetrics({ runId }: { runId: string }): React.JSX.Element | null {
  const { api, preferences, trans } = usePanel();
  const latest = useLoaded(runId, () => routes.series(api, runId).then(newest));
  useEvents((event) => {
    if (event.kind !== "metrics" || event.run_id !== runId) return;
    const told = Object.fromEntries(event.points.map(({ split, name, value }) => [`${split}.${name}`, value]));
    latest.change((old) => ({ ...old, ...told }));
  }, latest.reload);
  const entries = Object.entries(latest.data ?? {}).slice(0, most);
  if (entries.length === 0) return null;
  return (
    <dl className="jp-AssayJobs-metrics" aria-label={trans.__("Metrics so far")}>
      {entries.map(([name, value]) => (
        <div key={name} data-metric={name}>
          <dt>{name}</dt>
          <dd>{formatMetric(value, preferences.values.decimals)}</dd>
        </div>
      ))}
    </dl>
  );
}

function newest(series: readonly MetricSeries[]): Record<string, MetricSeries["values"][number]> {
  return Object.fromEntries(
    series.flatMap(({ split, name, values }) => values.slice(-1).map((value) => [`${split}.${name}`, value])),
  );
}
