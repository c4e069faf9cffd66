import { stat } from "node:fs/promises";
import { contentHash, readParquet } from "assay";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { hashFile } from "../db/hash-file.ts";
import type { Store } from "../db/store.ts";
import { type Check, fail, ok } from "./check.ts";

/** Files looked at without `full`. */
const sampled = 200;
const shown = 5;

interface NamedFile {
  readonly file: string;
  readonly what: string;
  readonly size_bytes: string | null;
  /** Of the file's bytes (SHA-256) or of the rows in it; null where none is known. */
  readonly hash: string | null;
  readonly hash_of: "bytes" | "rows";
}

/**
 * Whether the files that rows name are in the store with their size, and with `full` whether their content has its hash: of all, or of
 * a random sample. O(files) and with `full` O(bytes), memory O(the largest dataset).
 */
export async function checkStore(db: Database, store: Store, full: boolean): Promise<Check> {
  const files = await namedFiles(db, full);
  const wrong: string[] = [];
  for (const { file, what, size_bytes: size, hash, hash_of } of files) {
    const found = await stat(store.path(file)).catch(() => undefined);
    if (!found) wrong.push(`${file} of ${what} is missing`);
    else if (size !== null && found.size !== Number(size))
      wrong.push(`${file} of ${what} has ${found.size} bytes, ${size} were written`);
    else if (full && hash !== null && !(await isAsWritten(store.path(file), hash_of, hash)))
      wrong.push(`${file} of ${what} is damaged: its hash differs`);
  }
  const looked = `${files.length.toLocaleString("en")} ${full ? "files" : "files of a sample"}`;
  if (wrong.length === 0) return ok("store", `${looked} are there and whole`);
  const more = wrong.length > shown ? `, and ${wrong.length - shown} more` : "";
  return fail(
    "store",
    `of ${looked}, ${wrong.length} are not as written: ${wrong.slice(0, shown).join("; ")}${more}`,
    "bring them back from a backup: assay db restore",
  );
}

/** Whether a file's bytes, or the rows in it, have a hash; a dataset that an engine wrote was never read, and is known by its bytes. */
async function isAsWritten(path: string, of: NamedFile["hash_of"], hash: string): Promise<boolean> {
  if ((await hashFile(path)) === hash) return true;
  return of === "rows" && (await readParquet(path).then(contentHash, () => undefined)) === hash;
}

async function namedFiles(db: Database, full: boolean): Promise<readonly NamedFile[]> {
  const limit = full ? sql`` : sql`order by random() limit ${sampled}`;
  const { rows } = await sql<NamedFile>`select * from (
    select distinct on (file) file, 'a dataset' as what, size_bytes::text, content_hash as hash, 'rows' as hash_of from dataset_versions
    union all select file, 'a run', size_bytes::text, content_hash, 'bytes' from artifacts
    union all select file, 'a model', size_bytes::text, content_hash, 'bytes' from model_versions
    union all (select distinct on (file) file, 'a feature view', size_bytes::text, content_hash, 'rows' from feature_view_runs
      where file is not null)
    union all select file, 'predictions', size_bytes::text, null, 'bytes' from prediction_files) as named ${limit}`.execute(db);
  return rows;
}
