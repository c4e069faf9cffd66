import { describe, expect, it } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { chooseSpread, hypervolume, referencePoint } from "./hypervolume.ts";
import { dominates, lossesOf, paretoFront, paretoRanks } from "./pareto.ts";
import type { Direction } from "./storage.ts";

interface Case {
  readonly points: readonly number[][];
  readonly reference: readonly number[];
  readonly volume: number;
  readonly chosen: readonly number[];
}

const cases = fixture<Case[]>(import.meta.url, "hypervolume");

describe("hypervolume", () => {
  it("equals Optuna's in two, three and four losses", () => {
    for (const { points, reference, volume } of cases) expect(hypervolume(points, reference)).toBeCloseTo(volume, 10);
  });

  it("is measured to Optuna's reference point", () => {
    for (const { points, reference } of cases) expect(referencePoint(points)).toEqual(reference);
  });

  it("is infinite where the reference point is", () => {
    expect(hypervolume([[1, Infinity]], [2, Infinity])).toBe(Infinity);
  });
});

describe("chooseSpread", () => {
  it("chooses Optuna's points", () => {
    for (const { points, reference, chosen } of cases)
      expect(chooseSpread(points, chosen.length, reference).toSorted((a, b) => a - b)).toEqual(chosen);
  });

  it("takes equal points again only where there are too few", () => {
    const points = [
      [1, 1],
      [1, 1],
      [0, 2],
    ];
    expect(chooseSpread(points, 2, [3, 3]).toSorted()).toEqual([0, 2]);
    expect(chooseSpread(points, 3, [3, 3]).toSorted()).toEqual([0, 1, 2]);
  });
});

describe("paretoFront", () => {
  it("keeps what no other point dominates, whatever the number of objectives", () => {
    const draw = random(1, "front");
    for (const m of [1, 2, 3]) {
      const directions = Array.from({ length: m }, (_, k): Direction => (k % 2 === 0 ? "minimize" : "maximize"));
      const points = Array.from({ length: 60 }, () => directions.map(() => draw.int(8)));
      const losses = lossesOf(points, directions);
      const plain = losses.flatMap((loss, k) => (losses.some((other) => dominates(other, loss)) ? [] : [k]));
      expect(paretoFront(points, directions)).toEqual(plain);
    }
  });

  it("is rank 0, and each rank is the front of what is left", () => {
    const draw = random(2, "ranks");
    const losses = Array.from({ length: 50 }, () => [draw.int(9), draw.int(9), draw.int(9)]);
    const ranks = paretoRanks(losses);
    let left = losses.map((_, k) => k);
    for (let rank = 0; left.length > 0; rank++) {
      const front = paretoFront(
        left.map((k) => losses[k]!),
        ["minimize", "minimize", "minimize"],
      ).map((at) => left[at]!);
      expect(front).toEqual(left.filter((k) => ranks[k] === rank));
      left = left.filter((k) => ranks[k] !== rank);
    }
  });
});
