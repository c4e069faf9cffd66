import React, { useRef } from "react";
import { usePanel } from "../panel";
import { classOf, placeOf } from "./RunRow";
import { placeIn, pressed } from "./sort";
import type { ColumnLayout, PlacedColumn } from "./use-column-layout";

interface GridHeadProps {
  layout: ColumnLayout;
  seen: readonly PlacedColumn[];
  firstSeen: number;
  sort: string;
  onSort(sort: string): void;
  /** Whether every loaded run is chosen. */
  isAll: boolean;
  onSelectAll(on: boolean): void;
  /** Pixels of the columns before the seen ones. */
  spaceBefore: number;
}

/** The titles: pressing one sorts by it, with Shift also by it; its right edge changes the width. */
export function GridHead({
  layout,
  seen,
  firstSeen,
  sort,
  onSort,
  isAll,
  onSelectAll,
  spaceBefore,
}: GridHeadProps): React.JSX.Element {
  const { trans } = usePanel();
  const title = (column: PlacedColumn, at: number) => (
    <Title key={column.id} {...{ column, at, sort, onSort }} onResize={(width) => layout.resize(column.id, width)} />
  );
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" aria-colindex={1} className="jp-mod-pinned jp-mod-check">
          <input
            type="checkbox"
            aria-label={trans.__("Select all runs")}
            checked={isAll}
            onChange={({ target }) => onSelectAll(target.checked)}
          />
        </th>
        {layout.pinned.map((column, k) => title(column, 1 + k))}
        <td aria-hidden="true" className="jp-mod-space" style={{ width: spaceBefore }} />
        {seen.map((column, k) => title(column, firstSeen + k))}
      </tr>
    </thead>
  );
}

interface TitleProps {
  column: PlacedColumn;
  at: number;
  sort: string;
  onSort(sort: string): void;
  onResize(width: number): void;
}

function Title({ column, at, sort, onSort, onResize }: TitleProps): React.JSX.Element {
  const { trans } = usePanel();
  const { id, title, numeric, sortable, size } = column;
  const place = placeIn(sort, id);
  const resize = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 16, ArrowLeft: -16 }[event.key];
    if (!step || !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(size + step);
  };
  return (
    <th
      scope="col"
      aria-colindex={at + 1}
      aria-sort={place && (place.descending ? "descending" : "ascending")}
      className={classOf(column)}
      style={placeOf(column)}
    >
      <button
        type="button"
        title={`${id}\n${trans.__("Shift: sort by it as well. Alt and an arrow: its width.")}`}
        data-sort={id}
        disabled={!sortable}
        onClick={({ shiftKey }) => onSort(pressed(sort, id, numeric, shiftKey))}
        onKeyDown={resize}
      >
        <span>{title}</span>
        {place && (
          <span aria-hidden="true" className="jp-Assay-arrow">
            {place.descending ? "▼" : "▲"}
            {place.isOneOfMany && place.place}
          </span>
        )}
      </button>
      <Edge size={size} onResize={onResize} />
    </th>
  );
}

/** The right edge of a title, which the pointer drags. */
function Edge({ size, onResize }: { size: number; onResize(width: number): void }): React.JSX.Element {
  const begin = useRef<{ x: number; size: number } | null>(null);
  return (
    <span
      aria-hidden="true"
      className="jp-AssayExperiments-edge"
      onPointerDown={({ currentTarget, pointerId, clientX }) => {
        currentTarget.setPointerCapture(pointerId);
        begin.current = { x: clientX, size };
      }}
      onPointerMove={({ clientX }) => begin.current && onResize(begin.current.size + clientX - begin.current.x)}
      onPointerUp={() => {
        begin.current = null;
      }}
    />
  );
}
