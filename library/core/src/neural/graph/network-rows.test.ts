import { expect, test } from "vitest";
import { scalesOf } from "./network-rows.ts";

test("a column that is constant but for the rounding of its mean is scaled by 1", () => {
  const rows = 41;
  const data = Float64Array.from({ length: 2 * rows }, (_, k) => (k % 2 ? k : Math.log10(5500)));
  const { center, spread } = scalesOf(
    { rows, columns: 2, data },
    Uint32Array.from({ length: rows }, (_, i) => i),
    Int32Array.of(0, 1),
  );
  expect(center[0]).toBeCloseTo(Math.log10(5500), 12);
  expect(spread[0]).toBe(1);
  expect(spread[1]).toBeGreaterThan(10);
});
