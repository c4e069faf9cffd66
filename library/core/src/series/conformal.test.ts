import { describe, expect, test } from "vitest";
import { shareInterval } from "../metrics/binomial-interval.ts";
import { random } from "../numeric/random.ts";
import { type ConformalOptions, conformalInterval, conformalRule } from "./conformal.ts";

const zeros = (n: number): Float64Array => new Float64Array(n);

describe("conformalRule", () => {
  test("reaches to the error of rank ⌈(n + 1) · confidence⌉", () => {
    const truth = [1, -2, 3, -4, 5, -6, 7, -8, 9];
    expect(conformalRule(truth, zeros(9), { confidence: 0.9 })).toMatchObject({ below: -9, above: 9, rows: 9, relative: false });
    expect(conformalRule(truth, zeros(9), { confidence: 0.5 })).toMatchObject({ below: -5, above: 5 });
  });
  test("leaves an equal share out on each side where asymmetric", () => {
    const truth = Array.from({ length: 19 }, (_, i) => i - 4);
    expect(conformalRule(truth, zeros(19), { confidence: 0.8, sides: "asymmetric" })).toMatchObject({ below: -3, above: 13 });
  });
  test("is infinite where rows are too few for the confidence", () => {
    expect(conformalRule([1, 2, 3], zeros(3))).toMatchObject({ below: -Infinity, above: Infinity });
  });
  test("measures errors in the scale, and gives it back", () => {
    const scale = [10, 100, 200, 50];
    const rule = conformalRule([11, 90, 220, 50], [10, 100, 200, 50], { confidence: 0.6, scale });
    expect(rule).toMatchObject({ below: -0.1, above: 0.1, relative: true });
    expect(conformalInterval(rule, 300, 400)).toEqual({ low: 260, high: 340 });
    expect(() => conformalInterval(rule, 300)).toThrow("the rule is relative and needs a scale above 0, got undefined");
  });
  test("refuses what cannot be learned from", () => {
    expect(() => conformalRule([1, 2], [1])).toThrow("conformalRule: yTrue has 2 rows, yPred 1");
    expect(() => conformalRule([], [])).toThrow("needs 1 value at least, got 0");
    expect(() => conformalRule([1], [1], { scale: [0] })).toThrow("scale must be above 0, got 0 in row 0");
    expect(() => conformalRule([1], [1], { confidence: 90 })).toThrow("confidence must be above 0 and below 1, got 90");
    expect(() => conformalInterval(conformalRule([1], [1]), Number.NaN)).toThrow("prediction must be finite, got NaN");
  });
});

describe.each([
  ["symmetric", {}],
  ["asymmetric", { sides: "asymmetric" }],
  ["relative", { scale: true }],
] as const)("%s intervals of 90 %%", (_, options) => {
  test("hold 90 % of 10,000 further truths on average", () => {
    // skewed errors whose size goes with the scale; 500 rules of 60 rows, each tried on 20 further rows
    const draw = random(8, "coverage");
    const row = () => {
      const scale = 1 + 4 * draw.float();
      return { scale, truth: 50 * draw.normal() + scale * (draw.normal() + draw.normal() * draw.normal()) };
    };
    let held = 0;
    for (let trial = 0; trial < 500; trial++) {
      const rows = Array.from({ length: 60 }, () => {
        const made = row();
        return { ...made, guess: made.truth - made.scale * (draw.normal() * draw.normal() + draw.float()) };
      });
      const wanted: ConformalOptions = { ...options, scale: "scale" in options ? rows.map(({ scale }) => scale) : undefined };
      const rule = conformalRule(
        rows.map(({ truth }) => truth),
        rows.map(({ guess }) => guess),
        wanted,
      );
      for (let k = 0; k < 20; k++) {
        const { truth, scale } = row();
        const guess = truth - scale * (draw.normal() * draw.normal() + draw.float());
        const { low, high } = conformalInterval(rule, guess, scale);
        if (truth >= low && truth <= high) held++;
      }
    }
    // trials of one rule go together: the plain binomial interval is widened to 99.99 %
    const { low, high } = shareInterval(held, 10_000, { confidence: 0.9999 });
    expect(high).toBeGreaterThan(0.9);
    expect(low).toBeLessThan(0.9 + 2 / 61);
  });
});
