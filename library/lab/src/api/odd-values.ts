import { ParamsError } from "assay";
import type { FastifyRequest } from "fastify";

/** Levels of lists and objects within each other at most; nobody writes more by hand. */
const deepest = 100;

/** Refuses values of a request that no table can keep, wherever they stand in path, query or body. */
export async function refuseOddRequest({ params, query, body }: FastifyRequest): Promise<void> {
  refuseOddValues(params);
  refuseOddValues(query);
  refuseOddValues(body);
}

/** Throws ParamsError for a text with NUL or half of a surrogate pair, as a value or a name, and for nesting deeper than 100. O(values). */
export function refuseOddValues(value: unknown, path: readonly string[] = []): void {
  if (typeof value === "string") refuseOddText(value, path);
  if (value === null || typeof value !== "object") return;
  if (path.length >= deepest) throw refusal(path.slice(0, 1), `must be nested at most ${deepest} deep`, undefined);
  for (const name of Object.keys(value)) {
    const each = (value as Readonly<Record<string, unknown>>)[name];
    refuseOddText(name, path);
    if (typeof each === "string" || typeof each === "object") refuseOddValues(each, [...path, name]);
  }
}

function refuseOddText(text: string, path: readonly string[]): void {
  const what = text.includes("\0") ? "no NUL character" : text.isWellFormed() ? undefined : "no half of a surrogate pair";
  if (what) throw refusal(path, `must hold ${what}, got ${JSON.stringify(text.slice(0, 60))}`, text.slice(0, 60));
}

function refusal(path: readonly string[], what: string, value: string | undefined): ParamsError {
  const field = path.join(".");
  return Object.assign(new ParamsError(`${field || "request"}: ${what}`), { field, ...(value !== undefined && { value }) });
}
