import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { storeFixture, writeSqlite } from "../testing/stores.ts";
import { importOptuna } from "./import-optuna.ts";
import { optunaDistribution, pythonJson } from "./import-optuna-values.ts";
import { getStudy, listTrials, studyStorage } from "./index.ts";

const lines = storeFixture<readonly string[]>("optuna-journal");
const statements = storeFixture<readonly string[]>("optuna-sqlite");
const published = new URL("../../../../../shared/data/models/optuna/", import.meta.url);
const session = sessionOfTests();
const folder = mkdtempSync(join(tmpdir(), "assay-optuna-"));

const write = (name: string, text: readonly string[]): string => {
  writeFileSync(join(folder, name), text.join("\n"));
  return join(folder, name);
};
const renamed = (text: readonly string[], to: string) =>
  text.map((line) => line.replaceAll(/(["'])(single|several|empty)\1/g, `$1$2 ${to}$1`));
const trialsOf = async (name: string) => {
  const { id } = await getStudy(session(), name);
  return (await studyStorage(session()).changes(id, "", { limit: 1000 })).trials.toSorted((a, b) => a.number - b.number);
};

describe.each([
  ["journal", () => write("optuna.log", renamed(lines, "of a journal")), "of a journal"],
  ["SQLite", () => writeSqlite(join(folder, "optuna.db"), renamed(statements, "of tables")), "of tables"],
] as const)("an Optuna %s", (format, path, name) => {
  test("comes in whole", async () => {
    const report = await importOptuna(session(), path());
    expect(report).toMatchObject({ format, counts: { studies: 3, trials: 11 } });
    expect(report.items[0]).toMatchObject({ outcome: "left out", reason: "1 trials were running, and are failed here: 6" });
    const study = await getStudy(session(), `single ${name}`);
    expect(study).toMatchObject({
      directions: ["maximize"],
      n_trials: 8,
      trials: { completed: 4, pruned: 1, failed: 2, waiting: 1 },
      best_trial: 3,
    });
    expect(study.attributes).toMatchObject({ team: "moss", odd: "NaN" });
  });

  test("keeps parameters with their distributions, reports and values, also NaN and infinities", async () => {
    const trials = await trialsOf(`single ${name}`);
    const [first, pruned, , high, low] = trials;
    expect(first!.distributions).toEqual({
      x: { type: "float", low: -5, high: 5 },
      lr: { type: "float", low: 1e-5, high: 0.1, log: true },
      q: { type: "float", low: 0, high: 1, step: 0.25 },
      n: { type: "int", low: 1, high: 10, step: 1 },
      m: { type: "int", low: 1, high: 1024, log: true, step: 1 },
      c: { type: "categorical", choices: ["a", null, true, 3, 0.5] },
    });
    expect(first!.values).toEqual([first!.params["x"]]);
    expect(first!.intermediate.map(([step]) => step)).toEqual([0, 1, 2]);
    expect(["a", null, true, 3, 0.5]).toContain(first!.params["c"]);
    expect(first!.attributes).toMatchObject({ note: "trial 0" });
    expect(pruned).toMatchObject({
      state: "pruned",
      intermediate: [
        [0, 0],
        [1, expect.any(Number)],
        [2, Number.NaN],
      ].map((pair) => pair),
    });
    expect([high!.values, low!.values]).toEqual([[Infinity], [-Infinity]]);
    expect(trials[7]).toMatchObject({ state: "waiting", fixed: { x: 2 } });
  });

  test("keeps several objectives, and studies without a trial", async () => {
    expect(await getStudy(session(), `several ${name}`)).toMatchObject({ directions: ["minimize", "maximize"], n_trials: 3 });
    expect((await trialsOf(`several ${name}`)).every(({ values }) => values?.length === 2)).toBe(true);
    expect(await getStudy(session(), `empty ${name}`)).toMatchObject({ n_trials: 0 });
  });

  test("imported twice makes no doubles", async () => {
    const report = await importOptuna(session(), join(folder, format === "journal" ? "optuna.log" : "optuna.db"));
    expect(report.counts).toMatchObject({ studies: 0, trials: 0, there_already: 3 });
  });
});

test("a study imported by two at once makes no doubles", async () => {
  const path = write("twice.log", renamed(lines, "at once"));
  await Promise.all([importOptuna(session(), path), importOptuna(session(), path)]);
  expect(await getStudy(session(), "single at once")).toMatchObject({ n_trials: 8 });
});

describe("a journal", () => {
  const half = renamed(lines, "in two parts");
  test("imported again gives the trials that came since", async () => {
    const cut = half.findIndex((line) => line.includes('"op_code":6') && line.includes('"trial_id":2')) + 1;
    expect((await importOptuna(session(), write("part.log", half.slice(0, cut)))).counts).toMatchObject({
      studies: 1,
      trials: 3,
    });
    expect((await importOptuna(session(), write("part.log", half))).counts).toMatchObject({ studies: 2, trials: 8, updated: 1 });
    expect((await trialsOf("single in two parts")).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("whose last line is cut off is taken without it, and says so", async () => {
    const text = renamed(lines, "cut off");
    const report = await importOptuna(session(), write("cut.log", [...text.slice(0, -1), text.at(-1)!.slice(0, 20)]));
    expect(report.items[0]).toMatchObject({ reason: "the last line is cut off", place: `cut.log, line ${lines.length}` });
  });

  test("with a broken line before its end is refused with the line", async () => {
    const text = [...renamed(lines, "broken")];
    text[9] = "{";
    await expect(importOptuna(session(), write("broken.log", text))).rejects.toThrow(
      'line 10 must be JSON, got "{" (broken.log)',
    );
    text[9] = '{"op_code": 12}';
    await expect(importOptuna(session(), write("broken.log", text))).rejects.toThrow(
      "op_code must be 0 to 9, got 12 (broken.log, line 10)",
    );
    await expect(getStudy(session(), "single broken")).rejects.toThrow("no study");
  });

  test("passes by what comes after a trial's end and after a study's removal, as Optuna does", async () => {
    const text = [
      '{"op_code": 0, "study_name": "late", "directions": [1]}',
      '{"op_code": 0, "study_name": "gone", "directions": [1]}',
      '{"op_code": 4, "study_id": 0, "datetime_start": "2024-06-07T17:27:27.682770"}',
      '{"op_code": 6, "trial_id": 0, "state": 1, "values": [1.5], "datetime_complete": "2024-06-07T17:27:28.5"}',
      '{"op_code": 6, "trial_id": 0, "state": 1, "values": [9], "datetime_complete": "2024-06-07T17:27:29"}',
      '{"op_code": 8, "trial_id": 0, "user_attr": {"late": 1}}',
      '{"op_code": 1, "study_id": 1}',
      '{"op_code": 4, "study_id": 1, "datetime_start": null}',
    ];
    expect((await importOptuna(session(), write("late.log", text))).counts).toMatchObject({ studies: 1, trials: 1 });
    expect(await trialsOf("late")).toMatchObject([
      {
        values: [1.5],
        attributes: {},
        startedAt: new Date("2024-06-07T17:27:27.682Z"),
        endedAt: new Date("2024-06-07T17:27:28.500Z"),
      },
    ]);
  });

  test("with parameters named __proto__ keeps them as names", async () => {
    const distribution = JSON.stringify('{"name": "FloatDistribution", "attributes": {"low": 0, "high": 1}}');
    const text = [
      '{"op_code": 0, "study_name": "proto", "directions": [1]}',
      '{"op_code": 4, "study_id": 0, "datetime_start": null}',
      `{"op_code": 5, "trial_id": 0, "param_name": "__proto__", "param_value_internal": 0.5, "distribution": ${distribution}}`,
    ];
    await importOptuna(session(), write("proto.log", text));
    expect(Object.keys((await trialsOf("proto"))[0]!.params)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["low"]).toBeUndefined();
  });
});

describe("a database of an early Optuna", () => {
  test("0.9: value and direction in the rows, the number among the attributes", async () => {
    const path = writeSqlite(join(folder, "early.db"), [
      "create table studies (study_id integer primary key, study_name varchar, direction varchar);",
      "create table trials (trial_id integer primary key, study_id integer, state varchar, value float, datetime_start datetime, datetime_complete datetime);",
      "create table trial_params (param_id integer primary key, trial_id integer, param_name varchar, param_value float, distribution_json varchar);",
      "create table trial_values (trial_value_id integer primary key, trial_id integer, step integer, value float);",
      "create table trial_system_attributes (id integer primary key, trial_id integer, key varchar, value_json varchar);",
      "insert into studies values (1, 'early', 'MAXIMIZE');",
      "insert into trials values (5, 1, 'COMPLETE', 0.5, '2019-03-01 10:00:00.5', '2019-03-01 10:00:01'), (7, 1, 'PRUNED', null, null, null);",
      `insert into trial_params values (1, 5, 'lr', 0.01, '{"name": "LogUniformDistribution", "attributes": {"low": 0.001, "high": 1.0}}'), (2, 5, 'k', 2, '{"name": "IntUniformDistribution", "attributes": {"low": 1, "high": 3}}');`,
      "insert into trial_values values (1, 5, 0, 0.25), (2, 5, 1, null);",
      "insert into trial_system_attributes values (1, 5, '_number', '0'), (2, 7, '_number', '1');",
    ]);
    expect((await importOptuna(session(), path)).counts).toMatchObject({ studies: 1, trials: 2 });
    expect(await getStudy(session(), "early")).toMatchObject({ directions: ["maximize"], best_value: 0.5 });
    expect((await trialsOf("early"))[0]).toMatchObject({
      params: { lr: 0.01, k: 2 },
      distributions: { lr: { type: "float", low: 0.001, high: 1, log: true }, k: { type: "int", low: 1, high: 3 } },
      intermediate: [
        [0, 0.25],
        [1, Number.NaN],
      ],
    });
  });

  test("with a trial that cannot be read leaves its study out whole", async () => {
    const path = writeSqlite(
      join(folder, "hurt.db"),
      renamed(statements, "hurt").map((line) => line.replaceAll(/IntDistribution/g, "OddDistribution")),
    );
    const report = await importOptuna(session(), path);
    expect(report.items.find(({ name }) => name === "single hurt")).toMatchObject({
      outcome: "left out",
      reason: expect.stringContaining('not "OddDistribution"'),
    });
    await expect(getStudy(session(), "single hurt")).rejects.toThrow("no study");
    expect(await getStudy(session(), "empty hurt")).toMatchObject({ n_trials: 0 });
  });
});

test("a study of ours keeps its name: the imported one gets another", async () => {
  await studyStorage(session()).create({ name: "taken", directions: ["minimize"] });
  const report = await importOptuna(session(), write("taken.log", ['{"op_code": 0, "study_name": "taken", "directions": [2]}']));
  expect((await getStudy(session(), report.items[0]!.id!)).name).toBe("taken (Optuna)");
});

test("Python's JSON is read with NaN and infinities, and texts that hold these words", () => {
  expect(pythonJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" Infinity"}')).toEqual({
    a: "NaN",
    b: ["-Infinity", "Infinity"],
    c: 'NaN " Infinity',
  });
});

test("a distribution that is none is refused with its place", () => {
  expect(() => optunaDistribution('{"name": "FloatDistribution", "attributes": {"low": "0"}}', "x.db")).toThrow(
    "distribution must have low and high",
  );
  expect(() => optunaDistribution("{", "x.db")).toThrow("distribution must be JSON, got { (x.db)");
});

test("Optuna's published database and journal come in whole", { skip: !existsSync(published) }, async () => {
  const database = await importOptuna(session(), new URL("dashboard_sample_db.sqlite3", published).pathname);
  expect(database.counts).toMatchObject({ studies: 1, trials: 100, left_out: 0 });
  expect(await getStudy(session(), "pytorch_simple")).toMatchObject({ n_trials: 100, directions: ["maximize"] });
  const [first] = (await listTrials(session(), (await getStudy(session(), "pytorch_simple")).id, { limit: 1 })).items;
  expect(first).toMatchObject({ values: [0.9328125] });
  const log = await importOptuna(session(), new URL("journal_4.0.0.dev.log", published).pathname);
  expect(log.counts).toMatchObject({ studies: 4, trials: 10, left_out: 0 });
});
