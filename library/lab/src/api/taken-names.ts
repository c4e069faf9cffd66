import { z } from "zod";
import type { Route } from "../contract/route.ts";

/** Names of one thing: whichever a route declares, the other is taken too (shared naming of parameters). */
const twins = [
  ["seed", "random_seed"],
  ["cv", "cv_folds"],
] as const;

/**
 * Brings a body to the names that its route declares: the twin of a declared name is renamed where the declared one is not given, and no body at
 * all is an empty one. Gives the body; O(1).
 */
export function takeNames({ body: schema }: Pick<Route, "body">): (body: unknown) => unknown {
  if (!(schema instanceof z.ZodObject)) return (body) => body;
  const known = new Set(Object.keys(schema.shape));
  const renamed = twins
    .flatMap(([first, second]) => [
      [first, second],
      [second, first],
    ])
    .filter(([given, declared]) => known.has(declared!) && !known.has(given!)) as [string, string][];
  return (body) => {
    if (body === null || body === undefined) return {};
    if (typeof body !== "object" || Array.isArray(body)) return body;
    const named = body as Record<string, unknown>;
    for (const [given, declared] of renamed)
      if (Object.hasOwn(named, given) && !Object.hasOwn(named, declared)) {
        named[declared] = named[given];
        delete named[given];
      }
    return body;
  };
}
