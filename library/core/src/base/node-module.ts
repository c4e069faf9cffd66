import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

interface NodeModules {
  readonly "node:crypto": typeof import("node:crypto");
  readonly "node:net": typeof import("node:net");
  readonly "node:util": typeof import("node:util");
  readonly "node:zlib": typeof import("node:zlib");
}

/** A module of Node that few calls need: loaded by the first of them, not by every import of the library. */
export function nodeModule<K extends keyof NodeModules>(name: K): NodeModules[K] {
  return load(name) as NodeModules[K];
}
