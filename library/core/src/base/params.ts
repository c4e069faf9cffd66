import { z } from "zod";
import type { Spec } from "./contract.ts";
import { ParamsError } from "./errors.ts";
import { suggest } from "./near-name.ts";
import { definitionOf, isSpec } from "./registry.ts";

/** A nested estimator: given as an estimator or as its JSON, kept as a checked specification. */
export function estimatorParam(): z.ZodType<Spec, Spec> {
  return z
    .custom<Spec>(isSpec, "must be an estimator")
    .transform(({ task, name, params }) => ({
      task,
      name,
      params: parseParams(name, definitionOf({ task, name }).params, params),
    }))
    .meta({ type: "estimator" }) as unknown as z.ZodType<Spec, Spec>;
}

/** A parameter's value cannot be what the schema allows; carries which one, for forms and HTTP. */
interface ParamsProblem {
  readonly field: string;
  readonly value: unknown;
}

/** Parameters checked, with defaults, frozen. Throws ParamsError in one sentence for the first that is wrong. */
export function parseParams(name: string, schema: z.ZodType, params: unknown): Readonly<Record<string, unknown>> {
  const result = schema.safeParse(params ?? {});
  if (result.success) return deepFreeze(result.data as Record<string, unknown>);
  throw paramsError(name, schema, params, result.error.issues[0]!);
}

function paramsError(name: string, schema: z.ZodType, params: unknown, issue: z.core.$ZodIssue): Error {
  const field = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0]!;
    const known = Object.keys((schema as unknown as { readonly shape?: object }).shape ?? {});
    return withProblem(new ParamsError(`${name}: no parameter ${unknown}${suggest(unknown, known)}`), {
      field: unknown,
      value: undefined,
    });
  }
  const value = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], params);
  const got = typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
  return withProblem(new ParamsError(`${name}: ${field || "parameters"} ${demand(issue)}, got ${got}`), { field, value });
}

/** What an issue asks for, as "must be ≥ 0". */
function demand(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return `must ${issue.origin === "array" || issue.origin === "string" ? "have at least" : `be ${issue.inclusive ? "≥" : ">"}`} ${issue.minimum}`;
    case "too_big":
      return `must ${issue.origin === "array" || issue.origin === "string" ? "have at most" : `be ${issue.inclusive ? "≤" : "<"}`} ${issue.maximum}`;
    case "invalid_type":
      return `must be ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected === "int" ? "whole number" : issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "invalid_union": {
      const demands = issue.errors.flatMap((issues) => issues.map((each) => demand(each).replace(/^must /, "")));
      return demands.length > 0 ? `must ${[...new Set(demands)].join(" or ")}` : issue.message;
    }
    default:
      return issue.message;
  }
}

function withProblem(error: Error, problem: ParamsProblem): Error {
  return Object.assign(error, problem);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
