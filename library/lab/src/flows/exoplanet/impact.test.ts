import { describe, expect, test } from "vitest";
import { impactOf } from "./impact.ts";

describe("an impact from timing and density", () => {
  // the Sun: a/R = 215.1 at one year; T14 = P/π · asin(√(((1 + p)² − b²) / (a² − b²)))
  const axis = 215.1;
  const hours = (b: number, p: number): number =>
    ((365.25 * 24) / Math.PI) * Math.asin(Math.sqrt(((1 + p) ** 2 - b ** 2) / (axis ** 2 - b ** 2)));

  test.each([0.2, 0.5, 0.9])("is that of the orbit which took so long: b = %d", (b) => {
    expect(impactOf(365.25, hours(b, 0.01), 100, 1, 4.438)).toBeCloseTo(b, 1);
  });

  test("is 0 where the transit takes longer than a path through the middle", () => {
    expect(impactOf(365.25, 20, 100, 1, 4.438)).toBe(0);
  });

  test("stays below first contact however short the transit is", () => {
    expect(impactOf(365.25, 0.001, 100, 1, 4.438)).toBeLessThanOrEqual(1.01);
  });
});
