import { sql } from "kysely";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AbTest, AbTestRequest } from "../contract/ab-tests.ts";
import { openSession } from "../projects/session.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { armOf, placeOf } from "./ab-arm.ts";
import {
  abTestsOf,
  assignUser,
  changeAbTest,
  createAbTest,
  deleteAbTest,
  deleteVersion,
  deployRun,
  eraseSubject,
  findModel,
  flushPredictions,
  flushShadows,
  getAbTest,
  getVersion,
  listAbTests,
  listAudit,
  predictForUser,
  promote,
  registryOf,
  startAbTest,
  stopAbTest,
} from "./index.ts";

let a: string;
let b: string;
let count = 0;
let name = "";
const session = sessionOfTests();
beforeAll(async () => {
  const [shallow, deep] = [await trainedRun(session(), 1), await trainedRun(session(), 4)];
  a = (await deployRun(session(), shallow, { name: "flowers" })).model_id;
  b = (await deployRun(session(), deep, { name: "flowers" })).model_id;
  await promote(session(), a);
});
beforeEach(() => {
  name = `test ${++count}`;
});

const row = { petal_length: 3.2, petal_width: 1.1, colour: "blue" };
const make = (more: Partial<AbTestRequest> = {}): Promise<AbTest> =>
  createAbTest(session(), { test_name: name, model_a_id: "flowers@production", model_b_id: b, ...more });
const assignments = (id: string) =>
  session().db.selectFrom("ab_assignments").selectAll().where("ab_test_id", "=", id).orderBy("user_key").execute();

describe("a test", () => {
  test("is made of two versions by any citation, and runs", async () => {
    const made = await make({ split_ratio: 0.2, description: "shallow against deep" });
    expect(made).toMatchObject({
      test_name: name,
      test_status: "running",
      model_a_id: a,
      model_a: "flowers@1.0.0",
      model_b: "flowers@1.1.0",
      split_ratio: 0.2,
      winner: null,
      metrics: [{ name: "outcome", kind: "binary", better: "higher", guardrail: null }],
    });
    expect(made.seed).toBe(made.id);
    expect(await getAbTest(session(), made.id)).toEqual(made);
    expect((await listAbTests(session(), { limit: 1 })).items[0]).toEqual(made);
  });

  test("goes draft, running, stopped, and no other way", async () => {
    await make({ start: false });
    await expect(stopAbTest(session(), name)).rejects.toThrow("is draft, only a running one can be stopped");
    await expect(predictForUser(session(), name, row, { userId: "u" })).rejects.toThrow("is a draft: start it first");
    expect((await startAbTest(session(), name)).test_status).toBe("running");
    await expect(startAbTest(session(), name)).rejects.toThrow("is running already");
    await expect(deleteAbTest(session(), name)).rejects.toThrow("is running: stop it first");
    expect((await stopAbTest(session(), name, { reason: "enough" })).stop_reason).toBe("enough");
    await expect(stopAbTest(session(), name)).rejects.toThrow("is stopped since");
    await expect(startAbTest(session(), name)).rejects.toThrow("is stopped already");
    await deleteAbTest(session(), name);
    await expect(getAbTest(session(), name)).rejects.toThrow(`there is no "${name}"`);
  });

  test("can be changed as a draft; once it began only a new test has another split", async () => {
    await make({ start: false });
    expect((await changeAbTest(session(), name, { split_ratio: 0.7, shadow: true })).split_ratio).toBe(0.7);
    await startAbTest(session(), name);
    await expect(changeAbTest(session(), name, { split_ratio: 0.5 })).rejects.toThrow("split_ratio cannot change");
    await expect(changeAbTest(session(), name, { split_ratio: 0.5 })).rejects.toThrow("stop it and make a new test");
    expect((await changeAbTest(session(), name, { description: "words" })).description).toBe("words");
  });

  test("is held as it is by the database itself", async () => {
    const { id } = await make();
    const change = sql`update ab_tests set split_ratio = 0.9 where id = ${id}`.execute(session().db);
    await expect(change).rejects.toThrow("it cannot be changed");
    await expect(sql`update ab_tests set status = 'draft' where id = ${id}`.execute(session().db)).rejects.toThrow();
  });

  test.each<[string, Partial<AbTestRequest>, string]>([
    ["a share beyond 0 and 1", { split_ratio: 1 }, "split_ratio"],
    ["no such version", { model_b_id: "flowers@9" }, "no flowers@9"],
    ["a metric twice", { metrics: [{ name: "x" }, { name: "x" }] }, 'metric "x" is there twice'],
    ["an odd seed", { seed: "a:b" }, "seed"],
    ["an unknown kind", { metrics: [{ name: "x", kind: "word" as never }] }, "metrics.0.kind"],
  ])("is refused for %s", async (_, more, words) => {
    await expect(make(more)).rejects.toThrow(words);
  });

  test("is refused under a name that is taken", async () => {
    await make();
    await expect(make()).rejects.toThrow("take another");
  });

  test("holds its versions, and is told in their audit trail", async () => {
    const { id } = await make();
    await expect(deleteVersion(session(), b, { force: true })).rejects.toThrow(`A/B test "${name}" is running on it`);
    await stopAbTest(session(), id, { reason: "done", winner: "a" });
    const { items } = await listAudit(session(), (await findModel(session(), "flowers")).id, { limit: 2 });
    expect(items.map(({ action, detail, reason }) => ({ action, ...(detail as object), reason }))).toEqual([
      { action: "ab_test", test: name, did: "stopped", winner: "a", reason: "done" },
      { action: "ab_test", test: name, did: "started", reason: "" },
    ]);
  });
});

