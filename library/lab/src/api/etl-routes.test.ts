import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Lab } from "../lab.ts";
import { livingWorker } from "../testing/start-worker.ts";
import { testService } from "../testing/test-service.ts";

let worker: ChildProcess;
let lab: Lab;
const service = testService();
const until = "2026-06-30T00:00:00.000Z";

beforeAll(async () => {
  worker = await livingWorker(service.session, [], { ETL_MIN_TRAIN_MB: "0.01", ETL_MIN_TEST_MB: "0.01" });
  lab = await connect();
});
afterAll(async () => {
  worker.kill();
  await lab.close();
});

test("a source is made, a version of the dataset by a job, with its steps, checks, report and stored rows", async () => {
  const made = await lab.recommendations.source({ users: 200, items: 60, interactions: 6000, until: new Date(until) });
  expect(made).toMatchObject({ users: 200, items: 60 });
  const sent = await lab.recommendations.etl({ version: "1.0", windowDays: 90, until: new Date(until) });
  const run = await sent.done();
  expect(run).toMatchObject({ run_status: "completed", version: "1.0", error: null, train_dataset: "recommendation_train@1" });
  expect(run.steps.map(({ step_status }) => step_status)).toEqual(Array(10).fill("completed"));
  expect((await sent.report()).html()).toContain("Recommendation dataset 1.0");

  const answer = await service.ask("GET", `/etl/runs/${sent.id}`);
  expect(answer.body).toMatchObject({ run: { version: "1.0", privacy: { word: "pseudonymised" } } });
  const report = await service.ask("GET", `/etl/runs/${sent.id}/report`);
  expect(report.headers["content-security-policy"]).toContain("sandbox");
  expect(report.body).toContain("<svg");
  const metadata = await service.ask("GET", `/etl/runs/${sent.id}/metadata`);
  expect(metadata.headers["content-disposition"]).toContain('filename="metadata_v1.0.json"');
  expect(metadata.body).toMatchObject({ version: "1.0", rows: { train: run.train_rows, test: run.test_rows } });
  expect(await sent.metadata()).toEqual(metadata.body);
  expect((await lab.jobs.logs(sent.id)).map(({ message }) => message).join("\n")).toContain("step 10 export: train");

  const stored = await lab.datasets.get("recommendation_train");
  expect(stored).toMatchObject({ rows: run.train_rows, target_column: "booking_probability" });
  const table = await lab.datasets.table("recommendation_test");
  expect(table.rows).toBe(run.test_rows);
  expect(table.names).toContain("user_climate_pref");

  await expect(lab.recommendations.etl({ version: "1.0" })).rejects.toThrow("the version 1.0 exists");
  const taken = await service.ask("POST", "/etl/runs", { version: "1.0" });
  expect(taken.code).toBe(409);
});

test("a run without interactions fails and says of when the newest is; the list tells it", async () => {
  const run = await (await lab.recommendations.etl({ version: "next", until: new Date("2031-01-01T00:00:00Z") })).done();
  expect(run).toMatchObject({
    run_status: "failed",
    version: "1.1",
    error: expect.stringContaining("the newest is of 2026-06-"),
  });
  const none = await service.ask("GET", `/etl/runs/${run.etl_run_id}/metadata`);
  expect([none.code, none.body.detail]).toEqual([404, expect.stringContaining("has no metadata: it is failed")]);
  const { items } = (await service.ask("GET", "/etl/runs?limit=1")).body;
  expect(items).toMatchObject([{ etl_run_id: run.etl_run_id }]);
});

test("settings that cannot be, and Assay's own tables, are refused at the door", async () => {
  const wrong = await service.ask("POST", "/etl/runs", { version: "one" });
  expect(wrong.code).toBe(400);
  const columns = { id: "id" };
  const mapping = {
    schema: "public",
    users: { table: "users", columns },
    items: { table: "users", columns },
    recommendations: { table: "users", columns: { user: "id", item: "id", at: "created_at" } },
  };
  const own = await service.ask("POST", "/etl/runs", { version: "3.0", mapping });
  expect(own.code).toBe(422);
  expect(own.body).toMatchObject({ field: "mapping.schema" });
});
