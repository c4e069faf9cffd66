import { expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { correctedResampledP, studentP } from "./student-t.ts";

test("p-values of Student's t are scipy's", () => {
  for (const { t, df, p } of fixture<{ cells: { t: number; df: number; p: number }[] }>(import.meta.url, "student-t").cells)
    expect(Math.abs(studentP(t, df) - p), `t ${t}, df ${df}`).toBeLessThan(1e-9 * p + 1e-300);
});

test("the corrected resampled t-test is scipy's t with the corrected variance", () => {
  for (const { differences, share, p } of fixture<{ cells: { differences: number[]; share: number; p: number }[] }>(
    import.meta.url,
    "corrected-resampled",
  ).cells)
    expect(Math.abs(correctedResampledP(differences, share) - p)).toBeLessThan(1e-9 * p);
});

test("equal scores on every fold are no difference", () => {
  expect(correctedResampledP([0, 0, 0], 0.5)).toBe(1);
});
