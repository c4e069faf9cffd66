export { type DuckdbOptions, openDuckdb } from "./duckdb.ts";
export type {
  Dialect,
  Engine,
  EngineRow,
  EngineSchema,
  EngineValue,
  PostgresCopy,
  WriteOptions,
  Written,
} from "./engine.ts";
export { type ExactValue, exactValue, tableOf, valuesOf } from "./from-arrow.ts";
export { type EngineOptions, openEngine } from "./open-engine.ts";
export {
  type Executed,
  type ExecuteOptions,
  type MessageJson,
  openSession,
  openSpark,
  type SessionOptions,
  type SparkOptions,
  type SparkProgress,
  type SparkSession,
} from "./spark/index.ts";
export { identifier, literal } from "./sql-text.ts";
export { arrowColumn } from "./to-arrow.ts";
