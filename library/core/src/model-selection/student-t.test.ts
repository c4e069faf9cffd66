import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { correctedResampledP, studentP } from "./student-t.ts";

const oracle = (name: string) => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));

test("p-values of Student's t are scipy's", () => {
  for (const { t, df, p } of oracle("student-t").cells as { t: number; df: number; p: number }[])
    expect(Math.abs(studentP(t, df) - p), `t ${t}, df ${df}`).toBeLessThan(1e-9 * p + 1e-300);
});

test("the corrected resampled t-test is scipy's t with the corrected variance", () => {
  for (const { differences, share, p } of oracle("corrected-resampled").cells as {
    differences: number[];
    share: number;
    p: number;
  }[])
    expect(Math.abs(correctedResampledP(differences, share) - p)).toBeLessThan(1e-9 * p);
});

test("equal scores on every fold are no difference", () => {
  expect(correctedResampledP([0, 0, 0], 0.5)).toBe(1);
});
