import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { etlSettings } from "../../contract/etl.ts";
import { openDuckdb } from "../../engine/index.ts";
import type { Opened } from "../../projects/session.ts";
import { applicationDatabase } from "../../testing/application-database.ts";
import { testSession } from "../../testing/test-session.ts";
import { datasetColumns } from "./columns.ts";
import { createSource } from "./create-source.ts";
import { type EtlOptions, type EtlOutcome, filesOf, runEtl } from "./etl.ts";

let opened: Opened;
let database: pg.ClientConfig;
const outcomes = {} as Record<"duckdb" | "spark", EtlOutcome>;
const folder = mkdtempSync(join(tmpdir(), "etl-spark-"));
const settings = etlSettings.parse({ until: "2026-06-30T00:00:00Z" });

beforeAll(async () => {
  opened = await testSession();
  database = await applicationDatabase(opened);
  await createSource(database, folder, { users: 300, items: 60, interactions: 8000, until: new Date(settings.until!) });
  for (const engine of ["duckdb", "spark"] as const) outcomes[engine] = await runEtl(settings, options(engine));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

function options(engine: "duckdb" | "spark"): EtlOptions {
  const [datasets, work] = [join(folder, engine, "datasets"), join(folder, engine, "work")];
  for (const each of [datasets, work]) mkdirSync(each, { recursive: true });
  const sizes = { trainBytes: 1, testBytes: 1 };
  const sparkRemote = engine === "spark" ? inject("sparkRemote") : "";
  return { database, datasets, work, hashKey: Buffer.alloc(32, 7), sizes, threads: 2, sparkRemote };
}

/** Rows of a query over the files of both engines: tables `train_duckdb`, `test_spark`, … */
async function ask(query: string) {
  const engine = await openDuckdb({ folder });
  try {
    for (const [name, outcome] of Object.entries(outcomes))
      for (const side of ["train", "test"] as const)
        await engine.read(`${side}_${name}`, join(outcome.folder!, filesOf("1.0")[side]));
    return await engine.sql(query);
  } finally {
    await engine.close();
  }
}

test("both engines make the same rows", async () => {
  const columns = datasetColumns.map(({ name }) => `"${name}"`).join(", ");
  for (const side of ["train", "test"] as const) {
    const missing = (from: string, other: string) =>
      `(select count(*) from (select ${columns} from ${side}_${from} except all select ${columns} from ${side}_${other}))`;
    const [row] = await ask(
      `select ${missing("duckdb", "spark")} as of_duckdb, ${missing("spark", "duckdb")} as of_spark, (select count(*) from ${side}_spark) as rows`,
    );
    expect(row, side).toEqual({ of_duckdb: 0, of_spark: 0, rows: outcomes.duckdb.rows[side] });
  }
});

test("both engines write the same columns in the same types", async () => {
  const engine = await openDuckdb({ folder });
  const types = await Promise.all(
    Object.values(outcomes).map(async (outcome, k) => {
      await engine.read(`train_${k}`, join(outcome.folder!, filesOf("1.0").train));
      return engine.schema(`select * from train_${k}`);
    }),
  );
  await engine.close();
  expect(types[1]).toEqual(types[0]);
});

test("both engines measure the same: problems, privacy, checks, figures", () => {
  const told = (name: "duckdb" | "spark") => {
    const { problems, privacy, rows, folder: place } = outcomes[name];
    const { drift, span } = JSON.parse(readFileSync(join(place!, filesOf("1.0").metadata), "utf8"));
    return { problems, privacy, rows, drift, span };
  };
  expect(told("spark")).toEqual(told("duckdb"));
});
