import { readFileSync } from "node:fs";

/** What an oracle answered: `fixture(import.meta.url, "ridge")` reads fixtures/ridge.json beside the test. */
export function fixture<T>(test: string, name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, test), "utf8"));
}
