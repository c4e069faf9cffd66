import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as ml from "assay";
import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import "../job-kinds.ts";
import { cancelJob, submitJob } from "../jobs/index.ts";
import { flowers } from "../testing/flowers.ts";
import { sessionOfTests } from "../testing/session-of-tests.ts";
import { trainedRun } from "../testing/trained-run.ts";
import { csvCell, csvRecords } from "./csv-records.ts";
import {
  deletePredictionFile,
  deployRun,
  flushPredictions,
  keepUpload,
  listPredictionFiles,
  openAnswers,
  predict,
  predictFile,
  removeOldPredictionFiles,
} from "./index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

let jobs = 0;
const folder = mkdtempSync(join(tmpdir(), "assay-files-"));
const session = sessionOfTests();
beforeAll(async () => {
  await deployRun(session(), await trainedRun(session(), 4), { name: "filed" });
});

function written(text: string | Uint8Array): string {
  const path = join(folder, `${jobs++}.csv`);
  writeFileSync(path, text);
  return path;
}

/** Predicts a text and gives the answers' lines. */
async function answers(
  text: string,
  {
    output = "csv" as "csv" | "parquet",
    onBadRow = "error" as "error" | "skip",
    userColumn = undefined as string | undefined,
    onProgress = () => {},
  } = {},
) {
  const file = await keepUpload(session(), written(text));
  const jobId = `01900000-0000-7000-8000-${String(jobs++).padStart(12, "0")}`;
  const steps: number[] = [];
  const follow = {
    jobId,
    signal: new AbortController().signal,
    progress(step: number, of: number) {
      steps.push(step / of);
      onProgress();
    },
  };
  const result = await predictFile(session(), "filed", { file, fileName: "rows.csv", output, onBadRow, userColumn }, follow);
  const chunks: Buffer[] = [];
  for await (const chunk of await openAnswers(session(), result)) chunks.push(chunk as Buffer);
  return { result, steps, jobId, bytes: Buffer.concat(chunks), lines: Buffer.concat(chunks).toString().split("\n") };
}

async function recordsOf(text: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { line, cells } of csvRecords(written(text), "f.csv")) found.push([line, ...cells]);
  return found;
}

