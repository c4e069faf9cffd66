import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { leastAbsoluteShares } from "./least-absolute-shares.ts";

interface Oracle {
  readonly columns: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly error: number;
  readonly shares: readonly number[] | null;
}

const oracle = fixture<readonly Oracle[]>(import.meta.url, "least-absolute-shares");
const errorOf = (columns: readonly (readonly number[])[], y: readonly number[], shares: ArrayLike<number>): number =>
  y.reduce((sum, truth, i) => sum + Math.abs(truth - columns.reduce((all, column, j) => all + shares[j]! * column[i]!, 0)), 0);

describe("leastAbsoluteShares", () => {
  test(`has the error of scipy's linprog in ${oracle.length} cases, and its shares where only one answer is best`, () => {
    for (const { columns, y, weights, error, shares } of oracle) {
      const found = leastAbsoluteShares(columns, y, { weights });
      expect(Math.abs(found.error - error)).toBeLessThan(1e-9 * Math.max(1, error));
      if (y.length > columns.length)
        for (const [j, share] of (shares ?? []).entries()) expect(Math.abs(found.shares[j]! - share)).toBeLessThan(1e-9);
    }
  });
  test("gives shares that no exchange of two betters, on grids full of ties", () => {
    const whole = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 5 })
          .chain((d) => fc.array(fc.array(whole, { minLength: d + 1, maxLength: d + 1 }), { minLength: 1, maxLength: 30 })),
        (rows) => {
          const y = rows.map((row) => row[0]!);
          const columns = rows[0]!.slice(1).map((_, j) => rows.map((row) => row[j + 1]!));
          const { shares, error } = leastAbsoluteShares(columns, y);
          expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
          expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
          expect(errorOf(columns, y, shares)).toBeCloseTo(error, 9);
          for (let j = 0; j < shares.length; j++)
            for (let k = 0; k < shares.length; k++) {
              const step = Math.min(1e-3, shares[j]!);
              const moved = shares.slice();
              moved[j]! -= step;
              moved[k]! += step;
              expect(errorOf(columns, y, moved)).toBeGreaterThan(error - 1e-9);
            }
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
  test("does not let one wild row decide, as squares would", () => {
    const truth = Array.from({ length: 30 }, (_, i) => i % 5);
    const good = truth.map((value, i) => (i === 7 ? value + 30 : value));
    const flat = truth.map(() => 2);
    expect([...leastAbsoluteShares([good, flat], truth).shares]).toEqual([1, 0]);
  });
  test("ends on thousands of rows with mostly equal errors", () => {
    const draw = random(9, "shares");
    const y = Array.from({ length: 4000 }, () => (draw.float() < 0.56 ? 0 : 5 * (draw.int(5) - 2)));
    const columns = [y.map(() => 0), ...Array.from({ length: 6 }, () => y.map((value) => 0.3 * value + 3 * draw.normal()))];
    const { shares, error } = leastAbsoluteShares(columns, y);
    expect(errorOf(columns, y, shares)).toBeCloseTo(error, 6);
    expect(error).toBeLessThanOrEqual(
      Math.min(
        ...columns.map((_, j) =>
          errorOf(
            columns,
            y,
            columns.map((__, k) => (k === j ? 1 : 0)),
          ),
        ),
      ),
    );
  });
  test("gives one column all, also where it is perfect", () => {
    expect([...leastAbsoluteShares([[1, 2]], [5, 5]).shares]).toEqual([1]);
    expect(
      leastAbsoluteShares(
        [
          [0, 0],
          [1, 2],
        ],
        [1, 2],
      ),
    ).toEqual({ shares: Float64Array.of(0, 1), error: 0 });
  });
  test("refuses what it cannot weigh", () => {
    expect(() => leastAbsoluteShares([], [1])).toThrow("needs one column at least, got 0");
    expect(() => leastAbsoluteShares([[]], [])).toThrow("needs one row at least, got 0");
    expect(() => leastAbsoluteShares([[1, 2]], [1])).toThrow("y has 1 rows but column 0 2");
    expect(() => leastAbsoluteShares([[1]], [Number.NaN])).toThrow("y must be finite, got NaN in row 0");
    expect(() => leastAbsoluteShares([[1]], [1], { weights: [-1] })).toThrow("weights must be ≥ 0, got -1 in row 0");
    expect(() => leastAbsoluteShares(new Array(101).fill([1]), [1])).toThrow("takes 100 columns at most, got 101");
  });
});
