import type { ColumnProfile, DatasetInfo, ProfileValue } from "assay-lab/contract";
import React from "react";
import { datasetRoutes } from "../dataset-routes";
import { Bars, short } from "../elements/Bars";
import { Failure, Loading } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";

/** What is in each column, drawn; what a person should look at comes first. */
export function Columns({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const ref = `${dataset.dataset_id}@${dataset.version}`;
  const target = dataset.column_info.find(({ name }) => name === dataset.target_column)?.name;
  const { data, error, loading, reload } = useLoaded(`${ref} ${target ?? ""}`, () => datasetRoutes.profile(api, ref, target));
  return (
    <>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && loading && <Loading rows={8} />}
      {data && <Alerts profile={data} />}
      {data && (
        <ul className="jp-AssayDataset-columns" aria-label={trans.__("Columns")}>
          {data.columns.map((column) => (
            <Column key={column.name} column={column} isTarget={column.name === target} />
          ))}
        </ul>
      )}
      {data && data.sampled < data.rows && (
        <p className="jp-Assay-faint">{trans.__("Figures of a sample of %1 of %2 rows.", data.sampled, data.rows)}</p>
      )}
    </>
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

function Column({ column, isTarget }: { column: ColumnProfile; isTarget: boolean }): React.JSX.Element {
  const { trans } = usePanel();
  const { name, kind, count, missing, distinct, min, max, mean, sd } = column;
  const share = missing / Math.max(1, count + missing);
  const facts =
    min === undefined
      ? column.top
          .slice(0, 3)
          .map(({ value, count: times }) => `${short(value)} (${times})`)
          .join(", ")
      : [
          `${short(min)} … ${short(max)}`,
          ...(mean === undefined ? [] : [trans.__("mean %1", short(mean))]),
          ...(sd === undefined ? [] : [trans.__("sd %1", short(sd))]),
        ].join(" · ");
  return (
    <li data-column={name}>
      <div className="jp-AssayDataset-columnHead">
        <strong title={name}>{name}</strong>
        <span className="jp-Assay-kind">{kind}</span>
        {isTarget && <span className="jp-Assay-kind">{trans.__("target")}</span>}
      </div>
      <Bars column={column} label={trans.__("Distribution of %1", name)} />
      <p className="jp-AssayDataset-facts" title={facts}>
        {facts}
      </p>
      <p className="jp-Assay-faint">
        {trans.__("%1 different", distinct)}
        {missing > 0 && (
          <>
            {" · "}
            <span className="jp-Assay-warning" data-missing={missing}>
              {trans.__("%1 missing (%2 %)", missing, (100 * share).toFixed(share < 0.01 ? 1 : 0))}
            </span>
          </>
        )}
      </p>
    </li>
  );
}
