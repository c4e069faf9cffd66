import React, { useState } from "react";
import { Find, findFrom, holds } from "../elements/Find";
import { usePanel } from "../panel";

interface ColumnTicksProps {
  id: string;
  /** What the boxes' names begin with. */
  name: string;
  columns: readonly { name: string; kind?: string }[];
  chosen: readonly string[];
  /** What is read where nothing is chosen. */
  none: string;
  /** Columns that may be chosen at most. */
  most?: number;
  onChange(chosen: string[]): void;
}

/** Columns drawn at most; more are found by the search. */
const drawnMost = 100;

/** Columns to choose by ticking, in their order; many are found by a part of their names. */
export function ColumnTicks({ id, name, columns, chosen, none, most, onChange }: ColumnTicksProps): React.JSX.Element {
  const { trans } = usePanel();
  const [search, setSearch] = useState("");
  const held = new Set(chosen);
  const found = columns.filter((column) => holds(column.name, search));
  const toggle = (column: string, on: boolean) => {
    if (on) held.add(column);
    else held.delete(column);
    onChange(columns.map((each) => each.name).filter((each) => held.has(each)));
  };
  return (
    <details className="jp-AssayDataset-pick" id={id}>
      <summary title={chosen.join(", ") || undefined}>{chosen.length === 0 ? none : chosen.join(", ")}</summary>
      {columns.length > findFrom && <Find className="" label={trans.__("Find columns")} value={search} onChange={setSearch} />}
      <ul>
        {found.slice(0, drawnMost).map((column) => (
          <li key={column.name}>
            <label className="jp-Assay-check" title={column.name}>
              <input
                type="checkbox"
                name={`${name} ${column.name}`}
                checked={held.has(column.name)}
                disabled={most !== undefined && !held.has(column.name) && held.size >= most}
                onChange={({ target }) => toggle(column.name, target.checked)}
              />
              <span className="jp-AssayDataset-pickName">{column.name}</span>
              {column.kind && <span className="jp-Assay-kind">{column.kind}</span>}
            </label>
          </li>
        ))}
      </ul>
      {found.length > drawnMost && (
        <p className="jp-Assay-faint">{trans.__("%1 more: search for them", found.length - drawnMost)}</p>
      )}
    </details>
  );
}
