import { sql } from "kysely";
import {
  type RecommendCompare,
  type RecommendTrain,
  recommendCompare,
  recommendTrain,
  type TrainedRecommender,
} from "../../contract/recommend.ts";
import { type Page, pageOf, readCursor } from "../../db/pages.ts";
import { ensureWorker, type QueuedJob, submitJob } from "../../jobs/index.ts";
import { authorize, type Session } from "../../projects/session.ts";
import { checked } from "./checked.ts";

/** Queues a training. Throws NotFoundError for a dataset that is not there, ParamsError for settings that cannot be. */
export async function trainRecommender(session: Session, given: RecommendTrain): Promise<QueuedJob> {
  const request = checked("recommend", recommendTrain.strict(), given);
  const queued = await submitJob(session, "recommend", request, { experiment: "recommendations" });
  await ensureWorker(session);
  return queued;
}

/** Queues a comparison of recommenders. Throws NotFoundError for a dataset that is not there, ParamsError for settings that cannot be. */
export async function compareRecommenders(session: Session, given: RecommendCompare): Promise<QueuedJob> {
  const queued = await submitJob(session, "recommend-compare", checked("recommend", recommendCompare.strict(), given));
  await ensureWorker(session);
  return queued;
}

/** Recommenders of the project, newest first. */
export async function listRecommenders(
  session: Session,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined } = {},
): Promise<Page<TrainedRecommender>> {
  await authorize(session, "read");
  let query = session.db
    .selectFrom("recommenders as r")
    .selectAll("r")
    .select(
      sql<string | null>`(select m.name || '@' || v.version from model_versions v join models m on m.id = v.model_id
        where v.run_id = r.run_id and v.project_id = r.project_id order by v.id desc limit 1)`.as("model"),
    )
    .where("r.project_id", "=", session.projectId)
    .orderBy("r.id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where("r.id", "<", String(readCursor(cursor, 1)[0]));
  const toItem = (row: Awaited<ReturnType<typeof query.execute>>[number]): TrainedRecommender => ({
    recommender_id: row.id,
    run_id: row.run_id,
    model: row.model,
    algorithm: row.algorithm,
    dataset: row.dataset,
    users: row.user_count,
    items: row.item_count,
    size_bytes: Number(row.size_bytes),
    measures: row.measures,
    created_at: row.created_at.toISOString(),
  });
  return pageOf(await query.execute(), limit, toItem, (row) => [row.id]);
}
