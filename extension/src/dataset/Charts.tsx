import type { ChartFigure, ChartType, DatasetInfo, SavedChart } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { formatInstant } from "../elements/format";
import { Failure, Loading } from "../elements/states";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { untitledFigure } from "../plotly/figure";
import { ChartForm } from "./ChartForm";
import { type ChartDraft, chartFields, draftOf, firstDraft, specOf } from "./chart-spec";
import { RowsTable } from "./RowsTable";

/** Charts of the dataset: described by a form, drawn at once, saved and drawn again. */
export function Charts({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { dataset_id: id, version, column_info } = dataset;
  const ref = `${id}@${version}`;
  const [draft, setDraft] = useState(() => firstDraft(column_info));
  const spec = specOf(draft);
  const drawn = useLoaded(missingOf(draft) ? null : `${ref} ${JSON.stringify(spec)}`, () => datasetRoutes.figure(api, ref, spec));
  const saved = useLoaded(id, () => datasetRoutes.charts(api, id));
  return (
    <>
      <ChartForm draft={draft} columns={column_info} onChange={(part) => setDraft({ ...draft, ...part })} />
      <Drawn drawn={drawn} label={labelOf(draft)} />
      <SaveChart suggestion={labelOf(draft)} onSave={(name) => datasetRoutes.saveChart(api, id, name, spec).then(saved.reload)} />
      <section aria-label={trans.__("Saved charts")}>
        <h2>{trans.__("Saved charts")}</h2>
        {saved.error !== null && <Failure error={saved.error} onRetry={saved.reload} />}
        {saved.data === null && saved.loading && <Loading rows={2} />}
        {saved.data?.length === 0 && <p className="jp-Assay-faint">{trans.__("None yet.")}</p>}
        {saved.data && saved.data.length > 0 && (
          <SavedList
            charts={saved.data}
            onDraw={({ type, configuration }) => setDraft(draftOf(column_info, type, configuration))}
            onDelete={({ chart_id }) => datasetRoutes.deleteChart(api, id, chart_id).then(saved.reload)}
          />
        )}
      </section>
    </>
  );
}

/** Whether a chart still needs a column. */
function missingOf(draft: ChartDraft): boolean {
  return chartFields[draft.type].some((field) => ["column", "x", "y"].includes(field) && draft[field] === "");
}

function labelOf({ type, column, x, y, columns }: ChartDraft): string {
  const of = { histogram: column, scatter: `${y} over ${x}` }[type as string] ?? columns.join(", ");
  return `${type.replaceAll("_", " ")}${of === "" ? "" : ` of ${of}`}`;
}

function Drawn({ drawn, label }: { drawn: Loaded<ChartFigure>; label: string }): React.JSX.Element {
  const { trans } = usePanel();
  const { data, error, loading, reload } = drawn;
  if (error !== null && !loading) return <Failure error={error} onRetry={reload} />;
  if (!data) return <Loading rows={6} />;
  if (data.table)
    return (
      <div className="jp-AssayDataset-outliers">
        <p role="status">{trans._n("%1 outlier", "%1 outliers", data.table.total_rows)}</p>
        {data.table.rows.length > 0 && (
          <RowsTable names={data.table.column_names} rows={data.table.rows} label={trans.__("Outliers")} />
        )}
      </div>
    );
  const figure = untitledFigure(data.figure!);
  return <Figure figure={figure} label={label} height={Number(figure.layout?.["height"] ?? 380)} />;
}

function SaveChart({ suggestion, onSave }: { suggestion: string; onSave(name: string): Promise<void> }): React.JSX.Element {
  const { trans } = usePanel();
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <form
      className="jp-Assay-bar"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(null);
        onSave(name.trim() || suggestion).then(() => setName(""), setFailure);
      }}
    >
      <input
        className="jp-mod-styled"
        name="chart_name"
        aria-label={trans.__("Name of the chart")}
        placeholder={suggestion}
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <button type="submit" name="save_chart" className="jp-mod-styled jp-mod-minimal">
        {trans.__("Save chart")}
      </button>
      {failure !== null && <Failure error={failure} />}
    </form>
  );
}

interface SavedListProps {
  charts: readonly SavedChart[];
  onDraw(chart: SavedChart): void;
  onDelete(chart: SavedChart): Promise<void>;
}

function SavedList({ charts, onDraw, onDelete }: SavedListProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <ul className="jp-AssayDatasets-list">
      {charts.map((chart) => (
        <li key={chart.chart_id} data-chart={chart.name}>
          <button type="button" className="jp-Assay-link" onClick={() => onDraw(chart)}>
            {chart.name}
          </button>
          <p className="jp-Assay-faint">
            {[wordsOf(chart.type), chart.created_by ?? "", formatInstant(chart.created_at)].join(" · ")}
          </p>
          <div className="jp-Assay-actions">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Delete the chart %1", chart.name)}
              onClick={() => void onDelete(chart)}
            >
              {trans.__("Delete")}
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}

function wordsOf(type: ChartType): string {
  return type.replaceAll("_", " ");
}
