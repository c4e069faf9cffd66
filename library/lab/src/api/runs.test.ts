import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { testService } from "../testing/test-service.ts";

const service = testService();

const headers = { "x-assay": "1" };
async function ask(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  url: string,
  payload?: object,
): Promise<{ code: number; body: ReturnType<typeof JSON.parse> }> {
  const answer = await service.app.inject({ method, url: `/api/ml${url}`, headers, ...(payload && { payload }) });
  return { code: answer.statusCode, body: answer.json() };
}
async function makeRun(body: object = {}): Promise<string> {
  const { code, body: answer } = await ask("POST", "/runs", { experiment: "http", ...body });
  expect(code).toBe(201);
  return answer.run_id;
}

describe("over HTTP a run", () => {
  test("is told everything, changed, and finished; what is said twice changes nothing", async () => {
    const run_id = "0190bbbb-0000-7000-8000-000000000001";
    const first = {
      run_id,
      name: "by hand",
      dataset: "mine@2",
      params: { lr: 0.1 },
      environment: { HF_TOKEN: "x", python: "3.12" },
    };
    expect(await makeRun(first)).toBe(run_id);
    expect(await makeRun(first)).toBe(run_id);
    const metrics = [0, 1, 2].map((step) => ({ name: "loss", step, value: step === 1 ? "NaN" : 1 / (step + 1) }));
    for (let k = 0; k < 2; k++) expect((await ask("POST", `/runs/${run_id}/metrics`, { metrics, batch_id: "a" })).code).toBe(200);
    const batch = {
      metrics: [{ name: "auc", split: "test", value: 0.9 }],
      tags: { team: "a" },
      params: { depth: 3 },
      lines: [{ level: "info", message: "hi" }],
    };
    for (let k = 0; k < 2; k++) expect((await ask("POST", `/runs/${run_id}/batch`, { ...batch, batch_id: "b" })).code).toBe(200);
    expect(
      (await ask("PATCH", `/runs/${run_id}`, { name: "renamed", experiment: "moved", notes: "good", tags: { more: "b" } })).body
        .experiment,
    ).toMatchObject({
      name: "renamed",
      experiment: "moved",
      notes: "good",
      tags: { team: "a", more: "b" },
    });
    for (let k = 0; k < 2; k++) {
      const { code, body } = await ask("POST", `/runs/${run_id}/finish`, {});
      expect(code).toBe(200);
      expect(body.experiment).toMatchObject({
        status: "completed",
        dataset: "mine@2",
        hyperparameters: { lr: 0.1, depth: 3 },
        metrics: { "train.loss": 1 / 3, "test.auc": 0.9 },
        environment: { HF_TOKEN: "[redacted]", python: "3.12" },
      });
    }
    expect((await ask("POST", `/runs/${run_id}/finish`, { run_status: "failed" })).code).toBe(409);
    expect((await ask("GET", `/runs/${run_id}/logs`)).body.items.map(({ message }: { message: string }) => message)).toEqual([
      "hi",
    ]);
    expect((await ask("GET", `/experiments/${run_id}/logs`)).body).toEqual((await ask("GET", `/runs/${run_id}/logs`)).body);
    expect((await ask("GET", `/experiments/${run_id}/metrics`)).body).toEqual((await ask("GET", `/runs/${run_id}/metrics`)).body);
    const { series } = (await ask("GET", `/runs/${run_id}/metrics?name=train.loss&from=1&times=true`)).body;
    expect(series).toMatchObject([
      { name: "loss", steps: [1, 2], values: ["NaN", 1 / 3], times: [expect.any(Number), expect.any(Number)] },
    ]);
  });

  test("tells what its machine did apart from its metrics", async () => {
    const id = await makeRun();
    const at = "2026-07-18T09:20:10.000Z";
    const metrics = [
      { name: "loss", step: 1, value: 0.5 },
      { name: "cpu_percent", split: "system", step: 10, value: 371, at },
    ];
    expect((await ask("POST", `/runs/${id}/metrics`, { metrics })).code).toBe(200);
    expect((await ask("GET", `/runs/${id}`)).body.experiment.metrics).toEqual({ "train.loss": 0.5 });
    expect((await ask("GET", `/runs/${id}/metrics`)).body.series.map(({ name }: { name: string }) => name)).toEqual(["loss"]);
    const line = { name: "cpu_percent", split: "system", steps: [10], values: [371], times: [Date.parse(at)] };
    expect((await ask("GET", `/runs/${id}/system-metrics`)).body.series).toMatchObject([line]);
    expect((await ask("GET", `/runs/${id}/metrics?name=system.cpu_percent`)).body.series).toMatchObject([{ values: [371] }]);
    expect((await ask("GET", `/runs/${id}/system-metrics?since=2026-07-19T00:00:00Z`)).body.series).toEqual([
      { ...line, run_id: id, steps: [], values: [], times: [] },
    ]);
    expect((await ask("GET", "/runs/0190bbbb-0000-7000-8000-00000000dead/system-metrics")).code).toBe(404);
  });

  test("keeps files, which come back as they were and never as a page", async () => {
    const id = await makeRun();
    const form = new FormData();
    form.set("name", "../report<script>.html");
    form.set("kind", "report");
    form.set("file", new Blob(["<script>alert(1)</script>"], { type: "text/html" }), "x.html");
    const request = new Request("http://assay", { method: "POST", body: form });
    const sent = await service.app.inject({
      method: "POST",
      url: `/api/ml/runs/${id}/artifacts`,
      headers: { ...headers, "content-type": request.headers.get("content-type")! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
    expect([sent.statusCode, sent.json().artifact]).toMatchObject([
      201,
      { name: "../report<script>.html", kind: "report", size_bytes: 25 },
    ]);
    const { items } = (await ask("GET", `/runs/${id}/artifacts`)).body;
    const got = await service.app.inject({ method: "GET", url: `/api/ml/runs/${id}/artifacts/${items[0].id}` });
    expect([got.body, got.headers["content-type"], got.headers["x-content-type-options"]]).toEqual([
      "<script>alert(1)</script>",
      "application/octet-stream",
      "nosniff",
    ]);
    expect(got.headers["content-disposition"]).toMatch(/^attachment; filename="\.\._report_script_\.html"/);
    expect((await ask("DELETE", `/runs/${id}/artifacts/${items[0].id}`)).code).toBe(200);
    expect((await ask("GET", `/runs/${id}/artifacts/${items[0].id}`)).code).toBe(404);
  });

  test("that is not there, or is told nonsense, is refused naming the field", async () => {
    const id = await makeRun();
    const point = { metrics: [{ name: "a", value: 1 }] };
    expect((await ask("POST", "/runs/0190bbbb-0000-7000-8000-00000000dead/metrics", point)).code).toBe(404);
    expect((await ask("POST", "/runs/nonsense/metrics", point)).code).toBe(400);
    expect((await ask("POST", `/runs/${id}/metrics`, { metrics: [{ name: "a", value: "high" }] })).body.field).toBe(
      "metrics.0.value",
    );
    expect((await ask("POST", `/runs/${id}/metrics`, { metrics: [{ name: "a", step: 0.5, value: 1 }] })).code).toBe(400);
    expect((await ask("PATCH", `/runs/${id}`, { nmae: "x" })).code).toBe(400);
    expect((await ask("POST", "/runs", { lease_seconds: 1 })).body.field).toBe("lease_seconds");
    expect((await ask("POST", "/runs", { parent_id: "0190bbbb-0000-7000-8000-00000000dead" })).code).toBe(404);
    expect((await ask("PATCH", `/runs/${id}`, { parent_id: "0190bbbb-0000-7000-8000-00000000dead" })).code).toBe(404);
    expect((await ask("PATCH", `/runs/${id}`, { parent_id: id })).code).toBe(400);
  });

  test("is a part of another, tagged, moved, deleted and restored with others", async () => {
    const parent = await makeRun({ name: "parent" });
    const ids = await Promise.all([0, 1].map((k) => makeRun({ name: `part ${k}`, parent_id: parent })));
    expect((await ask("GET", `/runs/${parent}/children`)).body.items.length).toBe(2);
    expect((await ask("POST", "/runs/tags", { ids, set: { fold: "yes" } })).body.runs).toBe(2);
    expect((await ask("POST", "/runs/move", { ids, experiment: "parts" })).code).toBe(200);
    await Promise.all(ids.map((id) => ask("POST", `/runs/${id}/finish`, { run_status: "cancelled" })));
    expect((await ask("POST", "/runs/delete", { ids })).code).toBe(200);
    expect((await ask("GET", `/experiments/${ids[0]}`)).code).toBe(404);
    expect((await ask("GET", "/experiments/list?experiment=parts&deleted=true")).body.items.length).toBe(2);
    expect((await ask("POST", "/runs/restore", { ids })).code).toBe(200);
    expect((await ask("GET", "/experiments/list?experiment=parts&filter=tags.fold%20%3D%20'yes'")).body.items.length).toBe(2);
    expect((await ask("DELETE", `/experiments/${ids[0]}?permanent=true`)).code).toBe(200);
    expect((await ask("GET", `/runs/${ids[0]}`)).code).toBe(404);
    expect((await ask("POST", `/runs/${parent}/heartbeat`)).code).toBe(200);
  });

  test("has columns, groups and curves beside others", async () => {
    const ids = await Promise.all(
      ["ridge", "svm"].map((algorithm) => makeRun({ experiment: "beside", algorithm, params: { alpha: 1 } })),
    );
    for (const id of ids) {
      await ask("POST", `/runs/${id}/metrics`, { metrics: [{ name: "r2", split: "test", value: 0.5 }] });
      await ask("POST", `/runs/${id}/finish`, {});
    }
    expect((await ask("GET", "/runs/columns?experiment=beside")).body).toMatchObject({
      metrics: [{ name: "test.r2", runs: 2 }],
      params: [{ name: "alpha", runs: 2 }],
    });
    const { groups } = (await ask("GET", "/runs/groups?by=algorithm&metric=metrics.test.r2&experiment=beside")).body;
    expect(groups).toMatchObject([
      { value: "ridge", runs: 1, mean: 0.5 },
      { value: "svm", runs: 1, max: 0.5 },
    ]);
    expect((await ask("POST", "/runs/series", { ids, names: ["test.r2"] })).body.series.length).toBe(2);
    expect((await ask("GET", "/runs/groups?by=nothing")).code).toBe(400);
  });
});

test("plain Node tracks runs with assay-lab, outside the workspace", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-plain-"));
  const file = join(folder, "train.mjs");
  const lab = import.meta.resolve("../index.ts");
  writeFileSync(
    file,
    `import { connect } from ${JSON.stringify(pathToFileURL(new URL(lab).pathname).href)};
    const lab = await connect();
    const run = await lab.experiment("plain").run("by a script", async (run) => {
      for (let step = 0; step < 5000; step++) run.log({ loss: 1 / (step + 1) }, { step });
      await run.params({ rate: 0.5 });
      await run.artifact("out.txt", "done");
    });
    console.log(JSON.stringify({ status: run.status, metrics: run.metrics, files: run.artifacts.length }));
    await lab.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=assay-source", file], {
    cwd: folder,
    env: process.env,
  });
  expect(JSON.parse(stdout)).toEqual({ status: "completed", metrics: { "train.loss": 1 / 5000 }, files: 1 });
  rmSync(folder, { recursive: true });
});
