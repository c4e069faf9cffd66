import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { openSession } from "../projects/session.ts";
import { deployRun, flushPredictions, predict, promote } from "../registry/index.ts";
import { flowers } from "../testing/flowers.ts";
import { swallowingProxy } from "../testing/swallowing-proxy.ts";
import { testSession } from "../testing/test-session.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { createRun, logMetrics } from "../tracking/index.ts";
import { backup, leftOut } from "./backup.ts";
import { manifestText, readManifest } from "./backup-manifest.ts";
import { socketFolder } from "./home.ts";
import { migrationFiles, ownObjects } from "./migration-files.ts";
import { restore } from "./restore.ts";
import type { Server } from "./server.ts";
import { openStore } from "./store.ts";

const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
const release = "0.1.0";
const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const points = 60_000;

interface Place {
  readonly home: string;
  readonly url: string;
  readonly server: Server;
}

let folder: string;
let source: Place;
let answer: unknown;
let saved: string;
let then: Record<string, string | null>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-backup-"));
  const opened = await testSession();
  const { session, home } = opened;
  source = { home, url: process.env["DATABASE_URL"]!, server: opened.server };
  await uploadDataset(session, flowers(), { name: "flowers" });
  const run = await trainedRun(session, 3);
  await deployRun(session, run, { name: "flowers", version: "1.0.0" });
  await promote(session, "flowers@1.0.0");
  const odd = await createRun(session, { experiment: "odd", name: "tab\tline\nback\\slash \\N \u2028", status: "training" });
  await logMetrics(session, odd, [
    { name: "loss", step: 0, value: Number.NaN },
    { name: "loss", step: 1, value: -Infinity },
  ]);
  for (let begin = 0; begin < points; begin += 5000)
    await logMetrics(
      session,
      odd,
      Array.from({ length: 5000 }, (_, k) => ({ name: "many", step: begin + k, value: Math.sin(begin + k) })),
    );
  ({ prediction: answer } = await predict(session, "flowers@production", [row]));
  await flushPredictions(session);
  await opened.close();
  saved = join(folder, "saved");
  await backup(source.server, saved, { release, store: openStore(join(home, "store")) });
  then = await digests(source);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An empty database beside an empty store. */
async function emptyPlace(): Promise<Place> {
  const host = socketFolder(process.env["ASSAY_TEST_HOME"]!);
  const name = `back_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const connection = { host, port: 5432, user: "assay" };
  await ask({ ...connection, database: "postgres" }, `create database ${name}`);
  const home = join(process.env["ASSAY_TEST_HOME"]!, name);
  mkdirSync(home);
  const url = `postgresql://assay@localhost:5432/${name}?host=${encodeURIComponent(host)}`;
  return { home, url, server: { connection: { ...connection, database: name }, how: "external", home } };
}

