import type { z } from "zod";
import { once } from "./once.ts";

/** A schema that is built when it is first used: it stands for the one that `make` gives wherever a schema may stand. */
export function lazySchema<T extends z.ZodType>(make: () => T): T {
  const schema = once(make);
  return new Proxy({} as T, {
    get(_, key) {
      const value: unknown = Reflect.get(schema(), key);
      return typeof value === "function" ? value.bind(schema()) : value;
    },
    has: (_, key) => Reflect.has(schema(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(schema()),
  });
}
