import { DataError } from "assay";
import type pg from "pg";
import type { SourceMapping } from "../../contract/source-mapping.ts";
import { ensureServer } from "../../db/server.ts";
import { movielensMapping, travelMapping } from "./mappings.ts";

/** Schemas that the flow makes itself: all that a run of the service may read in Assay's own database. */
const shipped: readonly string[] = [travelMapping.schema, movielensMapping.schema];

/** The application's database, where the service's setting names one and the run says how its tables map. */
export function applicationUrl(mapping: SourceMapping | undefined): string | undefined {
  return (mapping && process.env["ASSAY_SOURCE_URL"]?.trim()) || undefined;
}

/**
 * Throws DataError for a mapping to what a run of the service may not read. Whoever may write in a project sends mappings, and the run reads with
 * the service's rights: of Assay's own database it reads the schemas that this flow makes, everything else lies in the
 * database that whoever runs the service has named.
 */
export function checkPlace(mapping: SourceMapping | undefined): void {
  if (mapping === undefined || applicationUrl(mapping) !== undefined || shipped.includes(mapping.schema)) return;
  throw Object.assign(
    new DataError(
      `etl: mapping.schema must be one of ${shipped.join(", ")} in Assay's own database, got ${JSON.stringify(mapping.schema)}; the service reads another application's where its setting ASSAY_SOURCE_URL names one`,
    ),
    { field: "mapping.schema", value: mapping.schema },
  );
}

/** The database that a run of the service reads. Throws as `checkPlace` does. */
export async function sourceOf(mapping: SourceMapping | undefined): Promise<pg.ClientConfig> {
  checkPlace(mapping);
  const url = applicationUrl(mapping);
  return url === undefined ? (await ensureServer()).connection : { connectionString: url };
}
