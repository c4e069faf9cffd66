import { type ColumnDef, flexRender, getCoreRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { Run } from "assay-lab/contract";
import React, { useEffect, useRef } from "react";
import { SortHeader } from "../elements/SortHeader";
import { usePanel } from "../panel";

interface RunsTableProps {
  runs: Run[];
  columns: ColumnDef<Run>[];
  shown: readonly string[];
  sort: string;
  onSort(sort: string): void;
  selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  onOpen(run: Run): void;
  onEnd(): void;
}

const rowHeight = 28;
const checkWidth = 34;

/** The runs as a table whose rows are drawn only where they are seen. */
export function RunsTable(props: RunsTableProps): React.JSX.Element {
  const { runs, columns, shown, sort, onSort, selected, onSelect, onOpen, onEnd } = props;
  const { trans } = usePanel();
  const scroller = useRef<HTMLDivElement>(null);
  const table = useReactTable({
    data: runs,
    columns,
    getCoreRowModel: getCoreRowModel(),
    getRowId: (run) => run.id,
    manualSorting: true,
    state: {
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id!, shown.includes(column.id!)])),
      columnOrder: [...shown],
    },
  });
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const seen = virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 10 && rows.length > 0) onEnd();
  }, [last, rows.length, onEnd]);

  const before = seen[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (seen.at(-1)?.end ?? 0);
  const leaves = table.getVisibleLeafColumns();
  const width = checkWidth + leaves.reduce((sum, column) => sum + column.getSize(), 0);
  const select = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    onSelect(next);
  };
  const all = rows.length > 0 && rows.every((row) => selected.has(row.id));

  return (
    <div className="jp-Assay-scroller" ref={scroller}>
      <table className="jp-Assay-runs" style={{ width }} aria-rowcount={rows.length + 1}>
        <caption className="jp-Assay-hidden">{trans.__("Runs")}</caption>
        <colgroup>
          <col style={{ width: checkWidth }} />
          {leaves.map((column) => (
            <col key={column.id} style={{ width: column.getSize() }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label={trans.__("Select all runs")}
                checked={all}
                onChange={({ target }) => onSelect(new Set(target.checked ? rows.map((row) => row.id) : []))}
              />
            </th>
            {table.getHeaderGroups()[0]?.headers.map((header) => (
              <SortHeader
                key={header.id}
                id={header.id}
                title={String(header.column.columnDef.header)}
                sort={sort}
                numeric={isNumeric(header.id)}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {seen.map(({ index }) => {
            const row = rows[index]!;
            return (
              <tr
                key={row.id}
                data-run={row.id}
                aria-rowindex={index + 2}
                aria-selected={selected.has(row.id)}
                onDoubleClick={() => onOpen(row.original)}
              >
                <td>
                  <input
                    type="checkbox"
                    aria-label={trans.__("Select %1", row.original.name)}
                    checked={selected.has(row.id)}
                    onChange={({ target }) => select(row.id, target.checked)}
                  />
                </td>
                {row.getVisibleCells().map((cell) => (
                  <td
                    key={cell.id}
                    data-column={cell.column.id}
                    className={isNumeric(cell.column.id) ? "jp-mod-numeric" : undefined}
                  >
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}

function isNumeric(id: string): boolean {
  return id.startsWith("metrics.") || id === "duration";
}
