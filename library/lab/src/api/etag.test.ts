import { expect, test } from "vitest";
import { changeDataset, uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";
import { createRun } from "../tracking/index.ts";

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
  await createRun(session, { experiment: "tags" });
});

const get = (url: string, tag?: string) =>
  service.app.inject({ method: "GET", url, headers: { ...(tag && { "if-none-match": tag }) } });

test.each([
  "/api/ml/datasets",
  "/api/ml/datasets/flowers/versions",
  "/api/ml/runs/columns",
  "/api/ml/algorithms",
  "/api/openapi.json",
])("%s is not sent again to whoever has it", async (url) => {
  const first = await get(url);
  expect(first.statusCode).toBe(200);
  const tag = first.headers["etag"] as string;
  for (const given of [tag, tag.replace("W/", ""), `"other", ${tag}`, "*"]) {
    const again = await get(url, given);
    expect([again.statusCode, again.body, again.headers["etag"]]).toEqual([304, "", tag]);
  }
  expect((await get(url, '"other"')).statusCode).toBe(200);
});

test("what has changed is sent", async () => {
  const { headers } = await get("/api/ml/datasets/flowers");
  await changeDataset(service.session, "flowers", { description: "changed" });
  const again = await get("/api/ml/datasets/flowers", headers["etag"] as string);
  expect([again.statusCode, again.json().dataset.description]).toEqual([200, "changed"]);
});

test("errors and changes are never taken for known", async () => {
  expect((await get("/api/ml/datasets/nothing", "*")).statusCode).toBe(404);
  const made = await service.app.inject({
    method: "POST",
    url: "/api/ml/runs",
    headers: { "x-assay": "1", "if-none-match": "*" },
    payload: { experiment: "tags" },
  });
  expect(made.statusCode).toBe(201);
});
