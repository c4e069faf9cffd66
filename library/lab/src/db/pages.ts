import { ParamsError } from "assay";

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Given back as `cursor`, asks for the next page; null behind the last. */
  readonly next_cursor: string | null;
}

/** The rows of a page and a cursor made of the last row's keys, where one row more than asked for was found. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  keys: (row: R) => readonly unknown[],
): Page<T> {
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(item),
    next_cursor: rows.length > limit ? Buffer.from(JSON.stringify(keys(shown.at(-1)!))).toString("base64url") : null,
  };
}

/** The keys of a cursor. Throws ParamsError for one that we did not make. */
export function readCursor(cursor: string, count: number): unknown[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(keys) && keys.length === count) return keys;
  } catch {}
  throw new ParamsError(`cursor: must be the next_cursor of a page before, got ${JSON.stringify(cursor.slice(0, 60))}`);
}
