import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { type Alternative, kendallTau } from "./kendall-tau.ts";
import { mannKendall } from "./mann-kendall.ts";
import { theilSen } from "./theil-sen.ts";

interface Oracle {
  readonly lines: readonly {
    readonly y: readonly number[];
    readonly x: readonly number[] | null;
    readonly confidence: number;
    readonly intercept: "separate" | "joint";
    readonly found: readonly (number | null)[];
  }[];
  readonly tests: readonly {
    readonly y: readonly number[];
    readonly p: number;
    readonly z: number;
    readonly tau: number;
    readonly s: number;
    readonly variance: number;
    readonly slope: number;
  }[];
  readonly taus: readonly {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly alternative: Alternative;
    readonly tau: number | null;
    readonly p: number | null;
  }[];
}

const oracle = fixture<Oracle>(import.meta.url, "trends");

/** Equal to 1e-9 of the size; null stands for NaN. */
function near(value: number, wanted: number | null): void {
  if (wanted === null) expect(value).toBeNaN();
  else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
}

describe("theilSen", () => {
  test(`equals scipy's theilslopes in ${oracle.lines.length} cases`, () => {
    for (const { y, x, confidence, intercept, found } of oracle.lines) {
      const line = theilSen(y, { x: x ?? undefined, confidence, intercept });
      for (const [k, value] of [line.slope, line.intercept, line.low, line.high].entries()) near(value, found[k]!);
    }
  });
  test("is not moved by a wild value", () => {
    expect(theilSen([100, 102, 104, 180, 108])).toMatchObject({ slope: 2 });
  });
  test("takes a shifted and stretched series with it", () => {
    const draw = random(1, "theil");
    const y = Array.from({ length: 25 }, () => draw.normal());
    const line = theilSen(y);
    const other = theilSen(y.map((value) => 5 + 4 * value));
    near(other.slope, 4 * line.slope);
    near(other.high, 4 * line.high);
  });
  test("refuses what has no slope", () => {
    expect(() => theilSen([1])).toThrow("theilSen: needs 2 values at least, got 1");
    expect(() => theilSen([1, Number.NaN, 2])).toThrow("row 1 is missing");
    expect(() => theilSen([1, 2, 3], { x: [4, 4, 4] })).toThrow("x must hold two different values, all 3 are 4");
    expect(() => theilSen([1, 2], { x: [1, 2, 3] })).toThrow("x has 3 rows but values 2");
    expect(() => theilSen([1, 2], { confidence: 95 })).toThrow("confidence must be above 0 and below 1, got 95");
    expect(() => theilSen(new Float64Array(20_001))).toThrow("takes 20000 values at most, got 20001");
  });
});

describe("kendallTau", () => {
  test(`equals scipy's kendalltau in ${oracle.taus.length} cases`, () => {
    for (const { x, y, alternative, tau, p } of oracle.taus) {
      const found = kendallTau(x, y, { alternative });
      near(found.tau, tau);
      near(found.pValue, p);
    }
  });
  test("counts as all pairs do", () => {
    const draw = random(2, "kendall");
    const x = Array.from({ length: 80 }, () => draw.int(9));
    const y = Array.from({ length: 80 }, () => draw.int(12));
    let [score, xPairs, yPairs] = [0, 0, 0];
    for (let i = 0; i < 80; i++)
      for (let j = 0; j < i; j++) {
        score += Math.sign(x[i]! - x[j]!) * Math.sign(y[i]! - y[j]!);
        xPairs += x[i] === x[j] ? 0 : 1;
        yPairs += y[i] === y[j] ? 0 : 1;
      }
    near(kendallTau(x, y).tau, score / Math.sqrt(xPairs * yPairs));
  });
  test("is NaN where one does not vary", () => expect(kendallTau([1, 1, 1], [1, 2, 3]).tau).toBeNaN());
  test("refuses other names and lengths", () => {
    expect(() => kendallTau([1, 2], [1, 2, 3])).toThrow("the first has 2 rows but the second 3");
    expect(() => kendallTau([1, 2], [1, 2], { alternative: "up" as never })).toThrow("two-sided, greater or less, got up");
  });
});

describe("mannKendall", () => {
  test(`equals pymannkendall's original test in ${oracle.tests.length} cases`, () => {
    for (const { y, p, z, tau, s, variance, slope } of oracle.tests) {
      const found = mannKendall(y);
      expect(found.score).toBe(s);
      near(found.variance, variance);
      near(found.z, z);
      near(found.pValue, p);
      near(found.tau, tau);
      near(found.slope, slope);
    }
  });
  test("one-sided halves the chance of a rise", () => {
    const y = [1, 3, 2, 5, 4, 6];
    near(mannKendall(y, { alternative: "greater" }).pValue, mannKendall(y).pValue / 2);
    near(mannKendall(y, { alternative: "less" }).pValue, 1 - mannKendall(y).pValue / 2);
  });
  test("finds nothing in a series that does not vary", () => {
    expect(mannKendall([5, 5, 5, 5])).toMatchObject({ score: 0, z: 0, pValue: 1, slope: 0 });
  });
  test("turns its sign with the series", () => {
    const y = [1, 4, 2, 8, 5, 7];
    expect(mannKendall(y.toReversed()).z).toBe(-mannKendall(y).z);
  });
});
