import { DataError, ParamsError, ShapeError } from "../base/errors.ts";

/** What names an item. */
export type ItemId = string | number;

/** What a user really took: a list or set of items, or items with grades (at least 1 is relevant … the more the better). */
export type RelevantItems = Iterable<ItemId> | ReadonlyMap<ItemId, number>;

/** How many places of each list count. */
export interface AtK {
  /** Default 10. */
  readonly k?: number | undefined;
}

/**
 * Share of a user's relevant items that are among the first k recommended, the mean over users; users without relevant items are left out,
 * in all measures of this kind. NaN where no user has any. O(Σ k).
 * @example
 * ml.recallAtK([["a", "b"], ["c", "d"]], [["a"], ["x", "d"]], { k: 2 })   // (1 + ½) / 2
 */
export function recallAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  options: AtK = {},
): number {
  return overUsers("recallAtK", recommended, relevant, options, (hits, grades) => countOf(hits) / grades.size);
}

/** Share of the first k places that hold a relevant item, the mean over users; a list shorter than k has empty places. O(Σ k). */
export function precisionAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  options: AtK = {},
): number {
  return overUsers("precisionAtK", recommended, relevant, options, (hits, _, k) => countOf(hits) / k);
}

/** Share of users with a relevant item among the first k. O(Σ k). */
export function hitRateAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  options: AtK = {},
): number {
  return overUsers("hitRateAtK", recommended, relevant, options, (hits) => Number(countOf(hits) > 0));
}

/** Mean of 1 / place of the first relevant item among the first k, 0 where there is none. O(Σ k). Source: Voorhees (1999), TREC-8. */
export function mrrAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  options: AtK = {},
): number {
  return overUsers("mrrAtK", recommended, relevant, options, (hits) => {
    const place = hits.findIndex((grade) => grade > 0);
    return place < 0 ? 0 : 1 / (place + 1);
  });
}

/** Mean over users of the precision at each place that holds a relevant item, over min(relevant items, k). O(Σ k). */
export function mapAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  options: AtK = {},
): number {
  return overUsers("mapAtK", recommended, relevant, options, (hits, grades, k) => {
    let found = 0;
    const sum = hits.reduce((total, grade, place) => (grade > 0 ? total + ++found / (place + 1) : total), 0);
    return sum / Math.min(grades.size, k);
  });
}

/**
 * Discounted gain Σ gain / log₂(place + 1) of the first k over the best that could be had, the mean over users. Items without grades gain 1;
 * grades gain themselves or, exponential, 2^grade − 1. O(Σ k + relevant log relevant).
 * Source: Järvelin & Kekäläinen (2002), ACM TOIS 20(4).
 */
export function ndcgAtK(
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  { gains = "linear", ...options }: AtK & { readonly gains?: "linear" | "exponential" | undefined } = {},
): number {
  const worth = (grade: number): number => (gains === "exponential" && grade > 0 ? Math.exp(grade * Math.LN2) - 1 : grade);
  const discounted = (values: readonly number[]): number =>
    values.reduce((sum, grade, place) => sum + worth(grade) / Math.log2(place + 2), 0);
  return overUsers("ndcgAtK", recommended, relevant, options, (hits, grades, k) => {
    const best = [...(grades.values() as Iterable<number>)].sort((a, b) => b - a).slice(0, k);
    return discounted(hits) / discounted(best);
  });
}

/** Share of the catalogue that is recommended to anybody among the first k. `items` is its size. O(Σ k). */
export function coverageAtK(
  recommended: readonly (readonly ItemId[])[],
  { k = 10, items }: AtK & { readonly items: number },
): number {
  if (!(Number.isInteger(items) && items >= 1))
    throw new ParamsError(`coverageAtK: items must be a whole number ≥ 1, got ${items}`);
  const shown = new Set<ItemId>();
  for (const [user, list] of recommended.entries()) for (const item of firstOf("coverageAtK", list, user, k)) shown.add(item);
  if (shown.size > items)
    throw new DataError(`coverageAtK: ${shown.size} different items are recommended, the catalogue has ${items}`);
  return shown.size / items;
}

/**
 * How rare the recommended items are: the mean over users and the first k of −log₂(share of users who have the item), in bits. An item that
 * nobody has counts as had by one. Users with an empty list are left out. O(Σ k). Source: Zhou et al. (2010), PNAS 107(10).
 */
