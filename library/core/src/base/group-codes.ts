import { DataError, ShapeError } from "./errors.ts";

/** Groups as numbers 0, 1, … in the order of first appearance. Throws ShapeError, and DataError with the row that has none. */
export function groupCodes(who: string, groups: readonly unknown[], rows: number): Int32Array {
  if (groups.length !== rows) throw new ShapeError(`${who}: x has ${rows} rows but groups has ${groups.length}`);
  const places = new Map<unknown, number>();
  return Int32Array.from(groups, (group, i) => {
    if (group === null || group === undefined || Number.isNaN(group))
      throw new DataError(`${who}: the group is missing in row ${i}`);
    if (!places.has(group)) places.set(group, places.size);
    return places.get(group)!;
  });
}
