import { readParquet, scanParquet, type Table } from "assay";
import type { Session } from "../projects/session.ts";
import { type DatasetVersion, datasetVersion } from "./datasets.ts";
import { memoryOf } from "./summary.ts";

/** A dataset's rows, read anew: the caller may do with them what it likes. */
export async function datasetTable(session: Session, ref: string): Promise<Table> {
  const { file } = await datasetVersion(session, ref);
  return readParquet(await session.store.fetch(file));
}

/** Bytes of tables that are kept at most. */
const keptBytes = 256 * 1024 ** 2;
/** By path, the least recently used first. A version's file never changes. */
const kept = new Map<string, { readonly table: Promise<Table>; bytes: number }>();

/** A dataset's rows to look at: previews, charts and profiles of one version share one table in memory. */
export async function sharedTable(
  session: Session,
  ref: string,
): Promise<{ readonly version: DatasetVersion; readonly table: Table }> {
  const version = await datasetVersion(session, ref);
  const path = await session.store.fetch(version.file);
  const entry = kept.get(path) ?? { table: readParquet(path), bytes: 0 };
  kept.delete(path);
  kept.set(path, entry);
  try {
    const table = await entry.table;
    entry.bytes = memoryOf(table);
    forget();
    return { version, table };
  } catch (error) {
    kept.delete(path);
    throw error;
  }
}

/** Rows from which a version's first rows are read alone. */
const largeRows = 300_000;
const firstRowsMax = 20_000;

/** Some of a dataset's rows to look at; of a large version the first ones are read without the rest. */
export async function someRows(
  session: Session,
  ref: string,
  offset: number,
  limit: number,
): Promise<{ readonly version: DatasetVersion; readonly rows: Table }> {
  const version = await datasetVersion(session, ref);
  const path = await session.store.fetch(version.file);
  const end = offset + limit;
  const table =
    version.rows >= largeRows && end <= firstRowsMax && !kept.has(path)
      ? await (await scanParquet(path)).limit(end).collect()
      : (await sharedTable(session, `${version.datasetId}@${version.version}`)).table;
  return { version, rows: table.slice(offset, end) };
}

/** Lets go of the tables that were not used for the longest time. */
function forget(): void {
  let total = [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [path, { bytes }] of kept) {
    if (total <= keptBytes) return;
    kept.delete(path);
    total -= bytes;
  }
}
