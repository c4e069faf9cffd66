import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { table } from "assay";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { makeApp } from "../api/app.ts";
import { doctor } from "../cli/doctor.ts";
import { datasetVersion, uploadDataset } from "../datasets/index.ts";
import { stopServer } from "../db/server.ts";
import { databaseStatus } from "../db/status.ts";
import { queueJob } from "../jobs/index.ts";
import { type Opened, openSession } from "../projects/session.ts";
import { flowers } from "../testing/flowers.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";
import type { Check } from "./check.ts";
import { examine } from "./index.ts";
import { settings, unknownSettings } from "./settings.ts";

const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
  await uploadDataset(opened.session, flowers(), { name: "flowers" });
  await trainedRun(opened.session, 2);
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => opened.close());

async function found(name: string, options?: { full: boolean }): Promise<Check> {
  return (await examine(options)).find((check) => check.name === name)!;
}

describe("the doctor", () => {
  test("finds nothing wrong with a fresh home", async () => {
    expect((await examine({ full: true })).filter(({ state }) => state === "fail")).toEqual([]);
    expect(await found("store", { full: true })).toMatchObject({
      state: "ok",
      detail: expect.stringMatching(/^\d+ files are there and whole$/),
    });
  });

  test("finds a damaged model among all files, and a missing one in a sample", async () => {
    const { folder } = opened.session.store;
    const [name] = readdirSync(join(folder, "models"), { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".assay"),
    );
    const path = join(folder, "models", name!);
    const bytes = readFileSync(path);
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 3]! ^= 1;
    writeFileSync(path, damaged);
    expect(await found("store")).toMatchObject({ state: "ok" });
    expect(await found("store", { full: true })).toMatchObject({
      state: "fail",
      detail: expect.stringContaining("is damaged: its hash differs"),
    });
    rmSync(path);
    expect(await found("store")).toMatchObject({ state: "fail", detail: expect.stringContaining("is missing") });
    writeFileSync(path, bytes);
    expect(await found("store", { full: true })).toMatchObject({ state: "ok" });
  });

  test("finds a dataset whose rows are not those that were stored, whatever the kinds of its columns", async () => {
    const rows = table([
      { number: 1.5, text: "a\u00e9", day: new Date(0), yes: true, level: "low" },
      { number: null, text: null, day: null, yes: null, level: null },
      { number: -0, text: "", day: new Date(1), yes: false, level: "high" },
    ]).cast({ level: "category" });
    await uploadDataset(opened.session, rows, { name: "kinds" });
    expect(await found("store", { full: true })).toMatchObject({ state: "ok" });
    const { file } = await datasetVersion(opened.session, "kinds");
    const path = opened.session.store.path(file);
    const bytes = readFileSync(path);
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 4, 40);
    writeFileSync(path, damaged);
    expect(await found("store", { full: true })).toMatchObject({
      state: "fail",
      detail: expect.stringContaining(`${file} of a dataset is damaged: its hash differs`),
    });
    writeFileSync(path, bytes);
  });

  test("finds jobs without a worker, and a worker that fell silent", async () => {
    const { db } = opened.session;
    await queueJob(opened.session, "test-echo", {});
    expect(await found("workers")).toMatchObject({ state: "fail", detail: "none lives, and 1 jobs wait" });
    await sql`insert into workers (name, concurrency, threads, memory_mb, lease_seconds, beat_at)
      values ('far/1', 1, 1, 100, 15, now() - interval '10 minutes'), ('near/2', 1, 1, 100, 3600, now())`.execute(db);
    expect(await found("workers")).toMatchObject({ state: "warn", detail: expect.stringMatching(/^far\/1 was not heard since/) });
    await sql`update jobs set status = 'running', lease_until = now() - interval '5 minutes'`.execute(db);
    expect(await found("queue")).toMatchObject({ state: "fail", detail: expect.stringContaining("held by nobody") });
    await sql`delete from jobs`.execute(db);
    await sql`delete from workers`.execute(db);
  });

  test("finds workers of one machine that give their jobs more memory than it has", async () => {
    const { db } = opened.session;
    await sql`insert into workers (name, concurrency, threads, memory_mb, lease_seconds, beat_at)
      select ${hostname()} || '/' || k, 1, 1, 100000000, 15, now() from generate_series(1, 2) as k`.execute(db);
    expect(await found("workers")).toMatchObject({
      state: "warn",
      detail: expect.stringMatching(/^2 on this machine give their jobs 200000000 MB together, and it has \d+$/),
    });
    await sql`delete from workers`.execute(db);
  });

  test("finds a schema that is behind", async () => {
    const { db } = opened.session;
    await sql`update kysely_migration set name = 'was 0012' where name like '0012%'`.execute(db);
    expect(await found("migrations")).toMatchObject({ state: "fail", detail: "was 0012 is of a newer release" });
    await sql`update kysely_migration set name = '0012_operations.sql' where name = 'was 0012'`.execute(db);
  });

  test("finds a disk with less room than is kept", async () => {
    vi.stubEnv("ASSAY_DISK_RESERVE_MB", "99999999999");
    expect(await found("disk")).toMatchObject({ state: "fail", remedy: expect.stringContaining("assay retention") });
  });

  test("finds a port that another program has", async () => {
    const other = createServer((socket) => socket.on("error", () => {}).end("not http"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    vi.stubEnv("ASSAY_PORT", String(port));
    expect(await found("port")).toMatchObject({ state: "warn", detail: `another program listens on ${port}` });
    other.close();
  });

  test("names a setting whose value it cannot have", async () => {
    vi.stubEnv("ASSAY_WORKERS", "many");
    expect(await found("settings")).toMatchObject({
      state: "fail",
      detail: "ASSAY_WORKERS: must be a whole number from 0 to 1000, got many",
    });
  });

  test("names a misspelt setting with the near one", async () => {
    vi.stubEnv("ASSAY_THREDS", "2");
    expect(await found("settings")).toMatchObject({
      state: "warn",
      detail: "nothing reads ASSAY_THREDS, did you mean ASSAY_THREADS",
    });
  });

  test("says that DATABASE_URL is no address, without telling it", async () => {
    vi.stubEnv("DATABASE_URL", "mysql://me:canary@127.0.0.1/lab");
    const { state, detail } = await found("database");
    expect([state, detail]).toEqual(["fail", expect.stringContaining("must be an address as postgres://")]);
    expect(detail).not.toContain("canary");
  });

  test("says of a password that cuts its address short how it is written, without telling it", async () => {
    for (const url of ["postgres://me:can/ary@db/lab", "postgres://me:can?ary@db/lab", "postgresql://me:can#ary@db/lab"]) {
      vi.stubEnv("DATABASE_URL", url);
      const { state, detail } = await found("database");
      expect([state, detail]).toEqual(["fail", expect.stringContaining("in a password / is written %2F")]);
      expect(detail).not.toContain("ary");
    }
  });

  test("says that a home which is to be made would lie in a file", async () => {
    vi.stubEnv("ASSAY_HOME", join(main, "home"));
    expect(await found("home")).toMatchObject({ state: "fail", detail: `${main} is no folder` });
  });

  test("says that a program would not start with the settings of its log", async () => {
    vi.stubEnv("LOG_LEVEL", "wran");
    expect(await found("logs")).toMatchObject({
      state: "fail",
      detail: expect.stringContaining('got "wran", did you mean warn'),
    });
    vi.stubEnv("LOG_LEVEL", undefined);
    vi.stubEnv("LOG_FILE", join(main, "assay.log"));
    expect(await found("logs")).toMatchObject({ state: "fail", detail: expect.stringContaining("LOG_FILE: must be a file") });
  });

  test("says that the service of ASSAY_URL does not answer, is another program, or does not know the token", async () => {
    const app = await makeApp(opened.session, { signIn: true });
    vi.stubEnv("ASSAY_URL", await app.listen({ host: "127.0.0.1", port: 0 }));
    vi.stubEnv("ASSAY_TOKEN", "canary");
    expect(await found("service")).toMatchObject({ state: "fail", detail: expect.stringContaining("does not know ASSAY_TOKEN") });
    await app.close();
    expect(await found("service")).toMatchObject({
      state: "fail",
      detail: expect.stringContaining("does not answer: ECONNREFUSED"),
    });
    vi.stubEnv("ASSAY_URL", "nonsense");
    expect(await found("service")).toMatchObject({ state: "fail", detail: expect.stringContaining("must be an address") });
  });

  test("says that the files of the embedded database are damaged", async () => {
    const home = mkdtempSync(join(tmpdir(), "assay-doctor-"));
    vi.stubEnv("DATABASE_URL", undefined);
    vi.stubEnv("ASSAY_HOME", home);
    mkdirSync(join(home, "pg18/data"), { recursive: true });
    writeFileSync(join(home, "pg18/data/PG_VERSION"), "18");
    expect(await found("database")).toMatchObject({ state: "fail", detail: expect.stringContaining("its files are damaged") });
    rmSync(home, { recursive: true });
  });

  test("says what the service refuses of its settings", async () => {
    vi.stubEnv("ASSAY_ALLOWED_ORIGINS", "app.example.org");
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    await doctor({ full: false, json: true });
    expect(said.mock.lastCall![0]).toContain("ASSAY_ALLOWED_ORIGINS: must be origins");
    said.mockRestore();
    process.exitCode = 0;
  });

  test("says that the home is no folder", async () => {
    vi.stubEnv("ASSAY_HOME", main);
    expect(await found("home")).toMatchObject({ state: "fail", detail: `${main} is no folder` });
  });

  test("says that the database does not answer, and where", async () => {
    vi.stubEnv("DATABASE_URL", "postgres://me:canary@127.0.0.1:1/lab");
    const check = await found("database");
    expect(check).toMatchObject({
      state: "fail",
      detail: expect.stringContaining("postgres://127.0.0.1:1/lab: connect ECONNREFUSED"),
    });
    expect(check.detail).not.toContain("canary");
  });

  test("starts a stopped embedded database only for a full look, and stops it again", async () => {
    const home = mkdtempSync(join(tmpdir(), "assay-doctor-"));
    chmodSync(home, 0o755); // as root, PostgreSQL's own user must pass
    vi.stubEnv("DATABASE_URL", undefined);
    vi.stubEnv("ASSAY_STORE", undefined);
    vi.stubEnv("ASSAY_HOME", home);
    try {
      expect(await (await openSession()).close()).toBe("stopped");
      expect(await found("database")).toMatchObject({ state: "warn", detail: expect.stringContaining("it is stopped") });
      expect(await found("store", { full: true })).toMatchObject({ state: "ok" });
      expect(await databaseStatus()).toMatchObject({ answers: false });
    } finally {
      await stopServer(home).catch(() => {});
      rmSync(home, { recursive: true, force: true });
    }
  });

  test("prints a line a check and the remedy, as JSON too, and ends with 1 where something failed", async () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    await doctor({ full: true, json: true });
    expect(JSON.parse(said.mock.lastCall![0]).checks.length).toBeGreaterThan(10);
    said.mockRestore();
    vi.stubEnv("ASSAY_DISK_RESERVE_MB", "99999999999");
    const program = promisify(execFile)(process.execPath, ["--conditions=assay-source", main, "doctor"]);
    const stdout = expect.stringMatching(/^ok {3}node +v\d+[\s\S]*^FAIL disk .*\n +→ free space/m);
    await expect(program).rejects.toMatchObject({ code: 1, stdout });
  });
});

test("every setting that library and kernel read is known", () => {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const read = new Set<string>();
  for (const part of ["library/core/src", "library/lab/src", "kernel/src"])
    for (const name of readdirSync(join(root, part), { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|cjs|mjs)$/.test(name) || /node_modules|\.test\./.test(name)) continue;
      const text = readFileSync(join(root, part, name), "utf8");
      for (const [setting] of text.matchAll(/(?<=env\.|env\[")ASSAY_\w+/g)) read.add(setting);
    }
  expect(unknownSettings(Object.fromEntries([...read].map((name) => [name, ""])))).toEqual([]);
  expect(Object.values(settings).every((meaning) => meaning.length > 0)).toBe(true);
});
