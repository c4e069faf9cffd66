import type { Fitted } from "../base/contract.ts";
import { DataError, NotFoundError, ParamsError } from "../base/errors.ts";
import { Table } from "../data/table.ts";
import type { ItemId } from "../metrics/recommendation.ts";
import { readAsker } from "./asker.ts";
import { bestItems } from "./best-items.ts";
import { factorList, factorLists, type ListPlan, openFactorLists } from "./factor-lists.ts";
import { products } from "./factor-scores.ts";
import { codeOf, countOf, type IdList, idsOf } from "./ids.ts";
import type { ItemFilter, ItemSet, KnownInteractions, Recommendation, RecommenderModel } from "./recommender-model.ts";
import type { Factors, History, Scorer } from "./scorer.ts";
import { type ListOptions, topLists } from "./top-lists.ts";

/** What every fitted recommender can do; the scorer is opened when it is first asked. */
export function recommenderMethods(
  name: string,
  known: KnownInteractions,
  open: () => Scorer,
  needsHistory: boolean,
): Omit<RecommenderModel, keyof Fitted> {
  let opened: Scorer | undefined;
  let plan: ListPlan | undefined;
  let popular: Float64Array | undefined;
  const scorer = (): Scorer => (opened ??= open());
  const isCold = (history: History): boolean => needsHistory && history.codes.length === 0;
  const scoresOf = (history: History): Float64Array => (isCold(history) ? (popular ??= takers(known)) : scorer().scores(history));
  const itemCode = (verb: string, item: ItemId): number => {
    const code = codeOf(known.items, item);
    if (code === undefined) throw new NotFoundError(`${name}.${verb}: no item ${JSON.stringify(item)} at the fit`);
    return code;
  };
  const named = ({ codes, scores }: { codes: Int32Array; scores: Float64Array }): Recommendation[] => {
    const ids = idsOf(known.items);
    return Array.from(
      codes.filter((code) => code >= 0),
      (code, place) => ({ item: ids[code]!, score: scores[place]! }),
    );
  };
  const userCode = (user: ItemId): number => {
    const code = codeOf(known.users, user);
    if (code === undefined) throw new NotFoundError(`${name}.recommendAll: no user ${JSON.stringify(user)} at the fit`);
    return code;
  };
  const listsOf =
    ({ items, dimensions, vectorOf }: Factors): ListOptions["lists"] =>
    (users, hidden, k, allowed) =>
      factorLists((plan ??= openFactorLists(items, dimensions)), { vectors: users.map(vectorOf), hidden }, k, allowed);
  return {
    recommend(who, k = 10, { seen = false, ...options } = {}) {
      checkCount(`${name}.recommend`, k);
      const history = readAsker(`${name}.recommend`, known, who);
      const allowed = allowedItems(`${name}.recommend`, known.items, options);
      const hidden = seen ? new Int32Array(0) : history.codes;
      const { factors } = scorer();
      if (!factors || isCold(history)) return named(bestItems(scoresOf(history), k, allowed, hidden));
      plan ??= openFactorLists(factors.items, factors.dimensions);
      return named(factorList(plan, factors.vectorOf(history), hidden, k, allowed));
    },
    async recommendAll(k = 10, { seen = false, users, ...options } = {}) {
      checkCount(`${name}.recommendAll`, k);
      const codes = users ? Int32Array.from(users, userCode) : Int32Array.from({ length: countOf(known.users) }, (_, u) => u);
      const allowed = allowedItems(`${name}.recommendAll`, known.items, options);
      const { factors } = scorer();
      return listTable(
        known,
        codes,
        await topLists(known, codes, { k, allowed, seen, scoresOf, isCold, lists: factors && listsOf(factors) }),
      );
    },
    similarItems(item, k = 10, options = {}) {
      checkCount(`${name}.similarItems`, k);
      const { similar, nearest } = scorer();
      if (!similar) throw new DataError(`${name}.similarItems: the algorithm does not compare items`);
      const code = itemCode("similarItems", item);
      const allowed = allowedItems(`${name}.similarItems`, known.items, options);
      return named(nearest?.(code, k, allowed) ?? bestItems(similar(code), k, allowed, [code]));
    },
    scores(who, items) {
      const all = scoresOf(readAsker(`${name}.scores`, known, who));
      return items ? Float64Array.from(items, (item) => all[itemCode("scores", item)]!) : all.slice();
    },
    explain(who, item, k = 10) {
      checkCount(`${name}.explain`, k);
      const { shares, factors } = scorer();
      if (!shares) throw new DataError(`${name}.explain: the algorithm does not look at the user's items`);
      const history = readAsker(`${name}.explain`, known, who);
      const code = itemCode("explain", item);
      const contributions = shares(history, code);
      const told = contributions.reduce((a, b) => a + b, 0);
      const score = factors && !isCold(history) ? scoreOf(factors, history, code) : told;
      const ids = idsOf(known.items);
      const { codes: places } = bestItems(contributions.map(Math.abs), k, undefined, []);
      const because = Array.from(places, (place) => ({ item: ids[history.codes[place]!]!, contribution: contributions[place]! }));
      return { item, score, because, rest: score - told };
    },
    embeddings() {
      const { factors } = scorer();
      if (!factors) return undefined;
      return {
        dimensions: factors.dimensions,
        users: { ids: idsOf(known.users), vectors: factors.users },
        items: { ids: idsOf(known.items), vectors: factors.items },
      };
    },
    isColdStart: (who) => isCold(readAsker(`${name}.isColdStart`, known, who)),
  };
}

