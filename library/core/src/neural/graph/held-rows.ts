import { ParamsError } from "../../base/errors.ts";
import { random } from "../../numeric/random.ts";

/** Of some rows, those to learn from and those to judge by: whole groups where rows have groups, else of each class its share. */
export function holdRows(
  rows: Uint32Array,
  share: number,
  seed: number,
  groups: ArrayLike<number> | undefined,
  classes: ArrayLike<number> | undefined,
): { readonly known: Uint32Array; readonly held: Uint32Array } {
  if (share === 0) return { known: rows, held: new Uint32Array(0) };
  const isHeld = groups ? holdGroups(rows, share, seed, groups) : holdShares(rows, share, seed, classes);
  const held = rows.filter((_, i) => isHeld[i] === 1);
  const known = rows.filter((_, i) => isHeld[i] === 0);
  if (held.length === 0 || known.length === 0)
    throw new ParamsError(
      `network: validation must leave rows to learn from and to judge by, got ${share} of ${rows.length} rows`,
    );
  return { known, held };
}

function holdGroups(rows: Uint32Array, share: number, seed: number, groups: ArrayLike<number>): Uint8Array {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1);
  const list = Int32Array.from(sizes.keys());
  random(seed, "network/held").shuffle(list);
  const chosen = new Set<number>();
  let left = Math.round(share * rows.length);
  for (const group of list) {
    if (left <= 0) break;
    chosen.add(group);
    left -= sizes.get(group)!;
  }
  return Uint8Array.from(rows, (row) => (chosen.has(groups[row]!) ? 1 : 0));
}

function holdShares(rows: Uint32Array, share: number, seed: number, classes: ArrayLike<number> | undefined): Uint8Array {
  const isHeld = new Uint8Array(rows.length);
  const sizes = new Map<number, number>();
  const seen = new Map<number, number>();
  const kindOf = (row: number): number => classes?.[row] ?? 0;
  for (const row of rows) sizes.set(kindOf(row), (sizes.get(kindOf(row)) ?? 0) + 1);
  for (const i of random(seed, "network/held").permutation(rows.length)) {
    const kind = kindOf(rows[i]!);
    const place = seen.get(kind) ?? 0;
    seen.set(kind, place + 1);
    if (place < Math.round(share * sizes.get(kind)!)) isHeld[i] = 1;
  }
  return isHeld;
}
