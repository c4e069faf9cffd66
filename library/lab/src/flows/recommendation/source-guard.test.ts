import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { etlSettings } from "../../contract/etl.ts";
import { type SourceMapping, sourceMapping } from "../../contract/source-mapping.ts";
import { createSchedule, submitJob } from "../../jobs/index.ts";
import type { Opened } from "../../projects/session.ts";
import { change as changeIn } from "../../testing/application-database.ts";
import { testSession } from "../../testing/test-session.ts";
import "./etl-job.ts";
import { checkSource } from "./check-source.ts";
import { travelMapping } from "./mappings.ts";
import { checkReach } from "./source-guard.ts";
import { openSource, type SourceReader } from "./source-reader.ts";
import { startEtl } from "./start-etl.ts";

let opened: Opened;
let source: SourceReader;
const until = new Date("2026-06-30T00:00:00Z");

beforeAll(async () => {
  opened = await testSession();
  await change(`
    create schema if not exists pgboss;
    create schema shop;
    create table shop.users (id bigint primary key, "e""mail; drop table shop.users; --" text);
    create table shop.goods (id bigint primary key);
    create table shop.seen (id bigint, user_id bigint, item_id bigint, at timestamptz);
    insert into shop.seen values (1, 1, 1, '2026-06-20');
    create view shop.leak as select id::text as id from public.api_tokens;
    create view shop.deep as select id from shop.leak;
    create view shop.shadows as select rolname as id from pg_authid;
    create view shop.text as select query_to_xml('select * from public.api_tokens', true, false, '')::text as id;
    create function shop.peep() returns setof text language sql as 'select id::text from public.api_tokens';
    create view shop.called as select * from shop.peep() as t (id);
    create materialized view shop.kept as select id::text as id from public.projects;
    create table shop.parent (id bigint);
    create table public.child () inherits (shop.parent);
    create view shop.honest as select id from shop.users;
    create table shop."us""ers; drop table shop.users; --" (id bigint)`);
  source = openSource(opened.server.connection);
});
afterEach(() => {
  delete process.env["ASSAY_SOURCE_URL"];
});
afterAll(async () => {
  await source.close();
  await opened.close();
});

const change = (statements: string): Promise<void> => changeIn(opened.server.connection, statements);

/** A mapping of the shop whose users lie in this table. */
function shop(table: string, column = "id", schema = "shop"): SourceMapping {
  return {
    schema,
    users: { table, columns: { id: column } },
    items: { table: "goods", columns: { id: "id" } },
    recommendations: { table: "seen", columns: { user: "user_id", item: "item_id", at: "at" } },
  };
}

function check(mapping: SourceMapping): Promise<void> {
  const from = new Date(until.getTime() - 90 * 86_400_000);
  return checkSource(source, { ...etlSettings.parse({}), mapping, from, until, source: "" });
}

describe("a mapping that leads to Assay's own rows is refused", () => {
  test.each([
    ["leak", "public.api_tokens"],
    ["deep", "public.api_tokens"],
    ["kept", "public.projects"],
    ["parent", "public.child"],
    ["called", "the function shop.peep"],
    ["shadows", "pg_authid"],
    ["text", "query_to_xml"],
  ])("through shop.%s, which leads to %s", async (table, place) => {
    await expect(check(shop(table))).rejects.toThrow(`etl: "shop.${table}" (setting mapping.users.table) leads to ${place}`);
  });

  test.each(["public", "pg_catalog", "information_schema", "pgboss", "pg_toast"])("by its schema %s", async (schema) => {
    await expect(checkReach(source, shop("users", "id", schema))).rejects.toThrow("mapping.schema must be an application's own");
  });

  test("a view of the application's own tables is none of these", async () => {
    await check(shop("honest"));
  });
});

describe("names of a mapping are names, whatever stands in them", () => {
  test.each([
    ["a second statement", shop("users; drop table shop.users; --"), "mapping.users.table"],
    ["a closed quote", shop('users" union select token from public.api_tokens --'), "mapping.users.table"],
    ["a subselect for a table", shop("(select * from public.api_tokens)"), "mapping.users.table"],
    ["a schema before the table", shop("public.api_tokens"), "mapping.users.table"],
    ["a subselect for a column", shop("users", "(select id from public.api_tokens limit 1)"), "mapping.users.columns.id"],
    ["a closed cast", shop("users", 'id"::text, (select 1)) --'), "mapping.users.columns.id"],
    ["a function", shop("users", "pg_read_file('/etc/passwd')"), "mapping.users.columns.id"],
    ["a closed schema", shop("users", "id", 'shop"."users'), "mapping.schema"],
    ["another case", shop("users", "id", "SHOP"), "mapping.schema"],
  ] as const)("%s names nothing that is there", async (_, mapping, field) => {
    await expect(check(sourceMapping.parse(mapping))).rejects.toMatchObject({ field });
    expect((await source.rows("select from shop.users")).length).toBe(0);
  });

  test("and one that is there is read under it", async () => {
    await check(shop('us"ers; drop table shop.users; --'));
    await check(shop("users", 'e"mail; drop table shop.users; --'));
    expect((await source.rows("select from shop.users")).length).toBe(0);
  });

  test("control characters are refused at the door", () => {
    expect(() => sourceMapping.parse(shop("users\u0000"))).toThrow("no control characters");
  });
});

describe("a run of the service", () => {
  const wanted = { version: "1.0", until: until.toISOString(), mapping: shop("users") };

  test.each([
    ["started", () => startEtl(opened.session, wanted)],
    ["submitted as a job", () => submitJob(opened.session, "etl", wanted)],
    [
      "put on a schedule",
      () => createSchedule(opened.session, { name: "weekly", cron: "0 3 * * 1", timezone: "UTC", kind: "etl", request: wanted }),
    ],
  ])("%s reads another schema of Assay's database only where the service names the database", async (_, start) => {
    await expect(start()).rejects.toThrow('mapping.schema must be one of travel, movielens in Assay\'s own database, got "shop"');
    process.env["ASSAY_SOURCE_URL"] = process.env["DATABASE_URL"];
    await start();
  });
});

describe("the source's connection", () => {
  test("writes nothing", async () => {
    await expect(source.rows("create table shop.more (id int)")).rejects.toThrow("read-only transaction");
    await expect(source.rows("select set_config('transaction_read_only', 'off', false)")).rejects.toThrow("read-write mode");
  });

  test("waits for a question no longer than it may, and says what helps", async () => {
    process.env["ETL_STATEMENT_SECONDS"] = "0.05";
    const hasty = openSource(opened.server.connection);
    try {
      await expect(hasty.rows("select pg_sleep(60)")).rejects.toThrow("ETL_STATEMENT_SECONDS allows it more");
    } finally {
      delete process.env["ETL_STATEMENT_SECONDS"];
      await hasty.close();
    }
  });

  test("takes the server's own functions, not those that an application's schema puts before them", async () => {
    await change("create function public.lower(text) returns text language sql as 'select ''mine'''");
    expect(await source.rows("select lower('A') as word, current_setting('search_path') as path")).toEqual([
      { word: "a", path: "pg_catalog" },
    ]);
  });
});

test("the shipped application's tables are read as they are", () => {
  expect(sourceMapping.parse(travelMapping)).toEqual(travelMapping);
});