/** The score of one item. O(f). */
function scoreOf({ items, dimensions, vectorOf }: Factors, history: History, item: number): number {
  return products(items.subarray(item * dimensions, (item + 1) * dimensions), vectorOf(history))[0]!;
}

function checkCount(who: string, k: number): void {
  if (!(Number.isInteger(k) && k >= 1)) throw new ParamsError(`${who}: k must be a whole number ≥ 1, got ${k}`);
}

/** How many users took each item, as popularity counts them. */
function takers({ items, codes }: KnownInteractions): Float64Array {
  const counts = new Float64Array(countOf(items));
  for (const code of codes) counts[code]!++;
  return counts;
}

/** 1 for each item that may be shown; undefined where all may. Names that the fit did not see say nothing. */
function allowedItems(who: string, items: IdList, { filter, exclude }: ItemFilter): Uint8Array | undefined {
  if (filter === undefined && exclude === undefined) return undefined;
  const all = countOf(items);
  if (isItemSet(filter)) {
    if (filter.allowed.length !== all)
      throw new ParamsError(`${who}: filter must be a set of this model's ${all} items, it is of ${filter.allowed.length}`);
    if (exclude === undefined) return filter.allowed;
  }
  const allowed = new Uint8Array(all);
  if (typeof filter === "function") for (const [code, id] of idsOf(items).entries()) allowed[code] = filter(id) ? 1 : 0;
  else if (isItemSet(filter)) allowed.set(filter.allowed);
  else if (filter !== undefined) mark(who, "filter", items, filter, allowed, 1);
  else allowed.fill(1);
  if (exclude !== undefined) mark(who, "exclude", items, exclude, allowed, 0);
  return allowed;
}

function isItemSet(filter: ItemFilter["filter"]): filter is ItemSet {
  return typeof filter === "object" && "allowed" in filter && filter.allowed instanceof Uint8Array;
}

function mark(who: string, name: string, items: IdList, listed: Iterable<ItemId>, allowed: Uint8Array, value: number): void {
  if (typeof listed === "string" || typeof listed?.[Symbol.iterator] !== "function")
    throw new ParamsError(`${who}: ${name} must list items, got ${JSON.stringify(listed)}`);
  for (const item of listed) {
    const code = codeOf(items, item);
    if (code !== undefined) allowed[code] = value;
  }
}

function listTable(
  known: KnownInteractions,
  users: Int32Array,
  { k, codes, scores }: { readonly k: number; readonly codes: Int32Array; readonly scores: Float64Array },
): Table {
  const places = Int32Array.from(codes.keys()).filter((at) => codes[at]! >= 0);
  const column = (ids: IdList, pick: (at: number) => number) => {
    const names = idsOf(ids);
    const values = Array.from(places, (at) => names[pick(at)]!);
    return ids.kind === "number"
      ? ({ kind: "number", values: Float64Array.from(values as number[]) } as const)
      : ({ kind: "text", values: values as string[] } as const);
  };
  return new Table([
    ["user", column(known.users, (at) => users[Math.floor(at / k)]!)],
    ["rank", { kind: "number", values: Float64Array.from(places, (at) => (at % k) + 1) }],
    ["item", column(known.items, (at) => codes[at]!)],
    ["score", { kind: "number", values: Float64Array.from(places, (at) => scores[at]!) }],
  ]);
}
