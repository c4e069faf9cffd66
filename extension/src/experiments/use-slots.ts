import { useLayoutEffect, useRef } from "react";

/** A row and the element that it is drawn in. */
interface Slotted {
  /** Number of the element: React's key. */
  slot: number;
  /** Place of the row in the table. */
  row: number;
}

/**
 * Gives each drawn row an element. A row keeps its element while it is drawn, and one that comes takes over an element that has become free: texts
 * change, and nothing is made, styled and thrown away. Answers in the order in which the elements stand in the page, which so stay where they are;
 * where rows have changed their places, as by another order, in the order of the rows.
 */
export function useSlots(drawn: readonly number[], keyOf: (row: number) => string): readonly Slotted[] {
  const held = useRef<ReadonlyMap<string, Slotted>>(new Map());
  const rows = [...drawn].sort((a, b) => a - b).map((row) => ({ row, key: keyOf(row) }));
  const hasMoved = rows.some(({ row, key }) => (held.current.get(key)?.row ?? row) !== row);
  const taken = new Set(rows.map(({ key }) => held.current.get(key)?.slot));
  let free = 0;
  const slots = new Map<string, Slotted>();
  for (const { row, key } of rows) {
    const known = held.current.get(key);
    if (!known) while (taken.has(free)) free++;
    slots.set(key, { slot: known?.slot ?? free++, row });
  }
  const next = hasMoved ? slots : inPlace(slots, [...held.current.values()]);
  useLayoutEffect(() => {
    held.current = next;
  });
  return [...next.values()];
}

/** The rows in the order in which their elements stood before; elements that are new come last. */
function inPlace(slots: ReadonlyMap<string, Slotted>, before: readonly Slotted[]): ReadonlyMap<string, Slotted> {
  const places = new Map(before.map(({ slot }, place) => [slot, place]));
  const placeOf = ({ slot }: Slotted) => places.get(slot) ?? before.length;
  return new Map([...slots].sort(([, a], [, b]) => placeOf(a) - placeOf(b)));
}
