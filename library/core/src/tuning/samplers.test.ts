import { describe, expect, it } from "vitest";
import { createStudy } from "./create-study.ts";
import { crowdingDistances } from "./crowding.ts";
import { gridSampler } from "./grid-sampler.ts";
import { nsga2 } from "./nsga2-sampler.ts";
import { qmcSampler } from "./qmc-sampler.ts";
import { randomSampler } from "./random-sampler.ts";

describe("gridSampler", () => {
  it("holds every choice and step, and so many points of a range, evenly on its scale", async () => {
    const sampler = gridSampler({
      space: {
        c: { type: "float", low: 0.01, high: 100, log: true },
        kind: { type: "categorical", choices: ["a", "b"] },
        k: { type: "int", low: 10, high: 30, step: 10 },
      },
      points: 3,
    });
    expect(sampler.size).toBe(18);
    const study = await createStudy({ sampler });
    await study.optimize(() => 1, { space: sampler.options["space"] as never, total: 18 });
    expect(new Set(study.trials.map(({ params }) => Number((params["c"] as number).toPrecision(6))))).toEqual(
      new Set([0.01, 1, 100]),
    );
    expect(new Set(study.trials.map(({ params }) => JSON.stringify(params))).size).toBe(18);
  });

  it("leaves out parameters that do not apply", () => {
    const space = {
      kernel: { type: "categorical", choices: ["rbf", "poly"] },
      degree: { type: "int", low: 2, high: 4, when: { kernel: "poly" } },
    } as const;
    expect(gridSampler({ space }).size).toBe(4);
  });

  it("refuses a grid that nobody can walk", () => {
    const wide = Object.fromEntries([..."abcdefgh"].map((name) => [name, { type: "int", low: 1, high: 10, step: 1 }] as const));
    expect(() => gridSampler({ space: wide })).toThrow("gridSampler: space must have at most 100000 combinations");
  });
});

describe("randomSampler", () => {
  it("a value depends on seed, trial and name only", async () => {
    const run = async (names: readonly string[]) => {
      const study = await createStudy({ sampler: randomSampler({ seed: 9 }) });
      await study.optimize((trial) => names.reduce((sum, name) => sum + trial.suggestFloat(name, 0, 1), 0), { trials: 3 });
      return study.trials.map(({ params }) => params["b"]);
    };
    expect(await run(["a", "b"])).toEqual(await run(["b", "c"]));
  });
});

describe("qmcSampler", () => {
  it("fills the space more evenly than chance", async () => {
    const occupied = async (sampler: "qmc" | "random") => {
      const study = await createStudy({ sampler: { name: sampler, seed: 3 } });
      await study.optimize((trial) => trial.suggestFloat("x", 0, 8) + trial.suggestFloat("y", 0, 8), { trials: 65 });
      return new Set(
        study.trials.slice(1).map(({ params }) => `${Math.floor(params["x"] as number)} ${Math.floor(params["y"] as number)}`),
      ).size;
    };
    expect(await occupied("qmc")).toBeGreaterThan(await occupied("random"));
    expect(qmcSampler().options).toEqual({ seed: 42 });
  });
});

describe("nsga2", () => {
  it("a generation begins when the one before has its size", async () => {
    const study = await createStudy({ directions: ["minimize", "maximize"], sampler: nsga2({ populationSize: 4 }) });
    await study.optimize((trial) => [trial.suggestFloat("x", 0, 1), trial.suggestFloat("y", 0, 1)], { trials: 10 });
    expect(study.trials.map(({ attributes }) => attributes["generation"])).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
  });

  it("children have their parents' values where nothing mutates", async () => {
    const study = await createStudy({
      directions: ["minimize", "minimize"],
      sampler: nsga2({ populationSize: 5, mutationProbability: 0 }),
    });
    await study.optimize((trial) => [trial.suggestFloat("x", 0, 1), trial.suggestFloat("y", 0, 1)], { trials: 20 });
    const first = study.trials.slice(0, 5);
    for (const { params } of study.trials.slice(5))
      for (const name of ["x", "y"]) expect(first.map((parent) => parent.params[name])).toContain(params[name]);
  });

  it("refuses probabilities beyond 1", () => {
    expect(() => nsga2({ crossoverProbability: 1.5 })).toThrow(
      "nsga2: crossoverProbability must be a number from 0 to 1, got 1.5",
    );
  });
});

describe("crowdingDistances", () => {
  it("is infinite at the ends, and the neighbours' gap within", () => {
    const points = [
      [0, 4],
      [1, 2],
      [2, 1],
      [4, 0],
    ];
    expect([...crowdingDistances(points)]).toEqual([Infinity, 2 / 4 + 3 / 4, 3 / 4 + 2 / 4, Infinity]);
  });

  it("is 0 where all are equal", () => {
    expect([...crowdingDistances([[1], [1], [1]])]).toEqual([0, 0, 0]);
  });
});
