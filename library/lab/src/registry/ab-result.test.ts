import { random } from "assay";
import { sql } from "kysely";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AbMetric, AbTest, AbTestRequest } from "../contract/ab-tests.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { armOf } from "./ab-arm.ts";
import {
  abResult,
  assignUser,
  createAbTest,
  deployRun,
  eraseSubject,
  findModel,
  flushPredictions,
  flushShadows,
  getAbTest,
  listAudit,
  predict,
  predictForUser,
  reportOutcome,
  reportOutcomes,
} from "./index.ts";

let a: string;
let b: string;
let count = 0;
let name = "";
const session = sessionOfTests();
beforeAll(async () => {
  a = (await deployRun(session(), await trainedRun(session(), 1), { name: "flowers" })).model_id;
  b = (await deployRun(session(), await trainedRun(session(), 4), { name: "flowers" })).model_id;
});
beforeEach(() => {
  name = `result-${++count}`;
});

const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const make = (more: Partial<AbTestRequest> = {}): Promise<AbTest> =>
  createAbTest(session(), { test_name: name, model_a_id: a, model_b_id: b, seed: name, ...more });
const metric = (more: Partial<AbMetric> & { name: string }) => more as AbMetric;

/** Puts people into a test with a value each, the value by their arm, exposed evenly over the last hours; they are named after the test. */
async function expose(
  { id, seed, split_ratio }: AbTest,
  people: number,
  metric: string,
  value: (arm: "a" | "b", i: number) => number | null,
  hours = 10,
): Promise<void> {
  const users = Array.from({ length: people }, (_, i) => `${name} ${i}`);
  const arms = users.map((user) => armOf(seed, split_ratio, user));
  const values = arms.map(value);
  const ages = users.map((_, i) => (hours * 3600 * (people - i)) / people);
  await sql`insert into ab_assignments (ab_test_id, user_key, project_id, arm, segments, exposed_at)
    select ${id}::uuid, t.u, ${session().projectId}::uuid, t.arm, jsonb_build_object('side', case when t.i % 2 = 0 then 'even' else 'odd' end), now() - make_interval(secs => t.age)
    from unnest(${users}::text[], ${arms}::text[], ${users.map((_, i) => i)}::integer[], ${ages}::float8[]) as t (u, arm, i, age)`.execute(
    session().db,
  );
  await sql`insert into ab_outcomes (project_id, user_key, metric, outcome_key, value, at)
    select ${session().projectId}::uuid, t.u, ${metric}, 'only', t.value, now() - make_interval(secs => t.age * 0.5)
    from unnest(${users}::text[], ${values}::float8[], ${ages}::float8[]) as t (u, value, age) where t.value is not null`.execute(
    session().db,
  );
}
const coins = (seed: number, shareA: number, shareB: number) => {
  const draw = random(seed, "ab-result");
  return (arm: "a" | "b") => Number(draw.float() < (arm === "b" ? shareB : shareA));
};