async function ask<R extends object>(connection: pg.ClientConfig, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** A database as an earlier release left it: a file's tables with the migrations from `first` to `count`. */
async function oldPlace(fixture: string, first: number, count: number): Promise<Place> {
  const place = await emptyPlace();
  const { connection } = place.server;
  await ask(connection, readFileSync(new URL(`./fixtures/${fixture}.sql`, import.meta.url), "utf8"));
  await ask(connection, "create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)");
  const files = migrationFiles();
  for (const { text } of files.slice(first, count)) await ask(connection, text);
  for (const { name } of files.slice(0, count)) await ask(connection, "insert into kysely_migration values ($1, '')", [name]);
  return place;
}

const storeOf = ({ home }: Place) => openStore(join(home, "store"));
const environment = ({ home, url }: Place) => ({ ...process.env, ASSAY_HOME: home, DATABASE_URL: url });
const assay = (place: Place, args: readonly string[]) =>
  promisify(execFile)(process.execPath, ["--conditions=assay-source", main, ...args], { env: environment(place) });

/** Runs a command that is killed when it has told of a table. What it asks of the database goes through this process too: it is never done before it is heard. */
async function killedInTheMiddle(place: Place, args: readonly string[]): Promise<void> {
  const proxy = await swallowingProxy(join(socketFolder(process.env["ASSAY_TEST_HOME"]!), ".s.PGSQL.5432"));
  const { pathname } = new URL(place.url);
  const child = spawn(process.execPath, ["--conditions=assay-source", main, ...args], {
    env: { ...environment(place), DATABASE_URL: `postgresql://assay@127.0.0.1:${proxy.port}${pathname}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (!/(jobs|experiments|events): /.test(said)) return;
      proxy.swallow();
      resolve();
    });
    child.once("close", () => reject(new Error(`it ended by itself: ${said}`)));
  });
  child.kill("SIGKILL");
  await gone;
  proxy.close();
}

/** A digest of the rows of every table. */
async function digests({ server }: Place): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const name of ownObjects(migrationFiles()).tables) {
    if (leftOut.has(name)) continue;
    const [line] = await ask<{ sum: string | null }>(
      server.connection,
      `select md5(string_agg(md5(t::text), '' order by md5(t::text))) as sum from ${name} t`,
    );
    found[name] = line!.sum;
  }
  return found;
}

const tablesOf = (place: Place) =>
  ask<{ name: string }>(
    place.server.connection,
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace",
  );

describe("a backup", () => {
  test("restored into another home equals the first, table by table, and its model predicts the same", async () => {
    const place = await emptyPlace();
    await assay(place, ["db", "restore", saved]);
    expect(await digests(place)).toEqual(then);
    Object.assign(process.env, { ASSAY_HOME: place.home, DATABASE_URL: place.url });
    const { session, close } = await openSession();
    try {
      expect((await predict(session, "flowers@production", [row])).prediction).toEqual(answer);
      await flushPredictions(session);
      expect(await createRun(session, { experiment: "odd" })).toMatch(/^[0-9a-f-]{36}$/);
    } finally {
      await close();
      Object.assign(process.env, { ASSAY_HOME: source.home, DATABASE_URL: source.url });
    }
  });

  test("goes on numbering events behind those it holds", async () => {
    const place = await emptyPlace();
    await restore(place.server, saved, {});
    const [ids] = await ask<{ next: string; last: string }>(
      place.server.connection,
      "select nextval('event_ids')::text as next, (select max(id)::text from run_metrics) as last",
    );
    expect(BigInt(ids!.next)).toBeGreaterThan(BigInt(ids!.last));
  });

  test("is of one instant while others write", async () => {
    Object.assign(process.env, { ASSAY_HOME: source.home, DATABASE_URL: source.url });
    const { session, close } = await openSession();
    let over = false;
    const writing = (async () => {
      while (!over) {
        const id = await createRun(session, { experiment: "meanwhile", status: "training" });
        await logMetrics(session, id, [{ name: "a", step: 0, value: 1 }]);
      }
    })();
    const path = join(folder, "meanwhile");
    await backup(source.server, path, { release });
    over = true;
    await writing;
    await close();
    const place = await emptyPlace();
    await restore(place.server, path, {}); // foreign keys are checked at its end
    const strays = await ask(
      place.server.connection,
      "select from run_metrics m where not exists (select from runs where id = m.run_id)",
    );
    expect(strays.length).toBe(0);
  });

  test("without files holds the rows alone", async () => {
    const path = join(folder, "rows");
    await assay(source, ["db", "backup", path, "--no-files"]);
    expect((await readManifest(path)).files).toBeNull();
    expect(existsSync(join(path, "files"))).toBe(false);
  });

  test("names the files that rows miss in the store", async () => {
    const store = openStore(join(folder, "nothing"));
    const { files } = await backup(source.server, join(folder, "missing"), { release, store });
    expect(files!.missing.some((name) => name.startsWith("models/"))).toBe(true);
  });

  test.each([2, 18])("of a database of migration %i, by this release's command, leaves it as it is", async (count) => {
    const old = await oldPlace("schema-0002", 2, count);
    const before = await tablesOf(old);
    const path = join(folder, `as-it-is-${count}`);
    await assay(old, ["db", "backup", path, "--no-files"]);
    expect((await readManifest(path)).migrations.length).toBe(count);
    expect(await tablesOf(old)).toEqual(before);
  });

  test("of a database of a newer release is refused with the migration that is not known", async () => {
    const place = await oldPlace("schema-0002", 2, 3);
    await ask(place.server.connection, "insert into kysely_migration values ('9999_future.sql', '')");
    await expect(backup(place.server, join(folder, "newer"), { release })).rejects.toThrow(
      "the database is of a newer release, whose migration 9999_future.sql is not known here",
    );
  });

  test("of a database without tables says what makes them", async () => {
    const place = await emptyPlace();
    await expect(backup(place.server, join(folder, "none"), { release })).rejects.toThrow("the database has no tables yet");
  });

  test("does not hold who is signed in, nor where files lie", async () => {
    const { tables } = await readManifest(saved);
    expect(tables.filter(({ name }) => leftOut.has(name))).toEqual([]);
    expect(tables.find(({ name }) => name === "run_metrics")!.rows).toBeGreaterThan(points);
  });

  test("is not written over what is there", async () => {
    await expect(backup(source.server, saved, { release })).rejects.toThrow("is there already: name another folder");
  });

  test("that is killed in the middle leaves no folder, and the next one clears its draft away", async () => {
    const path = join(folder, "killed");
    await killedInTheMiddle(source, ["db", "backup", path]);
    expect(existsSync(path)).toBe(false);
    await backup(source.server, path, { release });
    expect(readdirSync(folder).filter((name) => name.includes("killed"))).toEqual(["killed"]);
  });
});

describe("a restore", () => {
  test("refuses a database that holds something, and takes its place by force", async () => {
    const place = await emptyPlace();
    await restore(place.server, saved, {});
    await ask(place.server.connection, "update runs set name = 'changed'");
    await ask(place.server.connection, "create table theirs as select 1 as kept");
    await expect(restore(place.server, saved, {})).rejects.toThrow("the database is not empty: there are rows in");
    await restore(place.server, saved, { force: true });
    const { tables } = await readManifest(saved);
    const [runs] = await ask<{ n: number }>(
      place.server.connection,
      "select count(*)::int as n from runs where name <> 'changed'",
    );
    expect(runs!.n).toBe(tables.find(({ name }) => name === "runs")!.rows);
    expect(await ask(place.server.connection, "select kept from theirs")).toEqual([{ kept: 1 }]);
  });

  test("refuses a database in use", async () => {
    Object.assign(process.env, { ASSAY_HOME: source.home, DATABASE_URL: source.url });
    const { close } = await openSession();
    await expect(restore(source.server, saved, { force: true })).rejects.toThrow("the database is in use");
    await close();
  });

  test("of a damaged part changes nothing", async () => {
    const path = join(folder, "damaged");
    cpSync(saved, path, { recursive: true });
    const part = join(path, "tables/runs.copy.gz");
    const bytes = readFileSync(part);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(part, bytes);
    const place = await emptyPlace();
    await expect(restore(place.server, path, { store: storeOf(place) })).rejects.toThrow("runs.copy.gz is damaged");
    expect(await tablesOf(place)).toEqual([]);
    expect(existsSync(join(place.home, "store"))).toBe(false);
  });

  test.each([
    ["another number of rows", { tables: (tables: { rows: number }[]) => tables.map((table) => ({ ...table, rows: 1 })) }],
    ["a table that is none of ours", { tables: (tables: object[]) => tables.map((table) => ({ ...table, name: "pg_authid" })) }],
    ["a migration that is not known", { migrations: (names: string[]) => [...names, "9999_future.sql"] }],
    [
      "a column that is not there",
      { tables: (tables: object[]) => tables.map((table) => ({ ...table, columns: ['x"; drop'] })) },
    ],
    ["a later format", { format: () => 2 }],
  ])("of a manifest with %s changes nothing", async (_, change) => {
    const path = join(folder, randomUUID());
    cpSync(saved, path, { recursive: true });
    const manifest = { ...(await readManifest(saved)) } as Record<string, unknown>;
    for (const [key, edit] of Object.entries(change)) manifest[key] = (edit as (value: unknown) => unknown)(manifest[key]);
    const text = manifest["format"] === 1 ? manifestText(manifest as never) : JSON.stringify(manifest);
    writeFileSync(join(path, "manifest.json"), text);
    const place = await emptyPlace();
    await expect(restore(place.server, path, {})).rejects.toThrow();
    expect(await tablesOf(place)).toEqual([]);
  });

  test("of files whose names lead out of the store is refused", async () => {
    const path = join(folder, "out");
    cpSync(saved, path, { recursive: true });
    const manifest = await readManifest(saved);
    const list = readFileSync(join(path, "files.jsonl"), "utf8").replace(/"name":"[^"]+"/, '"name":"../../outside"');
    writeFileSync(join(path, "files.jsonl"), list);
    const place = await emptyPlace();
    await expect(restore(place.server, path, { store: storeOf(place) })).rejects.toThrow("its hash differs");
    const { createHash } = await import("node:crypto");
    const sha256 = createHash("sha256").update(list).digest("hex");
    writeFileSync(join(path, "manifest.json"), manifestText({ ...manifest, files: { ...manifest.files!, sha256 } }));
    await expect(restore(place.server, path, { store: storeOf(place) })).rejects.toThrow("is no name of a stored file");
    expect(await tablesOf(place)).toEqual([]);
  });

  test("that is killed in the middle leaves the database empty; the next one succeeds", async () => {
    const place = await emptyPlace();
    await killedInTheMiddle(place, ["db", "restore", saved]);
    expect(await tablesOf(place)).toEqual([]);
    await assay(place, ["db", "restore", saved]);
    expect(await digests(place)).toEqual(then);
  });

  test.each([
    ["schema-0001", 1, 1],
    ["schema-0002", 2, 2],
    ["schema-0002", 2, 10],
    ["schema-0002", 2, 18],
  ])(
    "brings a backup of %s, taken from migration %i to %i before it was written, to this release",
    async (fixture, first, count) => {
      const [old, place] = [await oldPlace(fixture, first, count), await emptyPlace()];
      const path = join(folder, `${fixture}-${count}`);
      await backup(old.server, path, { release: "0.0.1" });
      expect((await restore(place.server, path, {})).migrations).toEqual(
        migrationFiles()
          .slice(count)
          .map(({ name }) => name),
      );
      const [models] = await ask<{ n: number }>(
        place.server.connection,
        "select count(*)::int as n from model_versions where status = 'production'",
      );
      expect(models!.n).toBe(1);
      const nearest = "select entity from nearest_vectors(gen_random_uuid(), 'item', array[1, 0]::real[], 3)";
      expect(await ask(place.server.connection, nearest)).toEqual([]);
    },
  );
});

test("an owner who is no superuser restores and backs up as well", async () => {
  const place = await emptyPlace();
  const { connection } = place.server;
  await ask(connection, `create role plain_owner login`).catch(() => {});
  await ask(connection, `alter database ${connection.database} owner to plain_owner`);
  const plain: Server = { ...place.server, connection: { ...connection, user: "plain_owner" } };
  await restore(plain, saved, {});
  expect(await digests(place)).toEqual(then);
  const again = join(folder, "again");
  await backup(plain, again, { release });
  const rowsOf = async (path: string) => (await readManifest(path)).tables.map(({ name, rows }) => [name, rows]);
  expect(await rowsOf(again)).toEqual(await rowsOf(saved));
});

test("what a forced restore drops is everything that the migrations make", async () => {
  const place = await emptyPlace();
  await restore(place.server, saved, {});
  const { tables, functions, types, sequences } = ownObjects(migrationFiles());
  for (const [kind, names] of Object.entries({ table: tables, function: functions, type: types, sequence: sequences }))
    for (const name of names) await ask(place.server.connection, `drop ${kind} if exists ${name} cascade`);
  await ask(place.server.connection, "drop table kysely_migration, kysely_migration_lock");
  const left = await ask(
    place.server.connection,
    `select relname from pg_class where relnamespace = 'public'::regnamespace
    union all select proname from pg_proc where pronamespace = 'public'::regnamespace
    union all select typname from pg_type where typnamespace = 'public'::regnamespace`,
  );
  expect(left).toEqual([]);
});
