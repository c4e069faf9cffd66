import { describe, expect, it } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { logNormalMass, logNormalShare, normalShare } from "./erfc.ts";

interface Oracle {
  readonly z: readonly number[];
  readonly share: readonly number[];
  readonly log_share: readonly number[];
  readonly masses: readonly (readonly [number, number])[];
  readonly log_mass: readonly number[];
}

const oracle = fixture<Oracle>(import.meta.url, "normal-share");

describe("the normal distribution's tails", () => {
  it("normalShare equals scipy's ndtr to 1e-13 of it, far into the left tail", () => {
    for (const [k, z] of oracle.z.entries()) expect(Math.abs(normalShare(z) / oracle.share[k]! - 1), `${z}`).toBeLessThan(1e-13);
  });

  it("logNormalShare equals scipy's log_ndtr", () => {
    for (const [k, z] of oracle.z.entries()) {
      const wanted = oracle.log_share[k]!;
      expect(Math.abs(logNormalShare(z) - wanted), `${z}`).toBeLessThan(1e-13 * Math.abs(wanted) + 1e-300);
    }
  });

  it("logNormalMass keeps its digits where the shares of both ends are nearly equal", () => {
    for (const [k, [a, b]] of oracle.masses.entries())
      expect(Math.abs(logNormalMass(a, b) - oracle.log_mass[k]!), `${a} … ${b}`).toBeLessThan(
        1e-12 * Math.abs(oracle.log_mass[k]!),
      );
  });

  it("is whole, half and nothing at the ends and the middle", () => {
    expect([normalShare(Infinity), normalShare(0), normalShare(-Infinity)]).toEqual([1, 0.5, 0]);
  });
});
