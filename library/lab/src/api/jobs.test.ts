import { describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { crashJobs, takeJobs } from "../jobs/leases.ts";
import { flowers } from "../testing/flowers.ts";
import "../testing/test-kinds.ts";
import { testService } from "../testing/test-service.ts";

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
});

async function ask(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<{ code: number; body: ReturnType<typeof JSON.parse> }> {
  const all = { "x-assay": "1", ...headers };
  const answer = await service.app.inject({ method, url: `/api/ml${url}`, headers: all, ...(payload && { payload }) });
  return { code: answer.statusCode, body: answer.json() };
}
const training = { dataset_id: "flowers", target_column: "kind", algorithm: "dummy" };

describe("over HTTP a job", () => {
  test("of any kind is submitted, once under one key, and listed by status and kind", async () => {
    const body = { kind: "train", request: training, priority: 7, timeout_seconds: 60, experiment: "http" };
    const first = await ask("POST", "/jobs", body, { "idempotency-key": "a" });
    expect(first).toMatchObject({ code: 202, body: { run_id: expect.any(String) } });
    expect((await ask("POST", "/jobs", body, { "idempotency-key": "a" })).body.job_id).toBe(first.body.job_id);
    expect((await ask("POST", "/jobs", { ...body, kind: "test-echo" }, { "idempotency-key": "a" })).code).toBe(409);
    const { body: list } = await ask("GET", "/jobs?job_status=queued&kind=train");
    expect(list.items).toMatchObject([{ job_id: first.body.job_id, priority: 7, timeout_seconds: 60, kind: "train" }]);
    expect((await ask("GET", "/jobs?kind=none")).body.items).toEqual([]);
  });

  test("that its kind refuses is a problem that names the field", async () => {
    const { code, body } = await ask("POST", "/jobs", { kind: "train", request: { ...training, target_column: "kin" } });
    expect(code).toBe(422);
    expect(body).toMatchObject({ field: "target_column", detail: expect.stringContaining("did you mean kind") });
    expect(await ask("POST", "/jobs", { kind: "trian", request: {} })).toMatchObject({
      code: 404,
      body: { detail: 'job: no kind "trian", did you mean train' },
    });
  });

  test("that trains is queued once under one key, by either route", async () => {
    for (const [path, more] of [
      ["/models/train", {}],
      ["/experiments/create", { name: "keyed" }],
    ] as const) {
      const send = () => ask("POST", path, { ...training, ...more }, { "idempotency-key": path });
      const [first, second] = [await send(), await send()];
      expect(first.code).toBe(202);
      expect(second.body).toEqual(first.body);
    }
  });

  test("that trains waits as its body says, by either route", async () => {
    const waiting = { priority: 9, timeout_seconds: 30, retries: 1, not_before: "2100-01-01T00:00:00.000Z" };
    for (const [path, more] of [
      ["/models/train", {}],
      ["/experiments/create", { name: "waiting" }],
    ] as const) {
      const { body } = await ask("POST", path, { ...training, ...more, ...waiting });
      const { job } = (await ask("GET", `/models/train/${body.job_id}`)).body;
      expect(job).toMatchObject({ priority: 9, timeout_seconds: 30, not_before: waiting.not_before });
      const { experiment } = (await ask("GET", `/runs/${body.experiment_id}`)).body;
      expect(experiment.request).not.toHaveProperty("priority");
    }
  });

  test("tells its events with its run's, and ends the stream with it", async () => {
    const { body } = await ask("POST", "/models/train", { ...training, not_before: "2100-01-01T00:00:00.000Z" });
    const streams = [`/jobs/${body.job_id}/events`, `/models/train/${body.job_id}/events`].map((url) =>
      service.app.inject({ method: "GET", url: `/api/ml${url}` }),
    );
    await ask("POST", `/jobs/${body.job_id}/cancel`);
    for (const { statusCode, body: text } of await Promise.all(streams)) {
      const told = text.split("\n").flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []));
      expect(statusCode).toBe(200);
      const jobs = told.filter(({ kind }) => kind === "job");
      expect(jobs.map((event) => event.job_status)).toEqual(["queued", "cancelled"]);
      expect(told.filter(({ kind }) => kind === "run").at(-1)).toMatchObject({
        run_id: body.experiment_id,
        run_status: "cancelled",
      });
      expect(told.every((event) => event.job_id === body.job_id || event.run_id === body.experiment_id)).toBe(true);
    }
    expect((await ask("GET", `/jobs/${crypto.randomUUID()}/events`)).code).toBe(404);
  });

  test("is cancelled, and retried as another attempt", async () => {
    const { body } = await ask("POST", "/jobs", { kind: "test-echo", request: {} });
    expect((await ask("POST", `/jobs/${body.job_id}/retry`)).code).toBe(409);
    expect((await ask("POST", `/jobs/${body.job_id}/cancel`)).body.job).toMatchObject({ job_status: "cancelled" });
    expect((await ask("POST", `/jobs/${body.job_id}/retry`)).body.job).toMatchObject({ job_status: "queued" });
    expect((await ask("GET", `/jobs/${body.job_id}/logs`)).body.items).toEqual([]);
  });

  test("whose workers always end in the middle is in the dead-letter list", async () => {
    const { body } = await ask("POST", "/jobs", { kind: "test-crash", request: { how: "exit" }, retries: 0 });
    const { db } = service.session;
    const taken = await takeJobs(db, { worker: "w", count: 1, kinds: ["test-crash"], leaseSeconds: 30 });
    await crashJobs(db, taken, "its process ended with code 7");
    const { items } = (await ask("GET", "/jobs?dead=true")).body;
    expect(items).toMatchObject([{ job_id: body.job_id, dead: true, error: "its process ended with code 7, 1 time" }]);
  });
});

describe("over HTTP a schedule", () => {
  const body = { name: "nightly", cron: "0 3 * * *", timezone: "Europe/Berlin", kind: "train", request: training };

  test("is made, listed, paused, resumed and removed", async () => {
    const { code, body: made } = await ask("POST", "/schedules", body);
    expect([code, made.schedule.next_at]).toEqual([201, expect.any(String)]);
    const path = `/schedules/${made.schedule.schedule_id}`;
    expect((await ask("GET", "/schedules")).body.items).toMatchObject([{ name: "nightly", paused: false }]);
    expect((await ask("PATCH", path, { paused: true })).body.schedule).toMatchObject({ paused: true, next_at: null });
    expect((await ask("PATCH", path, { paused: false, cron: "0 4 * * *" })).body.schedule).toMatchObject({ cron: "0 4 * * *" });
    expect((await ask("DELETE", path)).code).toBe(200);
    expect((await ask("GET", path)).code).toBe(404);
  });

  test("of a cron text, zone or request that means nothing is refused with the field", async () => {
    expect(await ask("POST", "/schedules", { ...body, cron: "at night" })).toMatchObject({ code: 400, body: { field: "cron" } });
    expect(await ask("POST", "/schedules", { ...body, timezone: "Mars" })).toMatchObject({
      code: 400,
      body: { field: "timezone" },
    });
    const unknown = { ...body, request: { ...training, dataset_id: "none" } };
    expect((await ask("POST", "/schedules", unknown)).code).toBe(404);
  });
});
