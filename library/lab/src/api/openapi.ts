import swagger, { type FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { assayVersion } from "../assay-version.ts";
import { type Route, statusesOf } from "../contract/route.ts";
import { routes } from "../contract/routes.ts";
import { problem } from "../contract/values.ts";
import type { App } from "./app.ts";

const named = new Map<Route, { readonly group: string; readonly verb: string }>(
  Object.entries(routes).flatMap(([group, verbs]) =>
    Object.entries(verbs).map(([verb, route]) => [route as Route, { group, verb }] as const),
  ),
);

type Json = Record<string, unknown>;
type Operation = Json & {
  parameters?: { in: string; name: string; example?: unknown }[];
  requestBody?: Json;
  responses: Record<string, Json>;
};

/** Has every route that is made from now on described. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Assay",
        version: assayVersion,
        description: "Datasets, training, tracking, tuning, jobs and the model registry. Errors are problem details (RFC 9457).",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: Object.keys(routes).map((name) => ({ name })),
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: "assay_session" },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: (given) => {
      const { schema, url } = jsonSchemaTransform(given);
      const declared = given.route.config?.route;
      const name = declared && named.get(declared);
      return { url, schema: name ? { ...schema, tags: [name.group], operationId: `${name.group}_${name.verb}` } : schema };
    },
    transformObject: (document) => {
      const { openapiObject } = document as { openapiObject: { paths: Record<string, Record<string, Operation>> } };
      for (const declared of [...named.keys()].sort((a, b) => Number(a.variant ?? false) - Number(b.variant ?? false))) {
        const path = declared.path.replaceAll(/:(\w+)/g, "{$1}");
        const operation = openapiObject.paths[path]?.[declared.method.toLowerCase()];
        if (operation) complete(operation, declared);
      }
      return withShortPatterns(jsonSchemaTransformObject(document));
    },
  } satisfies FastifyDynamicSwaggerOptions);
}

/** The OpenAPI document at /api/openapi.json, and the pages that show it at /api/docs. */
export async function showApi(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: "/api/docs",
    theme: { title: "Assay: API" },
    uiConfig: { layout: "BaseLayout", docExpansion: "none", filter: true, requestInterceptor: nameOurPage as never },
  });
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

/** Runs in the browser: what the page tries out carries the header that changing requests need. */
function nameOurPage<R extends { readonly headers: Record<string, string> }>(request: R): R {
  request.headers["X-Assay"] = "1";
  return request;
}

/** The document with `format` in the place of the patterns that say the same at length; of an instant it stays that it ends with Z. */
function withShortPatterns<T>(value: T): T {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withShortPatterns) as T;
  const { format, pattern } = value as { readonly format?: unknown; readonly pattern?: unknown };
  const entries = Object.entries(value).flatMap(([key, each]) => {
    if (key !== "pattern" || typeof pattern !== "string") return [[key, withShortPatterns(each)]];
    if (format === "uuid") return [];
    if (format !== "date-time") return [[key, each]];
    return pattern.includes("[+-]") ? [] : [[key, "Z$"]];
  });
  return Object.fromEntries(entries) as T;
}

const exampleProblem = {
  type: "urn:assay:problem:not-found",
  title: "not-found error",
  status: 404,
  detail: 'dataset: no dataset "kio", did you mean koi',
};
const problemContent = { "application/problem+json": { schema: jsonSchema(problem), example: exampleProblem } };

/** What Fastify cannot tell of a route: its examples, its form, its files and streams, and how it fails. */
function complete(operation: Operation, declared: Route): void {
  const { example } = declared;
  if (declared.variant) {
    addVariant(operation, declared);
    return;
  }
  for (const parameter of operation.parameters ?? []) {
    const value = (parameter.in === "path" ? example.params : example.query)?.[parameter.name];
    if (value !== undefined) parameter.example = value;
  }
  if (needsProject(operation, declared)) operation.parameters = [...(operation.parameters ?? []), projectParameter];
  if (declared.form)
    operation.requestBody = { required: true, content: { "multipart/form-data": { schema: formSchema(declared.form) } } };
  else if (example.body !== undefined) exampleOf(operation.requestBody)["example"] = example.body;
  const codes = statusesOf(declared);
  if (declared.file || declared.events) operation.responses = { [codes[0]]: streamOf(declared) };
  else
    for (const code of codes) {
      exampleOf(operation.responses[code])["example"] = { status: "success", ...example.answer };
      operation.responses[code]!["description"] = code === 202 ? "The job that does it." : "The answer.";
    }
  operation.responses["default"] = { description: "What is wrong, and where.", content: problemContent };
  if (declared.public) operation["security"] = [];
}

const projectParameter = {
  in: "query",
  name: "project_id",
  required: false,
  description: "Project to work in; default the token's, else the caller's own.",
  schema: { type: "string", format: "uuid" },
};

/** Whether a route works in a project and does not say so itself. */
function needsProject({ parameters = [] }: Operation, { path, public: isPublic }: Route): boolean {
  return path.startsWith("/api/ml/") && !isPublic && !parameters.some(({ name }) => name === projectParameter.name);
}

/** The JSON that a route of files answers too. */
function addVariant({ responses }: Operation, { answer, example }: Route): void {
  const { content } = responses[200] as { content: Json };
  content["application/json"] = { schema: jsonSchema(answer!), example: { status: "success", ...example.answer } };
}

function exampleOf(part: Json | undefined): Json {
  return (part as { content: { "application/json": Json } }).content["application/json"];
}

function formSchema(form: z.ZodObject): Json {
  const { properties, required = [], ...rest } = jsonSchema(form) as { properties: Json; required?: string[] };
  return {
    ...rest,
    properties: {
      ...properties,
      project_id: { type: "string", format: "uuid" },
      file: { type: "string", contentMediaType: "application/octet-stream" },
    },
    required: [...required, "file"],
  };
}

function streamOf({ file, events }: Route): Json {
  if (file) return { description: "The file.", content: Object.fromEntries(file.map((type) => [type, {}])) };
  return {
    description: "Server-sent events; `Last-Event-ID` resumes behind one.",
    content: { "text/event-stream": { schema: { type: "string" }, "x-event": jsonSchema(events!) } },
  };
}

function jsonSchema(schema: z.ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  return rest;
}
