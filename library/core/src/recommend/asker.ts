import { DataError, NotFoundError, ParamsError } from "../base/errors.ts";
import type { ItemId } from "../metrics/recommendation.ts";
import { codeOf } from "./ids.ts";
import type { SparseRows } from "./interactions.ts";
import type { Asker, KnownInteractions, NewUser } from "./recommender-model.ts";
import type { History } from "./scorer.ts";

/** What a user of the fit took. */
export function rowOf({ offsets, codes, values }: SparseRows, user: number): History {
  const from = offsets[user]!;
  const to = offsets[user + 1]!;
  return { user, codes: codes.subarray(from, to), values: values.subarray(from, to) };
}

/** What somebody took: of the fit, or as their profile says. Throws NotFoundError, ParamsError or DataError. */
export function readAsker(who: string, known: KnownInteractions, asker: Asker): History {
  if (typeof asker === "object" && asker !== null && "items" in asker) return readProfile(who, known, asker);
  if (typeof asker !== "string" && typeof asker !== "number")
    throw new ParamsError(`${who}: needs a user's name or { items }, got ${JSON.stringify(asker) ?? String(asker)}`);
  const user = codeOf(known.users, asker);
  if (user === undefined)
    throw new NotFoundError(`${who}: no user ${JSON.stringify(asker)} at the fit; give { items } for somebody new`);
  return rowOf(known, user);
}

function readProfile(who: string, { items: ids }: KnownInteractions, { items }: NewUser): History {
  if (typeof items === "string" || typeof items?.[Symbol.iterator] !== "function")
    throw new ParamsError(`${who}: items must be a list or a map of items, got ${JSON.stringify(items)}`);
  const taken = new Map<number, number>();
  const pairs =
    items instanceof Map
      ? (items as ReadonlyMap<ItemId, number>)
      : Array.from(items as Iterable<ItemId>, (item) => [item, 1] as const);
  for (const [item, value] of pairs) {
    if (!(value > 0 && value < Infinity))
      throw new DataError(`${who}: values of items must be > 0 and finite, got ${value} for item ${JSON.stringify(item)}`);
    const code = codeOf(ids, item);
    if (code !== undefined) taken.set(code, (taken.get(code) ?? 0) + value);
  }
  const codes = Int32Array.from(taken.keys()).sort();
  return { user: -1, codes, values: Float64Array.from(codes, (code) => taken.get(code)!) };
}
