import { describe, expect, it } from "vitest";
import { pathsOf, type Route } from "../contract/route.ts";
import { routes } from "../contract/routes.ts";
import { testService } from "../testing/test-service.ts";

const service = testService({}, async ({ app }) => {
  await app.ready();
});

const declared: readonly (readonly [string, Route])[] = Object.entries(routes).flatMap(([group, verbs]) =>
  Object.entries(verbs).map(([verb, route]) => [`${group}.${verb}`, route as Route] as const),
);

describe.each(declared)("%s", (_, route) => {
  const { method, params, query, body, form, answer, file, events, example } = route;

  it.each(pathsOf(route))("is served at %s", (url) => expect(service.app.hasRoute({ method, url })).toBe(true));

  it("has an example that its schemas take", () => {
    for (const [schema, value] of [
      [params, example.params],
      [query, example.query ?? {}],
      [body, example.body],
      [form, example.form ?? {}],
    ] as const)
      schema?.parse(value);
    if (!file && !events) answer?.parse({ status: "success", ...example.answer });
  });

  it("takes no two things of one name", () => {
    const keys = [params, query, form, bodyObject(body)].flatMap((schema) => Object.keys(schema?.shape ?? {}));
    expect(keys).toHaveLength(new Set(keys).size);
  });
});

/** A body whose keys are known. */
function bodyObject(body: Route["body"]): Route["params"] {
  return body && "shape" in body ? (body as Route["params"]) : undefined;
}

it("every route is in the contract", () => {
  const paths = new Set(declared.map(([, { method, path }]) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`));
  const document = service.app.swagger() as unknown as { paths: Record<string, Record<string, unknown>> };
  const served = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(served.filter((name) => !paths.has(name))).toEqual([]);
});

it("every operation of the OpenAPI document has an id of its own and an example of its answer", () => {
  const document = service.app.swagger() as unknown as {
    paths: Record<string, Record<string, { operationId?: string; responses: Json }>>;
  };
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  const json = operations.flatMap(({ responses }) =>
    Object.entries(responses).flatMap(([code, { content }]) => (code === "default" ? [] : [content?.["application/json"]])),
  );
  // a file that may be JSON has no form
  expect(json.filter((content) => content?.schema !== undefined && content.example === undefined)).toEqual([]);
});

it("every route that works in a project can be told which", () => {
  const document = service.app.swagger() as unknown as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    path.startsWith("/api/ml/") ? Object.values(methods) : [],
  );
  expect(operations.length).toBeGreaterThan(100);
  expect(operations.filter(({ parameters = [] }) => parameters.filter(({ name }) => name === "project_id").length !== 1)).toEqual(
    [],
  );
});

type Json = Record<string, { content?: Record<string, { schema?: unknown; example?: unknown }> }>;

it("the OpenAPI document is shown as a page", async () => {
  const { statusCode, headers, body } = await service.app.inject({ url: "/api/docs/" });
  expect([statusCode, headers["content-type"], body.includes('<div id="swagger-ui">')]).toEqual([
    200,
    "text/html; charset=utf-8",
    true,
  ]);
});
