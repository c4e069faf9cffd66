import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { InsertQueryNode, type KyselyPlugin, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Opened } from "../projects/session.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { createRun, logMetrics, metricSeries, systemSeries } from "../tracking/index.ts";
import { latestCheckpoint, saveCheckpoint } from "./checkpoints.ts";
import { openContext } from "./context.ts";
import { submitJob } from "./index.ts";
import { type TakenJob, takeJobs } from "./leases.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

/** Does what it is asked, and loses the answers of inserts. */
function brokenAfterInserts(): KyselyPlugin {
  const inserts = new WeakSet<object>();
  return {
    transformQuery({ node, queryId }) {
      if (InsertQueryNode.is(node)) inserts.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (inserts.has(queryId)) throw new Error("the connection broke off");
      return result;
    },
  };
}

test("a checkpoint whose row was written keeps its file when the answer is lost", async () => {
  const { session } = opened;
  const id = await createRun(session, { experiment: "steps" });
  const losing = { ...session, db: session.db.withPlugin(brokenAfterInserts()) };
  await expect(saveCheckpoint(losing, id, { step: 3, steps: 9, state: 1 })).rejects.toThrow("the connection broke off");
  const warnings: string[] = [];
  expect(await latestCheckpoint(session, id, (message) => warnings.push(message))).toMatchObject({ step: 3 });
  expect(warnings).toEqual([]);
});

test("an attempt that cannot read a checkpoint and begins anew leaves none that a later one would go on from", async () => {
  const { session } = opened;
  const { runId } = await submitJob(session, "test-steps", { steps: 9, ms: 0 });
  const next = async (): Promise<TakenJob> => {
    await sql`update jobs set status = 'queued', not_before = now()`.execute(session.db);
    const [job] = await takeJobs(session.db, { worker: "w", count: 1, kinds: ["test-steps"], leaseSeconds: 60 });
    return job!;
  };
  await next();
  const points = [1, 2, 3].map((step) => ({ name: "step", step, value: step }));
  await logMetrics(session, runId!, [...points, { name: "memory_mb", split: "system", step: 4, value: 900 }]);
  await saveCheckpoint(session, runId!, { step: 3, steps: 9, state: 1 });
  const [{ file }] = (await session.db.selectFrom("artifacts").select("file").where("run_id", "=", runId!).execute()) as [
    { file: string },
  ];
  const bytes = readFileSync(session.store.path(file));
  rmSync(session.store.path(file)); // away, as behind a mount that hangs
  const { signal } = new AbortController();
  expect((await openContext(session, await next(), signal, signal)).checkpoints.latest).toBeUndefined();
  expect(await metricSeries(session, [runId!])).toEqual([]);
  expect(await systemSeries(session, runId!)).toMatchObject([{ name: "memory_mb", values: [900] }]); // why the earlier attempt ended
  writeFileSync(session.store.path(file), bytes);
  expect((await openContext(session, await next(), signal, signal)).checkpoints.latest).toBeUndefined();
});
