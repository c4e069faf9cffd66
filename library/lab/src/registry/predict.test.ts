import { existsSync, rmSync, writeFileSync } from "node:fs";
import * as ml from "assay";
import type { KyselyPlugin } from "kysely";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { getDataset, uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import {
  benchmarkVersions,
  changeSettings,
  deployRun,
  eraseSubject,
  findModel,
  flushPredictions,
  listAudit,
  observePredictions,
  predict,
  predictionLogState,
  promote,
  removeOldPredictions,
  versionFile,
} from "./index.ts";
import { predictionId } from "./prediction-id.ts";
import { logPrediction } from "./prediction-log.ts";
import { rowReader } from "./read-rows.ts";
import { refreshServed } from "./serving.ts";

let shallow: string;
let deep: string;
const session = sessionOfTests();
beforeAll(async () => {
  await uploadDataset(session(), flowers(), { name: "flowers" });
  const { dataset_id } = await getDataset(session(), "flowers");
  const { id } = await session()
    .db.selectFrom("dataset_versions")
    .select("id")
    .where("dataset_id", "=", dataset_id)
    .executeTakeFirstOrThrow();
  [shallow, deep] = [await trainedRun(session(), 1, id), await trainedRun(session(), 4, id)];
});

const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };
const logged = async (id: string) => {
  await flushPredictions(session());
  return session().db.selectFrom("predictions").selectAll().where("id", "=", id).executeTakeFirst();
};

describe("rows", () => {
  const reader = rowReader({
    columns: [
      { name: "n", kind: "number" },
      { name: "c", kind: "category", levels: ["1", "true", "x"] },
    ],
    target: "y",
    classes: null,
  });
  const read = (row: Record<string, ml.Cell>) => [...reader.read([row]).matrix.data];

  test.each([
    [3, 3],
    ["3.5", 3.5],
    [" 4 ", 4],
    [true, 1],
    ["false", 0],
    [null, Number.NaN],
    [new Date(5), 5],
  ])("take %o for a number as %d", (given, number) => expect(read({ n: given, c: null })[0]).toBe(number));

  test.each(["", "three", "1e999", "0x", "NaN"])("refuse %o for a number, with field and row", (given) => {
    expect(() => reader.read([{ n: given, c: "x" }], 7)).toThrow(
      `field "n" must be a number, got ${JSON.stringify(given)} in row 7`,
    );
  });

  test("take text, numbers and booleans for a category; what is no level is missing, and told", () => {
    expect(["x", 1, true, "y", null].map((c) => read({ n: 0, c })[1])).toEqual([2, 0, 1, Number.NaN, Number.NaN]);
    expect(reader.read([{ n: 0, c: "y" }]).warnings).toEqual(['c: "y" was not there at the training, taken as missing']);
  });

  test("name a missing field with the near one; the target and others are ignored, the others told", () => {
    expect(() => reader.read([{ N: 1, c: "x" }])).toThrow('field "n" is missing in row 0, did you mean N');
    expect(reader.read([{ n: 1, c: "x", y: 1, z: 2 }]).warnings).toEqual(["ignored: z"]);
    expect(() => reader.read([JSON.parse('{"__proto__": 1, "c": "x"}')])).toThrow('field "n" is missing');
  });
});

