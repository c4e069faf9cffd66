import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { storeFixture, writeFiles, writeSqlite } from "../testing/stores.ts";
import { testService } from "../testing/test-service.ts";
import { createRun, finishRun, logMetrics } from "../tracking/index.ts";

let ids: string[];
const folder = mkdtempSync(join(tmpdir(), "assay-routes-"));
const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
  ids = [];
  for (const name of ["=one", "<b>two</b>"]) {
    const id = await createRun(session, { experiment: "routes", name, status: "training", params: { depth: ids.length } });
    await logMetrics(session, id, [{ name: "score", split: "test", step: 0, value: ids.length }]);
    await finishRun(session, id, "completed");
    ids.push(id);
  }
});

const compare = (url = "/api/ml/experiments/compare", accept = "application/json", payload: object = { ids }) =>
  service.app.inject({ method: "POST", url, headers: { "x-assay": "1", accept }, payload });

describe("POST /api/ml/experiments/compare", () => {
  test("answers what differs as JSON, under both roots", async () => {
    for (const url of ["/api/ml/experiments/compare", "/ml/experiments/compare"]) {
      const answer = (await compare(url)).json();
      expect(answer).toMatchObject({ status: "success", baseline: ids[0] });
      expect(answer.params).toContainEqual({ name: "depth", group: "hyperparameters", values: [0, 1], differs: true });
    }
    const found = (await compare(undefined, undefined, { filter: "experiment = 'routes'", sort: "name" })).json();
    expect(found.runs.map((run: { name: string }) => run.name)).toEqual(["<b>two</b>", "=one"]);
  });

  test("answers CSV as Accept or format say: for a spreadsheet, or as it is", async () => {
    const guarded = await compare(undefined, "text/csv");
    expect(guarded.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(guarded.body.startsWith("\ufeff,'=one,<b>two</b>\r\n")).toBe(true);
    expect((await compare("/api/ml/experiments/compare?format=csv")).body.startsWith(",=one,<b>two</b>\r\n")).toBe(true);
  });

  test("answers a PDF and HTML", async () => {
    const pdf = await compare(undefined, "application/pdf");
    expect(pdf.headers["content-type"]).toBe("application/pdf");
    expect(pdf.rawPayload.toString("latin1", 0, 5)).toBe("%PDF-");
    expect((await compare("/api/ml/experiments/compare?format=html")).body).toContain("<h1>Comparison of 2 runs</h1>");
  });

  test("refuses a request without runs, one run, and an unknown one", async () => {
    expect((await compare(undefined, undefined, {})).json()).toMatchObject({
      status: 400,
      detail: "ids: needs ids, a filter or an experiment",
    });
    expect((await compare(undefined, undefined, { ids: [ids[0]] })).statusCode).toBe(400);
    expect((await compare(undefined, undefined, { ids: [ids[0], "01900000-0000-7000-8000-000000000000"] })).statusCode).toBe(404);
  });
});

describe("reports", () => {
  test("of a run and of a dataset are sent so that nothing in them may run", async () => {
    for (const url of [`/api/ml/experiments/${ids[1]}/report`, "/api/ml/datasets/flowers/report"]) {
      const answer = await service.app.inject({ url });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data: sandbox".replace(
          ": sandbox",
          ":; sandbox",
        ),
        "x-content-type-options": "nosniff",
      });
    }
  });

  test("come as PDF by Accept or format, and as HTML to a browser that takes everything", async () => {
    const url = `/api/ml/experiments/${ids[1]}/report`;
    const type = async (query: string, accept: string) =>
      (await service.app.inject({ url: `${url}${query}`, headers: { accept } })).headers["content-type"];
    expect(await type("", "application/pdf")).toBe("application/pdf");
    expect(await type("?format=pdf", "*/*")).toBe("application/pdf");
    expect(await type("", "text/html,application/xhtml+xml,*/*;q=0.8")).toBe("text/html; charset=utf-8");
  });

  test("of what is not there are 404", async () => {
    expect(
      (await service.app.inject({ url: "/api/ml/experiments/01900000-0000-7000-8000-000000000000/report" })).statusCode,
    ).toBe(404);
    expect((await service.app.inject({ url: "/api/ml/datasets/nothing/report" })).statusCode).toBe(404);
  });
});

/** A file as a browser sends it. */
async function upload(fileName: string, bytes: Uint8Array, fields: Readonly<Record<string, string>> = { source: "mlflow" }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([bytes as Uint8Array<ArrayBuffer>]), fileName);
  const request = new Request("http://localhost/", { method: "POST", body: form });
  const payload = Buffer.from(await request.arrayBuffer());
  return service.app.inject({
    method: "POST",
    url: "/api/ml/import",
    headers: { "x-assay": "1", "content-type": request.headers.get("content-type")! },
    payload,
  });
}

