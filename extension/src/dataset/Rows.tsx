import type { DatasetInfo } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { formatCount } from "../elements/format";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { RowsTable } from "./RowsTable";

const pageRows = 50;

/** The rows, fifty at a time. */
export function Rows({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [offset, setOffset] = useState(0);
  const ref = `${dataset.dataset_id}@${dataset.version}`;
  const page = useLoaded(`${ref} ${offset}`, () => datasetRoutes.rows(api, ref, offset, pageRows));
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
          {total === 0
            ? trans.__("no rows")
            : trans.__("rows %1 to %2 of %3", ...[offset, Math.min(offset + pageRows, total) - 1, total].map(formatCount))}
        </span>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={offset + pageRows >= total}
          onClick={() => setOffset(offset + pageRows)}
        >
          {trans.__("Next")}
        </button>
        <span className="jp-Assay-spring" />
        {total > 2 * pageRows && (
          <label className="jp-Assay-check">
            {trans.__("From row")}
            <input
              type="number"
              name="from_row"
              className="jp-mod-styled jp-AssayDataset-fromRow"
              min={0}
              max={total - 1}
              step={pageRows}
              value={offset}
              onChange={({ target: { valueAsNumber: row } }) => row >= 0 && setOffset(Math.min(Math.floor(row), total - 1))}
            />
          </label>
        )}
      </div>
      <State of={page} rows={12}>
        {(data) => (
          <RowsTable names={data.column_names} kinds={data.kinds} rows={data.rows} first={offset} label={trans.__("Rows")} />
        )}
      </State>
    </>
  );
}
