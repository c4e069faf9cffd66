import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limbDarkening } from "./limb-darkening.ts";
import { curvePoints, type TransitSignal, transitCurve, transitCurves, transitPhases, transitShape } from "./transit-curve.ts";
import { transitFlux } from "./transit-flux.ts";

const fixture = <T>(name: string): T => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));

const signal: TransitSignal = { periodDays: 3.5, durationHours: 2.8, depthPpm: 9000, impact: 0.3, steff: 5500, slogg: 4.4 };

/** Light lost by rings: the disc of the star cut into 20,000 rings, of each the arc that the planet covers. */
function fluxByRings(z: number, p: number, u1: number, u2: number): number {
  const rings = 20_000;
  let lost = 0;
  let whole = 0;
  for (let k = 0; k < rings; k++) {
    const r = (k + 0.5) / rings;
    const shade = 1 - Math.sqrt(1 - r * r);
    const light = (1 - u1 * shade - u2 * shade * shade) * r;
    const cosine = (r * r + z * z - p * p) / (2 * r * z);
    const covered = z + p <= r || r + p <= z ? 0 : cosine <= -1 ? 1 : Math.acos(Math.min(1, cosine)) / Math.PI;
    lost += light * (r + z <= p ? 1 : covered);
    whole += light;
  }
  return 1 - lost / whole;
}

describe("the light behind a disc", () => {
  test("agrees with batman to 2e-7", () => {
    const { z, p, u1, u2, flux } = fixture<Record<"z" | "p" | "u1" | "u2" | "flux", number[]>>("transit-flux");
    const worst = Math.max(...z.map((at, k) => Math.abs(transitFlux(at, p[k]!, u1[k]!, u2[k]!) - flux[k]!)));
    expect(worst).toBeLessThan(2e-7);
  });

  test.each([
    [0.5, 0.5],
    [0.9, 0.1],
    [0.1, 0.1],
    [1.2, 1.2],
    [0.7, 0.3],
  ])("is that of the rings where batman fails: z = %d, p = %d", (z, p) => {
    expect(transitFlux(z, p, 0.4, 0.25)).toBeCloseTo(fluxByRings(z, p, 0.4, 0.25), 5);
  });

  test("of a star without darkening is one less the covered area", () => {
    expect(transitFlux(0.2, 0.1, 0, 0)).toBeCloseTo(1 - 0.01, 14);
    expect(transitFlux(1, 1, 0, 0)).toBeCloseTo(1 - (2 * Math.acos(0.5) - Math.sin(2 * Math.acos(0.5))) / Math.PI, 6);
  });

  test("is all of it when the discs stand apart, and none when the star is covered", () => {
    expect([transitFlux(1.2, 0.2, 0.4, 0.2), transitFlux(0.1, 1.2, 0.4, 0.2), transitFlux(0.5, 0, 0.4, 0.2)]).toEqual([1, 0, 1]);
  });
});

describe("a transit curve", () => {
  test("agrees with batman's orbits to 5e-7", () => {
    type Orbit = { signal: TransitSignal; radiusRatio: number; points: number[]; flux: number[] };
    for (const { signal, radiusRatio, points, flux } of fixture<Orbit[]>("transit-orbits")) {
      const curve = transitCurve(signal);
      expect(transitShape(signal).radiusRatio).toBeCloseTo(radiusRatio, 4);
      expect(Math.max(...points.map((point, k) => Math.abs(curve[point]! - flux[k]!)))).toBeLessThan(5e-7);
    }
  });

  test("is as deep in the middle as its depth says", () => {
    for (const [depthPpm, impact] of [
      [80, 0],
      [9000, 0.3],
      [3000, 0.99],
      [500, 1.02],
      [400_000, 0.5],
      [999_500, 0.1],
    ] as const) {
      const curve = transitCurve({ ...signal, depthPpm, impact });
      expect(1 - curve[1000]!).toBeCloseTo(Math.min(depthPpm, 999_000) / 1e6, 9);
    }
  });

  test("leaves 1 at first contact and is whole again at last contact", () => {
    const curve = transitCurve(signal);
    const half = signal.durationHours / 24 / signal.periodDays / 2;
    for (const [i, phase] of transitPhases().entries()) expect(curve[i]! < 1).toBe(Math.abs(phase) < half);
  });

  test("has its second contact where the star's edge lets the whole disc in", () => {
    const { fullDuty, duty, radiusRatio, u1, u2 } = transitShape(signal);
    const z2 =
      signal.impact ** 2 +
      ((1 + radiusRatio) ** 2 - signal.impact ** 2) * (Math.sin(Math.PI * fullDuty) / Math.sin(Math.PI * duty)) ** 2;
    expect(Math.sqrt(z2)).toBeCloseTo(1 - radiusRatio, 12);
    expect(transitFlux(Math.sqrt(z2), radiusRatio, u1, u2)).toBeLessThan(1);
  });

  test("that grazes has no second contact", () => {
    expect(transitShape({ ...signal, impact: 1.05 }).fullDuty).toBe(0);
  });

  test("is symmetric and has 2,001 points", () => {
    const curve = transitCurve(signal);
    expect(curve.length).toBe(curvePoints);
    expect(curve.toReversed()).toEqual(curve);
  });

  test("without limb darkening would have a flat bottom; with it the middle is deepest", () => {
    const curve = transitCurve({ ...signal, impact: 0 });
    const bottom = [...curve].filter((flux) => flux < 0.9915);
    expect(new Set(bottom).size).toBeGreaterThan(100);
    expect(Math.min(...curve)).toBe(curve[1000]);
  });

  test("drawn with others is the same to single precision", () => {
    const both = transitCurves([signal, { ...signal, impact: 0.8 }]);
    expect(both.subarray(curvePoints)).toEqual(Float32Array.from(transitCurve({ ...signal, impact: 0.8 })));
  });

  test.each([
    [{ periodDays: -3 }, "transit curve: periodDays must be > 0, got -3"],
    [{ impact: -0.1 }, "transit curve: impact must be ≥ 0, got -0.1"],
    [{ depthPpm: Number.NaN }, "transit curve: depthPpm must be > 0, got NaN"],
    [{ durationHours: 60 }, "transit curve: a transit of 60 h is no part of a period of 3.5 days"],
  ])("of no orbit is refused: %o", (change, message) => {
    expect(() => transitCurve({ ...signal, ...change })).toThrow(message);
  });

  test("of no orbit is named by its row among others", () => {
    expect(() => transitCurves([signal, { ...signal, durationHours: -1 }])).toThrow("got -1 in row 1");
  });
});

describe("limb darkening", () => {
  test("at a knot is the grid's, between knots between them, outside the nearest", () => {
    expect(limbDarkening(5500, 4)).toEqual({ u1: 0.448, u2: 0.236 });
    expect(limbDarkening(5250, 4).u1).toBeCloseTo((0.563 + 0.448) / 2, 12);
    expect(limbDarkening(50_000, 9)).toEqual(limbDarkening(10_000, 5));
    expect(limbDarkening(2000, 0)).toEqual(limbDarkening(3500, 2));
  });
});
