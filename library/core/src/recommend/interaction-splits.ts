import { checkKeys } from "../base/check-keys.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";
import { countOf, type IdList, idListOf, idsOf } from "./ids.ts";
import { type Interactions, interactionsOf, transposed } from "./interactions.ts";

/** Two parts of the same users and items: codes mean the same in both. */
export interface InteractionSplit {
  readonly train: Interactions;
  readonly test: Interactions;
}

/**
 * Holds out each user's newest interactions; of those of the same instant the one whose item sorts last is the newer. A user who would keep fewer than `keep`
 * (default 1) stays whole in `train`. O(n log n of a user). Throws DataError for interactions without times, or where nobody has enough.
 * @example
 * const { train, test } = ml.leaveLastOut(ratings, { last: 5 });
 */
export function leaveLastOut(
  given: Interactions,
  options: { readonly last?: number; readonly keep?: number } = {},
): InteractionSplit {
  checkKeys("leaveLastOut", options, ["last", "keep"]);
  const { last = 1, keep = 1 } = options;
  for (const [name, value] of Object.entries({ last, keep }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new ParamsError(`leaveLastOut: ${name} must be a whole number ≥ 1, got ${value}`);
  const times = timesOf("leaveLastOut", given);
  const held = new Uint8Array(given.codes.length);
  for (let u = 0; u < given.offsets.length - 1; u++) {
    const from = given.offsets[u]!;
    const count = given.offsets[u + 1]! - from;
    if (count < last + keep) continue;
    const order = Int32Array.from({ length: count }, (_, k) => from + k).sort((a, b) => times[b]! - times[a]! || b - a);
    for (const k of order.subarray(0, last)) held[k] = 1;
  }
  if (!held.includes(1)) throw new DataError(`leaveLastOut: nobody has ${last + keep} interactions`);
  return parts(given, held);
}

/**
 * Holds out what happened last: the newest share of all interactions (`test`, above 0 and below 1), or all from an instant on (`at`). O(n log n). Throws
 * DataError for interactions without times, or where a part is empty.
 * @example
 * const { train, test } = ml.temporalSplit(ratings, { test: 0.2 });
 */
export function temporalSplit(
  given: Interactions,
  options: { readonly test?: number; readonly at?: Date | number },
): InteractionSplit {
  checkKeys("temporalSplit", options, ["test", "at"]);
  const { test, at } = options;
  if ((test === undefined) === (at === undefined)) throw new ParamsError("temporalSplit: give either test or at");
  if (test !== undefined && !(test > 0 && test < 1))
    throw new ParamsError(`temporalSplit: test must be above 0 and below 1, got ${test}`);
  const times = timesOf("temporalSplit", given);
  const border = at === undefined ? times.toSorted()[Math.floor(times.length * (1 - test!))]! : Number(at);
  const held = Uint8Array.from(times, (time) => (time >= border ? 1 : 0));
  if (!held.includes(1) || !held.includes(0))
    throw new DataError(`temporalSplit: a part is empty at ${new Date(border).toISOString()}; all lies on one side of it`);
  return parts(given, held);
}

/**
 * Leaves out users with fewer than `users` interactions and items with fewer than `items` (default 5 each), again and again until all have enough. O(n) a round.
 * Throws DataError where nothing is left.
 */
export function kCore(given: Interactions, options: { readonly users?: number; readonly items?: number } = {}): Interactions {
  checkKeys("kCore", options, ["users", "items"]);
  const { users = 5, items = 5 } = options;
  for (const [name, value] of Object.entries({ users, items }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new ParamsError(`kCore: ${name} must be a whole number ≥ 1, got ${value}`);
  const kept = new Uint8Array(given.codes.length).fill(1);
  const rows = Int32Array.from({ length: given.codes.length });
  for (let u = 0; u < given.offsets.length - 1; u++) rows.fill(u, given.offsets[u], given.offsets[u + 1]);
  let left = kept.length;
  for (let former = -1; former !== left && left > 0; ) {
    former = left;
    for (const [codes, least, count] of [
      [rows, users, countOf(given.users)],
      [given.codes, items, countOf(given.items)],
    ] as const) {
      const counts = new Int32Array(count);
      for (let k = 0; k < kept.length; k++) counts[codes[k]!]! += kept[k]!;
      for (let k = 0; k < kept.length; k++) if (kept[k] === 1 && counts[codes[k]!]! < least) kept[k] = 0;
    }
    left = kept.reduce((a, b) => a + b, 0);
  }
  if (left === 0)
    throw new DataError(`kCore: nothing is left of ${kept.length} interactions with ${users} a user and ${items} an item`);
  return compact(pick(given, kept, 1));
}

function timesOf(who: string, { times }: Interactions): Float64Array {
  if (!times) throw new DataError(`${who}: the interactions have no times; read them with { time }`);
  return times;
}

function parts(given: Interactions, held: Uint8Array): InteractionSplit {
  return { train: pick(given, held, 0), test: pick(given, held, 1) };
}

/** The interactions whose mark is `value`, of the same users and items. */
function pick(given: Interactions, marks: Uint8Array, value: number): Interactions {
  const { columns, users, items, offsets, codes, values, times } = given;
  const count = marks.reduce((sum, mark) => sum + Number(mark === value), 0);
  const starts = sharedInt32(offsets.length);
  const chosen = sharedInt32(count);
  const much = sharedFloat64(count);
  const when = times && sharedFloat64(count);
  let place = 0;
  for (let u = 0; u < offsets.length - 1; u++) {
    for (let k = offsets[u]!; k < offsets[u + 1]!; k++) {
      if (marks[k] !== value) continue;
      chosen[place] = codes[k]!;
      much[place] = values[k]!;
      if (when) when[place] = times[k]!;
      place++;
    }
    starts[u + 1] = place;
  }
  return interactionsOf({ columns, users, items, offsets: starts, codes: chosen, values: much, ...(when && { times: when }) });
}

/** Without the users and items that have no interactions. */
function compact(given: Interactions): Interactions {
  const { columns, users, items, offsets, codes, values, times } = given;
  const byItem = transposed(given, countOf(items)).offsets;
  const itemCodes = Int32Array.from({ length: countOf(items) });
  let next = 0;
  for (let j = 0; j < itemCodes.length; j++) itemCodes[j] = byItem[j + 1]! > byItem[j]! ? next++ : -1;
  const ends = offsets.filter((at, u) => u === 0 || at > offsets[u - 1]!);
  const starts = sharedInt32(ends.length);
  starts.set(ends);
  const renamed = sharedInt32(codes.length);
  for (let k = 0; k < codes.length; k++) renamed[k] = itemCodes[codes[k]!]!;
  return interactionsOf({
    columns,
    users: filterIds(users, (u) => offsets[u + 1]! > offsets[u]!),
    items: filterIds(items, (j) => itemCodes[j]! >= 0),
    offsets: starts,
    codes: renamed,
    values,
    ...(times && { times }),
  });
}

function filterIds(ids: IdList, isKept: (code: number) => boolean): IdList {
  return idListOf(idsOf(ids).filter((_, code) => isKept(code)) as string[]);
}
