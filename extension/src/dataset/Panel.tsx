import type { DatasetInfo, ExportFormat } from "assay-lab/contract";
import React from "react";
import { datasetRoutes } from "../dataset-routes";
import { Select } from "../elements/Field";
import { formatBytes, formatShape } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { Status } from "../elements/status";
import { Tabs } from "../elements/Tabs";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { useKeptText } from "../use-kept";
import { Charts } from "./Charts";
import { Clean } from "./Clean";
import { Columns } from "./Columns";
import { Rows } from "./Rows";
import { Splits } from "./Splits";
import { useDataset } from "./use-dataset";
import { Versions } from "./Versions";

/** One dataset: its columns and rows, cleaning, charts, splits, versions. */
export function DatasetPanel({ id }: { id: string }): React.JSX.Element {
  const { trans } = usePanel();
  const dataset = useDataset(id);
  const { data, reload } = dataset;
  const [page, setPage] = useKeptText("tab", "columns");
  const ready = data !== null && data.version !== null ? data : null;
  const pages = (version: DatasetInfo) => [
    { name: "columns", label: trans.__("Columns"), draw: () => <Columns dataset={version} /> },
    { name: "rows", label: trans.__("Rows"), draw: () => <Rows dataset={version} /> },
    { name: "clean", label: trans.__("Clean"), draw: () => <Clean dataset={version} onApplied={reload} /> },
    { name: "charts", label: trans.__("Charts"), draw: () => <Charts dataset={version} /> },
    { name: "splits", label: trans.__("Splits"), draw: () => <Splits dataset={version} /> },
    { name: "versions", label: trans.__("Versions"), draw: () => <Versions dataset={version} onRestored={reload} /> },
  ];
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayDataset" data-version={data?.version}>
      <State of={dataset} rows={8} />
      {data !== null && <Head dataset={data} onChanged={reload} />}
      {data !== null && ready === null && (
        <Empty title={trans.__("This dataset has no version.")}>{data.error && <p>{data.error}</p>}</Empty>
      )}
      {ready && <Tabs label={trans.__("Dataset")} tabs={pages(ready)} chosen={page} onChoose={setPage} />}
    </div>
  );
}

/** Name, size, target, and what can be done with the dataset. */
function Head({ dataset, onChanged }: { dataset: DatasetInfo; onChanged(): void }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure } = useAction();
  const { dataset_id: id, name, version, rows, columns, column_info } = dataset;
  const formats: Record<ExportFormat, [label: string, ending: string]> = {
    csv: [trans.__("CSV, values as they are"), "csv"],
    spreadsheet: [trans.__("CSV for a spreadsheet"), "csv"],
    excel: [trans.__("Excel workbook"), "xlsx"],
    parquet: ["Parquet", "parquet"],
    arrow: ["Arrow", "arrow"],
    json: ["JSON", "json"],
    ndjson: ["NDJSON", "ndjson"],
    tsv: ["TSV", "tsv"],
  };
  return (
    <div className="jp-AssayDataset-head">
      <div className="jp-Assay-bar">
        <h1>{version === null ? name : `${name}@${version}`}</h1>
        <Status status={dataset.processing_status} />
        <span className="jp-Assay-faint">
          {rows !== null && formatShape(rows, columns)}
          {dataset.memory_bytes !== null && ` · ${formatBytes(dataset.memory_bytes)}`}
        </span>
      </div>
      {dataset.description && <p>{dataset.description}</p>}
      {version !== null && (
        <div className="jp-Assay-bar">
          <label className="jp-Assay-check" htmlFor={`target-${id}`}>
            {trans.__("Target")}
            <Select
              id={`target-${id}`}
              name="target"
              value={dataset.target_column ?? ""}
              none={trans.__("none")}
              options={column_info.map((column) => ({ value: column.name, label: column.name }))}
              onChange={(target) => act(() => datasetRoutes.change(api, id, { target_column: target || null }), onChanged)}
            />
          </label>
          <button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            onClick={() => void commands.execute(commandIds.newExperiment, { datasetId: id })}
          >
            {trans.__("New experiment")}
          </button>
          <div className="jp-select-wrapper">
            <select
              className="jp-mod-styled"
              name="export"
              aria-label={trans.__("Export")}
              value=""
              onChange={({ target: { value } }) => {
                const format = value as ExportFormat;
                void act(() => datasetRoutes.export(api, `${id}@${version}`, format, `${name}@${version}.${formats[format][1]}`));
              }}
            >
              <option value="" disabled>
                {trans.__("Export…")}
              </option>
              {Object.entries(formats).map(([value, [label]]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        </div>
      )}
      <Failure error={failure} />
    </div>
  );
}
