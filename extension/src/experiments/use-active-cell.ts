import type { Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef, useState } from "react";

/** A place in the grid; row −1 is the titles. */
interface Cell {
  row: number;
  column: number;
}

interface GridSize {
  /** Rows that are loaded. */
  rows: number;
  columns: number;
  /** Columns before the ones that scroll. */
  fixed: number;
}

type Along = Pick<Virtualizer<HTMLDivElement, Element>, "scrollToIndex">;

/**
 * The one cell of a grid that Tab reaches, and how keys move it: arrows, Home and End, with Ctrl to the corners, Page Up and Down.
 * The cell is scrolled to and focused once it is drawn; where its row is not loaded, `more` is called until it is, or until there are no more, which
 * null says. A key that leads to a row that is loaded, or the focus elsewhere, gives that up.
 */
export function useActiveCell(
  scroller: RefObject<HTMLDivElement>,
  size: GridSize,
  down: Along,
  across: Along,
  start: Cell,
  more: (() => void) | null,
) {
  const [active, setActive] = useState<Cell>(start);
  const [awaited, setAwaited] = useState<Cell | null>(null);
  const wanted = useRef<Cell | null>(null);
  const cell = { row: Math.min(active.row, size.rows - 1), column: Math.min(active.column, size.columns - 1) };

  const focusWanted = () => {
    if (!wanted.current) return;
    const { row, column } = wanted.current;
    const line = scroller.current?.querySelector(`[aria-rowindex="${row + 2}"]`);
    // a row of one wide cell is entered there
    const node = line?.querySelector<HTMLElement>(`[aria-colindex="${column + 1}"], [colspan]`);
    if (!node) return;
    wanted.current = null;
    (node.querySelector<HTMLElement>("button, input") ?? node).focus({ preventScroll: true });
  };
  useEffect(focusWanted);

  const moveTo = (row: number, column: number) => {
    const isMissing = more !== null && row >= size.rows;
    setAwaited(isMissing ? { row, column } : null);
    if (isMissing) return;
    const next = { row: clamp(row, -1, size.rows - 1), column: clamp(column, 0, size.columns - 1) };
    wanted.current = next;
    if (next.row >= 0) {
      setActive(next);
      down.scrollToIndex(next.row);
    }
    if (next.column >= size.fixed) across.scrollToIndex(next.column - size.fixed);
    if (next.row < 0) focusWanted(); // titles are always drawn
  };

  useEffect(() => {
    if (!awaited) return;
    if (more && awaited.row >= size.rows) more();
    else moveTo(awaited.row, awaited.column);
  }, [awaited, size.rows, more]);

  const onKeyDown = (event: React.KeyboardEvent): boolean => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 28) - 2);
    const whole = event.ctrlKey || event.metaKey;
    // keys that are pressed before a row has come add up; before the last of all has, they go from where one is
    const from = (awaited && Number.isFinite(awaited.row) ? awaited : placeOf(event.target)) ?? cell;
    const places: Record<string, [row: number, column: number]> = {
      ArrowDown: [from.row + 1, from.column],
      ArrowUp: [from.row - 1, from.column],
      ArrowRight: [from.row, from.column + 1],
      ArrowLeft: [from.row, from.column - 1],
      Home: [whole ? 0 : from.row, 0],
      End: [whole ? Number.POSITIVE_INFINITY : from.row, size.columns - 1],
      PageDown: [from.row + page, from.column],
      PageUp: [Math.max(0, from.row - page), from.column],
    };
    const place = places[event.key];
    if (!place || event.altKey) return false;
    event.preventDefault();
    moveTo(...place);
    return true;
  };

  const giveUp = () => setAwaited(null);

  /** Makes the cell that has the focus the one that Tab reaches; a title leaves it where it is. */
  const follow = (target: EventTarget) => {
    giveUp();
    const place = placeOf(target);
    if (place && place.row >= 0 && (place.row !== active.row || place.column !== active.column)) setActive(place);
  };
  return { active: cell, isAwaited: awaited !== null, onKeyDown, follow, giveUp };
}

/** The cell that an element stands in. */
function placeOf(target: EventTarget): Cell | null {
  const cell = (target as Element).closest?.("[aria-colindex]");
  const row = cell?.closest("[aria-rowindex]");
  if (!cell || !row) return null;
  return { row: Number(row.getAttribute("aria-rowindex")) - 2, column: Number(cell.getAttribute("aria-colindex")) - 1 };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
