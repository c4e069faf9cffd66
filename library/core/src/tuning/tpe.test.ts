import { describe, expect, it } from "vitest";
import { random } from "../numeric/random.ts";
import { fixture } from "../testing/fixture.ts";
import { createStudy } from "./create-study.ts";
import type { Space } from "./distribution.ts";
import { history } from "./history.ts";
import { contributions, referencePoint } from "./hypervolume.ts";
import { lossesOf } from "./pareto.ts";
import { ParzenEstimator, weightsByAge } from "./parzen.ts";
import { NumberKernels } from "./parzen-kernels.ts";
import { splitTrials } from "./split-trials.ts";
import type { Direction, TrialRecord } from "./storage.ts";
import { goodTrials, tpe } from "./tpe-sampler.ts";

interface ParzenCase {
  readonly name: string;
  readonly space: Space;
  readonly options: { prior_weight: number; consider_magic_clip: boolean; consider_endpoints: boolean; multivariate: boolean };
  readonly observations: readonly number[][];
  readonly points: readonly number[][];
  readonly weights: readonly number[];
  readonly kernels: readonly ({ readonly mus: readonly number[]; readonly sigmas: readonly number[] } | null)[];
  readonly log_pdf: readonly number[];
}

function estimatorOf({ space, options, observations }: ParzenCase): ParzenEstimator {
  return new ParzenEstimator(
    observations.map((values) => Float64Array.from(values)),
    Object.values(space),
    {
      priorWeight: options.prior_weight,
      magicClip: options.consider_magic_clip,
      considerEndpoints: options.consider_endpoints,
      multivariate: options.multivariate,
    },
  );
}

