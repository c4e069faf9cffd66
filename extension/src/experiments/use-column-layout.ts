import { type Column, type ColumnDef, getCoreRowModel, useReactTable } from "@tanstack/react-table";
import type { Run } from "assay-lab/contract";
import { useMemo, useState } from "react";
import { usePanel } from "../panel";
import type { RunColumn } from "./columns";

/** A shown column with its width. */
export interface PlacedColumn extends RunColumn {
  /** Pixels. */
  size: number;
  /** Pixels from the left edge, of a pinned column. */
  left: number;
  isPinned: boolean;
}

/** The shown columns in order, pinned ones first, and how their widths change. */
export interface ColumnLayout {
  pinned: readonly PlacedColumn[];
  others: readonly PlacedColumn[];
  /** Pixels of the pinned ones. */
  pinnedWidth: number;
  resize(id: string, width: number): void;
}

const [narrowest, widest] = [56, 800];
const noRuns: Run[] = [];

/** Lays columns out: shown ones in their order, those that are pinned at the left, in the reader's widths. */
export function useColumnLayout(
  columns: readonly RunColumn[],
  shown: readonly string[],
  pinned: readonly string[],
): ColumnLayout {
  const { preferences } = usePanel();
  const [sizes, setSizes] = useState<Record<string, number>>({});
  const defs = useMemo(
    () => columns.map(({ id, title, width }): ColumnDef<Run> => ({ id, header: title, size: width })),
    [columns],
  );
  const table = useReactTable({
    data: noRuns,
    columns: defs,
    getCoreRowModel: getCoreRowModel(),
    state: {
      columnVisibility: Object.fromEntries(columns.map(({ id }) => [id, shown.includes(id)])),
      columnOrder: [...shown],
      columnPinning: { left: [...pinned] },
      columnSizing: sizes,
    },
  });
  return useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    const place = (column: Column<Run>, isPinned: boolean): PlacedColumn => ({
      ...byId.get(column.id)!,
      size: column.getSize(),
      left: isPinned ? column.getStart("left") : 0,
      isPinned,
    });
    const left = table.getLeftVisibleLeafColumns().map((column) => place(column, true));
    return {
      pinned: left,
      others: table.getCenterVisibleLeafColumns().map((column) => place(column, false)),
      pinnedWidth: left.reduce((sum, { size }) => sum + size, 0),
      resize: (id: string, width: number) =>
        setSizes((old) => ({ ...old, [id]: Math.min(widest, Math.max(narrowest, Math.round(width))) })),
    };
  }, [columns, shown, pinned, sizes, preferences.values.decimals]);
}
