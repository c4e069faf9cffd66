import { type SelectQueryBuilder, sql } from "kysely";
import { filterRows } from "./filter-rows.ts";
import type { ListFields } from "./list-fields.ts";
import { type Page, pageOf, readCursor } from "./pages.ts";
import { behind, orderBy, sortRows } from "./sort-rows.ts";

/** What every list is asked for. */
export interface ListQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Comma-separated fields, `-` in front for descending. */
  readonly sort?: string | undefined;
  /** As `status = 'failed' and created_at > now - 7d`. */
  readonly filter?: string | undefined;
}

/** How a list stands: its fields, its usual order, and what an item is. */
interface Listed<R, T> {
  /** An `id` among them. */
  readonly fields: ListFields;
  /** Where none is asked for; `-id` is newest first. */
  readonly usually?: string;
  readonly item: (row: R) => T;
}

/**
 * A page of the rows of a query: filtered, sorted; rows that miss a value come last. O(rows that the filter leaves), or O(page) in the order of
 * an index. Throws ParamsError for an unknown field, a filter that cannot be read, or a foreign cursor.
 */
export async function listRows<DB, TB extends keyof DB, R, T>(
  rows: SelectQueryBuilder<DB, TB, R>,
  { limit = 50, cursor, sort, filter }: ListQuery,
  { fields, usually = "-id", item }: Listed<R, T>,
): Promise<Page<T>> {
  const keys = sortRows(sort?.trim() || usually, fields);
  let query = rows.select(keys.map(({ place }, k) => sql<string | null>`${place}::text`.as(`key_${k}`)));
  if (filter?.trim()) query = query.where(filterRows(filter, fields));
  if (cursor !== undefined) query = query.where(behind(keys, readCursor(cursor, keys.length)));
  for (const key of keys) query = query.orderBy(orderBy(key));
  const found = (await query.limit(limit + 1).execute()) as (R & Record<string, string | null>)[];
  return pageOf(found, limit, item, (row) => keys.map((_, k) => row[`key_${k}`] ?? null));
}
