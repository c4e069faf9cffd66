import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { changePoints } from "./change-points.ts";
import { segmentCost } from "./segment-cost.ts";

interface Oracle {
  readonly y: readonly number[];
  readonly model: "l2" | "normal";
  readonly penalty: number;
  readonly size: number;
  readonly pelt: readonly number[];
  readonly cost: number;
  readonly binary: readonly number[];
  readonly two: readonly number[];
}

const oracle = fixture<readonly Oracle[]>(import.meta.url, "change-points");
const changes = { l2: "mean", normal: "normal" } as const;

describe("changePoints", () => {
  test.each(oracle)("$model, penalty $penalty, segments of $size: points of ruptures", (row) => {
    const options = { change: changes[row.model], penalty: row.penalty, minSize: row.size, floor: 1e-6 };
    const pelt = changePoints(row.y, options);
    expect(pelt.points).toEqual(row.pelt);
    expect(Math.abs(pelt.cost - row.cost)).toBeLessThan(1e-9 * Math.max(1, Math.abs(row.cost)));
    expect(changePoints(row.y, { ...options, method: "binary" }).points).toEqual(row.binary);
    expect(changePoints(row.y, { ...options, method: "binary", penalty: 0, most: 2 }).points).toEqual(row.two);
  });

  test("PELT is as cheap as the best of all segmentations", () => {
    const whole = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 6, maxLength: 24 });
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 2, max: 3 }), (y, penalty, minSize) => {
        for (const change of ["mean", "normal"] as const) {
          const found = changePoints(y, { change, penalty, minSize, floor: 0.01 });
          const total = found.cost + penalty * found.points.length;
          const best = bestTotal(Float64Array.from(y), change, penalty, minSize);
          expect(Math.abs(total - best)).toBeLessThan(1e-9 * Math.max(1, Math.abs(best)));
          for (const { begin, end } of found.segments) expect(end - begin).toBeGreaterThanOrEqual(minSize);
        }
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test("finds a change of level by its own penalty, and describes its segments", () => {
    const draw = random(4, "levels");
    const y = Array.from({ length: 60 }, (_, i) => (i < 40 ? 100 : 110) + draw.normal());
    const { points, segments } = changePoints(y);
    expect(points).toEqual([40]);
    expect(segments.map(({ begin, end }) => [begin, end])).toEqual([
      [0, 40],
      [40, 60],
    ]);
    expect(segments[1]!.mean).toBeCloseTo(y.slice(40).reduce((a, b) => a + b) / 20, 12);
  });
  test("finds a change of noise where the mean stays", () => {
    const draw = random(5, "noise");
    const y = Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 12) * draw.normal());
    expect(changePoints(y, { change: "normal" }).points.some((point) => Math.abs(point - 50) <= 3)).toBe(true);
  });
  test("does not depend on the unit", () => {
    const draw = random(6, "unit");
    const y = Array.from({ length: 50 }, (_, i) => (i < 20 ? 0 : 5) + draw.normal());
    for (const change of ["mean", "normal"] as const)
      expect(
        changePoints(
          y.map((value) => value * 1e-5),
          { change },
        ).points,
      ).toEqual(changePoints(y, { change }).points);
  });
  test("finds nothing in a series that does not vary, or is short", () => {
    expect(changePoints([4, 4, 4, 4, 4, 4]).points).toEqual([]);
    expect(changePoints([4, 4, 4, 4, 4, 4], { change: "normal" }).points).toEqual([]);
    expect(changePoints([1, 9]).points).toEqual([]);
  });
  test("refuses options that are none", () => {
    expect(() => changePoints([1])).toThrow("changePoints: needs 2 values at least, got 1");
    expect(() => changePoints([1, 2], { penalty: -1 })).toThrow("changePoints: penalty must be ≥ 0, got -1");
    expect(() => changePoints([1, 2], { most: 1 })).toThrow('most needs method "binary"');
    expect(() => changePoints([1, 2], { method: "dynp" as never })).toThrow("method must be pelt or binary, got dynp");
    expect(() => changePoints([1, 2], { change: "normal", minSize: 1 })).toThrow("minSize must be a whole number ≥ 2, got 1");
  });
});

/** The least cost with penalties over all segmentations: optimal partitioning without any pruning, costs from their definition. */
function bestTotal(y: Float64Array, change: "mean" | "normal", penalty: number, minSize: number): number {
  const cost = (begin: number, end: number): number => segmentCost(y.slice(begin, end), change, 0.01)(0, end - begin);
  const best = [-penalty];
  for (let end = 1; end <= y.length; end++) {
    best[end] = Infinity;
    for (let begin = 0; begin <= end - minSize; begin++)
      best[end] = Math.min(best[end]!, best[begin]! + cost(begin, end) + penalty);
  }
  return best[y.length]!;
}
