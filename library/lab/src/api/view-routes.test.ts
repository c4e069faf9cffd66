import { describe, expect, test } from "vitest";
import type { Kept } from "../contract/views.ts";
import { testService } from "../testing/test-service.ts";

const service = testService();

interface Answer {
  readonly code: number;
  readonly view: Kept;
  readonly template: Kept;
  readonly items: Kept[];
  readonly next_cursor: string | null;
  readonly deleted: string;
  readonly detail: string;
  readonly field: string;
}

async function ask(method: "GET" | "POST" | "DELETE", url: string, body?: object): Promise<Answer> {
  const { statusCode, json } = await service.app.inject({
    method,
    url,
    headers: { "x-assay": "1" },
    ...(body && { payload: body }),
  });
  return { code: statusCode, ...json() };
}

const views = "/api/ml/views";
const best = {
  kind: "experiments",
  name: "best",
  content: { filter: "status = 'completed'", columns: ["name"], rows: { height: 24 } },
};

describe("a kept view", () => {
  test("is given back as it was given", async () => {
    const { code, view } = await ask("POST", views, best);
    expect([code, view.content]).toEqual([201, best.content]);
    expect((await ask("GET", `${views}/${view.id}`)).view).toEqual(view);
  });

  test("is kept twice under one name only in place of the first", async () => {
    const first = await ask("POST", views, { ...best, name: "twice" });
    const refused = await ask("POST", views, { ...best, name: "twice", content: { filter: "" } });
    expect([refused.code, refused.field]).toEqual([409, "name"]);
    const second = await ask("POST", views, { ...best, name: "twice", content: { filter: "" }, replace: true });
    expect([second.view.id, second.view.content]).toEqual([first.view.id, { filter: "" }]);
  });

  test("may bear the name of another panel's", async () => {
    expect((await ask("POST", views, { ...best, kind: "studies" })).code).toBe(201);
  });

  test("is gone once it is deleted", async () => {
    const { view } = await ask("POST", views, { ...best, name: "gone" });
    expect((await ask("DELETE", `${views}/${view.id}`)).deleted).toBe(view.id);
    expect((await ask("GET", `${views}/${view.id}`)).code).toBe(404);
    expect((await ask("DELETE", `${views}/${view.id}`)).code).toBe(404);
  });

  test("keeps columns named as an object's own parts", async () => {
    const content = JSON.parse('{"columns":["__proto__","constructor"],"toString":1}');
    expect((await ask("POST", views, { ...best, name: "odd", content })).view.content).toEqual(content);
  });

  test.each([
    ["content", { content: { text: "x".repeat(100_001) } }],
    ["content", { content: [1] }],
    ["kind", { kind: "No Panel" }],
    ["name", { name: " " }],
  ])("is refused with wrong %s", async (field, wrong) => {
    expect(await ask("POST", views, { ...best, ...wrong })).toMatchObject({ code: 400, field });
  });
});

test("views are listed by panel and name, page by page", async () => {
  for (const name of ["a", "b", "c"]) await ask("POST", views, { ...best, kind: "jobs", name });
  const first = await ask("GET", `${views}?kind=jobs&limit=2`);
  const second = await ask("GET", `${views}?kind=jobs&limit=2&cursor=${first.next_cursor}`);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(second.next_cursor).toBeNull();
});

test("views are sorted and filtered as every list", async () => {
  for (const name of ["x", "y", "z"]) await ask("POST", views, { ...best, kind: "sorted", name });
  const { items } = await ask("GET", `${views}?kind=sorted&sort=-name&filter=${encodeURIComponent("name in ('x', 'z')")}`);
  expect(items.map(({ name }) => name)).toEqual(["z", "x"]);
});

test("templates are kept apart from views", async () => {
  const templates = "/api/ml/templates";
  const { code, template } = await ask("POST", templates, {
    kind: "training",
    name: "forest",
    content: { algorithm: "random_forest" },
  });
  expect([code, template.created_by]).toEqual([201, expect.any(String)]);
  expect((await ask("GET", templates)).items).toEqual([template]);
  expect((await ask("GET", `${views}/${template.id}`)).code).toBe(404);
  expect((await ask("DELETE", `${templates}/${template.id}`)).code).toBe(200);
});
