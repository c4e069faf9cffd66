/** Keys of an order at most; the service takes no more. */
const keysMost = 8;

/** Where a column stands in an order as `-created_at,name`. */
interface SortPlace {
  descending: boolean;
  /** From 1. */
  place: number;
  /** Whether others stand beside it. */
  isOneOfMany: boolean;
}

/** The place of a column in an order, or undefined. */
export function placeIn(sort: string, id: string): SortPlace | undefined {
  const keys = sort.split(",");
  const at = keys.findIndex((key) => key.replace(/^-/, "") === id);
  return at < 0 ? undefined : { descending: keys[at]!.startsWith("-"), place: at + 1, isOneOfMany: keys.length > 1 };
}

/**
 * The order after a column's title was pressed: numbers down first, then the other way. `further` (with Shift) keeps the other keys: the
 * column joins behind them, turns round, then leaves.
 */
export function pressed(sort: string, id: string, numeric: boolean, further: boolean): string {
  const now = placeIn(sort, id);
  const first = numeric ? `-${id}` : id;
  const second = numeric ? id : `-${id}`;
  const isSecond = now !== undefined && now.descending === second.startsWith("-");
  if (!further) return now === undefined || isSecond ? first : second;
  const keys = sort.split(",");
  if (now === undefined) return [...keys, first].slice(0, keysMost).join();
  if (!isSecond) return keys.map((key, k) => (k === now.place - 1 ? second : key)).join();
  const rest = keys.filter((_, k) => k !== now.place - 1);
  return rest.length > 0 ? rest.join() : first;
}
