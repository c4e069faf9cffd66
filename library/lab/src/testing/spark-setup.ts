import type { TestProject } from "vitest/node";
import { startSparkServer } from "./spark-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the server that the test files share. */
    sparkRemote: string;
  }
}

/** One Spark Connect server for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startSparkServer();
  project.provide("sparkRemote", server.remote);
  return server.kill;
}
