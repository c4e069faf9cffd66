import { expect, test } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { incompleteBeta, logChiSquareTail, logFTail, logGamma } from "./special-functions.ts";

interface Oracle {
  readonly gamma: readonly (readonly [number, number])[];
  readonly chi: readonly (readonly [number, number, number])[];
  readonly f: readonly (readonly [number, number, number, number])[];
  readonly beta: readonly (readonly [number, number, number, number])[];
}
const oracle = fixture<Oracle>(import.meta.url, "special-functions");

const near = (got: number, wanted: number, tolerance: number, what: string): void =>
  expect(Math.abs(got - wanted), what).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));

test("ln Γ is scipy's", () => {
  for (const [x, wanted] of oracle.gamma) near(logGamma(x), wanted, 1e-13, `x ${x}`);
});

test("the incomplete beta function is scipy's", () => {
  for (const [x, a, b, wanted] of oracle.beta) near(incompleteBeta(x, a, b), wanted, 1e-11, `x ${x}, a ${a}, b ${b}`);
});

test("tails of χ² are scipy's, also where the share itself is 0", () => {
  for (const [x, df, wanted] of oracle.chi) near(logChiSquareTail(x, df), wanted, 1e-10, `x ${x}, df ${df}`);
});

test("tails of F are scipy's, also where the share itself is 0", () => {
  for (const [f, d1, d2, wanted] of oracle.f) near(logFTail(f, d1, d2), wanted, 1e-10, `f ${f}, df ${d1}, ${d2}`);
});

test("a tail from nothing on is everything, from everything on nothing", () => {
  expect([logChiSquareTail(0, 3), logFTail(0, 2, 5)]).toEqual([0, 0]);
  expect([logChiSquareTail(Infinity, 3), logFTail(Infinity, 2, 5)]).toEqual([-Infinity, -Infinity]);
  expect(logChiSquareTail(Number.NaN, 3)).toBeNaN();
});
