import { describe, expect, test } from "vitest";
import { exampleSignals } from "../flows/exoplanet/index.ts";
import { testService } from "../testing/test-service.ts";

const service = testService();

async function upload(
  text: string,
  { name, fileName = "signals.csv", workspace }: { name?: string; fileName?: string; workspace?: string } = {},
) {
  const boundary = "signals";
  const field = (key: string, value: string | undefined): string =>
    value === undefined ? "" : `--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`;
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`;
  const answer = await service.app.inject({
    method: "POST",
    url: "/api/training/upload-dataset",
    headers: { "x-assay": "1", "content-type": `multipart/form-data; boundary=${boundary}` },
    payload: field("name", name) + field("workspace_key", workspace) + file,
  });
  return { code: answer.statusCode, body: answer.json() };
}

async function get(url: string) {
  const answer = await service.app.inject({ method: "GET", url, headers: { "x-assay": "1" } });
  return { code: answer.statusCode, body: answer.json() };
}

async function start(payload: object) {
  const answer = await service.app.inject({ method: "POST", url: "/api/training/start", headers: { "x-assay": "1" }, payload });
  return { code: answer.statusCode, body: answer.json() };
}

describe("a table that is uploaded", () => {
  test("is checked, stored and listed with what was found", async () => {
    const lines = exampleSignals({ rows: 200 }).trimEnd().split("\n");
    lines[10] = lines[10]!.replace(/,\d$/, ",7");
    const { code, body } = await upload(lines.join("\n"), { name: "mine" });
    expect(code).toBe(201);
    expect(body.dataset).toMatchObject({ name: "mine", dataset: "mine@1", samples: 199 });
    expect(body.dataset.report).toMatchObject({
      rows_read: 200,
      rows_kept: 199,
      problems: [{ line: 11, column: "label", value: 7 }],
    });
    const listed = await get("/api/training/datasets");
    expect(listed.body.items[0]).toEqual(body.dataset);
    expect(listed.body.items[0].size_bytes).toBeGreaterThan(1000);
  });

  test("again under its name is its next version", async () => {
    const first = await upload(exampleSignals({ rows: 200, seed: 1 }), { name: "twice" });
    const second = await upload(exampleSignals({ rows: 200, seed: 2 }), { name: "twice" });
    expect([first.body.dataset.dataset, second.body.dataset.dataset]).toEqual(["twice@1", "twice@2"]);
  });

  test("may name its project in the form", async () => {
    expect((await upload(exampleSignals({ rows: 200 }), { name: "ours", workspace: service.session.projectId })).code).toBe(201);
    const { code } = await upload(exampleSignals({ rows: 200 }), { workspace: "01981c3e-5a00-7c42-9d6f-0b6a51a1d009" });
    expect(code).toBe(404);
  });

  test.each([
    ["lacks a column", "period,duration,label\n1,2,0\n", 'lacks the columns "depth"'],
    ["is a document", "%PDF-1.7", "must be a CSV table, got a PDF document"],
    ["is empty", " ", "the file is empty"],
  ])("that %s is refused and leaves nothing behind", async (_, text, detail) => {
    const before = (await get("/api/training/datasets")).body.items.length;
    const { code, body } = await upload(text, { name: "bad" });
    expect({ code, detail: body.detail }).toEqual({ code: 422, detail: expect.stringContaining(detail) });
    expect((await get("/api/training/datasets")).body.items).toHaveLength(before);
  });

  test("comes as an example", async () => {
    const answer = await service.app.inject({ method: "GET", url: "/api/training/example", headers: { "x-assay": "1" } });
    expect(answer.headers["content-type"]).toContain("text/csv");
    expect(answer.body).toBe(exampleSignals());
  });
});

describe("a session is not started", () => {
  test("on a dataset that is not there", async () => {
    expect(await start({ dataset_id: "nowhere" })).toMatchObject({ code: 404 });
  });

  test("on a dataset that is no table of signals", async () => {
    const { uploadDataset } = await import("../datasets/index.ts");
    const { Table } = await import("assay");
    const plain = new Table([["period", { kind: "number", values: Float64Array.of(1, 2, 3) }]]);
    await uploadDataset(service.session, plain, { name: "plain" });
    const { code, body } = await start({ dataset_id: "plain" });
    expect({ code, field: body.field, detail: body.detail }).toEqual({
      code: 422,
      field: "dataset_id",
      detail: expect.stringContaining("exoplanets: plain@1 lacks duration, depth"),
    });
  });

  test.each([
    [{ epochs: 0 }, "epochs"],
    [{ epochs: 2.5 }, "epochs"],
    [{ epochs: 5000 }, "epochs"],
    [{ model_name: "../etc" }, "model_name"],
    [{ model_name: "a@b" }, "model_name"],
    [{ random_seed: -1 }, "random_seed"],
    [{ architecture: "huge" }, "architecture"],
  ])("with %o", async (wrong, field) => {
    await upload(exampleSignals({ rows: 200 }), { name: "good" });
    const { code, body } = await start({ dataset_id: "good", ...wrong });
    expect({ code, field: body.field }).toEqual({ code: 400, field });
  });
});

test("a prediction before any network is trained says what to do", async () => {
  const payload = { features: { period: 9.49, duration: 2.96, depth: 616, steff: 5455, srad: 0.93, slogg: 4.47, tmag: 15.3 } };
  const answer = await service.app.inject({ method: "POST", url: "/api/training/predict", headers: { "x-assay": "1" }, payload });
  expect({ code: answer.statusCode, detail: answer.json().detail }).toEqual({
    code: 404,
    detail: 'exoplanets: no network is trained yet, so there is no "exoplanet_model"; start a session first',
  });
});

test("a run that is no session is not found as one", async () => {
  const { createRun } = await import("../tracking/index.ts");
  const id = await createRun(service.session, { experiment: "other", algorithm: "ridge" });
  expect((await get(`/api/training/sessions/${id}`)).body.detail).toBe(`exoplanets: run ${id} is no training session`);
});