describe("a person", () => {
  test("is answered by the arm of their hash, every time, and stored once", async () => {
    const made = await make({ split_ratio: 0.4, segment_columns: ["colour", "field"] });
    const users = Array.from({ length: 40 }, (_, k) => `user ${k}`);
    for (let time = 0; time < 2; time++)
      for (const userId of users) {
        const { arm, model_id } = await predictForUser(session(), name, row, { userId });
        expect(arm).toBe(armOf(made.seed, 0.4, userId));
        expect(model_id).toBe(arm === "b" ? b : a);
      }
    const stored = await assignments(made.id);
    expect(stored.length).toBe(40);
    expect(stored[0]).toMatchObject({ segments: { colour: "blue" } });
    await flushPredictions(session());
    const logged = await session()
      .db.selectFrom("predictions")
      .select(["arm", "model_version_id"])
      .where("ab_test_id", "=", made.id)
      .execute();
    expect(logged.length).toBe(80);
    expect(logged.every(({ arm, model_version_id }) => model_version_id === (arm === "b" ? b : a))).toBe(true);
  });

  test("keeps the first exposure's time, and is in one arm under eight clients of two processes' pools at once", async () => {
    const made = await make();
    const second = await openSession();
    const clients = [session(), second.session, session(), second.session, session(), second.session, session(), second.session];
    const arms = (await Promise.all(clients.map((client) => predictForUser(client, name, row, { userId: "one" })))).map(
      ({ arm }) => arm,
    );
    expect(new Set(arms).size).toBe(1);
    const [first] = await assignments(made.id);
    await assignUser(second.session, name, "one");
    expect(await assignments(made.id)).toEqual([first]);
    await flushPredictions(second.session);
    await second.close();
  });

  test("is the same place for SQL as for us", async () => {
    const { rows } = await sql<{ place: number }>`select
      (('x' || substr(encode(sha256(convert_to('seed:ü', 'UTF8')), 'hex'), 1, 16))::bit(64)::bit(53))::bit(53)::bigint / 9007199254740992::float8 as place`.execute(
      session().db,
    );
    expect(rows[0]!.place).toBe(placeOf("seed", "ü"));
  });

  test("whose rows are bad is told so and not exposed", async () => {
    const made = await make();
    await expect(predictForUser(session(), name, { petal_length: 1 }, { userId: "bad" })).rejects.toThrow(
      '"petal_width" is missing',
    );
    expect(await assignments(made.id)).toEqual([]);
    await expect(predictForUser(session(), name, row)).rejects.toThrow("needs user_id");
    await expect(assignUser(session(), name, "a\0b")).rejects.toThrow("none of them NUL");
    await expect(predictForUser(session(), "test unknown", row, { userId: "u" })).rejects.toThrow('there is no "test unknown"');
  });

  test("who is erased is gone from the test, and stored again when they come again", async () => {
    const made = await make();
    await assignUser(session(), name, "gone");
    expect((await eraseSubject(session(), "gone"))["assignments"]).toBe(1);
    expect(await assignments(made.id)).toEqual([]);
    await assignUser(session(), name, "gone");
    expect((await assignments(made.id)).length).toBe(1);
  });
});

