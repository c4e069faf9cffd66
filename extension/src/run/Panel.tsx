import type { RunInfo } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { metricCurves } from "../compare/figures";
import { formatAlgorithm, formatDuration } from "../elements/format";
import { Failure, Loading } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { figuresOf } from "../plotly/figure";
import { routes } from "../routes";
import { Details } from "./Details";
import { deployRun } from "./deploy";
import { Logs } from "./Logs";
import { Metrics } from "./Metrics";
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
      <Header run={run.data} />
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
      <section aria-label={trans.__("Log")}>
        <h2>{trans.__("Log")}</h2>
        {logs.error !== null ? <Failure error={logs.error} onRetry={logs.reload} /> : <Logs lines={logs.data ?? []} />}
      </section>
    </div>
  );
}

/** Name, status, progress and what may be done. */
function Header({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [failure, setFailure] = useState<unknown>(null);
  const open = run.status === "pending" || run.status === "training";
  const act = (action: () => Promise<unknown>) => {
    setFailure(null);
    action().catch(setFailure);
  };
  const facts = [run.experiment, run.algorithm && formatAlgorithm(run), run.task_type, run.dataset, took(run)].filter(Boolean);
  return (
    <header className="jp-AssayRun-head">
      <div className="jp-Assay-bar">
        <h1>{run.name}</h1>
        <Status status={run.status} />
        <span className="jp-Assay-spring" />
        {open && (
          <button type="button" className="jp-mod-styled jp-mod-warn" onClick={() => act(() => routes.cancel(api, run.id))}>
            {trans.__("Cancel")}
          </button>
        )}
        {run.status === "completed" && (
          <>
            <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => act(() => deployRun(api, trans, run))}>
              {trans.__("Deploy…")}
            </button>
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              onClick={() => act(() => routes.downloadModel(api, run.id, `${run.name}.assay`))}
            >
              {trans.__("Download model")}
            </button>
          </>
        )}
      </div>
      <p className="jp-Assay-faint">{facts.join(" · ")}</p>
      {run.status === "training" && (
        <Progress step={run.progress?.step ?? 0} steps={run.progress?.steps ?? 0} label={trans.__("Progress")} />
      )}
      {failure !== null && <Failure error={failure} />}
    </header>
  );
}

function took(run: RunInfo): string | null {
  if (!run.started_at || !run.ended_at) return null;
  return formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at));
}
