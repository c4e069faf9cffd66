import { askPrepared, type Prepared } from "../../db/database.ts";
import type { Session } from "../../projects/session.ts";
import { subjectHash } from "../../registry/index.ts";

/** What somebody told of items. */
interface ToldItems {
  /** Those that they liked, by their newest word, with what that counts at a fit: 3 clicked, 5 booked. */
  readonly liked: ReadonlyMap<string, number>;
  /** Those that shall not come again: clicked, booked or rejected. */
  readonly done: readonly string[];
  /** When they were erased last; whatever was fitted on rows of before does not know them. */
  readonly erasedAt: Date | null;
}

type Action = "clicked" | "booked" | "rejected";

const feedbackMost = 500;
/** As the labels of the ETL have it. */
const engagement: Readonly<Partial<Record<Action, number>>> = { clicked: 3, booked: 5 };

const statement: Prepared = {
  name: "told items",
  text: `select
      (select max(at) from erasures where project_id = $1 and subject_hash in ($3, $4)) as "erasedAt",
      (select coalesce(json_agg(json_build_array(item_id, action)), '[]') from (
        select item_id, action from recommendation_feedback
        where project_id = $1 and user_key = $2 and action <> 'viewed' order by id desc limit ${feedbackMost}) t) as told`,
};

interface Found {
  readonly erasedAt: Date | null;
  /** The newest first. */
  readonly told: readonly (readonly [item: string, action: Action])[];
}

/** What somebody (their id as it was sent, and the key of it) told of items: the newest of their feedback; of an item the newest word holds. */
export async function toldItems({ db, projectId }: Session, user: string, userKey: string): Promise<ToldItems> {
  const hashes = [subjectHash(projectId, user), subjectHash(projectId, `key:${userKey}`)];
  const [found] = await askPrepared<Found>(db, statement, [projectId, userKey, ...hashes]);
  const { erasedAt, told } = found!;
  const newest = new Map<string, Action>();
  for (const [item, action] of told) if (!newest.has(item)) newest.set(item, action);
  const liked = new Map<string, number>();
  for (const [item, action] of newest) if (engagement[action] !== undefined) liked.set(item, engagement[action]);
  return { liked, done: [...newest.keys()], erasedAt };
}
