import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exampleSignals } from "./example-signals.ts";

test("the shipped table is what the generator writes", () => {
  const shipped = readFileSync(new URL("../../../../../notebooks/exoplanets.csv", import.meta.url), "utf8");
  expect(shipped).toBe(exampleSignals());
});

test("the same seed writes the same rows, another one others", () => {
  expect(exampleSignals({ rows: 30, seed: 1 })).toBe(exampleSignals({ rows: 30, seed: 1 }));
  expect(exampleSignals({ rows: 30, seed: 1 })).not.toBe(exampleSignals({ rows: 30, seed: 2 }));
});
