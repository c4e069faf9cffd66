import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EtlRequest, etlSettings } from "../../contract/etl.ts";
import { openDuckdb } from "../../engine/index.ts";
import type { Opened } from "../../projects/session.ts";
import { applicationDatabase, change as changeIn } from "../../testing/application-database.ts";
import { testSession } from "../../testing/test-session.ts";
import { datasetColumns } from "./columns.ts";
import { createSource } from "./create-source.ts";
import { measureDataset } from "./dataset-figures.ts";
import { type EtlOptions, type EtlOutcome, filesOf, runEtl } from "./etl.ts";
import { userKey } from "./hash-key.ts";
import { travelMapping } from "./mappings.ts";
import { readEtlSettings } from "./start-etl.ts";

let opened: Opened;
let database: pg.ClientConfig;
let options: EtlOptions;
let first: EtlOutcome;
const folder = mkdtempSync(join(tmpdir(), "etl-test-"));
const until = new Date("2026-06-30T00:00:00Z");
const hashKey = Buffer.alloc(32, 7);

beforeAll(async () => {
  opened = await testSession();
  database = await applicationDatabase(opened);
  await createSource(database, folder, { users: 300, items: 60, interactions: 8000, until });
  const sizes = { trainBytes: 100_000, testBytes: 20_000 };
  options = { database, datasets: join(folder, "datasets"), work: join(folder, "work"), hashKey, sizes, threads: 2 };
  first = await runEtl(settings(), options);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

function settings(given: EtlRequest = {}) {
  return etlSettings.parse({ until: until.toISOString(), ...given });
}

/** Rows of a query over versions that were made: tables `train_1_0`, `test_1_0`, … */
async function ask(query: string, versions: readonly string[] = ["1.0"]) {
  const engine = await openDuckdb({ folder });
  try {
    for (const version of versions)
      for (const side of ["train", "test"] as const)
        await engine.read(`${side}_${version.replace(".", "_")}`, join(options.datasets, `v${version}`, filesOf(version)[side]));
    return await engine.sql(query);
  } finally {
    await engine.close();
  }
}

/** Records of windows that runs of a version left behind. */
const windowsOf = (version: string): readonly string[] =>
  readdirSync(options.work, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.startsWith(`v${version}-`) && name.endsWith("window.json"),
  );

const change = (statements: string): Promise<void> => changeIn(database, statements);

const all = "(select * from train_1_0 union all select * from test_1_0)";

describe("the ten steps", () => {
  test("make train and test rows, metadata and a report, and every check passes", () => {
    expect(first.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(first.steps.map(({ step, step_status }) => [step, step_status])).toEqual(
      Array.from({ length: 10 }, (_, k) => [k + 1, "completed"]),
    );
    expect(readdirSync(first.folder!).sort()).toEqual(Object.values(filesOf("1.0")).sort());
    const metadata = JSON.parse(readFileSync(join(first.folder!, "metadata_v1.0.json"), "utf8"));
    expect(metadata).toMatchObject({ version: "1.0", rows: first.rows, window: { days: 90 } });
    expect(metadata.schema).toHaveLength(datasetColumns.length);
    expect(metadata.lineage.tables).toMatchObject({ users: 300, items: 60 });
  });

  test("leave nothing behind in which people's own ids stand", () => {
    expect(readdirSync(options.work)).toEqual([]);
  });

  test("part by time: every test row is younger than every training row, and is about a fifth", async () => {
    const [row] = await ask(
      "select (select max(shown_at) from train_1_0) < (select min(shown_at) from test_1_0) as parted, (select count(*) from test_1_0) as n",
    );
    expect(row!["parted"]).toBe(true);
    expect(Number(row!["n"]) / (first.rows.train + first.rows.test)).toBeCloseTo(0.2, 1);
  });

  test("write every declared column within its declared range", async () => {
    const ranged = datasetColumns.filter(({ type }) => type === "number" || type === "integer");
    const beyond = ranged.map(
      ({ name, range }) => `count(*) filter (where not (${name} between ${range![0]} and ${range![1]})) as ${name}`,
    );
    const [row] = await ask(`select ${beyond.join(", ")} from ${all}`);
    expect(Object.entries(row!).filter(([, n]) => n !== 0)).toEqual([]);
    const levels = datasetColumns.filter(({ type, range }) => type === "category" && range !== null);
    for (const { name, range } of levels) {
      const found = await ask(`select distinct ${name} as level from ${all}`);
      for (const { level } of found) expect(range, name).toContain(level);
    }
  });

  test("score what came of a showing", async () => {
    const rows = await ask(`select distinct engagement_score as score, booking_probability as booked from ${all} order by 1`);
    expect(rows).toEqual([-1, 0, 1, 3, 5].map((score) => ({ score, booked: Number(score === 5) })));
  });

  test("draw two items to each that was clicked, none of which the user was shown in the window", async () => {
    const [row] = await ask(
      `select count(*) filter (where is_negative_sample) as drawn, count(*) filter (where engagement_score >= 3) as liked from ${all}`,
    );
    expect(Number(row!["drawn"]) / Number(row!["liked"])).toBeGreaterThan(1.6);
    expect(Number(row!["drawn"]) / Number(row!["liked"])).toBeLessThanOrEqual(2.01);
    const [seen] = await ask(
      `select count(*) as n from ${all} a join ${all} b using (user_key, item_id) where a.is_negative_sample and not b.is_negative_sample`,
    );
    expect(seen!["n"]).toBe(0);
  });

  test("name people by a keyed hash alone, and say pseudonymised where a measure fails", async () => {
    const [row] = await ask(`select count(*) as n from ${all} where user_key = '${userKey("1", hashKey)}'`);
    expect(Number(row!["n"])).toBeGreaterThan(0);
    expect(first.privacy).toMatchObject({ word: "pseudonymised", k_wanted: 5 });
    expect(first.privacy.k).toBeGreaterThanOrEqual(5);
    expect(first.privacy.singling_out).toBeGreaterThan(0.05);
    expect(first.report).toContain("The data are pseudonymised");
  });

  test("draw the levels of a column that has an order in that order", async () => {
    const engine = await openDuckdb({ folder });
    try {
      for (const side of ["train", "test"] as const) await engine.read(side, join(first.folder!, filesOf("1.0")[side]));
      const { names } = (await measureDataset(engine)).bars.get("user_age_group")!;
      const levels = datasetColumns.find(({ name }) => name === "user_age_group")!.range as readonly string[];
      expect(names.length).toBeGreaterThan(2);
      expect(names).toEqual(levels.filter((level) => names.includes(level)));
    } finally {
      await engine.close();
    }
  });

  test("tell the report's reader what was measured, with charts that are drawn, and nothing from elsewhere", () => {
    for (const part of [
      "Checks",
      "Privacy",
      "engagement_score",
      "user_budget_level",
      "primary_segment",
      "Missing by column",
      "drift",
    ])
      expect(first.report).toContain(part);
    expect(first.report.match(/<svg/g)!.length).toBeGreaterThan(10);
    expect(first.report).not.toMatch(/<script|src=|href="http/);
  });
});

test("rows know nothing that came after them: planted future rows change no feature", async () => {
  const moment = "2026-06-10 00:00:00+00";
  await change(`
    insert into travel.user_vectors select user_id, timestamptz '${moment}', 1, 0, 1, 0, 1, 0, 1, 0, max(primary_segment) from travel.user_vectors group by 1;
    insert into travel.item_vectors select distinct on (item_id) item_id, timestamptz '${moment}', 0, 1, 0, 1, 0, 1, 0, 1, 0.5, 9, 9 from travel.item_vectors;
    insert into travel.booking_data select 1000000 + id, id, id % 60, null, timestamptz '${moment}', 1, 1 from travel.users;
    insert into travel.search_history select 1000000 + id, id, timestamptz '${moment}', 'north', '2026-07-01', 2, 7 from travel.users`);
  try {
    await runEtl(settings({ version: "1.1" }), options);
    const before = (version: string) =>
      `(select * from train_${version} union all select * from test_${version}) where shown_at < timestamp '2026-06-10'`;
    const columns = datasetColumns.map(({ name }) => name).join(", ");
    const [row] = await ask(
      `select (select count(*) from (select ${columns} from ${before("1_0")} except select ${columns} from ${before("1_1")})) as gone,
        (select count(*) from (select ${columns} from ${before("1_1")} except select ${columns} from ${before("1_0")})) as come,
        (select count(*) from ${before("1_0")}) as rows`,
      ["1.0", "1.1"],
    );
    expect(row).toMatchObject({ gone: 0, come: 0 });
    expect(Number(row!["rows"])).toBeGreaterThan(1000);
    const [after] = await ask(
      `select (select avg(user_climate_pref) from test_1_1) as planted, (select avg(user_climate_pref) from test_1_0) as plain`,
      ["1.0", "1.1"],
    );
    expect(Number(after!["planted"])).toBeGreaterThan(0.9); // the later rows do know it
  } finally {
    await change(`delete from travel.user_vectors where computed_at = timestamptz '${moment}'`);
    await change(`delete from travel.item_vectors where computed_at = timestamptz '${moment}'`);
    await change("delete from travel.booking_data where id >= 1000000; delete from travel.search_history where id >= 1000000");
  }
});

describe("what stands twice in the source", () => {
  let again: EtlOutcome;
  const rowsOf = ({ problems }: EtlOutcome) =>
    Object.fromEntries(
      problems.filter(({ problem }) => / stand twice$/.test(problem)).map(({ problem, rows }) => [problem, rows]),
    );

  beforeAll(async () => {
    const copied = (table: string, columns: string): string =>
      `insert into travel.${table} select 5000000 + id, ${columns} from travel.${table} where id % 7 = 0`;
    await change(`
      ${copied("recommendations", "user_id, item_id, search_id, position, shown_at")};
      ${copied("search_history", "user_id, searched_at, region, departure_on, passengers, nights")};
      ${copied("booking_data", "user_id, item_id, null, booked_at, passengers, price")}`);
    try {
      again = await runEtl(settings({ version: "1.2" }), options);
    } finally {
      for (const table of ["recommendations", "search_history", "booking_data"])
        await change(`delete from travel.${table} where id >= 5000000`);
    }
  });

  test("counts once in every feature: the rows are as without it", async () => {
    const columns = datasetColumns.map(({ name }) => name).join(", ");
    const rows = (version: string) =>
      `(select ${columns} from train_${version} union all select ${columns} from test_${version})`;
    const [row] = await ask(
      `select (select count(*) from (${rows("1_0")} except ${rows("1_2")})) as gone, (select count(*) from (${rows("1_2")} except ${rows("1_0")})) as come`,
      ["1.0", "1.2"],
    );
    expect(row).toEqual({ gone: 0, come: 0 });
  });

  test("is told with its rows, by kind", async () => {
    const before = rowsOf(first);
    const more = Object.entries(rowsOf(again)).map(([problem, rows]) => [problem, rows > before[problem]!]);
    expect(Object.fromEntries(more)).toEqual({
      "events that stand twice": true,
      "bookings that stand twice": true,
      "searches that stand twice": true,
    });
  });
});

describe("bad input", () => {
  const refused = (given: EtlRequest) => runEtl(settings({ version: "9.0", ...given }), options);

  test("a version that exists is refused and stays", async () => {
    const before = readFileSync(join(first.folder!, "metadata_v1.0.json"), "utf8");
    await expect(refused({ version: "1.0" })).rejects.toThrow("the version 1.0 exists and is never overwritten");
    expect(readFileSync(join(first.folder!, "metadata_v1.0.json"), "utf8")).toBe(before);
  });

  test("a table that is missing is named with its setting and the near name", async () => {
    const mapping = { ...travelMapping, recommendations: { ...travelMapping.recommendations, table: "recomendations" } };
    await expect(refused({ mapping })).rejects.toThrow(
      /no table "travel.recomendations" \(setting mapping.recommendations.table\).*recommendations/,
    );
  });

  test("an attempt that the source's check ends pins no window for the next", async () => {
    const mapping = { ...travelMapping, recommendations: { ...travelMapping.recommendations, table: "nowhere" } };
    await expect(refused({ mapping, window_days: 89 })).rejects.toThrow("no table");
    expect(windowsOf("9.0")).toEqual([]);
  });

  test("a key of the mapping that nothing reads is told with its place and the near name", () => {
    const { columns, ...users } = travelMapping.users;
    const mapping = { ...travelMapping, users: { ...users, colums: columns, columns } };
    expect(() => readEtlSettings({ mapping })).toThrow('etl: mapping.users: no key "colums", did you mean columns');
  });

  test("a column that is missing is named with its setting and the near name", async () => {
    const { items } = travelMapping;
    const mapping = { ...travelMapping, items: { ...items, columns: { ...items.columns, category: "categry" } } };
    await expect(refused({ mapping })).rejects.toThrow(
      /"travel.items" has no column "categry" \(setting mapping.items.columns.category\).*category/,
    );
  });

  test("a column that holds no instants is named", async () => {
    const { recommendations } = travelMapping;
    const columns = { ...recommendations.columns, at: "position" };
    await expect(refused({ mapping: { ...travelMapping, recommendations: { ...recommendations, columns } } })).rejects.toThrow(
      /etl: /,
    );
  });

  test("an empty window says of when the newest interaction is", async () => {
    await expect(refused({ until: "2031-01-01T00:00:00Z" })).rejects.toThrow(
      /no interactions in the last 90 days before 2031-01-01; the newest is of 2026-06-\d\d/,
    );
  });

  test("a schema without tables is named", async () => {
    await expect(refused({ mapping: { ...travelMapping, schema: "shop" } })).rejects.toThrow(
      'no tables in the schema "shop" (setting mapping.schema)',
    );
  });

  test("a disk without room is said before anything is written", async () => {
    process.env["ASSAY_DISK_RESERVE_MB"] = "1000000000";
    try {
      await expect(refused({})).rejects.toThrow(/free space/);
    } finally {
      delete process.env["ASSAY_DISK_RESERVE_MB"];
    }
    expect(existsSync(join(options.datasets, "v9.0"))).toBe(false);
  });
});

describe("a run over wrong rows whose database goes away", () => {
  const mapping = { ...travelMapping, searches: { ...travelMapping.searches!, table: "fragile" } };
  const run = (more: Partial<EtlOptions> = {}) =>
    runEtl(settings({ version: "2.0", mapping }), { ...options, pageRows: 2000, ...more });
  const view = "create or replace view travel.fragile as select * from travel.search_history";

  beforeAll(async () => {
    await change(`
      update travel.user_vectors set climate = 1.7, culture = null where user_id < 10;
      update travel.search_history set searched_at = searched_at + interval '2 days' where id < 300 and searched_at > '2026-05-01';
      insert into travel.recommendations select 2000000 + id, user_id, item_id, search_id, position, shown_at from travel.recommendations where id % 50 = 0;
      insert into travel.recommendations values (3000000, 987654, 1, null, 1, '2026-06-20');
      insert into travel.recommendations values (4000000, 1, 1, null, 1, '2026-03-15');
      insert into travel.booking_data values (4000000, 1, 1, 4000000, '2026-03-16', 1, 1);
      alter table travel.recommendations alter shown_at drop not null;
      alter table travel.booking_data alter booked_at drop not null;
      insert into travel.recommendations select 6000000 + id, user_id, item_id, null, 1, null from travel.recommendations order by id limit 3;
      insert into travel.booking_data values (6000000, 1, 1, null, null, 1, 1);
      insert into travel.user_vectors select user_id, timestamptz '2026-05-10', 0, 0, 0, 0, 0, 0, 0, 0, 'RARE' from travel.user_vectors where user_id in (20, 21, 22) group by 1;
      insert into travel.user_vectors select user_id, timestamptz '2026-05-20', 0, 0, 0, 0, 0, 0, 0, 0, min(primary_segment) from travel.user_vectors
        where user_id in (20, 21, 22) and primary_segment <> 'RARE' group by 1`);
    await change(`${view} where id < 500 or pg_terminate_backend(pg_backend_pid())`);
  });

  test("says that it was lost, goes on where it broke off, mends or leaves out wrong rows, and names a check that fails", async () => {
    await expect(run()).rejects.toThrow("the source database was lost");
    expect(windowsOf("2.0")).toHaveLength(1);
    await change(view);
    const { steps, problems, checks, folder: published } = await run({ sizes: { trainBytes: 1e9, testBytes: 1 } });
    expect(steps.map(({ step_status }) => step_status)).toEqual(["kept", "kept", ...Array(8).fill("completed")]);
    const rows = Object.fromEntries(problems.map((each) => [each.problem, each.rows]));
    expect(rows["vectors of users missing or outside [0, 1]"]).toBeGreaterThanOrEqual(10);
    expect(rows["searches after their showing or booking"]).toBeGreaterThan(0);
    expect(rows["events that stand twice"]).toBeGreaterThan(50);
    expect(rows["showings of users who are not there"]).toBe(1);
    expect(checks.filter(({ passed }) => !passed).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^train size: 0\.\d+ MB of training rows \(must be > 1000 MB\)$/),
    ]);
    expect(published).toBeUndefined();
    expect(existsSync(join(options.datasets, "v2.0"))).toBe(false);
  });

  test("reads the source anew after a check that failed: it may have been mended", async () => {
    const again = await run();
    expect(new Set(again.steps.map(({ step_status }) => step_status))).toEqual(new Set(["completed"]));
    expect(again.folder).toBe(join(options.datasets, "v2.0"));
  });

  test("tells the rows that have no moment, by table", () => {
    const { problems } = JSON.parse(readFileSync(join(options.datasets, "v2.0", "metadata_v2.0.json"), "utf8")) as EtlOutcome;
    const lost = problems
      .filter(({ problem }) => problem.endsWith("without a moment"))
      .map(({ problem, rows }) => [problem, rows]);
    expect(Object.fromEntries(lost)).toEqual({
      "recommendations without a moment": 3,
      "searches without a moment": 0,
      "bookings without a moment": 1,
    });
  });

  test("shows no age group, region and segment of a moment that fewer than k people share", async () => {
    const [row] = await ask(
      `select min(people) as k, count(*) filter (where primary_segment = 'RARE') as rare from (select primary_segment, count(distinct user_key) as people
        from (select * from train_2_0 union all select * from test_2_0) group by user_age_group, user_region, primary_segment)`,
      ["2.0"],
    );
    expect(Number(row!["k"])).toBeGreaterThanOrEqual(5);
    expect(row!["rare"]).toBe(0);
  });

  test("counts bookings that came of showings before the window", async () => {
    const least = (version: string) =>
      `(select min(user_bookings_before) from (select * from train_${version} union all select * from test_${version}) where user_key = '${userKey("1", hashKey)}')`;
    const [row] = await ask(`select ${least("2_0")} - ${least("1_0")} as more`, ["1.0", "2.0"]);
    expect(row!["more"]).toBe(1);
  });
});
