import { NotFoundError } from "assay";
import type { OnlineRow } from "../contract/feature-views.ts";
import type { Cell } from "../contract/values.ts";
import { askPrepared, type Prepared } from "../db/database.ts";
import { authorizeOften } from "../projects/authorize-often.ts";
import type { Session } from "../projects/session.ts";
import { getFeatureView } from "./feature-views.ts";

/** What a feature view knows now of keys. */
interface OnlineFeatures {
  /** name@version */
  readonly view: string;
  /** When its rows were stored; null where they never were. */
  readonly materializedAt: string | null;
  /** In the order of the keys. */
  readonly items: OnlineRow[];
}

interface Found {
  readonly name: string;
  readonly version: number;
  readonly ttl_seconds: string | null;
  readonly columns: readonly { readonly name: string }[];
  readonly materialized_at: Date | null;
  /** By key: milliseconds since 1970, and the values. */
  readonly known: Readonly<Record<string, readonly [number, Readonly<Record<string, Cell>>]>>;
}

/**
 * What a feature view knows now of keys: the newest row of each; one older than the TTL gives no values. One statement, one index look-up
 * a key. Throws NotFoundError.
 */
export async function onlineFeatures(
  session: Session,
  ref: string,
  keys: readonly string[],
  now = new Date(),
): Promise<OnlineFeatures> {
  await authorizeOften(session, "read");
  const found = await look(session, ref, keys);
  if (!found) {
    await getFeatureView(session, ref); // says what is near
    throw new NotFoundError(`features: no feature view "${ref}"`);
  }
  const { name, version, ttl_seconds, columns, materialized_at } = found;
  const known = new Map(Object.entries(found.known));
  const none = Object.fromEntries(columns.map((column) => [column.name, null]));
  const oldest = ttl_seconds === null ? Number.NEGATIVE_INFINITY : now.getTime() - 1000 * Number(ttl_seconds);
  const items = keys.map((key): OnlineRow => {
    const row = known.get(key);
    if (!row) return { key, event_time: null, stale: false, values: none };
    const [time, values] = row;
    const stale = time < oldest;
    return { key, event_time: new Date(time).toISOString(), stale, values: stale ? none : values };
  });
  return { view: `${name}@${version}`, materializedAt: materialized_at?.toISOString() ?? null, items };
}

async function look({ db, projectId }: Session, ref: string, keys: readonly string[]): Promise<Found | undefined> {
  const [name, version = null] = ref.split("@") as [string, string?];
  const isListed = keys.length <= listedMost;
  const count = isListed ? 2 ** Math.ceil(Math.log2(Math.max(1, keys.length))) : 0;
  const asked = isListed ? Array.from({ length: count }, (_, k) => keys[k] ?? keys.at(-1) ?? null) : [keys];
  const [found] = await askPrepared<Found>(db, lookUp(count), [projectId, name, ref, version, ...asked]);
  return found;
}

/** Keys that are named one by one at most; more are one list. */
const listedMost = 1024;
const statements = new Map<number, Prepared>();

/**
 * The statement for so many keys named one by one, or for a list of them with 0: of a list, whose length it does not know, PostgreSQL would keep no plan,
 * because one as long as it guesses would cost more than planning anew.
 */
function lookUp(count: number): Prepared {
  let found = statements.get(count);
  if (!found) {
    const places = Array.from({ length: count }, (_, k) => `$${k + 5}::text`).join();
    const text = `with view as (
        select * from feature_views where project_id = $1 and (name = $2 or id::text = $3)
          and ($4::text is null or version::text = $4) order by version desc limit 1)
      select name, version, ttl_seconds, columns,
        (select created_at from feature_view_runs r where r.feature_view_id = view.id order by r.id desc limit 1) as materialized_at,
        coalesce((select jsonb_object_agg(key, jsonb_build_array(floor(extract(epoch from event_at) * 1000)::bigint, "values"))
          from feature_rows where feature_view_id = view.id and key ${count > 0 ? `in (${places})` : "= any($5::text[])"}), '{}') as known
      from view`;
    statements.set(count, (found = { name: `online features of ${count}`, text }));
  }
  return found;
}
