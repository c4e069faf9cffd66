import type { DatasetColumn } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../panel";
import { wordOf } from "../words";

interface FeaturesProps {
  columns: readonly DatasetColumn[];
  rows: number;
  chosen: ReadonlySet<string>;
  /** What the service says against a column, as that it tells the target. */
  warnings: ReadonlyMap<string, string>;
  onChange(chosen: ReadonlySet<string>): void;
}

/** The columns that may be features, with kinds, levels and missing values. */
export function Features({ columns, rows, chosen, warnings, onChange }: FeaturesProps): React.JSX.Element {
  const { trans } = usePanel();
  const toggle = (name: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    onChange(next);
  };
  return (
    <fieldset className="jp-AssayNew-features">
      <legend>
        {trans.__("Features (%1 of %2)", columns.filter((column) => chosen.has(column.name)).length, columns.length)}
        <button type="button" className="jp-Assay-link" onClick={() => onChange(new Set(columns.map((column) => column.name)))}>
          {trans.__("all")}
        </button>
        <button type="button" className="jp-Assay-link" onClick={() => onChange(new Set())}>
          {trans.__("none")}
        </button>
      </legend>
      <ul>
        {columns.map((column) => (
          <li key={column.name}>
            <label title={column.name}>
              <input
                type="checkbox"
                name={`feature ${column.name}`}
                checked={chosen.has(column.name)}
                onChange={({ target }) => toggle(column.name, target.checked)}
              />
              <span className="jp-AssayNew-column">
                {warnings.has(column.name) && (
                  <span role="img" aria-label={trans.__("Warning")} title={warnings.get(column.name)}>
                    {"⚠ "}
                  </span>
                )}
                {column.name}
              </span>
              <span className="jp-Assay-kind">{wordOf(trans, column.kind)}</span>
              <span className="jp-Assay-faint jp-AssayNew-missing">
                {column.missing > 0 ? trans.__("%1 % missing", percent(column.missing, rows)) : ""}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function percent(part: number, whole: number): string {
  const share = (100 * part) / Math.max(1, whole);
  return share < 1 ? "< 1" : share.toFixed(0);
}
