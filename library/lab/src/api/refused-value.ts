import type { FastifyError, FastifyRequest } from "fastify";
import { redact } from "../tracking/redact.ts";

/** Signs of a text that are told. */
const longest = 200;
const secret = /password|token|secret|code/i;

/** The value that a request has at a field, as a problem tells it: text in short, numbers, booleans, null; undefined for lists, objects, secrets and what is not there. */
export function refusedValue(request: FastifyRequest, { validationContext = "body" }: FastifyError, pointer: string): unknown {
  const parts = { body: request.body, querystring: request.query, params: request.params, headers: undefined };
  const names = pointer.slice(1).split("/");
  if (names.some((name) => secret.test(name))) return undefined;
  let value: unknown = parts[validationContext as keyof typeof parts];
  for (const name of names) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof value === "object" && value !== null) return undefined;
  return typeof value === "string" ? redact(value.slice(0, longest)) : value;
}
