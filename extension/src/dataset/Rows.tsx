import type { DatasetInfo } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { Failure, Loading } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { RowsTable } from "./RowsTable";

const pageRows = 50;

/** The rows, fifty at a time. */
export function Rows({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [offset, setOffset] = useState(0);
  const ref = `${dataset.dataset_id}@${dataset.version}`;
  const { data, error, loading, reload } = useLoaded(`${ref} ${offset}`, () => datasetRoutes.rows(api, ref, offset, pageRows));
  const total = dataset.rows ?? 0;
  return (
    <>
      <div className="jp-Assay-bar">
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={offset === 0}
          onClick={() => setOffset(Math.max(0, offset - pageRows))}
        >
          {trans.__("Before")}
        </button>
        <span role="status">
          {trans.__("rows %1 to %2 of %3", Math.min(offset, total), Math.min(offset + pageRows, total) - 1, total)}
        </span>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={offset + pageRows >= total}
          onClick={() => setOffset(offset + pageRows)}
        >
          {trans.__("Next")}
        </button>
      </div>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && loading && <Loading rows={12} />}
      {data && (
        <RowsTable names={data.column_names} kinds={data.kinds} rows={data.rows} first={offset} label={trans.__("Rows")} />
      )}
    </>
  );
}