export function noveltyAtK(
  recommended: readonly (readonly ItemId[])[],
  { k = 10, popularity, users }: AtK & { readonly popularity: ReadonlyMap<ItemId, number>; readonly users: number },
): number {
  if (!(users >= 1)) throw new ParamsError(`noveltyAtK: users must be ≥ 1, got ${users}`);
  let sum = 0;
  let lists = 0;
  for (const [user, list] of recommended.entries()) {
    const shown = firstOf("noveltyAtK", list, user, k);
    if (shown.length === 0) continue;
    sum +=
      shown.reduce<number>((bits, item) => bits - Math.log2(Math.max(1, popularity.get(item) ?? 0) / users), 0) / shown.length;
    lists++;
  }
  return sum / lists;
}

/**
 * How unlike the recommended items are: the mean over users of the mean of `distance` over the pairs among the first k; lists of fewer than two items are left
 * out. O(Σ k²). Source: Ziegler et al. (2005), "Improving recommendation lists through topic diversification", WWW.
 */
export function diversityAtK(
  recommended: readonly (readonly ItemId[])[],
  { k = 10, distance }: AtK & { readonly distance: (a: ItemId, b: ItemId) => number },
): number {
  let sum = 0;
  let lists = 0;
  for (const [user, list] of recommended.entries()) {
    const shown = firstOf("diversityAtK", list, user, k);
    if (shown.length < 2) continue;
    let apart = 0;
    for (const [place, item] of shown.entries()) for (const other of shown.slice(0, place)) apart += distance(item, other);
    sum += (2 * apart) / (shown.length * (shown.length - 1));
    lists++;
  }
  return sum / lists;
}

/** The mean of a measure over users with relevant items; the measure sees the grades of the first k places (0 is irrelevant). */
function overUsers(
  who: string,
  recommended: readonly (readonly ItemId[])[],
  relevant: readonly RelevantItems[],
  { k = 10 }: AtK,
  measure: (hits: readonly number[], grades: ReadonlyMap<ItemId, number>, k: number) => number,
): number {
  if (recommended.length !== relevant.length)
    throw new ShapeError(`${who}: there are lists for ${recommended.length} users but relevant items of ${relevant.length}`);
  if (recommended.length === 0) throw new DataError(`${who}: needs one user at least, got 0`);
  let sum = 0;
  let users = 0;
  for (const [user, list] of recommended.entries()) {
    const shown = firstOf(who, list, user, k);
    const grades = gradesOf(who, relevant[user]!, user);
    if (grades.size === 0) continue;
    sum += measure(
      shown.map((item) => grades.get(item) ?? 0),
      grades,
      k,
    );
    users++;
  }
  return users > 0 ? sum / users : Number.NaN;
}

/** The first k items. Throws DataError for one that stands twice in the list. */
function firstOf(who: string, list: readonly ItemId[], user: number, k: number): readonly ItemId[] {
  if (!(Number.isInteger(k) && k >= 1)) throw new ParamsError(`${who}: k must be a whole number ≥ 1, got ${k}`);
  const shown = list.slice(0, k);
  if (new Set(shown).size < shown.length) {
    const twice = shown.find((item, place) => shown.indexOf(item) < place);
    throw new DataError(`${who}: the list of user ${user} holds item ${JSON.stringify(twice)} twice`);
  }
  return shown;
}

function gradesOf(who: string, relevant: RelevantItems, user: number): ReadonlyMap<ItemId, number> {
  if (!(relevant instanceof Map)) return new Map(Array.from(relevant as Iterable<ItemId>, (item) => [item, 1]));
  const grades = new Map<ItemId, number>();
  for (const [item, grade] of relevant as ReadonlyMap<ItemId, number>) {
    if (!(grade >= 0 && grade < Infinity))
      throw new DataError(`${who}: grades must be finite and ≥ 0, got ${grade} for item ${JSON.stringify(item)} of user ${user}`);
    if (grade > 0) grades.set(item, grade);
  }
  return grades;
}

function countOf(hits: readonly number[]): number {
  return hits.reduce((count, grade) => count + Number(grade > 0), 0);
}
