// The recommendation ETL on Spark Connect beside DuckDB: the same steps from the same PostgreSQL, their rows compared one by one.
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSparkServer } from "../../library/lab/src/testing/spark-server.ts";
import { node24, root } from "../setup.mjs";
import { makeSource, ours } from "./recommend-etl.mjs";

const assay = join(root, "library/lab/bin/assay.mjs");
const threads = 2;
/** The smallest size makes files that the checks would hold for a mistake. */
const anySize = { ETL_MIN_TRAIN_MB: "0", ETL_MIN_TEST_MB: "0" };

/** Throws where two versions differ in a row of their train or of their test file. */
async function compare(one, other) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const [side, file] of one.files.entries()) {
    const [a, b] = [file, other.files[side]].map((path) => `select * from read_parquet('${path}')`);
    const query = `select (select count(*) from (${a} except all ${b})) + (select count(*) from (${b} except all ${a})) as odd`;
    const [[odd]] = (await connection.runAndReadAll(query)).getRows();
    if (odd !== 0n) throw new Error(`spark: ${odd} rows of ${file} are not in both`);
  }
  connection.closeSync();
}

/** Lines of three sizes: seconds of the steps on either engine, equal row by row. */
export async function benchSpark({ isSmall, line }) {
  const server = await startSparkServer({ threads });
  try {
    for (const interactions of isSmall ? [1e4, 1e5] : [1e5, 1e6, 1e7]) {
      await promisify(execFile)(node24(), [assay, "db", "start"]); // it stops when its last of ours has gone
      const source = await makeSource(interactions);
      const duckdb = await ours(source, threads, { ...anySize, SPARK_REMOTE: "" });
      const spark = await ours(source, threads, { ...anySize, SPARK_REMOTE: server.remote });
      await compare(duckdb, spark);
      line(
        `ETL on Spark: ${interactions.toLocaleString("en")} interactions, ${threads} threads`,
        `${spark.seconds.toFixed(1)} s`,
        "rows equal",
        `DuckDB ${duckdb.seconds.toFixed(1)} s; ${spark.rows.toLocaleString("en")} rows`,
      );
      for (const { files } of [duckdb, spark]) for (const file of files) rmSync(file);
    }
  } finally {
    await server.kill();
  }
}
