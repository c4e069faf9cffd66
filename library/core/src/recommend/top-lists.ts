import { rowOf } from "./asker.ts";
import { bestItems } from "./best-items.ts";
import type { KnownInteractions } from "./recommender-model.ts";
import type { History } from "./scorer.ts";

/** The best items of many users: list i at i · k; code −1 and score NaN where a list is shorter. */
export interface TopLists {
  readonly k: number;
  readonly codes: Int32Array;
  readonly scores: Float64Array;
}

/** How lists are made. */
export interface ListOptions {
  readonly k: number;
  /** 1 for the items that may be shown; all where undefined. */
  readonly allowed: Uint8Array | undefined;
  /** Whether items that a user took before may come again. */
  readonly seen: boolean;
  /** Scores of all items, by popularity where nothing of the user is known. */
  scoresOf(history: History): Float64Array;
  /** Whether popularity answers for somebody. */
  isCold(history: History): boolean;
  /** Makes the lists of many users at once, where the algorithm can: of each what is hidden, the length, what is allowed. */
  readonly lists:
    | ((
        users: readonly History[],
        hidden: readonly Int32Array[],
        k: number,
        allowed: Uint8Array | undefined,
      ) => Promise<TopLists>)
    | undefined;
}

/** How long the calling thread is kept before it may do something else. */
const sliceMs = 15;

/** The best items of each of these users. O(items) a user beside its scores. */
export async function topLists(known: KnownInteractions, users: Int32Array, options: ListOptions): Promise<TopLists> {
  const { k, allowed, seen, scoresOf, lists, isCold } = options;
  const codes = new Int32Array(users.length * k).fill(-1);
  const scores = new Float64Array(users.length * k).fill(Number.NaN);
  const put = (place: number, best: { readonly codes: Int32Array; readonly scores: Float64Array }): void => {
    codes.set(best.codes, place * k);
    scores.set(best.scores, place * k);
  };
  const histories = Array.from(users, (user) => rowOf(known, user));
  const hidden = histories.map((history) => (seen ? none : history.codes));
  const together = Int32Array.from(histories.keys()).filter((place) => lists && !isCold(histories[place]!));
  if (lists && together.length > 0) {
    const found = await lists(
      Array.from(together, (place) => histories[place]!),
      Array.from(together, (place) => hidden[place]!),
      k,
      allowed,
    );
    for (const [row, place] of together.entries())
      put(place, { codes: found.codes.subarray(row * k, (row + 1) * k), scores: found.scores.subarray(row * k, (row + 1) * k) });
  }
  let until = performance.now() + sliceMs;
  for (const [place, history] of histories.entries()) {
    if (lists && !isCold(history)) continue;
    put(place, bestItems(scoresOf(history), k, allowed, hidden[place]!));
    if (performance.now() < until) continue;
    await new Promise((resolve) => setImmediate(resolve));
    until = performance.now() + sliceMs;
  }
  return { k, codes, scores };
}

const none = new Int32Array(0);
