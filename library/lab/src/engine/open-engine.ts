import { type DuckdbOptions, openDuckdb } from "./duckdb.ts";
import type { Engine } from "./engine.ts";
import { openSpark } from "./spark/index.ts";

/** What an engine may take, whichever it is. */
interface EngineOptions extends DuckdbOptions {
  /** Connection string of a Spark Connect server; default SPARK_REMOTE, and DuckDB where that is not set either. */
  readonly remote?: string | undefined;
}

/** Opens the engine that big work runs on: the Spark of SPARK_REMOTE, else a DuckDB in this process. Throws what `openSpark` throws. */
export function openEngine({ remote = process.env["SPARK_REMOTE"], ...options }: EngineOptions): Promise<Engine> {
  return remote ? openSpark({ remote, ...options }) : openDuckdb(options);
}
