import type { ColumnDiff } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { short } from "../elements/Bars";
import { State } from "../elements/states";
import { useLoaded } from "../elements/use-loaded";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** What differs between two versions: rows, columns, distributions. */
export function Difference({ id, from, to }: { id: string; from: number; to: number }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [all, setAll] = useState(false);
  const difference = useLoaded(from === to ? null : `${id} ${from} ${to}`, () => datasetRoutes.diff(api, id, from, to));
  const shown = difference.data?.columns.filter(({ change }) => all || change !== "same") ?? [];
  return (
    <section aria-label={trans.__("Difference")} className="jp-AssayDataset-diff">
      <h2>{trans.__("From version %1 to %2", from, to)}</h2>
      {from === to && <p className="jp-Assay-faint">{trans.__("Choose two versions above.")}</p>}
      <State of={difference}>
        {(data) => (
          <>
            <p data-diff="rows">
              {trans.__("%1 → %2 rows: %3 added, %4 removed", ...data.rows, data.rows_added, data.rows_removed)}
            </p>
            <label className="jp-Assay-check">
              <input type="checkbox" checked={all} onChange={({ target }) => setAll(target.checked)} />
              {trans.__("Also columns that are the same")}
            </label>
            {shown.length === 0 ? <p className="jp-Assay-faint">{trans.__("No column differs.")}</p> : <Table columns={shown} />}
          </>
        )}
      </State>
    </section>
  );
}

function Table({ columns }: { columns: readonly ColumnDiff[] }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Wide>
      <table className="jp-Assay-table">
        <thead>
          <tr>
            <th scope="col">{trans.__("Column")}</th>
            <th scope="col" />
            <th scope="col">{trans.__("Kind")}</th>
            <th scope="col">{trans.__("Missing")}</th>
            <th scope="col">{trans.__("Mean")}</th>
            <th scope="col" className="jp-mod-numeric">
              <abbr title={trans.__("Population stability index: above 0.25 the distribution has moved")}>PSI</abbr>
            </th>
            <th scope="col" className="jp-mod-numeric">
              <abbr title={trans.__("Kolmogorov and Smirnov's distance")}>KS</abbr>
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, change, kinds, missing, means, psi, ks }) => (
            <tr key={name} data-change={change}>
              <th scope="row">{name}</th>
              <td>{wordOf(trans, change)}</td>
              <td>{moved(kinds.map((kind) => kind && wordOf(trans, kind)))}</td>
              <td>{moved(missing)}</td>
              <td>{moved(means)}</td>
              <td className={`jp-mod-numeric${(psi ?? 0) > 0.25 ? " jp-Assay-warning" : ""}`}>{psi?.toFixed(3) ?? "–"}</td>
              <td className="jp-mod-numeric">{ks?.toFixed(3) ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function moved([before, after]: readonly (string | number | null)[]): string {
  return before === after ? short(before) : `${short(before)} → ${short(after)}`;
}
