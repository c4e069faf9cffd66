import type { RunInfo } from "assay-lab/contract";
import React, { useMemo } from "react";
import { metricCurves } from "../compare/figures";
import { Failure, Loading } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { figuresOf } from "../plotly/figure";
import { Artifacts } from "./Artifacts";
import { Details } from "./Details";
import { Head } from "./Head";
import { Logs } from "./Logs";
import { Metrics } from "./Metrics";
import { Replay } from "./Replay";
import { useRun } from "./use-run";

/** One run: what it is doing, what came of it, and how it was made. */
export function RunPanel({ id }: { id: string }): React.JSX.Element {
  const { trans } = usePanel();
  const { run, series, logs } = useRun(id);
  const evaluation = run.data?.evaluation;
  const figures = useMemo(() => figuresOf(evaluation), [evaluation]);
  const curves = useMemo(() => metricCurves(series.data ?? [], () => ""), [series.data]);

  if (!run.data) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll">
        {run.error !== null ? <Failure error={run.error} onRetry={run.reload} /> : <Loading rows={12} />}
      </div>
    );
  }
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayRun" data-status={run.data.status}>
      <Head run={run.data} />
      {run.error !== null && <Failure error={run.error} onRetry={run.reload} />}
      {run.data.error !== null && (
        <div className="jp-Assay-failure" role="alert">
          <p>{run.data.error}</p>
        </div>
      )}
      <section aria-label={trans.__("Metrics")}>
        <h2>{trans.__("Metrics")}</h2>
        <Metrics metrics={run.data.metrics} />
      </section>
      {(figures.length > 0 || curves.length > 0) && (
        <section aria-label={trans.__("Figures")}>
          <h2>{trans.__("Figures")}</h2>
          <div className="jp-Assay-figures">
            {[
              ...curves.map((curve) => ({ ...curve, name: `curve-${curve.name}`, title: trans.__("%1 by step", curve.title) })),
              ...figures,
            ].map(({ name, title, figure }) => (
              <figure key={name} data-figure={name}>
                <figcaption>{title}</figcaption>
                <Figure figure={figure} label={title} />
              </figure>
            ))}
          </div>
        </section>
      )}
      <Details run={run.data} />
      <Artifacts run={run.data} />
      {isReplayable(run.data) && <Replay run={run.data} />}
      <section aria-label={trans.__("Log")}>
        <h2>{trans.__("Log")}</h2>
        {logs.error !== null ? <Failure error={logs.error} onRetry={logs.reload} /> : <Logs lines={logs.data ?? []} />}
      </section>
    </div>
  );
}

/** A training that is done can be done again; a search or a comparison is not a training. */
function isReplayable({ status, request, tags }: RunInfo): boolean {
  return status === "completed" && request !== null && tags["study"] === undefined && tags["comparison"] === undefined;
}
