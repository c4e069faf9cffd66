import * as ml from "assay";
import type { z } from "zod";
import { type Recommended, type RecommendRequest, recommendRequest } from "../../contract/recommend.ts";
import { authorizeOften } from "../../projects/authorize-often.ts";
import type { Session } from "../../projects/session.ts";
import { type ArmOfTest, answerByTest } from "../../registry/index.ts";
import { checked } from "./checked.ts";
import { askedKey, hashKeyOf } from "./hash-key.ts";
import { nearestOffers } from "./nearest-offers.ts";
import { itemWithFacts, type OpenRecommender, openRecommender } from "./open-recommender.ts";
import { toldItems } from "./told-items.ts";

const reasonsMost = 3;

/** What is answered. */
export type RecommendAnswer = Omit<Recommended, "status">;
type Asked = Omit<z.output<typeof recommendRequest>, "project_id">;

/**
 * The best items for somebody by the newest recommender, another, a registered one, or the one that an A/B test gives them, which records the exposure.
 * What was told since the fit counts: items that were clicked, booked or rejected do not come again. Somebody whom the fit did not see is answered by
 * their feedback, else by the profile that was sent, else by what most people took. Users are named as the application names them, or by their key in
 * the datasets, "key:…". Fewer than k where there are fewer, none where the filters leave
 * nothing. O(items · dimensions). Throws NotFoundError where no recommender is, ParamsError for a category or region that no item has.
 */
export async function recommendFor(session: Session, request: RecommendRequest): Promise<RecommendAnswer> {
  await authorizeOften(session, "read");
  const asked = checked("recommend", recommendRequest, request);
  const { ab_test_name: test, user_id: user, segments } = asked;
  if (test === undefined) return answerBy(session, asked, () => openRecommender(session, asked), null);
  return answerByTest(session, test, { user, segments }, (model, of) =>
    answerBy(session, asked, () => openRecommender(session, { model }, { evenArchived: true }), of),
  );
}

async function answerBy(
  session: Session,
  { user_id, k, category, region, profile, exclude }: Asked,
  opened: () => Promise<OpenRecommender>,
  ab_test: ArmOfTest | null,
): Promise<RecommendAnswer> {
  const key = askedKey(user_id, await hashKeyOf(session));
  const [open, { liked, done, erasedAt }] = await Promise.all([opened(), toldItems(session, user_id, key)]);
  const { model } = open;
  const isKnown = open.known.has(key) && !(erasedAt && erasedAt >= open.rowsAt);
  const excluded = new Set([...done, ...(exclude ?? [])]);
  const { ofModel, ofFacts } = open.candidatesOf(category, region);
  const options = { filter: ofModel, ...(excluded.size > 0 && { exclude: excluded }) };
  const answer = { user_id, recommender_id: open.id, model: open.version, ab_test, algorithm: open.algorithm };
  // an algorithm that looks at no items of people answers by what it has
  const looksAtItems = model.isColdStart({ items: [] });
  const folded = { items: new Map([...(isKnown ? ml.takenItems(model, key) : []), ...liked]) };
  const isFolded = looksAtItems && liked.size > 0 && !model.isColdStart(folded);
  const asker = isKnown && !isFolded ? key : folded;
  if (isKnown || isFolded) {
    const items = shown(open, model.recommend(asker, k, options), asker);
    return { ...answer, source: isKnown ? "model" : "feedback", items };
  }
  if (profile !== undefined)
    return { ...answer, source: "profile", items: shown(open, nearestOffers(open.offers, profile, k, ofFacts, excluded)) };
  return { ...answer, source: "popularity", items: shown(open, model.recommend({ items: [] }, k, options)) };
}

function shown(open: OpenRecommender, items: readonly ml.Recommendation[], asker?: ml.Asker): Recommended["items"] {
  return items.map((found) => ({
    ...itemWithFacts(open, found),
    because: asker === undefined ? [] : reasons(open.model, asker, found.item),
  }));
}

function reasons(model: ml.RecommenderModel, asker: ml.Asker, item: ml.ItemId): Recommended["items"][number]["because"] {
  try {
    const { because } = model.explain(asker, item, reasonsMost);
    return because.map(({ item: own, contribution }) => ({ item_id: String(own), contribution }));
  } catch (error) {
    if (error instanceof ml.DataError) return []; // an algorithm that does not look at them
    throw error;
  }
}
