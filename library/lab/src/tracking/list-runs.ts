import { ParamsError } from "assay";
import { type RawBuilder, sql } from "kysely";
import type { Run } from "../contract/training.ts";
import { type Page, pageOf, readCursor } from "../db/pages.ts";
import { behind, orderBy } from "../db/sort-rows.ts";
import type { Session } from "../projects/session.ts";
import { filterRuns } from "./run-filter.ts";
import { type SortKey, sortRuns, sortRunsWithMetric } from "./run-sort.ts";
import { runRows, toRun } from "./runs.ts";

/** What a list of runs is asked for. */
export interface RunQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** As `-metrics.test.accuracy,name`; default newest first. */
  readonly sort?: string | undefined;
  /** As `status = 'completed' and metrics.test.accuracy > 0.7`. */
  readonly filter?: string | undefined;
  readonly experiment?: string | undefined;
  /** The deleted ones in place of the others. */
  readonly deleted?: boolean | undefined;
}

/** Conditions on runs `r` and experiments `e` of a query, all of which must hold. */
export function conditionsOf({ projectId }: Session, { filter, experiment, deleted = false }: RunQuery): RawBuilder<boolean>[] {
  return [
    sql<boolean>`r.project_id = ${projectId}`,
    deleted ? sql<boolean>`r.deleted_at is not null` : sql<boolean>`r.deleted_at is null`,
    ...(experiment === undefined ? [] : [sql<boolean>`e.name = ${experiment}`]),
    ...(filter?.trim() ? [filterRuns(filter, projectId)] : []),
  ];
}

/**
 * Runs of the project: filtered, sorted, a page at a time; what misses a value, or has NaN, comes last. The page's ids are found first, over
 * narrow rows. Throws ParamsError for an unknown field, a filter that cannot be read, or a foreign cursor.
 */
export async function listRuns(session: Session, query: RunQuery = {}): Promise<Page<Run>> {
  const { limit = 50, cursor, sort = "-created_at" } = query;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 500))
    throw new ParamsError(`runs: limit must be a whole number from 1 to 500, got ${limit}`);
  const keys = sortRuns(sort, session.projectId);
  const direct = query.filter?.trim() ? undefined : sortRunsWithMetric(sort, session.projectId);
  const values = cursor === undefined ? undefined : readCursor(cursor, keys.length);
  let found = direct && values?.[0] !== null ? await pageRows(session, query, direct, values, limit) : [];
  if (found.length <= limit) found = await pageRows(session, query, keys, values, limit); // those without the metric come behind
  const ids = found.slice(0, limit).map(({ id }) => id);
  const whole = ids.length === 0 ? [] : await runRows(session).where("r.id", "in", ids).execute();
  const byId = new Map(whole.map((row) => [row.id, row]));
  const page = pageOf(
    found,
    limit,
    ({ id }) => byId.get(id),
    (row) => keys.map((_, k) => row[`key_${k}`] ?? null),
  );
  return { items: page.items.filter((row) => row !== undefined).map(toRun), next_cursor: page.next_cursor };
}

type PageRow = Record<string, string | null> & { readonly id: string };

/** Ids and keys of a page's runs and the one behind. */
async function pageRows(
  session: Session,
  query: RunQuery,
  keys: readonly SortKey[],
  values: readonly unknown[] | undefined,
  limit: number,
): Promise<PageRow[]> {
  const conditions = conditionsOf(session, query);
  if (values) conditions.push(behind(keys, values));
  const columns = keys.map(({ place }, k) => sql`${place}::text as ${sql.ref(`key_${k}`)}`);
  const joins = keys.map(({ join }) => join);
  const { rows } = await sql<PageRow>`
    select r.id, ${sql.join(columns)} from runs r join experiments e on e.id = r.experiment_id ${sql.join(joins, sql` `)}
    where ${sql.join(conditions, sql` and `)} order by ${sql.join(keys.map(orderBy))} limit ${limit + 1}`.execute(session.db);
  return rows;
}
