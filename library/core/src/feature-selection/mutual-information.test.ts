import { expect, test } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { digammas, informationOfClasses, informationOfNumbers } from "./mutual-information.ts";
import { kthDistances } from "./nearest-in-plane.ts";

const still = (): void => {};

/** The plain twin: every pair measured. */
function plainKthDistances(x: Float64Array, y: Float64Array, k: number): Float64Array {
  return x.map((_, i) => {
    const others = Array.from(x.keys()).filter((j) => j !== i);
    const distances = Float64Array.from(others, (j) => Math.max(Math.abs(x[j]! - x[i]!), Math.abs(y[j]! - y[i]!)));
    return distances.sort()[k - 1]!;
  });
}

test("the tree finds the distances that measuring every pair finds, equal points too", () => {
  const draw = random(2, "plane");
  for (const [n, k, digits] of [
    [2, 1, 9],
    [9, 3, 9],
    [200, 5, 9],
    [300, 3, 1],
    [150, 4, 0],
  ] as const) {
    const column = () => Float64Array.from({ length: n }, () => Number(draw.normal().toFixed(digits)));
    const [x, y] = [column(), column()];
    expect(kthDistances(x, y, k, still)).toEqual(plainKthDistances(x, y, k));
  }
});

test("ψ of whole numbers is minus Euler's constant and the harmonic numbers", () => {
  const psi = digammas(4);
  expect(psi[1]).toBeCloseTo(-0.577_215_664_901_532_9, 15);
  expect(psi[4]! - psi[1]!).toBeCloseTo(1 + 1 / 2 + 1 / 3, 15);
});

test("of values as they are, ties among them, the estimators are scikit-learn's", () => {
  const { ties, rounded, label, ...wanted } = fixture<{
    ties: number[];
    rounded: number[];
    label: number[];
    tiesOfNumber: number;
    tiesOfLabel: number;
  }>(import.meta.url, "mutual-information");
  expect(informationOfNumbers(Float64Array.from(ties), Float64Array.from(rounded), 3, still)).toBeCloseTo(
    wanted.tiesOfNumber,
    12,
  );
  expect(informationOfClasses(Float64Array.from(ties), Int32Array.from(label), 3, 3, still)).toBeCloseTo(wanted.tiesOfLabel, 12);
});
