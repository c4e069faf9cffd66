import React from "react";
import { short } from "../elements/Bars";

interface RowsTableProps {
  names: readonly string[];
  kinds?: readonly string[];
  rows: readonly (readonly (string | number | boolean | null)[])[];
  /** Number of the first row; without it rows have no numbers. */
  first?: number;
  label: string;
}

/** Rows of a table; missing cells are drawn as a dot. */
export function RowsTable({ names, kinds, rows, first, label }: RowsTableProps): React.JSX.Element {
  return (
    <div className="jp-Assay-wide" role="region" aria-label={label} tabIndex={0}>
      <table className="jp-Assay-table jp-AssayDataset-rows">
        <thead>
          <tr>
            {first !== undefined && <th scope="col" />}
            {names.map((name, j) => (
              <th scope="col" key={name} title={name}>
                {name}
                {kinds && <span className="jp-Assay-kind">{kinds[j]}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {first !== undefined && <th scope="row">{first + i}</th>}
              {row.map((cell, j) => (
                <td
                  key={j}
                  className={typeof cell === "number" ? "jp-mod-numeric" : undefined}
                  title={typeof cell === "string" ? cell.slice(0, 500) : undefined}
                >
                  {cell === null ? <span className="jp-Assay-faint">·</span> : short(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