/** A zip file of entries, whose heads say what they are told to say. */
function zip(
  entries: readonly { readonly name: string; readonly bytes: Uint8Array; readonly claimed?: number; readonly mode?: number }[],
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, claimed = bytes.length, mode = 0o100644 } of entries) {
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claimed, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt16LE(mode, 40);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const files = Object.entries(storeFixture<Readonly<Record<string, string>>>("mlflow-files"));

describe("POST /api/ml/import", () => {
  test("takes an MLflow store as zip, and the same again as tar and tar.gz without doubles", async () => {
    const entries = files.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
    const first = (await upload("mlruns.zip", zip(entries))).json();
    expect(first).toMatchObject({
      status: "success",
      import: { source: "mlflow", format: "file store", counts: { runs: 4, artifacts: 2 } },
    });
    const store = writeFiles(join(folder, "store"), Object.fromEntries(files));
    symlinkSync("/etc/passwd", join(store, "mlruns", "link"));
    for (const [name, flags] of [
      ["mlruns.tar", "-cf"],
      ["mlruns.tar.gz", "-czf"],
    ] as const) {
      execFileSync("tar", [flags, join(folder, name), "-C", store, "mlruns"]);
      const { import: report } = (await upload(name, readFileSync(join(folder, name)))).json();
      expect(report.counts).toMatchObject({ runs: 0, artifacts: 0, there_already: 4 });
      expect(report.items[0].reason).toBe("1 links of the archive are not followed");
    }
  });

  test("takes databases and journals of both programs", async () => {
    const mlflow = writeSqlite(join(folder, "mlflow.db"), storeFixture("mlflow-sqlite"));
    expect((await upload("mlflow.db", readFileSync(mlflow))).json().import).toMatchObject({
      format: "SQLite",
      counts: { runs: 4 },
    });
    const optuna = writeSqlite(join(folder, "optuna.db"), storeFixture("optuna-sqlite"));
    expect((await upload("optuna.db", readFileSync(optuna), { source: "optuna" })).json().import).toMatchObject({
      counts: { studies: 3, trials: 11 },
    });
    const journal = storeFixture<readonly string[]>("optuna-journal").join("\n").replaceAll('"single"', '"uploaded"');
    expect((await upload("journal.log", Buffer.from(journal), { source: "optuna" })).json().import.counts).toMatchObject({
      trials: 8,
    });
  });

  test.each([
    ["leads upwards", [{ name: "mlruns/../../evil", bytes: Buffer.from("x") }], "must hold plain relative paths"],
    ["is absolute", [{ name: "/etc/evil", bytes: Buffer.from("x") }], "must hold plain relative paths"],
    ["has a backslash", [{ name: "mlruns\\..\\evil", bytes: Buffer.from("x") }], "must hold plain relative paths"],
    ["unpacks to more than it says", [{ name: "bomb", bytes: Buffer.alloc(5_000_000), claimed: 10 }], "must unpack to 10 bytes"],
    [
      "is twice there",
      [
        { name: "a", bytes: Buffer.from("x") },
        { name: "a", bytes: Buffer.from("y") },
      ],
      "is twice in the archive",
    ],
    [
      "stands below a file",
      [
        { name: "a", bytes: Buffer.from("x") },
        { name: "a/b", bytes: Buffer.from("y") },
      ],
      "is twice in the archive",
    ],
  ])("refuses a zip whose entry %s", async (_, entries, words) => {
    const answer = await upload("evil.zip", zip(entries));
    expect(answer.statusCode).toBe(422);
    expect(answer.json().detail).toContain(words);
  });

  test("refuses a zip that claims more than 4 GiB before it unpacks any of it", async () => {
    const answer = await upload(
      "bomb.zip",
      zip([
        { name: "a", bytes: Buffer.from("x"), claimed: 0xfffffff0 },
        { name: "b", bytes: Buffer.from("x"), claimed: 0xfffffff0 },
      ]),
    );
    expect([413, 422]).toContain(answer.statusCode);
  });

  test("refuses broken archives, other files, an unknown source, and no file", async () => {
    for (const [name, bytes] of [
      ["cut.zip", zip([{ name: "a", bytes: Buffer.from("x") }]).subarray(0, 40)],
      ["cut.tar.gz", Buffer.from([0x1f, 0x8b, 8, 0])],
      ["words.txt", Buffer.from("words")],
    ] as const)
      expect((await upload(name, bytes)).statusCode).toBe(422);
    expect((await upload("a.zip", Buffer.from("x"), { source: "wandb" })).json()).toMatchObject({ status: 400, field: "source" });
    expect((await upload("a.zip", Buffer.from("x"), {})).statusCode).toBe(400);
  });

  test("leaves nothing behind in the store's passing files", async () => {
    const { readdirSync } = await import("node:fs");
    expect(readdirSync(join(service.session.store.folder, "incoming"))).toEqual([]);
  });
});

test("a tar whose entry leads upwards is refused", async () => {
  writeFileSync(join(folder, "evil"), "x");
  execFileSync("tar", ["-cPf", join(folder, "evil.tar"), "-C", folder, "--transform", "s,^,../../,", "evil"]);
  const answer = await upload("evil.tar", readFileSync(join(folder, "evil.tar")));
  expect(answer.json()).toMatchObject({ status: 422, detail: expect.stringContaining("must hold plain relative paths") });
});
