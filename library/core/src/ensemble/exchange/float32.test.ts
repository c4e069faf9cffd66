import { expect, test } from "vitest";
import { random } from "../../numeric/random.ts";
import { firstAbove, lastBelow } from "./float32.ts";

const draw = random(3, "float32");
const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

/** Floats of all sizes, and the ends of their range. */
function floats(): number[] {
  const drawn = Array.from({ length: 2000 }, () => {
    bits[0] = Math.floor(draw.float() * 2 ** 32);
    return asFloat[0]!;
  });
  const ends = [0, -0, 2 ** -149, -(2 ** -149), 2 ** -126, 3.4028234663852886e38, -3.4028234663852886e38, 1, -1, Infinity];
  return [...drawn.filter((value) => !Number.isNaN(value) && value !== -Infinity), ...ends];
}

/** The double next to another. */
function neighbour(value: number, direction: number): number {
  const step = Math.max(Math.abs(value) * 2 ** -53, Number.MIN_VALUE);
  return value + direction * step;
}

test("x ≤ lastBelow(t) where the 32-bit x < t, for every double x", () => {
  for (const t of floats()) {
    const last = lastBelow(t);
    const near = [
      t,
      last,
      neighbour(last, 1),
      neighbour(last, -1),
      t - Math.abs(t) * 2 ** -26,
      t + Math.abs(t) * 2 ** -26,
      0,
      -t,
    ];
    for (const x of near) if (Number.isFinite(x)) expect(x <= last, `${x} and ${t}`).toBe(Math.fround(x) < t);
  }
});

test("x < firstAbove(t) where x ≤ t, for every x of 32 bits", () => {
  for (const t of floats().filter(Number.isFinite)) {
    const threshold = t + draw.float() * Math.abs(t) * 2 ** -24;
    const above = firstAbove(threshold);
    for (const x of [Math.fround(threshold), t, -t, 0, Math.fround(t * (1 + 2 ** -23))])
      expect(x < above, `${x} and ${threshold}`).toBe(x <= threshold);
  }
});