describe("outcomes", () => {
  test("of a prediction are its true value, and whether the person was told right", async () => {
    const made = await make();
    const { prediction_id, prediction, arm } = await predictForUser(session(), name, row, { userId: `${name} u` });
    expect(await reportOutcome(session(), prediction_id, { truth: prediction[0]! })).toEqual({
      stored: 1,
      repeated: 0,
      changed: 0,
      unknown: [],
      unknown_count: 0,
    });
    expect(await reportOutcome(session(), prediction_id, { truth: prediction[0]! })).toMatchObject({ stored: 0, repeated: 1 });
    expect(await reportOutcome(session(), prediction_id, { truth: "nothing of it" })).toMatchObject({ stored: 0, changed: 1 });
    const truth = await session().db.selectFrom("outcomes").selectAll().where("prediction_id", "=", prediction_id).execute();
    expect(truth).toMatchObject([
      { row: 0, actual: "nothing of it", user_key: `${name} u`, model_version_id: arm === "b" ? b : a },
    ]);
    const value = await session().db.selectFrom("ab_outcomes").selectAll().where("user_key", "=", `${name} u`).execute();
    expect(value).toMatchObject([{ metric: "correct", value: 0, outcome_key: prediction_id }]);
    expect(made.test_status).toBe("running");
  });

  test("of many rows need a true value each", async () => {
    const { prediction_id } = await predict(session(), a, [row, row]);
    await expect(reportOutcome(session(), prediction_id, { truth: "aster" })).rejects.toThrow("has 2 rows, the truth 1");
    await expect(reportOutcome(session(), prediction_id, { truth: ["aster", null] })).rejects.toThrow("must be labels, got null");
    expect(await reportOutcome(session(), prediction_id, { truth: ["aster", "bellis"] })).toMatchObject({ stored: 1 });
  });

  test("of nobody known are listed and not kept", async () => {
    await make();
    const id = "01900000-0000-7000-8000-00000000ffff";
    await expect(reportOutcome(session(), id, { truth: "aster" })).rejects.toThrow(`no prediction ${id}`);
    const { prediction_id } = await predict(session(), a, row);
    const report = await reportOutcomes(session(), [
      { prediction_id: id, truth: "aster" },
      { prediction_id, value: 1 },
      { user_id: "stranger", ab_test_name: name, value: true },
      { user_id: "anybody", value: true },
    ]);
    expect(report).toMatchObject({ stored: 1, unknown: [id, prediction_id, "stranger"], unknown_count: 3 });
  });

  test("of a person are one each time, or one an id", async () => {
    const user_id = `${name} buyer`;
    const once = { user_id, metric: "revenue", value: 3, outcome_id: "order 1" };
    expect(
      await reportOutcomes(session(), [once, { user_id, metric: "revenue", value: 4 }, { user_id, metric: "revenue", value: 4 }]),
    ).toMatchObject({ stored: 3 });
    expect(await reportOutcomes(session(), [once])).toMatchObject({ repeated: 1, stored: 0 });
    expect(await reportOutcomes(session(), [{ ...once, value: 5 }])).toMatchObject({ changed: 1 });
    expect((await eraseSubject(session(), user_id))["outcomes"]).toBe(3);
  });

  test.each<[object, string]>([
    [{ user_id: "u" }, "needs either truth or value"],
    [{ value: 1 }, "needs either prediction_id or user_id"],
    [{ user_id: "u", truth: "x" }, "a truth needs prediction_id"],
    [{ user_id: "u", value: Number.POSITIVE_INFINITY }, "value"],
    [{ user_id: "u", value: 1, at: "2999-01-01T00:00:00Z" }, "must not lie in the future"],
    [{ user_id: "u\0", value: 1 }, "NUL"],
    [{ user_id: "u", value: 1, ab_test_name: "nowhere" }, 'there is no "nowhere"'],
  ])("%s is refused", async (report, words) => {
    await expect(reportOutcomes(session(), [report])).rejects.toThrow(words);
  });

  test("before the exposure, and beyond the window, are not the test's", async () => {
    await make({
      metrics: [metric({ name: "visits", kind: "number", window_hours: 1 }), metric({ name: "open", kind: "number" })],
    });
    const user_id = `${name} u`;
    await assignUser(session(), name, user_id);
    await sql`update ab_assignments set exposed_at = now() - interval '5 hours' where user_key = ${user_id}`.execute(
      session().db,
    );
    const at = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
    for (const m of ["visits", "open"])
      await reportOutcomes(
        session(),
        [6, 4.5, 2, 0].map((hours, k) => ({ user_id, metric: m, value: 10 ** k, at: at(hours) })),
      );
    const { effects } = await abResult(session(), name);
    expect(effects.map(({ a, b }) => a.mean ?? b.mean)).toEqual([10, 1110]);
  });

  test.each([
    ["sum", 9],
    ["mean", 3],
    ["max", 5],
    ["first", 3],
    ["last", 1],
  ] as const)("of one person are one number by %s", async (aggregate, wanted) => {
    const m = `value_${aggregate}`;
    await make({ metrics: [metric({ name: m, kind: "number", aggregate, missing: "left_out" })] });
    const user_id = `${name} u`;
    await assignUser(session(), name, user_id);
    await assignUser(session(), name, `${name} without`);
    const now = Date.now() + 1; // behind the assignment, whose microseconds a millisecond does not tell
    await reportOutcomes(
      session(),
      [3, 5, 1].map((value, k) => ({ user_id, metric: m, value, at: new Date(now + k).toISOString() })),
    );
    const [effect] = (await abResult(session(), name)).effects;
    expect([effect!.a.mean ?? effect!.b.mean, effect!.a.users + effect!.b.users]).toEqual([wanted, 1]);
  });
});

