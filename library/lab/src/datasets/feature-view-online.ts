import type { FeatureView, OnlineRow } from "../contract/feature-views.ts";
import { authorize, type Session } from "../projects/session.ts";
import { getFeatureView } from "./feature-views.ts";

/** What a feature view knows now of keys, in their order: the newest row of each; one older than the TTL gives no values. One index look-up a key. */
export async function onlineFeatures(
  session: Session,
  ref: string,
  keys: readonly string[],
  now = new Date(),
): Promise<{ readonly view: FeatureView; readonly items: OnlineRow[] }> {
  await authorize(session, "read");
  const view = await getFeatureView(session, ref);
  const rows = await session.db
    .selectFrom("feature_rows")
    .select(["key", "event_at", "values"])
    .where("feature_view_id", "=", view.feature_view_id)
    .where("key", "in", [...keys])
    .execute();
  const known = new Map(rows.map((row) => [row.key, row]));
  const none = Object.fromEntries(view.columns.map(({ name }) => [name, null]));
  const oldest = view.ttl_seconds === null ? Number.NEGATIVE_INFINITY : now.getTime() - 1000 * view.ttl_seconds;
  const items = keys.map((key): OnlineRow => {
    const row = known.get(key);
    if (!row) return { key, event_time: null, stale: false, values: none };
    const stale = row.event_at.getTime() < oldest;
    return { key, event_time: row.event_at.toISOString(), stale, values: stale ? none : row.values };
  });
  return { view, items };
}
