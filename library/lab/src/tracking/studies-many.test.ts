import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { testStudy } from "../testing/test-study.ts";
import { studyStorage } from "./index.ts";

const lab = testStudy();

describe("a study of many trials", () => {
  /** Rows that a statement reads and the ways it takes, from its plan. */
  async function plan(statement: ReturnType<typeof sql>): Promise<{ rows: number; scans: string[] }> {
    const { rows } = await sql<{
      "QUERY PLAN": readonly { Plan: PlanNode }[];
    }>`explain (analyze, format json) ${statement}`.execute(lab.session.db);
    const nodes: PlanNode[] = [];
    const walk = (node: PlanNode): void => {
      nodes.push(node);
      for (const inner of node.Plans ?? []) walk(inner);
    };
    walk(rows[0]!["QUERY PLAN"][0]!.Plan);
    const scans = nodes.filter((node) => node["Node Type"].includes("Scan"));
    return {
      rows: scans.reduce(
        (sum, node) => sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
        0,
      ),
      scans: scans.map((node) => node["Node Type"]),
    };
  }

  beforeEach(async () => {
    const { db } = lab.session;
    await sql`insert into trials (study_id, number, state, values, revision, changed_by)
      select ${lab.study.id}, n, 'completed', array[random()], n + 1, 'a' from generate_series(0, 19999) n`.execute(db);
    await sql`update study_progress set next_number = 20000, completed = 20000, revision = 20000 where study_id = ${lab.study.id}`.execute(
      db,
    );
    await sql`analyze trials`.execute(db);
  });

  test("is asked for what is new without reading what is old", async () => {
    await lab.complete(0.5, "b");
    const { rows, scans } = await plan(
      sql`select * from study_changes(${lab.session.projectId}, ${lab.study.id}, 20000, 'a', 1000)`,
    );
    expect(scans).not.toContain("Seq Scan");
    expect(rows).toBeLessThan(10);
  });

  test("hands out, writes and ends trials without reading what is old", async () => {
    await lab.session.db.transaction().execute(async (db) => {
      const own = studyStorage({ ...lab.session, db }); // within one transaction: its connection counts what it reads
      const read = async (): Promise<number> => {
        const { rows } = await sql<{ read: string }>`select sum(seq_tup_read + idx_tup_fetch) as read
          from pg_stat_xact_user_tables where relname in ('trials', 'trial_reports')`.execute(db);
        return Number(rows[0]!.read);
      };
      const before = await read(); // what the connection read a moment ago may still be counted
      let since = "20000";
      for (let k = 0; k < 10; k++) {
        const { trial, changes } = await own.begin(lab.study.id, { worker: "b", since });
        since = changes.cursor;
        await own.finish(lab.study.id, trial!, { state: "completed", values: [k], intermediate: [[0, k]] });
      }
      const found = (await read()) - before;
      expect(found).toBeGreaterThan(10);
      expect(found).toBeLessThan(10 * 10);
    });
  });

  test("is listed by number and by value from an index", async () => {
    const byValue = await plan(
      sql`select * from trials t where study_id = ${lab.study.id} and t.values[1] <> 'NaN' order by t.values[1], number limit 51`,
    );
    const byNumber = await plan(
      sql`select * from trials where study_id = ${lab.study.id} and number > 15000 order by number limit 51`,
    );
    expect([...byValue.scans, ...byNumber.scans].every((scan) => scan.startsWith("Index"))).toBe(true);
    expect(byValue.rows + byNumber.rows).toBeLessThan(110);
  });
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}