describe("a prediction", () => {
  test("says version, probabilities by class, source and id", async () => {
    await deployRun(session(), deep, { name: "said" });
    const answer = await predict(session(), "said", [row, { ...row, petal_length: 5 }]);
    expect(answer).toMatchObject({
      model: "said@1.0.0",
      source: "advanced",
      reason: null,
      classes: ["aster", "bellis", "crocus"],
    });
    expect(answer.prediction).toEqual(["aster", "crocus"]);
    for (const proba of answer.prediction_proba!) expect(proba.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  test("is as the model's own on a table", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "same" });
    const { file } = await versionFile(session(), id);
    const model = await ml.loadModel<ml.ClassifierModel>(session().store.path(file));
    const rows = flowers().toRows();
    const { prediction, prediction_proba } = await predict(session(), id, rows);
    expect(prediction).toEqual(model.predict(flowers()));
    expect(prediction_proba!.flat()).toEqual([...model.predictProba(flowers()).data]);
  });

  test("is logged with version, user, rows, answer and latency, and the inputs' hash alone", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "hashed" });
    const first = await predict(session(), id, row, { userId: "u1" });
    const second = await predict(session(), id, { colour: "white", petal_width: 0.3, petal_length: 1.4, more: 1 });
    const [a, b] = [await logged(first.prediction_id), await logged(second.prediction_id)];
    expect(a).toMatchObject({
      model_version_id: id,
      user_key: "u1",
      source: "advanced",
      row_count: 1,
      inputs: null,
      prediction: ["aster"],
    });
    expect(a!.inputs_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(b!.inputs_hash).toBe(a!.inputs_hash);
  });

  test("is logged with values, or not at all, as the model's settings say", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "kept" });
    await changeSettings(session(), "kept", { log: "values" });
    const kept = await predict(session(), id, row);
    await changeSettings(session(), "kept", { log: "off" });
    const off = await predict(session(), id, row);
    expect((await logged(kept.prediction_id))!.inputs).toEqual([row]);
    expect(await logged(off.prediction_id)).toBeUndefined();
  });

  test("comes into the database by itself, whatever else happens", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "durable" });
    const ids = await Promise.all(
      Array.from({ length: 3000 }, () => predict(session(), id, row).then((said) => said.prediction_id)),
    );
    const count = async () =>
      Number(
        (
          await session()
            .db.selectFrom("predictions")
            .select((is) => is.fn.countAll().as("n"))
            .where("id", "in", ids)
            .executeTakeFirstOrThrow()
        ).n,
      );
    await expect.poll(() => predictionLogState(session()), { timeout: 100_000 }).toEqual({ waiting: 0, lost: 0 });
    expect(await count()).toBe(3000);
  });

  test("that the database refuses takes no others of its batch with it", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "refused" });
    const [before, odd, after] = await Promise.all(
      [undefined, "a\0b", undefined].map((userId) => predict(session(), id, row, { userId })),
    );
    await flushPredictions(session());
    expect(await Promise.all([before, odd, after].map((said) => logged(said!.prediction_id).then(Boolean)))).toEqual([
      true,
      false,
      true,
    ]);
    expect(predictionLogState(session()).lost).toBe(1);
  });

  test("is seen by observers with its values, in the transaction that writes it", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "watched" });
    const seen: unknown[] = [];
    observePredictions(async (_, __, batch) => {
      for (const { versionId, columns, rows } of batch) if (versionId === id) seen.push([columns, rows]);
    });
    await predict(session(), id, row);
    await flushPredictions(session());
    expect(seen).toEqual([[["petal_length", "petal_width", "colour"], [[1.4, 0.3, "white"]]]]);
  });

  test("older than its model keeps it is removed", async () => {
    const { model_id: id } = await deployRun(session(), deep, { name: "old" });
    const { prediction_id } = await predict(session(), id, row);
    await flushPredictions(session());
    await session()
      .db.updateTable("predictions")
      .set({ at: new Date(Date.now() - 91 * 86_400_000) })
      .where("id", "=", prediction_id)
      .execute();
    expect(await removeOldPredictions(session().db)).toBe(1);
    expect(await logged(prediction_id)).toBeUndefined();
  });
});

