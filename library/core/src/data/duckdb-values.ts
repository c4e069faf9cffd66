import { DuckDBTimestampMillisecondsValue } from "@duckdb/node-api";

/** An instant as DuckDB's TIMESTAMP_MS. */
export function timestampMillis(instant: Date): DuckDBTimestampMillisecondsValue {
  return new DuckDBTimestampMillisecondsValue(BigInt(instant.getTime()));
}
