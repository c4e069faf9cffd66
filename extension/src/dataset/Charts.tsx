import type { ChartFigure, DatasetInfo, SavedChart } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { formatInstant } from "../elements/format";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { untitledFigure } from "../plotly/plotly-figure";
import { ChartForm } from "./ChartForm";
import { chartLabel, chartNames } from "./chart-names";
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
  const { act, failure } = useAction(saved.reload);
  return (
    <>
      <ChartForm draft={draft} columns={column_info} onChange={(part) => setDraft({ ...draft, ...part })} />
      <State of={drawn} rows={6}>
        {(figure) => <Drawn drawn={figure} label={chartLabel(trans, draft)} />}
      </State>
      <SaveChart
        suggestion={chartLabel(trans, draft)}
        onSave={(name) => datasetRoutes.saveChart(api, id, name, spec).then(saved.reload)}
      />
      <section aria-label={trans.__("Saved charts")}>
        <h2>{trans.__("Saved charts")}</h2>
        <Failure error={failure} />
        <State
          of={saved}
          rows={2}
          empty={(charts) => charts.length === 0 && <p className="jp-Assay-faint">{trans.__("None yet.")}</p>}
        >
          {(charts) => (
            <SavedList
              charts={charts}
              onDraw={({ type, configuration }) => setDraft(draftOf(column_info, type, configuration))}
              onDelete={({ chart_id }) => act(() => datasetRoutes.deleteChart(api, id, chart_id))}
            />
          )}
        </State>
      </section>
    </>
  );
}

/** Whether a chart still needs a column. */
function missingOf(draft: ChartDraft): boolean {
  return chartFields[draft.type].some((field) => ["column", "x", "y"].includes(field) && draft[field] === "");
}

function Drawn({ drawn: { table, figure: plain }, label }: { drawn: ChartFigure; label: string }): React.JSX.Element {
  const { trans } = usePanel();
  if (table)
    return (
      <div className="jp-AssayDataset-outliers">
        <p role="status">{trans._n("%1 outlier", "%1 outliers", table.total_rows)}</p>
        {table.rows.length > 0 && <RowsTable names={table.column_names} rows={table.rows} label={trans.__("Outliers")} />}
      </div>
    );
  const figure = untitledFigure(plain!);
  return <Figure figure={figure} label={label} height={Number(figure.layout?.["height"] ?? 380)} />;
}

function SaveChart({ suggestion, onSave }: { suggestion: string; onSave(name: string): Promise<void> }): React.JSX.Element {
  const { trans } = usePanel();
  const [name, setName] = useState("");
  const { act, failure } = useAction();
  return (
    <form
      className="jp-Assay-bar"
      onSubmit={(event) => {
        event.preventDefault();
        void act(
          () => onSave(name.trim() || suggestion),
          () => setName(""),
        );
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
      <Failure error={failure} />
    </form>
  );
}

interface SavedListProps {
  charts: readonly SavedChart[];
  onDraw(chart: SavedChart): void;
  onDelete(chart: SavedChart): void;
}

function SavedList({ charts, onDraw, onDelete }: SavedListProps): React.JSX.Element {
  const { trans } = usePanel();
  const names = chartNames(trans);
  return (
    <ul className="jp-AssayDatasets-list">
      {charts.map((chart) => (
        <li key={chart.chart_id} data-chart={chart.name}>
          <button type="button" className="jp-Assay-link" onClick={() => onDraw(chart)}>
            {chart.name}
          </button>
          <p className="jp-Assay-faint">
            {[names[chart.type], chart.created_by ?? "", formatInstant(chart.created_at)].join(" · ")}
          </p>
          <div className="jp-Assay-actions">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Delete the chart %1", chart.name)}
              onClick={() => onDelete(chart)}
            >
              {trans.__("Delete")}
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}
