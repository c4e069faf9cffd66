export { type Example, kepler } from "./kepler.ts";
export { BadRowsError, type CsvOptions, readCsv } from "./read-csv.ts";
export { type Cell, type Reject, type Row, Table, table } from "./table.ts";
