import { mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EtlStepState } from "../../contract/etl.ts";
import { etlSettings } from "../../contract/etl.ts";
import type { Opened } from "../../projects/session.ts";
import { applicationDatabase } from "../../testing/application-database.ts";
import { type SparkServer, startSparkServer } from "../../testing/spark-server.ts";
import { quick } from "../../testing/spark-setup.ts";
import { testSession } from "../../testing/test-session.ts";
import { createSource } from "./create-source.ts";
import { type EtlOptions, filesOf, runEtl } from "./etl.ts";

let opened: Opened;
let database: pg.ClientConfig;
let server: SparkServer;
const folder = mkdtempSync(join(tmpdir(), "etl-kill-"));
const [datasets, work] = [join(folder, "datasets"), join(folder, "work")];
const settings = etlSettings.parse({ until: "2026-06-30T00:00:00Z" });

beforeAll(async () => {
  opened = await testSession();
  database = await applicationDatabase(opened);
  await createSource(database, folder, { users: 200, items: 60, interactions: 6000, until: new Date(settings.until!) });
  for (const each of [datasets, work]) mkdirSync(each);
  server = await startSparkServer({ ...quick, memoryMb: 1500 });
});
afterAll(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

function options(onSteps: EtlOptions["onSteps"] = () => {}): EtlOptions {
  const sizes = { trainBytes: 1, testBytes: 1 };
  return {
    ...{ database, datasets, work, hashKey: Buffer.alloc(32, 7), sizes, threads: 2, sparkRemote: server.remote },
    onSteps,
  };
}

/** Kills the server as soon as it writes a table of the fifth step, and starts another in its place. */
function killInFifth(): { readonly onSteps: (steps: readonly EtlStepState[]) => void; readonly restarted: Promise<SparkServer> } {
  const { promise: restarted, resolve } = Promise.withResolvers<SparkServer>();
  const onSteps = (steps: readonly EtlStepState[]): void => {
    if (steps[4]!.step_status !== "running") return;
    const watcher = watch(join(work, readdirSync(work)[0]!), (_, name) => {
      if (!name?.startsWith("item_states.parquet.")) return;
      watcher.close();
      resolve(server.kill().then(() => startSparkServer({ ...quick, memoryMb: 1500, port: server.port })));
    });
  };
  return { onSteps, restarted };
}

test("a server that is killed in the middle leaves no version, and the next run goes on behind the last whole step", async () => {
  const { onSteps, restarted } = killInFifth();
  await expect(runEtl(settings, options(onSteps))).rejects.toMatchObject({
    name: "StoreError",
    message: expect.stringMatching(/what was written whole is kept, run it again/),
  });
  server = await restarted;
  expect(readdirSync(datasets)).toEqual([]);
  expect(readdirSync(work, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("draft"))).toEqual([]);
  const { steps, folder: place } = await runEtl(settings, options());
  expect(steps.map(({ step_status }) => step_status)).toEqual([...Array(4).fill("kept"), ...Array(6).fill("completed")]);
  expect(readdirSync(place!).sort()).toEqual(Object.values(filesOf("1.0")).sort());
  expect(readdirSync(work)).toEqual([]);
});
