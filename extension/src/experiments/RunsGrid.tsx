import { useVirtualizer } from "@tanstack/react-virtual";
import type { Run } from "assay-lab/contract";
import React, { useEffect, useId, useMemo, useRef } from "react";
import { usePanel } from "../panel";
import { followOffset } from "./follow-offset";
import { GridHead } from "./GridHead";
import { GroupRow, MoreRow } from "./GroupRow";
import type { GridRow } from "./grid-rows";
import { checkWidth, type RowActions, type RowCut, RunRow, rowHeight } from "./RunRow";
import { useActiveCell } from "./use-active-cell";
import type { ColumnLayout } from "./use-column-layout";
import { useGradually } from "./use-gradually";
import { useSlots } from "./use-slots";

interface RunsGridProps {
  rows: readonly GridRow[];
  layout: ColumnLayout;
  sort: string;
  onSort(sort: string): void;
  selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  baseline: Run | null;
  /** The metric that groups tell the mean of. */
  metric: string;
  /** How many runs there are, where it is known; else as many as are loaded. */
  total: number;
  onOpen(run: Run): void;
  onEdit(run: Run): void;
  onDelete(): void;
  onToggle(value: string | null): void;
  onMore(value: string | null): void;
  /** Loads more rows, as when the end of the loaded ones comes near; null where there are no more. */
  onEnd: (() => void) | null;
}

/** Rows before the end at which more are asked for. */
const nearEnd = 80;
/** Rows that are drawn in a frame at most. */
const rowsAtOnce = 8;

/** The runs as a grid of which only the rows and columns that are seen are drawn; moved in by arrow keys. */
export function RunsGrid(props: RunsGridProps): React.JSX.Element {
  const { rows, layout, sort, onSort, selected, onSelect, baseline, total, onToggle, onMore, onEnd } = props;
  const { preferences, trans } = usePanel();
  const scroller = useRef<HTMLDivElement>(null);
  const { pinned, others, pinnedWidth } = layout;
  const fixedWidth = checkWidth + pinnedWidth;
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    paddingStart: rowHeight,
    scrollPaddingStart: rowHeight,
    overscan: 4,
    observeElementOffset: followOffset,
    useFlushSync: false,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: others.length,
    getScrollElement: () => scroller.current,
    estimateSize: (k) => others[k]?.size ?? 0,
    paddingStart: fixedWidth,
    scrollPaddingStart: fixedWidth,
    overscan: 2,
    observeElementOffset: followOffset,
    useFlushSync: false,
  });
  useEffect(() => across.measure(), [layout]);
  const size = { rows: rows.length, columns: 1 + pinned.length + others.length, fixed: 1 + pinned.length };
  const start = { row: 0, column: Math.max(1, 1 + [...pinned, ...others].findIndex(({ id }) => id === "name")) };
  const { active, isAwaited, onKeyDown, follow, giveUp } = useActiveCell(scroller, size, down, across, start, onEnd);

  const seenRows = down.getVirtualItems();
  const last = seenRows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - nearEnd) onEnd?.();
  }, [last, rows.length, onEnd]);

  const seenColumns = across.getVirtualItems();
  const [from, to] = [seenColumns[0]?.index ?? 0, (seenColumns.at(-1)?.index ?? -1) + 1];
  const seen = useMemo(() => others.slice(from, to), [others, from, to]);
  const firstSeen = size.fixed + from;
  const spaceBefore = (seenColumns[0]?.start ?? fixedWidth) - fixedWidth;
  const cut = useMemo(() => ({ pinned, seen, firstSeen, spaceBefore }), [pinned, seen, firstSeen, spaceBefore]);
  const drawn = useGradually(
    seenRows.map(({ index }) => index),
    cut,
    rowsAtOnce,
  );

  const gridId = useId();
  const idOf = (slot: number) => `${gridId}${slot}`;
  const slots = useSlots(
    [...drawn.keys()].filter((index) => index < rows.length),
    (index) => rows[index]!.key,
  );

  const act = useStableActions(props);
  const isAll = rows.length > 0 && rows.every((row) => row.kind !== "run" || selected.has(row.run.id));
  const draw = (row: GridRow, index: number, slot: number, columns: RowCut) => {
    const id = idOf(slot);
    const isActive = active.row === index;
    if (row.kind === "group")
      return (
        <GroupRow
          {...row}
          key={slot}
          {...{ id, index, isActive }}
          columns={size.columns}
          metric={props.metric}
          onToggle={onToggle}
        />
      );
    if (row.kind === "more")
      return <MoreRow {...row} key={slot} {...{ id, index, isActive }} columns={size.columns} onMore={onMore} />;
    return (
      <RunRow
        key={slot}
        id={id}
        run={row.run}
        row={index}
        {...columns}
        {...{ baseline, act }}
        isSelected={selected.has(row.run.id)}
        active={isActive ? active.column : null}
        digits={preferences.values.decimals}
      />
    );
  };
  const keys = (event: React.KeyboardEvent) => {
    if (onKeyDown(event)) return;
    const row = rows[active.row];
    if ((event.target as Element).closest("thead") || row?.kind !== "run") return;
    const isOnCell = !(event.target as Element).matches("button, input");
    if (event.key === "Enter" && isOnCell) props.onOpen(row.run);
    else if (event.key === " " && isOnCell) act.select(active.row, !selected.has(row.run.id), event.shiftKey);
    else if (event.key === "F2") props.onEdit(row.run);
    else if (event.key === "Delete") props.onDelete();
    else return;
    event.preventDefault();
  };

  return (
    <div className="jp-Assay-scroller" ref={scroller}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that arrow keys move in is WAI-ARIA's grid
        role="grid"
        className="jp-Assay-runs jp-AssayExperiments-grid"
        style={{ width: across.getTotalSize() }}
        aria-label={trans.__("Runs")}
        aria-rowcount={total + 1}
        aria-colcount={size.columns}
        aria-multiselectable="true"
        aria-busy={isAwaited}
        onKeyDown={keys}
        onFocus={({ target }) => follow(target)}
        onBlur={giveUp}
      >
        <GridHead
          {...{ layout, seen, firstSeen, spaceBefore, sort, onSort, isAll }}
          onSelectAll={(on) => onSelect(new Set(on ? rows.flatMap((row) => (row.kind === "run" ? [row.run.id] : [])) : []))}
        />
        {/* elements stand in the order in which they were made, screen readers go by the rows' */}
        <tbody
          style={{ height: rows.length * rowHeight }}
          aria-owns={[...slots]
            .sort((a, b) => a.row - b.row)
            .map(({ slot }) => idOf(slot))
            .join(" ")}
        >
          {slots.map(({ slot, row }) => draw(rows[row]!, row, slot, drawn.get(row)!))}
        </tbody>
      </table>
    </div>
  );
}

/** The actions of rows as one object that stays, whatever is drawn. */
function useStableActions(props: RunsGridProps): RowActions {
  const latest = useRef(props);
  latest.current = props;
  const anchor = useRef<number | null>(null);
  return useMemo(
    () => ({
      open: (run) => latest.current.onOpen(run),
      edit: (run) => latest.current.onEdit(run),
      select(row, on, range) {
        const { rows, selected, onSelect } = latest.current;
        const other = range && anchor.current !== null ? anchor.current : row;
        const next = new Set(selected);
        for (const each of rows.slice(Math.min(row, other), Math.max(row, other) + 1)) {
          if (each.kind !== "run") continue;
          if (on) next.add(each.run.id);
          else next.delete(each.run.id);
        }
        anchor.current = row;
        onSelect(next);
      },
    }),
    [],
  );
}
