export { contentHash } from "./content-hash.ts";
export { type Example, kepler } from "./kepler.ts";
export { readParquet, writeParquet } from "./parquet.ts";
export { type Alert, type Profile, profile } from "./profile.ts";
export type { ColumnProfile } from "./profile-column.ts";
export { BadRowsError, type CsvOptions, readCsv } from "./read-csv.ts";
export { type Cell, type Reject, type Row, Table, table } from "./table.ts";
export { writeCsv } from "./write-csv.ts";
