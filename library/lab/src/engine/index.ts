export { type DuckdbOptions, openDuckdb } from "./duckdb.ts";
export type { Engine, EngineRow, EngineSchema, Written } from "./engine.ts";
export { type ExactValue, tableOf, valuesOf } from "./from-arrow.ts";
export { openEngine } from "./open-engine.ts";
export { openSession, openSpark, type SparkSession } from "./spark/index.ts";
export { identifier, literal } from "./sql-text.ts";
export { arrowColumn } from "./to-arrow.ts";
