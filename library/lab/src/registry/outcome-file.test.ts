import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { deployRun, flushPredictions, predict, registryOf, reportOutcomeFile } from "./index.ts";

const session = () => service.session;
const path = join(mkdtempSync(join(tmpdir(), "assay-outcomes-")), "outcomes.csv");
const service = testService({}, async () => {
  await deployRun(session(), await trainedRun(session(), 4), { name: "told" });
});

const row = { petal_length: 1.4, petal_width: 0.3, colour: "white" };

async function predictions(count: number): Promise<string[]> {
  const made = await Promise.all(Array.from({ length: count }, (_, k) => predict(session(), "told", row, { userId: `u${k}` })));
  await flushPredictions(session());
  return made.map(({ prediction_id }) => prediction_id);
}

function file(...lines: string[]): string {
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const actual = async (id: string) =>
  (await session().db.selectFrom("outcomes").select(["actual", "happened_at"]).where("prediction_id", "=", id).execute())[0];

test("true values of a file are stored once, and replaced by others", async () => {
  const [a, b] = await predictions(2);
  const lines = ["prediction_id,outcome,at,note", `${a},aster,2026-01-02T03:04:05Z,x`, `${b},bellis,2026-01-02 03:04:05,y`];
  expect(await reportOutcomeFile(session(), file(...lines))).toEqual({
    rows: 2,
    stored: 2,
    changed: 0,
    repeated: 0,
    failed: 0,
    errors: [],
  });
  const again = await reportOutcomeFile(session(), file(lines[0]!, lines[1]!, lines[2]!.replace("bellis", "crocus")));
  expect(again).toMatchObject({ stored: 0, changed: 1, repeated: 1, failed: 0 });
  expect(await actual(b!)).toEqual({ actual: "crocus", happened_at: new Date("2026-01-02T03:04:05Z") });
});

test("lines that cannot be stored are told with their numbers and stop no other", async () => {
  const [a] = await predictions(1);
  const many = await predict(session(), "told", [row, row]);
  await flushPredictions(session());
  const unknown = "01900000-0000-7000-8000-00000000ffff";
  const report = await reportOutcomeFile(
    session(),
    file(
      "outcome;prediction_id;at",
      "aster;x;",
      `aster;${unknown};`,
      `aster;${many.prediction_id};`,
      `;${a};`,
      `aster;${a};yesterday`,
      `aster;${a};2999-01-01T00:00:00Z`,
      `aster;${a}`,
      `aster;${a};0000-01-01`,
      `as\0ter;${a};`,
      `aster;${a};2026-01-01`,
    ),
  );
  expect(report).toMatchObject({ rows: 10, stored: 1, failed: 9 });
  expect(report.errors).toEqual([
    { line: 2, detail: 'prediction_id must be an id, got "x"' },
    { line: 3, detail: `prediction ${unknown} is not in the log` },
    { line: 4, detail: `prediction ${many.prediction_id} has 2 rows, a line tells one` },
    { line: 5, detail: "outcome is empty" },
    { line: 6, detail: 'at must be an instant, got "yesterday"' },
    { line: 7, detail: "at must not lie in the future, got 2999-01-01T00:00:00Z" },
    { line: 8, detail: "has 2 fields, the header 3" },
    { line: 9, detail: 'at must be an instant, got "0000-01-01"' },
    { line: 10, detail: "outcome must hold no NUL character" },
  ]);
});

test("a file of more lines than one batch is stored whole", async () => {
  const ids = await predictions(50);
  const lines = Array.from({ length: 5000 }, (_, k) => `${ids[k % 50]},${k < 4950 ? "bellis" : "aster"}`);
  expect(await reportOutcomeFile(session(), file("prediction_id,outcome", ...lines))).toMatchObject({
    rows: 5000,
    stored: 50,
    failed: 0,
  });
  expect((await actual(ids[7]!))!.actual).toBe("aster");
});

test("a file that is no table of outcomes is refused before any line", async () => {
  await expect(reportOutcomeFile(session(), file("prediction,outcome", "1,2"))).rejects.toThrow(
    'outcomes: the header needs "prediction_id", did you mean prediction',
  );
  writeFileSync(path, "");
  await expect(reportOutcomeFile(session(), path, "o.csv")).rejects.toThrow("the file is empty, it needs a header (o.csv)");
});

test("a file comes over HTTP, and from a cell", async () => {
  const [a] = await predictions(1);
  const text = `prediction_id,outcome\r\n${a},aster\r\n`;
  const payload = `--x\r\ncontent-disposition: form-data; name="file"; filename="o.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--x--\r\n`;
  const headers = { "x-assay": "1", "content-type": "multipart/form-data; boundary=x" };
  const answer = await service.app.inject({ method: "POST", url: "/api/ml/predictions/outcomes", headers, payload });
  expect([answer.statusCode, answer.json().report]).toMatchObject([200, { rows: 1, stored: 1 }]);
  writeFileSync(path, text);
  expect(await registryOf(session()).outcomesFile(path)).toMatchObject({ rows: 1, repeated: 1 });
});
