import React from "react";

interface SortHeaderProps {
  id: string;
  title: string;
  /** The id that is sorted by, with a minus for the other way. */
  sort: string;
  numeric: boolean;
  onSort(sort: string): void;
}

/** A column's title; pressing it sorts by the column, numbers down first, then the other way. */
export function SortHeader({ id, title, sort, numeric, onSort }: SortHeaderProps): React.JSX.Element {
  const direction = sort === id ? "ascending" : sort === `-${id}` ? "descending" : undefined;
  const next = direction === "descending" ? id : direction === "ascending" || numeric ? `-${id}` : id;
  return (
    <th scope="col" aria-sort={direction} className={numeric ? "jp-mod-numeric" : undefined}>
      <button type="button" title={id} data-sort={id} onClick={() => onSort(next)}>
        <span>{title}</span>
        {direction && (
          <span aria-hidden="true" className="jp-Assay-arrow">
            {direction === "ascending" ? "▲" : "▼"}
          </span>
        )}
      </button>
    </th>
  );
}
