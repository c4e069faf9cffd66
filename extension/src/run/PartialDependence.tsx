import type { RunInfo } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { SelectField } from "../elements/Field";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { dependenceFigure, gridOf, partialDependence, spreadRows } from "./dependence";

/** What the model says on average as one column changes; asked for when a column is chosen. */
export function PartialDependence({ run }: { run: RunInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [name, setName] = useState("");
  const ref = run.dataset!;
  const dataset = useLoaded(ref, () => datasetRoutes.get(api, ref));
  const columns = (dataset.data?.column_info ?? []).filter(
    (column) => run.feature_columns.includes(column.name) && gridOf(column).length > 1,
  );
  const column = columns.find((each) => each.name === name);
  const rows = useLoaded(column ? ref : null, () => spreadRows(api, ref));
  const dependence = useLoaded(column && rows.data ? `${run.id} ${name}` : null, () =>
    partialDependence(api, run, rows.data!, column!),
  );
  const figure = useMemo(() => {
    const { data } = dependence;
    if (!data) return null;
    const [line] = data.lines;
    const of = run.task_type === "classification" ? trans.__("mean probability") : trans.__("mean prediction");
    return dependenceFigure(name, data, data.lines.length === 1 ? `${of}, ${line!.name}` : of);
  }, [dependence.data, name, run.task_type, trans]);
  return (
    <section aria-label={trans.__("Partial dependence")} className="jp-AssayRun-dependence">
      <h2>{trans.__("Partial dependence")}</h2>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Column")}
          hint={trans.__("What the model says on average when this column alone is changed.")}
          name="dependence"
          value={name}
          none={trans.__("choose…")}
          options={columns.map((each) => ({ value: each.name, label: each.name }))}
          onChange={setName}
        />
      </div>
      <State of={dataset} rows={1} />
      <State of={rows} />
      <State of={dependence} />
      {figure && (
        <div className="jp-Assay-figures">
          <figure data-figure="dependence">
            <figcaption>{trans.__("Partial dependence on %1, mean of %2 rows", name, rows.data?.length ?? 0)}</figcaption>
            <Figure figure={figure} label={trans.__("Partial dependence on %1", name)} />
          </figure>
        </div>
      )}
    </section>
  );
}
