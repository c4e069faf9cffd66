import type { ItemId } from "../metrics/recommendation.ts";
import { readAsker } from "./asker.ts";
import { codeOf, countOf, idsOf } from "./ids.ts";
import type { Interactions } from "./interactions.ts";
import type { ItemSet, RecommenderModel } from "./recommender-model.ts";

/** Names of the users, by their codes: those of interactions, or of a model's fit. */
export function userIds(of: Interactions | RecommenderModel): readonly ItemId[] {
  return idsOf("state" in of ? of.state.known.users : of.users);
}

/** Names of the items, by their codes: the order of a model's `scores`. */
export function itemIds(of: Interactions | RecommenderModel): readonly ItemId[] {
  return idsOf("state" in of ? of.state.known.items : of.items);
}

/** What a user of a model's fit took, with how much. Throws NotFoundError for one that was not there. */
export function takenItems({ name, state: { known } }: RecommenderModel, user: ItemId): ReadonlyMap<ItemId, number> {
  const { codes, values } = readAsker(`${name}.takenItems`, known, user);
  const ids = idsOf(known.items);
  return new Map(Array.from(codes, (code, place) => [ids[code]!, values[place]!]));
}

/** These items of a model as a filter that costs nothing to ask again; names that the fit did not see are left out. O(items). */
export function itemSet({ state }: RecommenderModel, items: Iterable<ItemId>): ItemSet {
  const allowed = new Uint8Array(countOf(state.known.items));
  for (const item of items) {
    const code = codeOf(state.known.items, item);
    if (code !== undefined) allowed[code] = 1;
  }
  return { allowed };
}