describe("a stopped test", () => {
  test("answers by A without a winner, assigns nobody, and needs no user", async () => {
    const made = await make({ split_ratio: 0.99 });
    await stopAbTest(session(), name);
    expect(await predictForUser(session(), name, row, { userId: "new" })).toMatchObject({ model_id: a, arm: null });
    expect((await predictForUser(session(), name, row)).model_id).toBe(a);
    await expect(assignUser(session(), name, "new")).rejects.toThrow("nobody is assigned any more");
    expect(await assignments(made.id)).toEqual([]);
  });

  test("that another process stopped takes nobody in, though this one has not heard of it", async () => {
    const made = await make({ split_ratio: 0.99 });
    await assignUser(session(), name, "early");
    const second = await openSession();
    await stopAbTest(second.session, name);
    await second.close();
    expect(await predictForUser(session(), name, row, { userId: "late" })).toMatchObject({ model_id: a, arm: null });
    expect((await assignments(made.id)).map(({ user_key }) => user_key)).toEqual(["early"]);
  });

  test("puts its winner into production in one call, and answers by it", async () => {
    const run = await trainedRun(session(), 2);
    const c = (await deployRun(session(), run, { name: "winner" })).model_id;
    const d = (await deployRun(session(), run, { name: "winner" })).model_id;
    await promote(session(), c);
    await make({ model_a_id: c, model_b_id: d });
    await expect(stopAbTest(session(), name, { promote: true })).rejects.toThrow("promote needs the winner");
    await stopAbTest(session(), name, { winner: "b", promote: true, reason: "better" });
    expect((await getVersion(session(), d)).version_status).toBe("production");
    expect((await getVersion(session(), c)).version_status).toBe("archived");
    expect((await predictForUser(session(), name, row)).model_id).toBe(d);
  });
});

describe("in shadow", () => {
  const shadows = (id: string) => session().db.selectFrom("ab_shadows").selectAll().where("ab_test_id", "=", id).execute();

  test("A answers everybody, B is asked beside it and logged as such", async () => {
    const made = await make({ shadow: true, split_ratio: 0.9 });
    for (let k = 0; k < 20; k++)
      expect(await predictForUser(session(), name, { ...row, petal_length: k / 3 }, { userId: `u${k}` })).toMatchObject({
        model_id: a,
        arm: "a",
      });
    await predictForUser(session(), name, row);
    await flushShadows();
    await flushPredictions(session());
    const rows = await shadows(made.id);
    expect(rows.length).toBe(21);
    expect(
      rows.every(
        ({ error, agreement, latency_b_ms }) => error === null && (agreement === 0 || agreement === 1) && latency_b_ms! > 0,
      ),
    ).toBe(true);
    const logged = await session()
      .db.selectFrom("predictions")
      .select(["model_version_id", "shadow"])
      .where("ab_test_id", "=", made.id)
      .execute();
    expect(logged.filter(({ shadow }) => shadow).every(({ model_version_id }) => model_version_id === b)).toBe(true);
    expect(logged.filter(({ shadow }) => shadow).length).toBe(21);
    expect(await assignments(made.id)).toEqual([]);
  });

  test("B's failure is recorded and touches no answer", async () => {
    const run = await trainedRun(session(), 3);
    const broken = await deployRun(session(), run, { name: "broken" });
    await sql`update model_versions set file = 'models/gone.assay', content_hash = ${`${broken.content_hash.slice(0, -4)}0000`} where id = ${broken.model_id}`.execute(
      session().db,
    );
    const made = await make({ shadow: true, model_b_id: broken.model_id });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, k) => predictForUser(session(), name, row, { userId: `u${k}` })),
    );
    expect(answers.every(({ model_id, source }) => model_id === a && source === "advanced")).toBe(true);
    await flushShadows();
    const rows = await shadows(made.id);
    expect(rows.length).toBe(8);
    expect(rows.every(({ error, agreement }) => error !== null && agreement === null)).toBe(true);
  });
});

test("a cell makes a test, predicts, reports and reads the result", async () => {
  const registry = registryOf(session());
  const handle = await registry.abTest({ name, a: { model_id: a }, b: "flowers@1.1.0", splitRatio: 0.5, start: false });
  expect(handle.test_status).toBe("draft");
  const running = await handle.start();
  const { prediction_id, arm } = await running.predict(row, { userId: "cell" });
  expect(await running.assign("cell")).toMatchObject({ arm });
  expect(
    await registry.outcomes([
      { prediction_id, truth: "aster" },
      { user_id: "cell", value: true },
    ]),
  ).toMatchObject({ stored: 2, unknown: [] });
  const result = await running.result();
  expect(result.exposures[arm!]).toBe(1);
  const bundle = (result as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();
  expect(bundle["text/html"]).toContain("always valid");
  expect((await (await abTestsOf(session()).abTest(name)).stop({ winner: "a" })).winner).toBe("a");
  expect((await registry.abTests({ status: "stopped", limit: 1 }))[0]!.test_name).toBe(name);
});
