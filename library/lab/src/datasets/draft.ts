import { stat } from "node:fs/promises";
import { contentHash, DataError, type Table, writeParquet } from "assay";
import type { DatasetColumn } from "../contract/datasets.ts";
import { memoryOf, summarise } from "./summary.ts";

/** A table as a Parquet file that has no place in the store yet, and what its version will say of it. */
export interface Draft {
  readonly path: string;
  readonly contentHash: string;
  readonly rows: number;
  readonly columns: readonly DatasetColumn[];
  readonly memoryBytes: number;
  readonly sizeBytes: number;
  /** Lines of the file that were left out, in words; empty for none. */
  readonly leftOut: string;
}

/** Writes a table to `path`. Throws DataError for one without rows. */
export async function writeDraft(table: Table, path: string): Promise<Draft> {
  if (table.rows === 0) throw new DataError("dataset: the table has no rows");
  const columns = summarise(table);
  if (JSON.stringify(columns).includes("\\u0000"))
    throw new DataError("dataset: names and levels must not hold the character U+0000");
  await writeParquet(table, path);
  return {
    path,
    contentHash: contentHash(table),
    rows: table.rows,
    columns,
    memoryBytes: memoryOf(table),
    sizeBytes: (await stat(path)).size,
    leftOut: leftOutOf(table),
  };
}

function leftOutOf({ rejects }: Table): string {
  const [first] = rejects;
  if (!first) return "";
  const count = rejects.length === 1 ? "1 line was left out:" : `${rejects.length} lines were left out, the first:`;
  return `${count} line ${first.line} ${first.reason}`;
}
