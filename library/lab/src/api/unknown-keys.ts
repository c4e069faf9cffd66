import { ParamsError, suggest } from "assay";
import type { FastifyRequest, FastifySchemaValidationError } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Route } from "../contract/route.ts";
import { nearKey } from "../near-key.ts";

/** Every request may name its project. */
export const everywhere = ["project_id", "workspace_key"];

/**
 * A check of a route's requests: a key of the query or of the body that the route does not know is refused with the near name, since one
 * that is passed over in silence (`fliter`, `hyperparamters`) answers another question. Throws ParamsError. O(keys).
 */
export function unknownKeys({ query, body }: Pick<Route, "query" | "body">): (request: FastifyRequest) => void {
  const ofQuery = new Set([...Object.keys(query?.shape ?? {}), ...everywhere]);
  const ofBody = keysOf(body);
  return (request) => {
    for (const [key, value] of Object.entries(request.query as object))
      if (!ofQuery.has(key) && !isOfJupyter(key, value)) throw refusal("query", key, ofQuery);
    if (!ofBody || request.body === null || typeof request.body !== "object" || Array.isArray(request.body)) return;
    refuseUnknownKeys("body", request.body, ofBody);
  };
}

/** Checks a part of a request by its schema; a key that an object within it does not know is told with the near name. */
export const checkBySchema: typeof validatorCompiler = (route) => {
  const check = validatorCompiler(route) as (data: unknown) => { readonly error?: FastifySchemaValidationError[] };
  return (data) => {
    const found = check(data);
    if (!found.error) return found;
    const { issues } = z.safeParse(route.schema as z.ZodType, data, { error: nearKey }).error!;
    return { error: found.error.map((each, k) => ({ ...each, message: issues[k]!.message })) };
  };
};

/** Throws ParamsError for a key of a record that is not among the known ones, with the near name. */
export function refuseUnknownKeys(place: string, record: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(record)) if (!known.has(key)) throw refusal(place, key, known);
}

/** JupyterLab adds the time to the address of what shall not be cached; the token of its own address comes along through its proxy. */
function isOfJupyter(key: string, value: unknown): boolean {
  return key === "token" || (value === "" && /^\d+$/.test(key));
}

/** Keys of a body, where it is one object that takes no others; undefined for any other. */
function keysOf(body: Route["body"]): ReadonlySet<string> | undefined {
  let schema: unknown = body;
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    schema = schema.unwrap();
  if (!(schema instanceof z.ZodObject)) return undefined;
  const { catchall } = schema.def;
  if (catchall && !(catchall instanceof z.ZodNever)) return undefined;
  return new Set([...Object.keys(schema.shape), ...everywhere]);
}

function refusal(place: string, key: string, known: ReadonlySet<string>): ParamsError {
  const names = [...known].filter((each) => !everywhere.includes(each));
  const hint = names.length > 0 ? suggest(key, names) : ", it takes none";
  return Object.assign(new ParamsError(`${place}: no key ${JSON.stringify(key.slice(0, 100))}${hint}`), {
    field: key.slice(0, 100),
  });
}
