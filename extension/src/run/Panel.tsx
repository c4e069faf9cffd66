import type { RunInfo } from "assay-lab/contract";
import React, { useMemo } from "react";
import { metricCurves } from "../compare/curve-figures";
import { Failure, State } from "../elements/states";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { figuresOf } from "../plotly/plotly-figure";
import { Artifacts } from "./Artifacts";
import { Classes } from "./Classes";
import { Details } from "./Details";
import { evaluationParts } from "./evaluation";
import { Head } from "./Head";
import { LearningCurve } from "./LearningCurve";
import { Logs } from "./Logs";
import { Metrics } from "./Metrics";
import { Notes } from "./Notes";
import { PartialDependence } from "./PartialDependence";
import { Replay } from "./Replay";
import { ResidualFacts } from "./ResidualFacts";
import { System } from "./System";
import { useRun } from "./use-run";
import { Worst } from "./Worst";

/** Pixels in which the four levels of boxes of a drawn tree stand apart. */
const treeHeight = 440;

/** One run: what it is doing, what came of it, and how it was made. */
export function RunPanel({ id }: { id: string }): React.JSX.Element {
  const { trans } = usePanel();
  const { run, series, logs } = useRun(id);
  const evaluation = run.data?.evaluation;
  const figures = useMemo(() => figuresOf(evaluation), [evaluation]);
  const parts = useMemo(() => evaluationParts(evaluation), [evaluation]);
  const curves = useMemo(() => metricCurves(series.data ?? [], () => ""), [series.data]);

  if (!run.data) {
    return (
      <div className="jp-Assay-panel jp-mod-scroll">
        <State of={run} rows={12} />
      </div>
    );
  }
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayRun" data-status={run.data.status}>
      <Head run={run.data} onChanged={run.reload} />
      <State of={run} />
      <Failure error={run.data.error} />
      <section aria-label={trans.__("Metrics")}>
        <h2>{trans.__("Metrics")}</h2>
        <Metrics metrics={run.data.metrics} intervals={parts.intervals} />
        {parts.notes.map((note) => (
          <p className="jp-Assay-faint" key={note}>
            {note}
          </p>
        ))}
      </section>
      {parts.classes.length > 0 && <Classes classes={parts.classes} />}
      {(figures.length > 0 || curves.length > 0) && (
        <section aria-label={trans.__("Figures")}>
          <h2>{trans.__("Figures")}</h2>
          <div className="jp-Assay-figures">
            {[
              ...curves.map((curve) => ({ ...curve, name: `curve-${curve.name}`, title: trans.__("%1 by step", curve.title) })),
              ...figures,
            ].map(({ name, title, figure }) => (
              <figure key={name} data-figure={name} className={name === "tree" ? "jp-mod-wide" : undefined}>
                <figcaption>{title}</figcaption>
                <Figure figure={figure} label={title} height={name === "tree" ? treeHeight : 300} />
              </figure>
            ))}
          </div>
        </section>
      )}
      {parts.residuals && <ResidualFacts residuals={parts.residuals} />}
      {isExplained(run.data) && <PartialDependence run={run.data} />}
      {isLearner(run.data) && <LearningCurve run={run.data} />}
      {parts.worst.length > 0 && <Worst rows={parts.worst} />}
      <Notes run={run.data} onChanged={run.reload} />
      <Details run={run.data} />
      <Artifacts run={run.data} />
      {isReplayable(run.data) && <Replay run={run.data} />}
      <System run={run.data} />
      <section aria-label={trans.__("Log")}>
        <h2>{trans.__("Log")}</h2>
        <State of={logs}>{(lines) => <Logs lines={lines} />}</State>
      </section>
    </div>
  );
}

/** A training that is done can be done again; a search or a comparison is not a training. */
function isReplayable({ status, request, tags }: RunInfo): boolean {
  return status === "completed" && request !== null && tags["study"] === undefined && tags["comparison"] === undefined;
}

/** What a job trained on a dataset's columns can be trained on fewer of its rows. */
function isLearner(run: RunInfo): boolean {
  const { algorithm, target_column } = (run.request ?? {}) as Record<string, unknown>;
  return isReplayable(run) && isExplained(run) && typeof algorithm === "string" && typeof target_column === "string";
}

/** A model of columns of a stored dataset can be asked what it makes of each. */
function isExplained({ status, dataset, dataset_version_id, feature_columns, artifacts, deleted_at }: RunInfo): boolean {
  const hasData = dataset !== null && dataset_version_id !== null && feature_columns.length > 0;
  return status === "completed" && deleted_at === null && hasData && artifacts.some(({ kind }) => kind === "model");
}
