import { NotFoundError, ParamsError } from "assay";
import { type RecommendFeedback, recommendFeedback } from "../../contract/recommend.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { reportOutcomes } from "../../registry/index.ts";
import { checked } from "./checked.ts";
import { askedKey, hashKeyOf } from "./hash-key.ts";

/** Clocks of reporters may be ahead by so much. */
const aheadMs = 300_000;

/**
 * Keeps what somebody made of an item, under the hash of their id; later answers know it. Of somebody who is in an A/B test it is an outcome too: the
 * metric is the action, 1 each time; what happened before their exposure counts in no test. Throws NotFoundError for a recommender that is not there.
 */
export async function storeFeedback(session: Session, given: RecommendFeedback): Promise<void> {
  await authorize(session, "write");
  const { user_id, item_id, action, recommender_id, feedback_id, at } = checked("feedback", recommendFeedback, given);
  if (at !== undefined && Date.parse(at) > Date.now() + aheadMs)
    throw new ParamsError(`feedback: at must not lie in the future, got ${at}`);
  if (recommender_id !== undefined) await refuseUnknown(session, recommender_id);
  await session.db
    .insertInto("recommendation_feedback")
    .values({
      project_id: session.projectId,
      user_key: askedKey(user_id, await hashKeyOf(session)),
      item_id,
      action,
      recommender_id: recommender_id ?? null,
      ...(at !== undefined && { at: new Date(at) }),
    })
    .execute();
  if (await isInTest(session, user_id))
    await reportOutcomes(session, [{ user_id, metric: action, value: 1, outcome_id: feedback_id, at }]);
}

async function refuseUnknown({ db, projectId }: Session, id: string): Promise<void> {
  const there = await db
    .selectFrom("recommenders")
    .select("id")
    .where("project_id", "=", projectId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!there) throw Object.assign(new NotFoundError(`feedback: no recommender ${id}`), { field: "recommender_id" });
}

/** Whether an outcome of somebody can count: people's own ids are kept of no others. */
async function isInTest({ db, projectId }: Session, user: string): Promise<boolean> {
  const assigned = await db
    .selectFrom("ab_assignments")
    .select("ab_test_id")
    .where("project_id", "=", projectId)
    .where("user_key", "=", user)
    .limit(1)
    .executeTakeFirst();
  return assigned !== undefined;
}
