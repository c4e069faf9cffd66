import { codeOf, countOf, idsOf } from "./ids.ts";
import { type Interactions, type SparseRows, transposed } from "./interactions.ts";
import type { KnownInteractions } from "./recommender-model.ts";

/** Lists of codes, list i at i · k; −1 where a list is shorter. */
export interface Lists {
  readonly k: number;
  readonly codes: Int32Array;
}

/** What lists are judged by. */
export interface ListContext {
  /** Users of the fit with held-out items. */
  readonly users: Int32Array;
  /** Users with held-out items whom the fit did not know. */
  readonly newUsers: number;
  /** Held-out items of each of these users, ascending; those that the fit did not know are counted alone. */
  readonly relevant: readonly { readonly codes: Int32Array; readonly count: number }[];
  /** −log₂ of the share of users who took an item at the fit, in bits. */
  readonly bits: Float64Array;
  /** Who took an item at the fit. */
  readonly takers: SparseRows;
}

/** Names of the held-out interactions in the codes of the fit. O(n). */
export function listContext(known: KnownInteractions, test: Interactions): ListContext {
  const items = Int32Array.from(idsOf(test.items), (item) => codeOf(known.items, item) ?? -1);
  const names = idsOf(test.users);
  const users: number[] = [];
  const relevant: { codes: Int32Array; count: number }[] = [];
  let newUsers = 0;
  for (let u = 0; u < names.length; u++) {
    const taken = test.codes.subarray(test.offsets[u], test.offsets[u + 1]);
    if (taken.length === 0) continue;
    const user = codeOf(known.users, names[u]!);
    if (user === undefined || known.offsets[user] === known.offsets[user + 1]) {
      newUsers++;
      continue;
    }
    users.push(user);
    relevant.push({
      codes: taken
        .map((code) => items[code]!)
        .filter((code) => code >= 0)
        .sort(),
      count: taken.length,
    });
  }
  const takers = transposed(known, countOf(known.items));
  const bits = Float64Array.from(
    { length: countOf(known.items) },
    (_, j) => -Math.log2(Math.max(1, takers.offsets[j + 1]! - takers.offsets[j]!) / countOf(known.users)),
  );
  return { users: Int32Array.from(users), newUsers, relevant, bits, takers };
}

/** Every measure of every user, by name: "ndcg@10" and so on. O(users · k²). */
export function userMeasures(
  context: ListContext,
  { k: most, codes }: Lists,
  lengths: readonly number[],
): Map<string, Float64Array> {
  const measures = new Map<string, Float64Array>();
  const alike = likeness(context.takers);
  for (const k of lengths) {
    const rows = context.relevant.map(({ codes: relevant, count }, u) => {
      const list = codes.subarray(u * most, u * most + k).filter((code) => code >= 0);
      return { ...hitMeasures(list, new Set(relevant), count, k), ...showMeasures(list, context.bits, alike) };
    });
    for (const name of Object.keys(rows[0]!) as (keyof (typeof rows)[0])[])
      measures.set(
        `${name}@${k}`,
        Float64Array.from(rows, (row) => row[name]),
      );
  }
  return measures;
}

/** How well one list meets `count` relevant items, of which the fit knew some. */
function hitMeasures(list: Int32Array, relevant: ReadonlySet<number>, count: number, k: number) {
  let hits = 0;
  let gain = 0;
  let precisions = 0;
  let first = 0;
  for (let place = 0; place < list.length; place++) {
    if (!relevant.has(list[place]!)) continue;
    hits++;
    gain += 1 / Math.log2(place + 2);
    precisions += hits / (place + 1);
    if (first === 0) first = 1 / (place + 1);
  }
  let best = 0;
  for (let place = 0; place < Math.min(k, count); place++) best += 1 / Math.log2(place + 2);
  return {
    ndcg: gain / best,
    recall: hits / count,
    precision: hits / k,
    map: precisions / Math.min(count, k),
    mrr: first,
    hit_rate: Number(hits > 0),
  };
}

/** What one list shows: how rare its items are, and how unlike each other. An empty list shows nothing: 0. */
function showMeasures(list: Int32Array, bits: Float64Array, alike: (a: number, b: number) => number) {
  let rare = 0;
  let unlike = 0;
  for (let a = 0; a < list.length; a++) {
    rare += bits[list[a]!]!;
    for (let b = 0; b < a; b++) unlike += 1 - alike(list[a]!, list[b]!);
  }
  const pairs = (list.length * (list.length - 1)) / 2;
  return { novelty: list.length > 0 ? rare / list.length : 0, diversity: pairs > 0 ? unlike / pairs : 0 };
}

/** Cosine of two items by who took them; pairs come again and again in lists, so each is reckoned once. */
function likeness({ offsets, codes }: SparseRows): (a: number, b: number) => number {
  const items = offsets.length - 1;
  const reckoned = new Map<number, number>();
  return (a, b) => {
    const key = a < b ? a * items + b : b * items + a;
    let value = reckoned.get(key);
    if (value === undefined) {
      value = overlap(codes.subarray(offsets[a], offsets[a + 1]), codes.subarray(offsets[b], offsets[b + 1]));
      reckoned.set(key, value);
    }
    return value;
  };
}

function overlap(a: Int32Array, b: Int32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) common++;
    const step = a[i]! - b[j]!;
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  return common === 0 ? 0 : common / Math.sqrt(a.length * b.length);
}
