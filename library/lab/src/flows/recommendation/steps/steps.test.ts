import { expect, test } from "vitest";
import { etlSettings } from "../../../contract/etl.ts";
import type { Engine } from "../../../engine/index.ts";
import { travelMapping } from "../mappings.ts";
import { etlSteps } from "./index.ts";
import { columnList, daysBetween, joinedText, nearest, rounded } from "./portable-sql.ts";
import type { EtlPlan } from "./step.ts";

/** What of DuckDB's SQL other engines do not read. */
const ofDuckdb =
  /::|\bqualify\b|\bexclude\s*\(|\breplace\s*\(|group by all|\b(semi|anti) join\b|arg_m(ax|in)\b|date_diff|quantile|union all by name|\bisodow\b|epoch|\/\/|\bas varchar\b|\[|struct_pack/i;

/** The queries of the steps from the fourth on, by an engine that answers everything with ones. */
async function queries(ratio: number): Promise<readonly string[]> {
  const asked: string[] = [];
  const row = new Proxy({}, { get: () => 1, getOwnPropertyDescriptor: () => undefined });
  const engine = {
    dialect: {
      fraction: (text: string) => `f(${text})`,
      keyedHash: (text: string) => `h(${text})`,
      milliseconds: (at: string) => `ms(${at})`,
    },
    sql: async (query: string) => {
      asked.push(query);
      return [row];
    },
    hold: async (_: string, query: string) => void asked.push(query),
  } as unknown as Engine;
  const until = new Date("2026-06-30T00:00:00Z");
  const from = new Date("2026-04-01T00:00:00Z");
  const plan: EtlPlan = {
    ...etlSettings.parse({ negative_sample_ratio: ratio }),
    mapping: travelMapping,
    source: "",
    from,
    until,
  };
  const write = async (_: string, query: string) => asked.push(query);
  for (const step of etlSteps.slice(3))
    await step.run({
      engine,
      plan,
      hashKey: new Uint8Array(32),
      write,
      extract: async () => {},
      keep: async () => {},
      found: () => {},
      log: () => {},
    });
  return asked;
}

test("the steps behind the extraction say nothing that only DuckDB reads", async () => {
  const asked = [...(await queries(2)), ...(await queries(0))];
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.flatMap((query) => ofDuckdb.exec(query)?.slice(0, 1) ?? [])).toEqual([]);
});

test("every step reads what an earlier one wrote, in its types", () => {
  const written: Record<string, Readonly<Record<string, string>>> = {};
  for (const { name, reads, writes } of etlSteps) {
    for (const [table, columns] of Object.entries(reads)) expect(written[table], `${name} reads ${table}`).toMatchObject(columns);
    Object.assign(written, writes);
  }
});

test("columns stand in their order, replaced ones under their own name, quoted", () => {
  expect(columnList({ user: "VARCHAR", at: "DATE" }, { at: "null" }, "r")).toBe('r."user", null as "at"');
});

test("days, texts and roundings are made of casts that engines share", () => {
  expect(daysBetween("a", "b")).toBe("cast(cast(b as date) - cast(a as date) as int)");
  expect(joinedText("a", 7)).toBe("concat_ws('|', cast(a as string), cast(7 as string))");
  expect(rounded("x", 2)).toBe("floor((x) * 100 + 0.5) / 100");
  expect(nearest("x")).toBe("cast(floor(x + 0.5) as int)");
});
