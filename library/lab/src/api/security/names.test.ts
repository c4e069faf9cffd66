import { describe, expect, test } from "vitest";
import { uploadDataset } from "../../datasets/index.ts";
import { flowers } from "../../testing/flowers.ts";
import { testService } from "../../testing/test-service.ts";
import { multipart } from "./forms.ts";
import { noteResult } from "./results.ts";

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
});

const prototypeNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "valueOf"];

/** Sends JSON as it stands: JSON.stringify would leave `__proto__` out. */
async function send(method: "GET" | "POST" | "PATCH", url: string, payload?: string) {
  const headers = { "x-assay": "1", ...(payload !== undefined && { "content-type": "application/json" }) };
  const answer = await service.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  return { code: answer.statusCode, body: answer.json() };
}

async function upload(name: string, text: string) {
  const { payload, type } = multipart({ name }, { name: `${name}.csv`, text });
  const answer = await service.app.inject({
    method: "POST",
    url: "/api/ml/datasets/upload",
    headers: { "x-assay": "1", "content-type": type },
    payload,
  });
  return { code: answer.statusCode, body: answer.json() };
}

function expectClean(): void {
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe("names of the prototype", () => {
  test("are columns as any other: read, shown, trained on, exported", async () => {
    const lines = Array.from({ length: 60 }, (_, i) =>
      [...prototypeNames.map((_, j) => (i * (j + 3)) % 11), i % 2 ? "a" : "b"].join(),
    );
    const { code, body } = await upload("prototypes", [[...prototypeNames, "kind"].join(), ...lines].join("\n"));
    expect(code, JSON.stringify(body)).toBe(200);
    expect(body.column_names).toEqual([...prototypeNames, "kind"]);
    const preview = await send("GET", "/api/ml/datasets/prototypes/preview?limit=3");
    expect(preview.code).toBe(200);
    expect((await send("GET", "/api/ml/datasets/prototypes/profile")).code).toBe(200);
    const validated = JSON.stringify({ dataset_id: "prototypes", target_column: "kind", algorithm: "decision_tree" });
    expect((await send("POST", "/api/ml/validate-features", validated)).code).toBe(200);
    const cv = JSON.stringify({ dataset_id: "prototypes", target_column: "kind", algorithm: "decision_tree", cv: 3 });
    expect((await send("POST", "/api/ml/models/cross-validate", cv)).code).toBe(200);
    const exported = await service.app.inject({ method: "GET", url: "/api/ml/datasets/prototypes/export?format=csv" });
    expect(exported.body.split("\n")[0]!.trim()).toBe([...prototypeNames, "kind"].join());
    expectClean();
  });

  test.each(prototypeNames)("%s is a tag, a param, a metric and a setting, and no more", async (name) => {
    const poison = `{"polluted":"yes"}`;
    for (const [url, payload] of [
      [
        "/api/ml/runs",
        `{"experiment":"names","params":{"${name}":${poison}},"tags":{"${name}":"x"},"environment":{"${name}":${poison}}}`,
      ],
      ["/api/ml/views", `{"kind":"experiments","name":"v ${name}","content":{"${name}":${poison}}}`],
      ["/api/projects", `{"name":"p ${name}","metadata":{"${name}":${poison}}}`],
      [
        "/api/ml/models/train",
        `{"dataset_id":"flowers","target_column":"kind","algorithm":"decision_tree","hyperparameters":{"${name}":${poison}}}`,
      ],
      ["/api/ml/data/transform", `{"dataset_id":"flowers","steps":[{"step":"impute","${name}":${poison}}]}`],
      ["/api/ml/data/preview", `{"dataset_id":"flowers","steps":[{"step":"${name}"}]}`],
    ] as const) {
      const { code } = await send("POST", url, payload);
      expect([url, code < 500]).toEqual([url, true]);
    }
    const made = await send("POST", "/api/ml/runs", `{"experiment":"names","tags":{"plain":"x"}}`);
    await send(
      "POST",
      `/api/ml/runs/${made.body.run_id}/metrics`,
      `{"metrics":[{"name":"${name}","value":1,"split":"${name}"}]}`,
    );
    await send("POST", `/api/ml/runs/${made.body.run_id}/finish`, "{}");
    expect((await send("GET", `/api/ml/runs/${made.body.run_id}`)).code).toBe(200);
    expect((await send("GET", "/api/ml/experiments/list")).code).toBe(200);
    for (const part of ["tags", "params", "metrics.test"])
      for (const operator of ["=", ">"]) {
        const filter = encodeURIComponent(`${part}.${name} ${operator} '1'`);
        expect((await send("GET", `/api/ml/experiments/list?filter=${filter}`)).code).toBeLessThan(500);
      }
    expect((await send("GET", `/api/ml/experiments/list?sort=${name}`)).code).toBeLessThan(500);
    expect((await send("GET", `/api/ml/algorithms/${name}/params`)).code).toBe(400);
    expect((await send("GET", `/api/ml/datasets/${name}`)).code).toBe(404);
    expectClean();
    noteResult("names of the prototype", { calls: 19 });
  });
});

describe("text that a spreadsheet takes for a formula", () => {
  const formulas = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
    "＝1+1",
  ];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test("is kept from being one in a spreadsheet, and unaltered in data; numbers stay numbers", async () => {
    const lines = formulas.map((formula, i) => [quote(formula), -i - 0.5, i].join());
    expect((await upload("formulas", ["text,negative,n", ...lines].join("\n"))).code).toBe(200);
    const read = async (format: string) =>
      (await service.app.inject({ method: "GET", url: `/api/ml/datasets/formulas/export?format=${format}` })).body
        .trim()
        .split(/\r?\n/);
    const [guarded, plain] = [await read("spreadsheet"), await read("csv")];
    for (const [i, line] of guarded.slice(1).entries()) {
      expect(line).toMatch(/^"?'/);
      expect(line.endsWith(`,${-i - 0.5},${i}`)).toBe(true);
    }
    for (const [i, line] of plain.slice(1).entries()) expect(line.replaceAll('""', '"')).toContain(formulas[i]!);
    expect(plain.slice(1).some((line) => /^"?'/.test(line))).toBe(false);
    noteResult("formulas", { cells: formulas.length });
  });
});
