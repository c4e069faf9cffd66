import type { TranslationBundle } from "@jupyterlab/translation";
import { type ColumnDef, createColumnHelper } from "@tanstack/react-table";
import type { Run } from "assay-lab/contract";
import React from "react";
import { formatAlgorithm, formatDuration, formatInstant, formatMetric, formatValue } from "../elements/format";
import { Progress, Status } from "../elements/status";

const column = createColumnHelper<Run>();

/** Hyperparameters in column ids and filters. */
const paramPrefix = "params.";
const metricPrefix = "metrics.";

/** The columns that every run has, with their widths in pixels. */
function fixedColumns(trans: TranslationBundle, open: (run: Run) => void): ColumnDef<Run>[] {
  const define = (id: string, header: string, size: number, cell: (run: Run) => React.ReactNode) =>
    column.display({ id, header, size, enableSorting: true, cell: ({ row }) => cell(row.original) });
  return [
    define("status", trans.__("Status"), 140, (run) => <RunStatus run={run} label={trans.__("Progress of %1", run.name)} />),
    define("name", trans.__("Name"), 190, (run) => (
      <button type="button" className="jp-Assay-link" title={run.name} onClick={() => open(run)}>
        {run.name}
      </button>
    )),
    define("experiment", trans.__("Experiment"), 130, (run) => run.experiment),
    define("algorithm", trans.__("Algorithm"), 150, (run) => formatAlgorithm(run)),
    define("dataset", trans.__("Dataset"), 130, (run) => run.dataset ?? "–"),
    define("target_column", trans.__("Target"), 110, (run) => run.target_column ?? "–"),
    define("created_at", trans.__("Created"), 152, (run) => formatInstant(run.created_at)),
    define("duration", trans.__("Duration"), 100, (run) => duration(run)),
  ];
}

/** The columns that may be shown: the fixed ones, the metrics and hyperparameters that these runs have, and those asked for. */
export function columnsOf(
  runs: readonly Run[],
  asked: readonly string[],
  digits: number,
  trans: TranslationBundle,
  open: (run: Run) => void,
): ColumnDef<Run>[] {
  const metrics = new Set(asked.filter((id) => id.startsWith(metricPrefix)).map((id) => id.slice(metricPrefix.length)));
  const params = new Set(asked.filter((id) => id.startsWith(paramPrefix)).map((id) => id.slice(paramPrefix.length)));
  for (const run of runs) {
    for (const name of Object.keys(run.metrics)) metrics.add(name);
    for (const name of Object.keys(run.hyperparameters)) params.add(name);
  }
  return [
    ...fixedColumns(trans, open),
    ...[...metrics].sort().map((name) =>
      column.display({
        id: metricPrefix + name,
        header: name,
        size: 132,
        enableSorting: true,
        cell: ({ row }) => formatMetric(row.original.metrics[name], digits),
      }),
    ),
    ...[...params].sort().map((name) =>
      column.display({
        id: paramPrefix + name,
        header: name,
        size: 116,
        enableSorting: true,
        cell: ({ row }) => (name in row.original.hyperparameters ? formatValue(row.original.hyperparameters[name]) : "–"),
      }),
    ),
  ];
}

/** Groups of the column picker. */
export function columnGroup(id: string): "run" | "metrics" | "params" {
  return id.startsWith(metricPrefix) ? "metrics" : id.startsWith(paramPrefix) ? "params" : "run";
}

/** A run's status, and its bar while it trains. */
function RunStatus({ run, label }: { run: Run; label: string }): React.JSX.Element {
  const training = run.status === "training";
  return (
    <span className="jp-Assay-runStatus" title={run.error ?? undefined}>
      <Status status={run.status} />
      {training && <Progress step={run.progress?.step ?? 0} steps={run.progress?.steps ?? 0} label={label} />}
    </span>
  );
}

function duration(run: Run): string {
  if (!run.started_at) return "–";
  const end = run.ended_at ? Date.parse(run.ended_at) : Date.now();
  return formatDuration(end - Date.parse(run.started_at));
}
