import type { SimilarItems } from "../../contract/recommend.ts";
import { authorizeOften } from "../../projects/authorize-often.ts";
import type { Session } from "../../projects/session.ts";
import { itemWithFacts, openRecommender } from "./open-recommender.ts";

/**
 * Items that are like one: where the recommender has vectors, by their cosine, else by the algorithm's own likeness. The vectors in the database are
 * those of the model in memory, which answers in a hundredth of the time; other programs ask `nearest_vectors` in SQL. O(items · dimensions). Throws
 * NotFoundError for an item that the fit did not see, DataError where the algorithm compares no items.
 */
export async function similarItemsOf(
  session: Session,
  recommenderId: string,
  { item_id, k = 10 }: { readonly item_id: string; readonly k?: number | undefined },
): Promise<Omit<SimilarItems, "status">> {
  await authorizeOften(session, "read");
  const open = await openRecommender(session, { recommender_id: recommenderId });
  const { id, algorithm, model } = open;
  return {
    recommender_id: id,
    algorithm,
    item_id,
    source: model.embeddings() ? "vectors" : "model",
    items: model.similarItems(item_id, k).map((found) => itemWithFacts(open, found)),
  };
}
