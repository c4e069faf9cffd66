import { compareProfiles, random, table } from "assay";
import fc from "fast-check";
import { expect, test } from "vitest";
import { binFinder, binsOf } from "./drift-bins.ts";
import { measureDrift } from "./drift-measures.ts";
import { sketchOf, sumSketches } from "./monitor-sketch.ts";
import type { LoggedPrediction } from "./prediction-log.ts";

function countsIn(bins: ReturnType<typeof binsOf>, cells: readonly (number | string | null)[]): number[] {
  const counts = new Array<number>(bins.counts.length).fill(0);
  const find = binFinder(bins);
  for (const cell of cells) counts[find(cell)]!++;
  return counts;
}

function normal(n: number, mean: number, seed: number): number[] {
  const draw = random(seed, "normal");
  return Array.from({ length: n }, () => mean + draw.normal());
}

test("the index over counts in fifty bins is that of the values themselves", () => {
  const [before, after] = [normal(5000, 0, 1), normal(3000, 0.4, 2)];
  const bins = binsOf("x", "number", before, 50);
  const drift = measureDrift(bins, countsIn(bins, after));
  const { psi, ks } = compareProfiles(table({ x: before }), table({ x: after })).columns[0]!;
  expect(drift.psi).toBeCloseTo(psi!, 12);
  expect(Math.abs(drift.statistic! - ks!.distance)).toBeLessThan(0.02);
});

test("the index of categories is that of the values themselves", () => {
  const before = ["a", "a", "b", "c", null, "a", "b"];
  const after = ["a", "b", "b", "z", null, null];
  const bins = binsOf("c", "category", before, 50);
  const { psi } = compareProfiles(table({ c: before }), table({ c: after })).columns[0]!;
  expect(measureDrift(bins, countsIn(bins, after)).psi).toBeCloseTo(psi!, 12);
});

test("χ² of categories is Pearson's, by hand", () => {
  const bins = { name: "c", kind: "category" as const, levels: ["a", "b"], counts: [30, 10, 0, 0] };
  const { statistic, p_value } = measureDrift(bins, [20, 20, 0, 0]);
  expect(statistic).toBeCloseTo(16 / 3, 12); // two rows of 40: expected 25, 15
  expect(p_value).toBeCloseTo(0.020921, 5);
});

test("a moved column is told, one of the same law is not", () => {
  const bins = binsOf("x", "number", normal(5000, 0, 1), 50);
  expect(measureDrift(bins, countsIn(bins, normal(2000, 1, 3))).verdict).toBe("moved");
  expect(measureDrift(bins, countsIn(bins, normal(2000, 0, 4))).verdict).toBe("steady");
});

test("few rows of the same law are steady, though their index is large", () => {
  const bins = binsOf("x", "number", normal(5000, 0, 1), 50);
  const drift = measureDrift(bins, countsIn(bins, normal(10, 0, 5)));
  expect(drift.psi!).toBeGreaterThan(0.25);
  expect(drift.verdict).toBe("steady");
});

test("a column that is missing more often has moved", () => {
  const cells = normal(1000, 0, 6);
  const bins = binsOf("x", "number", cells, 50);
  const drift = measureDrift(
    bins,
    countsIn(
      bins,
      cells.map((cell, i) => (i % 2 ? null : cell)),
    ),
  );
  expect([drift.verdict, drift.missing[1]]).toEqual(["moved", 0.5]);
});

test("a column without one known cell, and a window without rows, have no verdict that misleads", () => {
  const bins = binsOf("x", "number", [null, null], 50);
  expect(measureDrift(bins, [0, 2]).verdict).toBe("steady");
  expect(measureDrift(bins, [0, 0]).verdict).toBe("unknown");
});

test("values of a category that the reference has not are counted as other", () => {
  const bins = binsOf("c", "category", ["a", "b"], 50);
  expect(measureDrift(bins, countsIn(bins, ["z", "z", "a", "b"])).other).toEqual([0, 0.5]);
});

test("every number falls into one bin, and larger ones into no earlier bin", () => {
  const bins = binsOf("x", "number", normal(500, 0, 7), 50);
  const find = binFinder(bins);
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map(find) as [number, number];
      expect(low).toBeLessThanOrEqual(high);
      expect(high).toBeLessThan(bins.counts.length - 1);
    }),
  );
});

test("sketches merged in any order are the sketch of all rows", () => {
  const columns = [binsOf("x", "number", normal(100, 0, 8), 10), binsOf("c", "category", ["a", "b"], 10)];
  const profile = { columns, prediction: binsOf("y", "category", ["yes", "no"], 10) };
  const cell = fc.oneof(fc.double({ noNaN: true }), fc.constant(null));
  const prediction = fc
    .record({
      rows: fc.array(fc.tuple(cell, fc.constantFrom("a", "b", "z", null)), { minLength: 1, maxLength: 5 }),
      source: fc.constantFrom("advanced", "basic", "emergency"),
      latencyMs: fc.integer({ min: 0, max: 100 }),
    })
    .map(
      ({ rows, ...rest }) =>
        ({
          ...rest,
          rows,
          rowCount: rows.length,
          columns: ["x", "c"],
          prediction: rows.map(() => "yes"),
        }) as unknown as LoggedPrediction,
    );
  fc.assert(
    fc.property(fc.array(prediction, { minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: 12 }), (all, cut) => {
      const whole = sketchOf(all, profile);
      const [a, b] = [sketchOf(all.slice(0, cut), profile), sketchOf(all.slice(cut), profile)];
      expect(sumSketches([b, a])).toEqual(whole);
      expect(sumSketches(all.map((one) => sketchOf([one], profile)))).toEqual(whole);
    }),
  );
});
