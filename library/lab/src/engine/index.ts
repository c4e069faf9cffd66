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
export { identifier, literal } from "./sql-text.ts";
