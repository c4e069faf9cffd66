import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type SparkServerOptions, startSparkServer } from "./spark-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the server that the test files share. */
    sparkRemote: string;
    /** Its port and what it wants as token. */
    spark: { readonly port: number; readonly token: string };
  }
}

/** What makes a server quick with few rows: no second compiler, whose code needs less of the stack than what the first one makes, and few partitions. */
export const quick: SparkServerOptions = {
  java: "-XX:TieredStopAtLevel=1 -Xss8m",
  config: { "spark.sql.shuffle.partitions": "4" },
};

/** One Spark Connect server for the whole run, and a home in which Spark's messages are kept. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "assay-spark-"));
  process.env["ASSAY_HOME"] = home;
  const token = "50 % of it; = the tests'";
  const server = await startSparkServer({ ...quick, token });
  project.provide("sparkRemote", server.remote);
  project.provide("spark", { port: server.port, token });
  return async () => {
    await server.kill();
    delete process.env["ASSAY_HOME"];
    rmSync(home, { recursive: true, force: true });
  };
}
