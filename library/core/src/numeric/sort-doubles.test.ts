import { expect, test } from "vitest";
import { random } from "./random.ts";
import { sortDoubles } from "./sort-doubles.ts";

test("orders few and many doubles as Float64Array.sort does", () => {
  const draw = random(1, "sort-doubles");
  for (const n of [0, 1, 100, 20_000]) {
    const odd = [0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1e308, -1e308];
    const values = Float64Array.from({ length: n }, () => (draw.int(9) ? draw.normal() * 10 ** draw.int(5) : odd[draw.int(8)]!));
    expect(sortDoubles(values.slice())).toEqual(values.slice().sort());
  }
});
