import type { Route } from "../../contract/route.ts";
import { routes } from "../../contract/routes.ts";

/** A route with its name in the contract, as `runs.create`. */
export interface Declared {
  readonly name: string;
  readonly route: Route;
}

/** Every route of the contract. */
export const declared: readonly Declared[] = Object.entries(routes).flatMap(([group, verbs]) =>
  Object.entries(verbs).map(([verb, route]) => ({ name: `${group}.${verb}`, route: route as Route })),
);
