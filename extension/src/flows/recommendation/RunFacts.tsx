import type { EtlRun } from "assay-lab/contract";
import React from "react";
import { datasetRoutes } from "../../dataset-routes";
import { FactList } from "../../elements/FactList";
import { formatCount, formatInstant } from "../../elements/format";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { commandIds } from "../../ids";
import { usePanel } from "../../panel";
import { recommendationRoutes } from "./recommendation-routes";

/** The settings of a run and its rows: open them as a dataset, download them as Parquet, and the metadata of the version as JSON. */
export function RunFacts({ run }: { run: EtlRun }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure, busy } = useAction();
  const { settings, started_at, ended_at } = run;
  const facts: [string, string][] = [
    [
      trans.__("Source"),
      settings.mapping ? trans.__("own tables, schema %1", settings.mapping.schema) : trans.__("travel application"),
    ],
    [
      trans.__("Window"),
      settings.until === undefined
        ? trans.__("%1 days up to its beginning", settings.window_days)
        : trans.__("%1 days up to %2", settings.window_days, formatInstant(settings.until)),
    ],
    [trans.__("Items not shown, to each click"), formatCount(settings.negative_sample_ratio)],
    [trans.__("Newest rows that test"), `${formatCount(Math.round(1e4 * settings.test_size) / 100)} %`],
    [trans.__("Seed"), String(settings.random_seed)],
    ...(started_at ? [[trans.__("Started"), formatInstant(started_at)] as [string, string]] : []),
    ...(ended_at ? [[trans.__("Ended"), formatInstant(ended_at)] as [string, string]] : []),
  ];
  return (
    <section aria-label={trans.__("Metadata")}>
      <h3>{trans.__("Metadata")}</h3>
      <FactList className="jp-AssayRecommendations-facts" facts={facts} />
      <div className="jp-Assay-bar">
        <StoredRows dataset={run.train_dataset} rows={run.train_rows} label={trans.__("Training rows")} side="train" run={run} />
        <StoredRows dataset={run.test_dataset} rows={run.test_rows} label={trans.__("Test rows")} side="test" run={run} />
        {run.run_status === "completed" && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            disabled={busy}
            onClick={() =>
              void act(() => recommendationRoutes.downloadMetadata(api, run.etl_run_id, `metadata_v${run.version}.json`))
            }
          >
            {trans.__("Metadata as JSON")}
          </button>
        )}
      </div>
      <Failure error={failure} />
    </section>
  );
}

interface StoredRowsProps {
  /** name@version; null where nothing was published. */
  dataset: string | null;
  rows: number | null;
  label: string;
  side: "train" | "test";
  run: EtlRun;
}

function StoredRows({ dataset, rows, label, side, run }: StoredRowsProps): React.JSX.Element | null {
  const { api, commands, trans } = usePanel();
  const { act, failure, busy } = useAction();
  if (dataset === null) return null;
  const [name = dataset] = dataset.split("@");
  return (
    <span className="jp-AssayRecommendations-rows" data-side={side}>
      <button
        type="button"
        className="jp-Assay-link"
        onClick={() => void commands.execute(commandIds.dataset, { id: name, name })}
      >
        {label}
      </button>
      <span className="jp-Assay-faint">{`${dataset}${rows === null ? "" : `, ${formatCount(rows)}`}`}</span>
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        aria-label={trans.__("Download %1 as Parquet", dataset)}
        disabled={busy}
        onClick={() => void act(() => datasetRoutes.export(api, dataset, "parquet", `${side}_v${run.version}.parquet`))}
      >
        {trans.__("Parquet")}
      </button>
      <Failure error={failure} />
    </span>
  );
}