test("1,000 requests in flight during 20 promotions have no error, and each answer says its version", async () => {
  const versions = await Promise.all(
    [1, 2].map((k) => deployRun(session(), k === 1 ? shallow : deep, { name: "swap", version: `${k}` })),
  );
  await promote(session(), versions[0]!.model_id);
  const expected = new Map<string, unknown>();
  for (const { model_id } of versions)
    expected.set(model_id, (await predict(session(), model_id, { ...row, petal_length: 3 })).prediction_proba);
  let moves = 0;
  const promotions = (async () => {
    for (; moves < 20; moves++) {
      const { rollback } = await import("./moves.ts");
      await rollback(session(), "swap", moves % 2 === 0 ? "2" : "1");
    }
  })();
  const answers: Awaited<ReturnType<typeof predict>>[] = [];
  let at = 0;
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      while (at++ < 1000 || moves < 20) {
        answers.push(await predict(session(), "swap@production", { ...row, petal_length: 3 }));
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  await promotions;
  expect(answers.length).toBeGreaterThanOrEqual(1000);
  for (const { model_id, prediction_proba, source } of answers) {
    expect(source).toBe("advanced");
    expect(prediction_proba).toEqual(expected.get(model_id));
  }
  expect(new Set(answers.map(({ model_id }) => model_id)).size).toBe(2);
});

test("a promotion is what the next prediction of its process is answered by", async () => {
  const first = await deployRun(session(), deep, { name: "next" });
  const second = await deployRun(session(), deep, { name: "next" });
  for (const { model_id } of [first, second]) {
    await promote(session(), model_id);
    expect((await predict(session(), "next@production", row)).model_id).toBe(model_id);
  }
});

describe("the fallback chain", () => {
  const files: string[] = [];
  const bytes = new Map<string, Buffer>();
  let nextDepth = 5; // a model of its own each: those in memory are found by their content
  afterEach(() => {
    for (const file of files.splice(0)) writeFileSync(file, bytes.get(file)!);
  });

  /** A version with a file of its own, broken by a byte. */
  async function broken(name: string, how: "changed" | "gone" = "changed"): Promise<string> {
    const { model_id: id } = await deployRun(session(), await trainedRun(session(), nextDepth++), { name });
    const path = session().store.path((await versionFile(session(), id)).file);
    const { readFileSync } = await import("node:fs");
    bytes.set(path, readFileSync(path));
    files.push(path);
    if (how === "gone") rmSync(path);
    else {
      const changed = Buffer.from(bytes.get(path)!);
      changed[changed.length - 1]! ^= 1;
      writeFileSync(path, changed);
    }
    return id;
  }

  test("answers by the simpler version where the model's file was changed by a byte, and says why", async () => {
    await deployRun(session(), shallow, { name: "simple" });
    const id = await broken("cut one");
    await changeSettings(session(), "cut one", { fallback: { basic: "simple@1.0.0", rule: null } });
    const answer = await predict(session(), id, row);
    expect(answer).toMatchObject({ source: "basic", model: "simple@1.0.0", prediction: ["aster"] });
    expect(answer.reason).toMatch(/was changed: its hash is/);
    expect(await logged(answer.prediction_id)).toMatchObject({ source: "basic", reason: answer.reason });
  });

  test("keeps the simpler version where the database goes away while that is looked up", async () => {
    await deployRun(session(), shallow, { name: "looked up" });
    const id = await broken("cut away");
    await changeSettings(session(), "cut away", { fallback: { basic: "looked up@1.0.0", rule: null } });
    await predict(session(), id, row);
    const transformQuery: KyselyPlugin["transformQuery"] = ({ node }) => {
      if (JSON.stringify(node).includes("looked up")) throw Object.assign(new Error("away"), { code: "ECONNRESET" });
      return node;
    };
    const db = session().db.withPlugin({ transformQuery, transformResult: async ({ result }) => result });
    await refreshServed({ ...session(), db }, (await findModel(session(), "cut away")).id);
    expect((await predict(session(), id, row)).source).toBe("basic");
  });

  test("answers by rule where both are broken", async () => {
    const other = await broken("cut two b", "gone");
    const id = await broken("cut two");
    await changeSettings(session(), "cut two", {
      fallback: {
        basic: other,
        rule: {
          cases: [{ when: [{ column: "petal_length", op: "<", value: 2 }], prediction: "aster", proba: [0.8, 0.1, 0.1] }],
          otherwise: { prediction: "crocus" },
        },
      },
    });
    expect(await predict(session(), id, row)).toMatchObject({
      source: "emergency",
      prediction: ["aster"],
      prediction_proba: [[0.8, 0.1, 0.1]],
    });
    expect(await predict(session(), id, { ...row, petal_length: 9 })).toMatchObject({
      prediction: ["crocus"],
      prediction_proba: null,
    });
  });

  test("answers with the classes' shares in the training where there is no rule", async () => {
    const { db } = session();
    const run = await db.selectFrom("runs").select("dataset_version_id").where("id", "=", deep).executeTakeFirstOrThrow();
    const own = await trainedRun(session(), nextDepth++, run.dataset_version_id!);
    const { model_id: id } = await deployRun(session(), own, { name: "prior" });
    const path = session().store.path((await versionFile(session(), id)).file);
    const { readFileSync } = await import("node:fs");
    bytes.set(path, readFileSync(path));
    files.push(path);
    rmSync(path);
    expect(await predict(session(), id, row)).toMatchObject({
      source: "emergency",
      prediction: ["aster"],
      prediction_proba: [[1 / 3, 1 / 3, 1 / 3]],
    });
  });

  test("still refuses bad rows", async () => {
    const id = await broken("cut bad");
    await expect(predict(session(), id, { petal_length: 1 })).rejects.toThrow('"petal_width" is missing');
  });

  test("is told once in the audit trail, and counted by source in the log", async () => {
    const id = await broken("cut told");
    for (let k = 0; k < 5; k++) await predict(session(), id, row);
    await flushPredictions(session());
    const counted = await session()
      .db.selectFrom("predictions")
      .select((is) => is.fn.countAll().as("n"))
      .where("model_version_id", "=", id)
      .where("source", "=", "emergency")
      .executeTakeFirstOrThrow();
    expect(Number(counted.n)).toBe(5);
    const { items } = await listAudit(session(), (await findModel(session(), "cut told")).id);
    expect(items.filter(({ action }) => action === "broken").length).toBe(1);
  });

  test("goes back to the version when its file is whole again", async () => {
    const id = await broken("cut healed");
    expect((await predict(session(), id, row)).source).toBe("emergency");
    for (const file of files.splice(0)) writeFileSync(file, bytes.get(file)!);
    expect((await predict(session(), id, row)).source).toBe("advanced");
  });
});

test("a person's predictions are erased in one transaction, those still waiting too, others' stay", async () => {
  const { model_id: id } = await deployRun(session(), deep, { name: "private" });
  const mine = await predict(session(), id, row, { userId: "erase me" });
  const other = await predict(session(), id, row, { userId: "keep me" });
  expect(await eraseSubject(session(), "erase me")).toMatchObject({ predictions: 1 });
  expect(await logged(mine.prediction_id)).toBeUndefined();
  expect(await logged(other.prediction_id)).toBeDefined();
  const { rows } = await import("kysely").then(({ sql }) =>
    sql<{ found: boolean }>`select exists (select from erasures where erasures::text like '%erase me%') as found`.execute(
      session().db,
    ),
  );
  expect(rows[0]!.found).toBe(false);
});

test("a prediction that another process held back is not written once its person was erased", async () => {
  const { model_id: versionId } = await deployRun(session(), deep, { name: "late" });
  const said = {
    source: "advanced",
    reason: null,
    rowCount: 1,
    columns: ["x"],
    rows: [[1]],
    keep: "hash",
    prediction: ["a"],
    proba: null,
  } as const;
  const rest = { latencyMs: 1, abTestId: null, arm: null, shadow: false, jobId: null };
  const held = { ...said, ...rest, versionId, userKey: "late", prediction: ["a"], id: predictionId(), at: new Date() };
  await eraseSubject(session(), "late");
  const later = { ...held, id: predictionId(), at: new Date(Date.now() + 60_000) };
  for (const each of [held, later]) logPrediction(session(), each);
  expect([await logged(held.id), await logged(later.id)].map(Boolean)).toEqual([false, true]);
});

test("a benchmark gives metrics, the paired difference to the first and latencies", async () => {
  await deployRun(session(), shallow, { name: "bench" });
  await deployRun(session(), deep, { name: "bench" });
  const { items, metric, rows } = await benchmarkVersions(session(), {
    model_ids: ["bench@1.0.0", "bench@1.1.0"],
    dataset_id: "flowers",
    latency_calls: 20,
  });
  expect([metric, rows]).toEqual(["accuracy", 150]);
  expect(items[0]).toMatchObject({ model: "bench@1.0.0", difference: null, error: null });
  const { difference, score, latency_ms } = items[1]!;
  expect(difference!.value).toBeCloseTo(score!.value - items[0]!.score!.value, 12);
  expect(difference!.low).toBeGreaterThan(0);
  expect(difference!.p_value).toBeLessThan(0.001);
  expect(latency_ms.p99).toBeGreaterThanOrEqual(latency_ms.p50);
  expect(existsSync(session().store.folder)).toBe(true);
});
