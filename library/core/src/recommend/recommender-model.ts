import type { TableLike } from "../base/columns.ts";
import type { FactoryInfo, FitOptions, Fitted, Spec } from "../base/contract.ts";
import type { Table } from "../data/table.ts";
import type { ItemId } from "../metrics/recommendation.ts";
import type { IdList } from "./ids.ts";
import type { InteractionColumns, Interactions, SparseRows } from "./interactions.ts";

/** Somebody who was not at the fit, by what they took: items, or items with how much. Items that the fit did not see are left out. */
export interface NewUser {
  readonly items: ReadonlyMap<ItemId, number> | Iterable<ItemId>;
}

/** Who asks: a user of the fit by name, or a new one by items. */
export type Asker = ItemId | NewUser;

/** An item for somebody. */
export interface Recommendation {
  readonly item: ItemId;
  /** The larger the better; comparable within one model only. */
  readonly score: number;
}

/** Items of a model that were looked up once, for a filter that is asked often; `itemSet` makes one. */
export interface ItemSet {
  /** 1 for each item of the set, in the order of `itemIds(model)`. */
  readonly allowed: Uint8Array;
}

/** Which items may be recommended. */
export interface ItemFilter {
  /** Says of an item whether it may; or the only items that may. */
  readonly filter?: ((item: ItemId) => boolean) | Iterable<ItemId> | ItemSet | undefined;
  /** Items that may not. */
  readonly exclude?: Iterable<ItemId> | undefined;
}

/** What is recommended. */
export interface RecommendOptions extends ItemFilter {
  /** Whether items that the user took before may come again; default false. */
  readonly seen?: boolean | undefined;
}

/** Why an item is recommended. */
export interface Reasons extends Recommendation {
  /** The user's items that speak for it, those that say most first; a negative share speaks against it. */
  readonly because: readonly { readonly item: ItemId; readonly contribution: number }[];
  /**
   * What of the score no item of theirs carries: all shares, those that `because` has no place for among them, and this sum to the score. Zero for item-kNN and
   * EASE, and but for the 32 bits of vectors for newcomers to ALS and two towers; the item's bias for newcomers to BPR. For users of an ALS, BPR or two-tower fit
   * also the way from the vector that their items make now to the one that the fit left them: ALS solves the items once more behind the users.
   */
  readonly rest: number;
}

/** Vectors of names, row k that of `ids[k]`. */
export interface Vectors {
  readonly ids: readonly ItemId[];
  /** Row-major (names × dimensions). */
  readonly vectors: Float32Array;
}

/** What a recommender knows of its users: who took what. */
export interface KnownInteractions extends SparseRows {
  readonly users: IdList;
  readonly items: IdList;
}

/** What a recommender keeps: the interactions of the fit, and what it learned from them. */
export interface RecommenderState<L = unknown> {
  readonly known: KnownInteractions;
  readonly learned: L;
}

/** A fitted recommender. */
export interface RecommenderModel<P = unknown, L = unknown> extends Fitted<RecommenderState<L>> {
  readonly task: "recommendation";
  readonly params: Readonly<P & Record<string, unknown>>;
  /**
   * The k best items for somebody (default 10), best first, of equals the one whose name sorts first; fewer where there are fewer. Somebody of whom no item is
   * known gets the most popular ones. Throws NotFoundError for a user that the fit did not see.
   */
  recommend(who: Asker, k?: number, options?: RecommendOptions): Recommendation[];
  /** The k best items for each of these users, default all: a table of user, rank (from 1), item, score. On all threads. */
  recommendAll(k?: number, options?: RecommendOptions & { readonly users?: readonly ItemId[] | undefined }): Promise<Table>;
  /** The k items most like one. Throws DataError where the algorithm does not compare items. */
  similarItems(item: ItemId, k?: number, options?: ItemFilter): Recommendation[];
  /** Scores of these items for somebody, default of all items in the order of `itemIds(model)`. */
  scores(who: Asker, items?: readonly ItemId[]): Float64Array;
  /** Which of somebody's items speak for an item. Throws DataError where the algorithm does not look at them. */
  explain(who: Asker, item: ItemId, k?: number): Reasons;
  /** Vectors whose product is the score; undefined where the algorithm has none. */
  embeddings(): { readonly dimensions: number; readonly users: Vectors; readonly items: Vectors } | undefined;
  /** Whether no item of somebody is known, so that popularity answers. */
  isColdStart(who: Asker): boolean;
}

/** Options of a recommender's fit on a table. */
export interface RecommenderTableOptions extends FitOptions, InteractionColumns {}

/** An immutable specification of a recommender; `fit` gives a model. */
export interface Recommender<P = unknown, L = unknown, O = unknown> extends Spec {
  readonly task: "recommendation";
  readonly params: Readonly<P & Record<string, unknown>>;
  fit(interactions: Interactions, options?: FitOptions & O): Promise<RecommenderModel<P, L>>;
  fit(table: TableLike, options: RecommenderTableOptions & O): Promise<RecommenderModel<P, L>>;
}

/** Makes a recommender of checked parameters. Throws ParamsError. */
export interface RecommenderFactory<In, P, L, O = unknown> extends FactoryInfo {
  (params?: In): Recommender<P, L, O>;
}
