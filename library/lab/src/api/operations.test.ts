import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { queueJob } from "../jobs/index.ts";
import { makeLogger } from "../log.ts";
import type { Opened } from "../projects/session.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { type App, makeApp } from "./app.ts";

const token = "canary-operator-token";
const lines: string[] = [];
let opened: Opened;
let app: App;
beforeAll(async () => {
  vi.stubEnv("LOG_FORMAT", "json");
  vi.stubEnv("ASSAY_TOKEN", token);
  opened = await testSession();
  app = await makeApp(opened.session, { token, logger: makeLogger("api", { write: (line) => lines.push(line) }) });
});
afterEach(() => void (lines.length = 0));
afterAll(async () => {
  vi.unstubAllEnvs();
  await app.close();
  await opened.close();
});

const known = { authorization: `Bearer ${token}`, "x-assay": "1" };
const get = (url: string, headers: Record<string, string> = known) => app.inject({ method: "GET", url, headers });
const told = () => lines.map((line) => JSON.parse(line));

describe("a request", () => {
  test("is told by route, status, time, user and id, without what stands in its address", async () => {
    const answer = await get("/api/ml/runs/0190bbbb-0000-7000-8000-00000000dead?note=canary-query");
    const [line] = told().filter(({ route }) => route !== undefined);
    expect(line).toMatchObject({
      level: "info",
      room: "api",
      method: "GET",
      route: "/api/ml/runs/:id",
      status: answer.statusCode,
      userId: opened.session.userId,
      runId: "0190bbbb-0000-7000-8000-00000000dead",
      requestId: answer.headers["x-request-id"],
    });
    expect(line.ms).toBeGreaterThanOrEqual(0);
    expect(lines.join("")).not.toContain("canary");
  });

  test("keeps the id that the caller gave, and gets one where that is no plain word", async () => {
    expect((await get("/health", { "x-request-id": "trace:1.a-B_2" })).headers["x-request-id"]).toBe("trace:1.a-B_2");
    for (const odd of ["a b", "<script>", "x".repeat(101), ""])
      expect((await get("/health", { "x-request-id": odd })).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("that fails shows no body, token or password in the log", async () => {
    vi.spyOn(opened.session.store, "temporary").mockRejectedValue(new Error("broke at postgres://me:canary-password@db/x"));
    await app.inject({
      method: "POST",
      url: "/api/ml/runs?api_key=canary-key",
      headers: { ...known, cookie: "assay_session=canary-cookie" },
      payload: { experiment: "canary-body", params: { password: "canary-param" }, nonsense: 1 },
    });
    await get("/api/ml/datasets", { authorization: "Bearer canary-wrong-token" });
    vi.restoreAllMocks();
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.join("")).not.toContain("canary");
  });

  test("to an address that is no route is told without it", async () => {
    await get("/wp-admin/canary.php");
    expect(told().at(-1)).toMatchObject({ route: "(unknown)", status: 404 });
  });
});

describe("a service", () => {
  test("says that it lives to anybody", async () => {
    expect((await get("/health", {})).json()).toEqual({ status: "success" });
  });

  test("names database, queue and migrations by their state", async () => {
    const { statusCode, body } = await get("/ready", {});
    expect([statusCode, JSON.parse(body)]).toMatchObject([
      200,
      { status: "success", database: "up", queue: "idle", migrations: "applied", workers: 0, queued: 0 },
    ]);
    await queueJob(opened.session, "test-echo", {});
    expect((await get("/ready", {})).json()).toMatchObject({ queue: "waiting", queued: 1 });
  });

  test("whose schema is behind is not ready, and says which migration waits", async () => {
    const { db } = opened.session;
    await sql`update kysely_migration set name = 'was 0012' where name like '0012%'`.execute(db);
    const answer = await get("/ready", {});
    await sql`update kysely_migration set name = '0012_operations.sql' where name = 'was 0012'`.execute(db);
    expect([answer.statusCode, answer.json().detail]).toEqual([
      503,
      "not ready: database up, queue waiting, migrations 1 waiting (0012_operations.sql): run assay db migrate",
    ]);
  });
});

describe("/metrics", () => {
  const valueIn = (text: string, series: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")
        .at(-1),
    );

  test("counts requests by route, method and status", async () => {
    const series = 'assay_http_requests_total{method="GET",route="/api/ml/datasets",status="200"}';
    const before = valueIn((await get("/metrics", {})).body, series) || 0;
    for (let k = 0; k < 3; k++) await get(`/api/ml/datasets?limit=${k + 1}`);
    const { body, headers } = await get("/metrics", {});
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(valueIn(body, series) - before).toBe(3);
    expect(
      valueIn(body, 'assay_http_request_duration_seconds_count{method="GET",route="/api/ml/datasets"}'),
    ).toBeGreaterThanOrEqual(3);
  });

  test("tells queue, database, store, streams, predictions and the process", async () => {
    const { body } = await get("/metrics", {});
    expect(valueIn(body, "assay_database_up")).toBe(1);
    expect(valueIn(body, 'assay_jobs{kind="test-echo",status="queued"}')).toBe(1);
    expect(valueIn(body, "assay_jobs_oldest_queued_seconds")).toBeGreaterThan(0);
    expect(valueIn(body, "assay_store_free_bytes")).toBeGreaterThan(0);
    for (const name of [
      "assay_workers 0",
      'assay_predictions_total{source="emergency"} 0',
      "assay_dataset_bytes 0",
      "assay_event_streams 0",
      "nodejs_eventloop_lag_p99_seconds",
      "nodejs_heap_size_used_bytes",
      'assay_database_connections{state="busy"}',
    ])
      expect(body).toContain(name);
  });

  test("has no measure of Assay's own that docs/operations.md does not say", async () => {
    const { body } = await get("/metrics", {});
    const page = readFileSync(fileURLToPath(new URL("../../../../docs/operations.md", import.meta.url)), "utf8");
    const names = [...body.matchAll(/^# HELP (assay_\w+)/gm)].map(([, name]) => name!);
    expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });

  test("grows by no series however many addresses and methods are tried", async () => {
    const count = async () => (await get("/metrics", {})).body.split("\n").filter((line) => line.startsWith("assay_")).length;
    await get("/nothing/a");
    await count();
    const before = await count();
    for (let k = 0; k < 50; k++) await get(`/nothing/${k}`);
    expect(await count()).toBe(before);
  });

  test("is for this machine; from elsewhere a token is needed", async () => {
    const from = (headers: Record<string, string>, remoteAddress: string) =>
      app.inject({ method: "GET", url: "/metrics", headers, remoteAddress });
    expect((await from({}, "::1")).statusCode).toBe(200);
    expect((await from({}, "10.0.0.7")).statusCode).toBe(401);
    expect((await from({ "x-forwarded-for": "10.0.0.7" }, "127.0.0.1")).statusCode).toBe(401);
    expect((await from(known, "10.0.0.7")).statusCode).toBe(200);
  });
});
