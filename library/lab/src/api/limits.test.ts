import { describe, expect, it } from "vitest";
import { uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";

const service = testService({}, async ({ session }) => {
  await uploadDataset(session, flowers(), { name: "flowers" });
});

async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", url: string, payload?: object | string) {
  const headers = { "x-assay": "1", ...(payload !== undefined && { "content-type": "application/json" }) };
  const answer = await service.app.inject({ method, url: `/api/ml${url}`, headers, ...(payload !== undefined && { payload }) });
  return { code: answer.statusCode, body: answer.json(), type: answer.headers["content-type"] };
}

const training = { dataset_id: "flowers", target_column: "kind", algorithm: "dummy" };

describe("a request that is too much", () => {
  it("is refused as a body of more than 20 MiB, before it is read", async () => {
    const { code, body, type } = await ask("POST", "/runs", `{"name":"${"x".repeat(20 * 2 ** 20)}"}`);
    expect([code, body.type, type]).toEqual([
      413,
      "urn:assay:problem:limit",
      expect.stringContaining("application/problem+json"),
    ]);
  });

  it("is refused as JSON within JSON a hundred times, and a hundred thousand times", async () => {
    for (const depth of [101, 100_000]) {
      const { code, body } = await ask("POST", "/runs", `{"params":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`);
      expect([code, body.detail]).toEqual([400, expect.stringContaining("nested")]);
    }
  });

  it("is refused as a list of more than it takes", async () => {
    const ids = Array.from({ length: 1001 }, () => crypto.randomUUID());
    expect((await ask("POST", "/runs/delete", { ids })).body).toMatchObject({ status: 400, field: "ids" });
    const metrics = Array.from({ length: 10_001 }, (_, step) => ({ name: "loss", step, value: 1 }));
    expect((await ask("POST", `/runs/${ids[0]}/metrics`, { metrics })).body).toMatchObject({ status: 400, field: "metrics" });
    const features = Array.from({ length: 10_001 }, () => ({ a: 1 }));
    expect((await ask("POST", "/models/predict", { model_id: "koi", features })).code).toBe(400);
  });

  it("is refused as a filter nested too deep, of too many values, or too long", async () => {
    const filters = [
      `${"(".repeat(60)}status = 'completed'${")".repeat(60)}`,
      `name in (${Array(1001).fill("'a'").join()})`,
      `name = '${"x".repeat(10_000)}'`,
    ];
    for (const filter of filters)
      expect((await ask("GET", `/experiments/list?filter=${encodeURIComponent(filter)}`)).body).toMatchObject({
        status: 400,
        field: "filter",
      });
  });
});

describe("a request that is not what it should be", () => {
  it("is refused as JSON that ends too early, or is no object", async () => {
    for (const payload of ['{"name":', "[]", '"text"', "3", "null"])
      expect([payload, (await ask("POST", "/runs/tags", payload)).code]).toEqual([payload, 400]);
  });

  it("names a key of the query that the route has not, and the near one", async () => {
    expect((await ask("GET", "/experiments/list?fliter=x")).body).toMatchObject({
      status: 400,
      field: "fliter",
      detail: 'query: no key "fliter", did you mean filter',
    });
    expect((await ask("GET", "/jobs?colour=red")).body.detail).toMatch(/^query: no key "colour", there are limit, cursor/);
    expect((await ask("DELETE", `/runs/${crypto.randomUUID()}?permanent=true`)).body.field).toBe("permanent");
  });

  it("names a key of the body that the route has not, and trains nothing", async () => {
    expect((await ask("POST", "/models/train", { ...training, hyperparamters: { a: 1 } })).body).toMatchObject({
      status: 400,
      field: "hyperparamters",
      detail: 'body: no key "hyperparamters", did you mean hyperparameters',
    });
    expect((await ask("GET", "/jobs")).body.items).toEqual([]);
  });

  it("names a key deep in the body that its object has not, and the near one", async () => {
    expect((await ask("POST", "/etl/runs", { mapping: { userss: {} } })).body.errors).toContainEqual({
      field: "mapping",
      detail: 'no key "userss", did you mean users',
    });
  });

  it("may name its project in any query, and carry the time and the token that JupyterLab adds", async () => {
    const { projectId } = service.session;
    expect((await ask("GET", `/jobs?project_id=${projectId}&1763733600000&token=jupyters`)).code).toBe(200);
    expect((await ask("GET", `/jobs?workspace_key=${projectId}`)).code).toBe(200);
    expect((await ask("POST", `/runs?project_id=${projectId}`, {})).code).toBe(201);
  });

  it("is refused as an id that is none, with the field", async () => {
    expect((await ask("GET", "/runs/1")).body).toMatchObject({ status: 400, field: "id" });
    expect((await ask("GET", "/jobs/%00")).body).toMatchObject({ status: 400, field: "id" });
  });

  it("to no route is a problem as well, which says where they stand", async () => {
    expect(await ask("GET", "/nothing")).toMatchObject({
      code: 404,
      body: {
        type: "urn:assay:problem:not-found",
        detail: expect.stringMatching(/^no route GET \S+; \/api\/docs has them all$/),
      },
    });
  });
});
