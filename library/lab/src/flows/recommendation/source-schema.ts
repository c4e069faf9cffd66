import { type SourceTableName, sourceTables } from "../../contract/source-mapping.ts";
import type { EngineSchema } from "../../engine/index.ts";

/** The columns of a table as it is read: whole numbers as doubles, so that one that is too large is an outlier and no error. */
export function extractedSchema(table: SourceTableName): EngineSchema {
  return Object.fromEntries(
    Object.entries(sourceTables[table].fields).map(([field, { type }]) => [field, type === "INTEGER" ? "DOUBLE" : type]),
  );
}
