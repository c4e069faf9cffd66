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
export { type EngineOptions, openEngine } from "./open-engine.ts";
export { openSession, openSpark, type SessionOptions, type SparkOptions, type SparkSession } from "./spark/index.ts";
export { identifier, literal } from "./sql-text.ts";
