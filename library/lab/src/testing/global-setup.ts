import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureServer, stopServer } from "../db/server.ts";

/** One PostgreSQL for the whole run, in a home of its own; its address goes to every test file in ASSAY_TEST_HOME. */
export default async function setup(): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "assay-test-"));
  process.env["ASSAY_TEST_HOME"] = home;
  await ensureServer(home);
  return async () => {
    await stopServer(home);
    rmSync(home, { recursive: true, force: true });
  };
}