describe("the result", () => {
  test("has the effect with both intervals, its course, and the ratio of the arms", async () => {
    const made = await make({ metrics: [metric({ name: "bought" })], planned_users: 4000, segment_columns: ["side"] });
    await expose(made, 6000, "bought", coins(1, 0.1, 0.16));
    const { effects, exposures, sample_ratio, over_time, segments, warnings } = await abResult(session(), name);
    const [effect] = effects;
    expect(exposures.a + exposures.b).toBe(6000);
    expect(sample_ratio.mismatch).toBe(false);
    expect(effect!.verdict).toBe("b");
    expect(effect!.sequential.low!).toBeGreaterThan(0);
    expect(effect!.fixed.low!).toBeGreaterThan(effect!.sequential.low!);
    expect(effect!.fixed.p_value!).toBeLessThan(effect!.sequential.p_value!);
    expect(effect!.difference! / effect!.a.mean!).toBeCloseTo(effect!.relative!, 12);
    expect(segments.map(({ column, value }) => `${column} ${value}`).sort()).toEqual(["side even", "side odd"]);
    expect(segments.reduce((sum, { effects }) => sum + effects[0]!.a.users, 0)).toBe(effect!.a.users);
    const { points } = over_time[0]!;
    expect(points.at(-1)).toMatchObject({ users: 6000 });
    expect(points.at(-1)!.difference!).toBeCloseTo(effect!.difference!, 12);
    expect(points.every((point, k) => k === 0 || point.p_value <= points[k - 1]!.p_value)).toBe(true);
    expect(warnings).toEqual([expect.stringContaining("window_hours")]);
  });

  test("sees an arm that lost people", async () => {
    const made = await make();
    await expose(made, 4000, "outcome", () => null);
    await sql`delete from ab_assignments where ab_test_id = ${made.id} and arm = 'b' and user_key ~ '[1379]$'`.execute(
      session().db,
    );
    const { sample_ratio, warnings } = await abResult(session(), name);
    expect(sample_ratio.mismatch).toBe(true);
    expect(warnings[0]).toContain("no effect can be believed");
  });

  test("of nobody, and of a few, has no bound and no verdict", async () => {
    const made = await make({ metrics: [metric({ name: "few", kind: "number" })] });
    expect((await abResult(session(), name)).effects).toMatchObject([
      { difference: null, fixed: { low: null }, sequential: { p_value: null }, verdict: "undecided" },
    ]);
    await expose(made, 12, "few", (_, i) => i);
    expect((await abResult(session(), name)).effects).toMatchObject([{ sequential: { low: null }, verdict: "undecided" }]);
  });

  test("of means has Welch's interval, and less is better where that is said", async () => {
    const draw = random(3, "ab-result/means");
    const made = await make({ metrics: [metric({ name: "seconds", kind: "number", better: "lower" })], planned_users: 1000 });
    await expose(made, 2000, "seconds", (arm) => 10 + draw.normal() - (arm === "b" ? 0.6 : 0));
    const [effect] = (await abResult(session(), name)).effects;
    expect(effect!.difference!).toBeCloseTo(-0.6, 0);
    expect(effect!.verdict).toBe("b");
  });

  test("in shadow compares both models on the same rows, by the truth where it is known", async () => {
    await make({ shadow: true });
    const ids: [string, string][] = [];
    for (let k = 0; k < 30; k++) {
      const { prediction_id } = await predictForUser(session(), name, {
        petal_length: 1 + k / 6,
        petal_width: 0.1 + k / 20,
        colour: "blue",
      });
      await flushShadows();
      ids.push([prediction_id, k < 10 ? "aster" : k < 20 ? "bellis" : "crocus"]);
    }
    await flushPredictions(session());
    await reportOutcomes(
      session(),
      ids.map(([prediction_id, truth]) => ({ prediction_id, truth })),
    );
    const { shadow, effects } = await abResult(session(), name);
    expect(effects).toEqual([]);
    expect(shadow).toMatchObject({ requests: 30, failed: 0, truths: 30, last_error: null });
    expect(shadow!.difference!.value).toBeCloseTo(shadow!.score_b! - shadow!.score_a!, 12);
  });
});

describe("a guard-rail", () => {
  const guarded = [metric({ name: "errors", better: "lower", guardrail: { margin: 0.01 } }), metric({ name: "bought" })];

  test("stops a test whose B is worse, when an outcome is reported, with a line in the audit trail", async () => {
    const made = await make({ metrics: guarded });
    await expose(made, 3000, "errors", coins(5, 0.05, 0.15));
    await reportOutcomes(session(), [{ user_id: `${name} 0`, metric: "bought", value: true }]);
    const stopped = await getAbTest(session(), name);
    expect(stopped.test_status).toBe("stopped");
    expect(stopped.stop_reason).toMatch(/^guard-rail: errors of B is worse than A's by more than 0.01/);
    const { items } = await listAudit(session(), (await findModel(session(), "flowers")).id, { limit: 1 });
    expect(items[0]).toMatchObject({
      action: "ab_test",
      detail: { test: name, did: "stopped", guardrail: "errors", margin: 0.01 },
    });
    expect(await predictForUser(session(), name, row, { userId: "after" })).toMatchObject({ model_id: a, arm: null });
  });

  test("leaves a test alone whose B is worse within the margin, or better", async () => {
    const made = await make({ metrics: [metric({ name: "slips", better: "lower", guardrail: { margin: 0.2 } })] });
    await expose(made, 3000, "slips", coins(6, 0.05, 0.15));
    expect((await abResult(session(), name)).test.test_status).toBe("running");
  });

  test("that many processes find broken at once is told once", async () => {
    const made = await make({ metrics: guarded });
    await expose(made, 3000, "errors", coins(7, 0.05, 0.2));
    await Promise.all(Array.from({ length: 6 }, () => abResult(session(), name)));
    const { items } = await listAudit(session(), (await findModel(session(), "flowers")).id, { limit: 50 });
    const ends = items.filter(({ detail }) => detail["test"] === name && detail["did"] === "stopped");
    expect(ends.length).toBe(1);
  });
});