describe("CSV records", () => {
  test("hold quotes, delimiters and line ends; lines are counted by the file's", async () => {
    expect(await recordsOf('a,b\r\n"x ""y"", z","two\nlines"\r\n\r\n3,4')).toEqual([
      [1, "a", "b"],
      [2, 'x "y", z', "two\nlines"],
      [5, "3", "4"],
    ]);
  });

  test.each([";", "\t", "|"])("are parted by %o where the header is", async (mark) => {
    expect(await recordsOf(`a${mark}b\n1,5${mark}2`)).toEqual([
      [1, "a", "b"],
      [2, "1,5", "2"],
    ]);
  });

  test("are the same whatever the pieces that the file is read in", async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},"a ${"é".repeat(i % 40)}, b",${i % 7 === 0 ? '"x\ny"' : "z"}`);
    const records = await recordsOf(`i,text,more\n${rows.join("\n")}\n`);
    expect(records.length).toBe(60_001);
    expect((records[59_999] as string[]).slice(1)).toEqual(["59998", `a ${"é".repeat(59_998 % 40)}, b`, "z"]);
    expect((records[60_000] as number[])[0]).toBe(1 + 60_000 + Math.ceil(59_999 / 7));
  });

  test("that cannot be are refused with their line", async () => {
    await expect(recordsOf('a,b\n1,2\n"x" y,3\n')).rejects.toThrow('line 3 has " " behind a closing quote (f.csv)');
    await expect(recordsOf('a,b\n1,"open\n')).rejects.toThrow("line 2 has a quote that does not close");
    const latin1 = written(Uint8Array.from([97, 10, 0xe9, 10]));
    await expect(csvRecords(latin1, "f.csv").next()).rejects.toThrow("must be UTF-8");
  });

  test("are written as they were read", async () => {
    const cells = ['a "b"', "c,d", " e", "f\ng", ""];
    expect(await recordsOf(`h1,h2,h3,h4,h5\n${cells.map(csvCell).join(",")}\n`)).toContainEqual([2, ...cells]);
  });
});

const header = "id,colour,petal_length,petal_width";

describe("a file", () => {
  test("is answered row by row in its order, its own columns untouched", async () => {
    const rows = flowers().toRows().slice(0, 140);
    const text = [
      header,
      ...rows.map((row, i) =>
        [`00${i}`, row["colour"], row["petal_length"], row["petal_width"]].map((cell) => csvCell(cell as string)).join(","),
      ),
    ].join("\n");
    const { lines, result, steps } = await answers(text);
    const direct = await predict(session(), "filed", rows as never);
    expect(lines[0]).toBe(`${header},prediction,proba_aster,proba_bellis,proba_crocus,source`);
    for (const [i, line] of lines.slice(1, -1).entries()) {
      const cells = line.split(",");
      expect([cells[0], cells[4], ...cells.slice(5, 8).map(Number), cells[8]]).toEqual([
        `00${i}`,
        direct.prediction[i],
        ...direct.prediction_proba![i]!,
        "advanced",
      ]);
    }
    expect(result).toMatchObject({ rows: 140, bad_rows: 0, sources: { advanced: 140 }, file_name: "rows predicted.csv" });
    expect(steps.at(-1)).toBeGreaterThan(0.9);
  });

  test("is answered as Parquet of the same rows", async () => {
    const text = `${header}\n${Array.from({ length: 5000 }, (_, i) => `${String(i).padStart(5, "0")},white,${1 + (i % 50) / 10},0.5`).join("\n")}\n`;
    const { bytes, result } = await answers(text, { output: "parquet" });
    const path = written(bytes);
    const table = await ml.readParquet(path);
    expect(result.rows).toBe(5000);
    expect(table.names.slice(-5)).toEqual(["prediction", "proba_aster", "proba_bellis", "proba_crocus", "source"]);
    expect(table.values("id")).toEqual(Array.from({ length: 5000 }, (_, i) => String(i).padStart(5, "0")));
    expect(table.column("petal_length").kind).toBe("number");
  });

  test("with a bad row ends with the line of it, or is answered without it", async () => {
    const text = `${header}\n1,white,1,0.3\n2,white,long,0.3\n3,white,1\n4,white,1,0.3\n`;
    await expect(answers(text)).rejects.toThrow("line 4 has 3 fields, the header 4 (rows.csv)");
    const { result, lines } = await answers(text, { onBadRow: "skip" });
    expect(result).toMatchObject({ rows: 4, bad_rows: 2 });
    expect(result.errors).toEqual([
      { line: 4, detail: "line 4 has 3 fields, the header 4" },
      { line: 3, detail: 'field "petal_length" must be a number, got "long" in line 3' },
    ]);
    expect(lines.slice(1, 5).map((line) => line.split(",")[0])).toEqual(["1", "2", "3", "4"]);
    expect(lines[2]).toBe("2,white,long,0.3,,,,,");
  });

  test("without a column that the model needs is refused before any row", async () => {
    await expect(answers("colour,petal_length,petal_with\nwhite,1,2\n")).rejects.toThrow(
      '"petal_width" is missing in row 0, did you mean petal_with',
    );
    await expect(answers("")).rejects.toThrow("the file is empty");
    await expect(answers("colour,colour\n")).rejects.toThrow('the header has "colour" twice');
  });

  test("logs whom each row is about where a column says so", async () => {
    const { jobId } = await answers(`${header}\nann,white,1,0.3\nben,blue,4,1\n`, { userColumn: "id" });
    await flushPredictions(session());
    const rows = await session()
      .db.selectFrom("predictions")
      .select(["user_key", "row_count"])
      .where("job_id", "=", jobId)
      .orderBy("user_key")
      .execute();
    expect(rows).toEqual([
      { user_key: "ann", row_count: 1 },
      { user_key: "ben", row_count: 1 },
    ]);
  });

  test("cancelled in the middle leaves nothing, in the store and in the list", async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},white,1,0.3`);
    const file = await keepUpload(session(), written(`${header}\n${lines.join("\n")}\n`));
    const request = { model_id: "filed", file, file_name: "rows.csv", output: "csv", on_bad_row: "error" };
    const { jobId } = await submitJob(session(), "predict", request);
    const abort = new AbortController();
    let cancelling: Promise<unknown> | undefined;
    const progress = (): void => {
      cancelling ??= cancelJob(session(), jobId).then(() => abort.abort(new DOMException("the job was cancelled", "AbortError")));
    };
    const follow = { jobId, signal: abort.signal, progress };
    const run = predictFile(session(), "filed", { file, fileName: "rows.csv", output: "csv", onBadRow: "error" }, follow);
    const said = await run.then(
      () => "done",
      (error: Error) => error.name,
    );
    await cancelling;
    const names = readdirSync(session().store.folder, { recursive: true }).map(String);
    expect(names.filter((name) => name.includes(jobId) || name === file || name.endsWith(".draft"))).toEqual([]);
    expect(said).toBe("AbortError");
    expect((await listPredictionFiles(session(), { filter: `id = '${jobId}'` })).items).toEqual([]);
  });

  test("that is kept is listed with the time when it goes, and can be removed before", async () => {
    const { jobId } = await answers(`${header}\n1,white,1,0.3\n`);
    const listed = async () => (await listPredictionFiles(session(), { filter: `id = '${jobId}'` })).items;
    expect(await listed()).toMatchObject([
      { job_id: jobId, model: "filed@1.0.0", rows: 1, user_column: null, file_name: "rows predicted.csv" },
    ]);
    await deletePredictionFile(session(), jobId);
    expect(await listed()).toEqual([]);
    await expect(deletePredictionFile(session(), jobId)).rejects.toThrow(`no file of job ${jobId}`);
  });

  test("goes with its model's retention", async () => {
    const { result, jobId } = await answers(`${header}\n1,white,1,0.3\n`);
    const { db, store } = session();
    await sql`update prediction_files set created_at = now() - interval '91 days' where id = ${jobId}`.execute(db);
    expect(await removeOldPredictionFiles(db, store)).toBe(1);
    await expect(openAnswers(session(), result)).rejects.toThrow("the file is gone");
  });

  test("is none that a caller names", async () => {
    const follow = { jobId: "x", signal: new AbortController().signal, progress: () => {} };
    for (const file of ["../../etc/passwd", "datasets/x.parquet", `predictions/project_${session().projectId}/../x.in`])
      await expect(
        predictFile(session(), "filed", { file, fileName: "f", output: "csv", onBadRow: "error" }, follow),
      ).rejects.toThrow("must be one that was uploaded here");
  });
});

test("a file of 300,000 rows takes no more memory than one of 30,000", async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i},white,${1 + (i % 50) / 10},0.5`).join("\n");
  const peak = async (times: number): Promise<number> => {
    let most = 0;
    let asked = 0;
    const onProgress = () => {
      if (asked++ % times > 0) return; // as often for the large file as for the small one
      collect(); // what nobody holds any more is no matter: when it goes is V8's choice
      most = Math.max(most, process.memoryUsage().heapUsed);
    };
    const { result } = await answers(`${header}\n${Array.from({ length: times }, () => lines).join("\n")}\n`, { onProgress });
    expect(result.rows).toBe(30_000 * times);
    return most;
  };
  await peak(1);
  const small = await peak(1);
  const big = await peak(10);
  expect(big).toBeLessThan(small + 100 * 2 ** 20);
  expect(readFileSync(join(folder, "0.csv")).length).toBeGreaterThan(0);
});
