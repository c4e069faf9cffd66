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
  throw strange(cursor);
}

/** The id that a cursor ends with. Throws ParamsError for one that we did not make. */
export function readIdCursor(cursor: string): string {
  const [key] = readCursor(cursor, 1);
  if (typeof key === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return key;
  throw strange(cursor);
}

function strange(cursor: string): ParamsError {
  return new ParamsError(`cursor: must be the next_cursor of a page before, got ${JSON.stringify(cursor.slice(0, 60))}`);
}
