import { describe, expect, test } from "vitest";
import { random } from "../../numeric/random.ts";
import { firstState, type OptimizerParams, stepDown } from "./flat-optimizer.ts";
import { holdRows } from "./held-rows.ts";
import { afterPlateau, rateShare } from "./learning-rate.ts";
import { networkParams, type Schedule } from "./network-params.ts";
import { emptyTally, figuresOf, loseBatch, type Target } from "./output-losses.ts";

const { normal } = random(9, "training-parts");

describe("losses", () => {
  const { outputs } = networkParams().parse({
    outputs: {
      kind: { task: "classification", weight: 2 },
      square: { task: "regression" },
      huber: { task: "regression", loss: "huber", delta: 0.7, weight: 0.5 },
      plain: { task: "regression", loss: "mae" },
    },
  });
  const targets = outputs.map(
    (output, k): Target => ({
      output,
      units: k === 0 ? 3 : 1,
      values: Float64Array.from({ length: 4 }, (_, i) => (k === 0 ? i % 3 : normal())),
      classWeights: k === 0 ? Float64Array.of(1, 2, 0.5) : undefined,
      unscale: (value) => value,
      dex: undefined,
    }),
  );
  const weights = Float64Array.of(1, 0.5, 2, 1);
  const rows = Uint32Array.of(2, 0, 3);
  const stride = 6;
  const lossOf = (sums: Float32Array, slopes = new Float32Array(sums.length)): number => {
    const tallies = targets.map(emptyTally);
    let at = 0;
    for (const [k, target] of targets.entries()) {
      loseBatch(target, rows, weights, sums, slopes, stride, at, tallies[k]!);
      at += target.units;
    }
    return figuresOf(targets, tallies, "")["loss"]!;
  };

  test("have the derivatives of their differences", () => {
    const sums = Float32Array.from({ length: rows.length * stride }, normal);
    const slopes = new Float32Array(sums.length);
    lossOf(sums, slopes);
    for (let i = 0; i < sums.length; i++) {
      const [up, down] = [0.01, -0.01].map((step) => lossOf(sums.map((value, j) => (j === i ? value + step : value)))) as [
        number,
        number,
      ];
      expect(Math.abs((up - down) / 0.02 - slopes[i]!), `${i}`).toBeLessThan(2e-3);
    }
  });

  test("stay finite for sums of any size", () => {
    expect(Number.isFinite(lossOf(new Float32Array(rows.length * stride).fill(1e20)))).toBe(true);
  });
});

describe("the optimizer", () => {
  const params: OptimizerParams = { optimizer: "adam", momentum: 0.9, clipNorm: 0 };

  test("makes the steps of Adam", () => {
    const weights = Float32Array.of(1, -2);
    let state = firstState(2, params);
    let [w, m, v] = [1, 0, 0];
    for (let step = 1; step <= 20; step++) {
      const gradient = Float32Array.of(Math.sin(step), 0);
      state = stepDown(weights, gradient, 0.1, params, state);
      m = 0.9 * m + 0.1 * gradient[0]!;
      v = 0.999 * v + 0.001 * gradient[0]! * gradient[0]!;
      w -= (0.1 * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-7);
    }
    expect(weights[0]).toBeCloseTo(w, 4);
    expect(weights[1]).toBe(-2);
  });

  test.each(["adam", "sgd", "rmsprop"] as const)("finds the bottom of a bowl by %s", (optimizer) => {
    const weights = Float32Array.of(3, -1);
    let state = firstState(2, { ...params, optimizer });
    for (let step = 0; step < 6000; step++)
      state = stepDown(
        weights,
        weights.map((value, i) => (i + 1) * value),
        2e-3,
        { ...params, optimizer },
        state,
      );
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(0.01);
  });

  test("shortens a gradient to clipNorm", () => {
    const weights = Float32Array.of(0, 0);
    stepDown(
      weights,
      Float32Array.of(300, 400),
      1,
      { optimizer: "sgd", momentum: 0, clipNorm: 1 },
      firstState(2, { ...params, optimizer: "sgd" }),
    );
    expect([...weights]).toEqual([Math.fround(-0.6), Math.fround(-0.8)]);
  });
});

describe("learning rates", () => {
  const share = (schedule: Schedule, epoch: number, batch = 0): number => rateShare(schedule, epoch, batch, 10, 10, 1);

  test("step, cosine and one cycle go where they should", () => {
    expect([0, 1, 2, 5].map((epoch) => share({ kind: "step", every: 2, factor: 0.5 }, epoch))).toEqual([1, 1, 0.5, 0.25]);
    const cosine: Schedule = { kind: "cosine", warmUp: 0.1, final: 0.1 };
    expect(share(cosine, 0)).toBe(0);
    expect(share(cosine, 1)).toBeCloseTo(1, 12);
    expect(share(cosine, 10)).toBeCloseTo(0.1, 12);
    const cycle: Schedule = { kind: "onecycle", warmUp: 0.5, final: 0.01 };
    expect(share(cycle, 0)).toBeCloseTo(1 / 25, 12);
    expect(share(cycle, 5)).toBeCloseTo(1, 12);
    expect(share(cycle, 10)).toBeCloseTo(0.01, 12);
  });

  test("a plateau lowers the rate after its patience, again and again", () => {
    const schedule: Schedule = { kind: "plateau", factor: 0.5, patience: 1 };
    let rate = 1;
    const rates = [0, 1, 2, 3, 4, 0].map((idle) => (rate = afterPlateau(schedule, rate, idle)));
    expect(rates).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
  });
});

describe("rows held back", () => {
  const rows = Uint32Array.from({ length: 100 }, (_, i) => i);

  test("are of each class its share", () => {
    const classes = Array.from(rows, (i) => (i < 20 ? 1 : 0));
    const { known, held } = holdRows(rows, 0.25, 1, undefined, classes);
    expect([held.length, held.filter((i) => i < 20).length, known.length]).toEqual([25, 5, 75]);
  });

  test("are whole groups", () => {
    const groups = Array.from(rows, (i) => i % 10);
    const { known, held } = holdRows(rows, 0.25, 1, groups, undefined);
    const kept = new Set(Array.from(held, (i) => i % 10));
    expect(Array.from(known).some((i) => kept.has(i % 10))).toBe(false);
    expect(held.length).toBe(30);
  });

  test("must leave some", () => {
    expect(() => holdRows(rows.slice(0, 1), 0.4, 1, undefined, undefined)).toThrow(/must leave rows/);
  });
});
