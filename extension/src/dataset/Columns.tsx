import type { DatasetInfo, ProfileValue } from "assay-lab/contract";
import React from "react";
import { datasetRoutes } from "../dataset-routes";
import { formatCount } from "../elements/format";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { ColumnCards } from "./ColumnCards";

/** What is in each column, drawn; what a person should look at comes first. */
export function Columns({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const ref = `${dataset.dataset_id}@${dataset.version}`;
  const target = dataset.column_info.find(({ name }) => name === dataset.target_column)?.name;
  const profile = useLoaded(`${ref} ${target ?? ""}`, () => datasetRoutes.profile(api, ref, target));
  return (
    <State of={profile} rows={8}>
      {(data) => (
        <>
          <Alerts profile={data} />
          <ColumnCards columns={data.columns} target={target} />
          {data.sampled < data.rows && (
            <p className="jp-Assay-faint">
              {trans.__("Figures of a sample of %1 of %2 rows.", formatCount(data.sampled), formatCount(data.rows))}
            </p>
          )}
        </>
      )}
    </State>
  );
}

function Alerts({ profile: { alerts } }: { profile: ProfileValue }): React.JSX.Element | null {
  const { trans } = usePanel();
  if (alerts.length === 0) return null;
  return (
    <details className="jp-AssayDataset-alerts" open={alerts.length <= 6}>
      <summary>{trans._n("%1 thing to look at", "%1 things to look at", alerts.length)}</summary>
      <ul>
        {alerts.map(({ kind, message }, k) => (
          <li key={k} data-alert={kind}>
            {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