describe("ParzenEstimator", () => {
  const cases = fixture<ParzenCase[]>(import.meta.url, "parzen");

  it("has Optuna's weights, centres and widths", () => {
    for (const each of cases) {
      const estimator = estimatorOf(each);
      expect(estimator.weights.length).toBe(each.observations[0]!.length + 1);
      closeTo(estimator.weights.slice(-2), each.weights, each.name);
      for (const [j, kernels] of estimator.params.entries())
        if (kernels instanceof NumberKernels) {
          closeTo(kernels.mus.slice(-2), each.kernels[j]!.mus, each.name);
          closeTo(kernels.sigmas.slice(-2), each.kernels[j]!.sigmas, each.name);
        }
    }
  });

  it("has Optuna's log density", () => {
    for (const each of cases) {
      const estimator = estimatorOf(each);
      const found = each.log_pdf.map((_, k) => estimator.logDensity(Float64Array.from(each.points, (values) => values[k]!)));
      closeTo(found, each.log_pdf, each.name);
    }
  });

  it("draws from the density that it tells", () => {
    for (const each of cases.filter(({ name }) => ["choices of 9", "int of 9", "step of 9"].includes(name))) {
      const estimator = estimatorOf(each);
      const draw = random(1, "draws");
      const counts = new Map<number, number>();
      const n = 20_000;
      for (let k = 0; k < n; k++) {
        const code = estimator.sample(draw)[0]!;
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
      for (const [code, count] of counts) {
        const share = Math.exp(estimator.logDensity(Float64Array.of(code)));
        expect(Math.abs(count / n - share), `${each.name}: ${code}`).toBeLessThan(5 * Math.sqrt(share / n) + 1e-3);
      }
    }
  });
});

describe("splitTrials", () => {
  interface SplitCase {
    readonly directions: readonly Direction[];
    readonly trials: readonly TrialRecord[];
    readonly count: number;
    readonly below: readonly number[];
    readonly weights: readonly number[] | null;
  }
  const cases = fixture<SplitCase[]>(import.meta.url, "split-trials");
  const split = ({ directions, trials, count }: SplitCase) => {
    const known = history("split", directions);
    for (const trial of trials) known.put(trial);
    return splitTrials(known, count);
  };

  it("puts Optuna's trials below, of one objective and of several", () => {
    for (const each of cases) expect(split(each).below.map(({ number }) => number)).toEqual(each.below);
  });

  it("gives every trial to one side, in the order of numbers", () => {
    for (const each of cases) {
      const { below, above } = split(each);
      const numbers = [...below, ...above].map(({ number }) => number);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(each.trials.map(({ number }) => number));
      expect(above.map(({ number }) => number)).toEqual(above.map(({ number }) => number).toSorted((a, b) => a - b));
    }
  });

  it("weighs the good trials of several objectives by what they add, as Optuna does", () => {
    for (const { directions, trials, below, weights } of cases) {
      if (!weights || below.length < 2) continue;
      const losses = lossesOf(
        below.map((number) => trials[number]!.values!),
        directions,
      );
      const added = contributions(losses, referencePoint(losses));
      const most = Math.max(...added);
      closeTo(
        added.map((each) => Math.max(1e-12, each / most)),
        weights,
        directions.join(),
      );
    }
  });
});

describe("tpe", () => {
  const oracle = fixture<Record<string, unknown>>(import.meta.url, "default-sampler");

  it("has Optuna's defaults", () => {
    expect(tpe().options).toMatchObject({
      startupTrials: oracle["startup"],
      eiCandidates: oracle["candidates"],
      priorWeight: oracle["prior_weight"],
      magicClip: oracle["magic_clip"],
      considerEndpoints: oracle["endpoints"],
      multivariate: oracle["multivariate"],
      group: oracle["group"],
    });
    expect((oracle["gamma"] as number[]).map((_, k) => goodTrials(7 * k))).toEqual(oracle["gamma"]);
    closeTo(weightsByAge(40), oracle["weights"] as number[], "weights");
  });

  it("gives the same trials for the same seed, and others for another", async () => {
    const run = async (seed: number) => {
      const study = await createStudy({ sampler: tpe({ seed }) });
      await study.optimize(
        (trial) =>
          trial.suggestFloat("x", -5, 5) ** 2 +
          trial.suggestInt("k", 1, 9) +
          (trial.suggestCategorical("c", ["a", "b"]) === "a" ? 1 : 0),
        { trials: 30 },
      );
      return study.trials.map(({ params }) => params);
    };
    expect(await run(3)).toEqual(await run(3));
    expect(await run(4)).not.toEqual(await run(3));
  });

  it("a study that was stopped goes on as if it had not been", async () => {
    const run = async (parts: readonly number[]) => {
      const study = await createStudy({ sampler: tpe({ seed: 5 }) });
      for (const trials of parts) await study.optimize((trial) => trial.suggestFloat("x", -5, 5) ** 2, { trials });
      return study.trials.map(({ params }) => params);
    };
    expect(await run([9, 11, 5])).toEqual(await run([25]));
  });

  it("models parameters together, and those of each branch apart", async () => {
    for (const options of [{ multivariate: true }, { multivariate: true, group: true }]) {
      const study = await createStudy({ sampler: tpe({ seed: 1, ...options }) });
      await study.optimize(
        (trial) => {
          const kind = trial.suggestCategorical("kind", ["line", "curve"]);
          const x = trial.suggestFloat("x", -1, 1);
          return kind === "line" ? Math.abs(x) : x * x + trial.suggestFloat("bend", 0, 1);
        },
        { trials: 40 },
      );
      expect(study.trials.every(({ state }) => state === "completed")).toBe(true);
      expect(study.best.value).toBeLessThan(0.05);
    }
  });

  it("keeps parallel trials apart", async () => {
    const spread = async (constantLiar: boolean): Promise<number> => {
      const study = await createStudy({ sampler: tpe({ seed: 2, constantLiar }) });
      await study.optimize((trial) => trial.suggestFloat("x", 0, 10) ** 2, { trials: 30 });
      const asked = [];
      for (let k = 0; k < 8; k++) asked.push(await study.ask({ x: { type: "float", low: 0, high: 10 } }));
      return new Set(asked.map(({ params }) => Math.round(10 * (params["x"] as number)))).size;
    };
    expect(await spread(true)).toBeGreaterThanOrEqual(await spread(false));
  });

  it("takes observations that a later range does not hold as absent", async () => {
    const study = await createStudy({ sampler: tpe({ seed: 1 }) });
    await study.optimize((trial) => trial.suggestFloat("x", 10, 20), { trials: 15 });
    await study.optimize((trial) => trial.suggestFloat("x", 0, 5), { trials: 15 });
    expect(study.trials.every(({ state }) => state === "completed")).toBe(true);
  });

  it("survives values of ±Infinity", async () => {
    const study = await createStudy({ sampler: tpe({ seed: 1 }) });
    await study.optimize((trial) => (trial.suggestFloat("x", -1, 1) > 0 ? Infinity : -Infinity), { trials: 25 });
    expect(study.best.value).toBe(-Infinity);
  });

  it("refuses options that it has not, or out of range", () => {
    expect(() => tpe({ startupTrial: 3 } as never)).toThrow("tpe: no option startupTrial, did you mean startupTrials");
    expect(() => tpe({ eiCandidates: 0 })).toThrow("tpe: eiCandidates must be a whole number ≥ 1, got 0");
    expect(() => tpe({ group: true })).toThrow("tpe: group must go with multivariate: true");
    expect(() => tpe({ seed: -1 })).toThrow("tpe: seed must be a whole number ≥ 0, got -1");
  });
});

/** Equal to 1e-9 of the larger, or of 1. */
function closeTo(found: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  expect(found.length, what).toBe(wanted.length);
  for (let k = 0; k < wanted.length; k++)
    expect(Math.abs(found[k]! - wanted[k]!), `${what}, place ${k}: ${found[k]} of ${wanted[k]}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(wanted[k]!)),
    );
}
