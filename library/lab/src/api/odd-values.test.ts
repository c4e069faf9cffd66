import { describe, expect, test } from "vitest";
import { testService } from "../testing/test-service.ts";

const service = testService();

async function ask(
  method: "GET" | "POST" | "PATCH",
  url: string,
  payload?: object | string,
  type = "application/json",
): Promise<{ code: number; type: string; field?: string; detail: string }> {
  const headers = { "x-assay": "1", ...(payload !== undefined && { "content-type": type }) };
  const answer = await service.app.inject({ method, url: `/api/ml${url}`, headers, ...(payload !== undefined && { payload }) });
  return { code: answer.statusCode, ...answer.json() };
}

const form = (fields: Readonly<Record<string, string>>, fileName: string): string =>
  [
    ...Object.entries(fields).map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    `--b\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\na,b\n1,2\n\r\n--b--\r\n`,
  ].join("");
const multipart = "multipart/form-data; boundary=b";

describe("a value that no table can keep is refused with its place", () => {
  test.each([
    ["a name", "POST", "/runs", { experiment: "a\0b" }, "experiment"],
    ["a text deep within", "POST", "/runs", { params: { a: [{ b: "\0" }] } }, "params.a.0.b"],
    ["the name of a field", "POST", "/runs", { tags: { "a\0": "b" } }, "tags"],
    ["half of a surrogate pair", "POST", "/runs", { notes: "\ud800" }, "notes"],
    ["a job's request", "POST", "/jobs", { kind: "train", request: { dataset_id: "\0" } }, "request.dataset_id"],
    ["a schedule", "POST", "/schedules", { name: "\0", cron: "* * * * *", kind: "train", request: {} }, "name"],
    ["a dataset", "PATCH", "/datasets/x", { description: "\0" }, "description"],
  ] as const)("%s", async (_, method, url, body, field) => {
    expect(await ask(method, url, body)).toMatchObject({ code: 400, field, type: "urn:assay:problem:params" });
  });

  test("a query and a path", async () => {
    expect(await ask("GET", "/jobs?kind=a%00b")).toMatchObject({ code: 400, field: "kind" });
    expect(await ask("GET", "/experiments/list?filter=name%20%3D%20'%00'")).toMatchObject({ code: 400, field: "filter" });
    expect(await ask("GET", "/datasets/a%00b")).toMatchObject({ code: 400, field: "id" });
  });

  test("a field of a form and the name of its file", async () => {
    expect(await ask("POST", "/datasets/upload", form({ name: "a\0" }, "x.csv"), multipart)).toMatchObject({
      code: 400,
      field: "name",
    });
    expect(await ask("POST", "/datasets/upload", form({}, "x\0.csv"), multipart)).toMatchObject({ code: 400, field: "file" });
  });

  test("a pair of surrogates is a sign like any other", async () => {
    expect(await ask("POST", "/runs", '{"experiment":"\\ud83e\\udd84"}')).toMatchObject({ code: 201 });
  });

  test("nesting deeper than 100 is refused at the field that holds it", async () => {
    const deep = `{"params":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
    expect(await ask("POST", "/runs", deep)).toMatchObject({ code: 400, field: "params" });
    expect(await ask("POST", "/runs", `{"params":{"a":${"[".repeat(90)}${"]".repeat(90)}}}`)).toMatchObject({ code: 201 });
  });
});

describe("what cannot be read is the caller's mistake", () => {
  test.each(["/datasets/upload", "/import"])("a form that is none, sent to %s", async (url) => {
    expect(await ask("POST", url, "x", "multipart/form-data")).toMatchObject({ code: 400 });
    expect(await ask("POST", url, "x", multipart)).toMatchObject({ code: 400 });
    expect(await ask("POST", url, form({}, "x.csv").slice(0, -20), multipart)).toMatchObject({ code: 400 });
  });

  test.each(["/jobs", "/schedules"])("a cursor that we did not make, given to %s", async (url) => {
    for (const keys of [["a"], [null], [{}], ["a\0"], [1, 2], 5])
      expect((await ask("GET", `${url}?cursor=${Buffer.from(JSON.stringify(keys)).toString("base64url")}`)).detail).toContain(
        "next_cursor",
      );
  });

  test("an instant out of all time, and a number out of its range", async () => {
    expect(await ask("GET", "/experiments/list?filter=created_at%20%3E%20now%20-%2099999999999999d")).toMatchObject({
      code: 400,
    });
    expect(await ask("GET", "/jobs/01900000-0000-7000-8000-000000000000/logs?after=99999999999999999999")).toMatchObject({
      code: 400,
    });
  });
});
