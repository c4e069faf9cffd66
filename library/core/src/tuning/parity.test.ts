import { describe, expect, it } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { standardObjectives, zdt1 } from "../testing/standard-objectives.ts";
import { type Surface, surfaceObjective } from "../testing/tuning-surface.ts";
import { createStudy } from "./create-study.ts";
import { hypervolume } from "./hypervolume.ts";
import { nsga2 } from "./nsga2-sampler.ts";
import type { Objective } from "./optimize.ts";
import { tpe } from "./tpe-sampler.ts";

type Quartiles = readonly [first: number, median: number, third: number];

const quartiles = fixture<Record<string, Quartiles>>(import.meta.url, "optuna-quartiles");
const surfaces = fixture<Record<string, Surface>>(import.meta.url, "surfaces");
const objectives: Readonly<Record<string, Objective>> = {
  ...standardObjectives,
  ...Object.fromEntries(Object.entries(surfaces).map(([name, surface]) => [name, surfaceObjective(surface)])),
};

/** The median of what so many seeds found, an even number. */
async function medianOf(seeds: number, search: (seed: number) => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let seed = 0; seed < seeds; seed++) found.push(await search(seed));
  found.sort((a, b) => a - b);
  return (found[seeds / 2 - 1]! + found[seeds / 2]!) / 2;
}

describe("tpe in 100 trials", () => {
  it.each(Object.keys(objectives))("%s: the median of 20 seeds is no worse than Optuna's third quartile", async (name) => {
    const median = await medianOf(20, async (seed) => {
      const study = await createStudy({ sampler: tpe({ seed }) });
      await study.optimize(objectives[name]!, { trials: 100 });
      return study.best.value!;
    });
    expect(median).toBeLessThanOrEqual(quartiles[name]![2] + 1e-6); // the fixture has six digits
  });
});

describe("two objectives", () => {
  it.each([
    ["zdt1 by tpe", tpe, 100, 20],
    ["zdt1 by nsga2", nsga2, 300, 60],
  ] as const)("%s: the front's volume is no smaller than Optuna's quarter of smallest", async (name, sampler, trials, seeds) => {
    const reference = [1.1, 11];
    const median = await medianOf(seeds, async (seed) => {
      const study = await createStudy({ directions: ["minimize", "minimize"], sampler: sampler({ seed }) });
      await study.optimize(zdt1, { trials });
      return -hypervolume(
        study.paretoFront.map(({ values }) => values!),
        reference,
      );
    });
    expect(median).toBeLessThanOrEqual(quartiles[name]![2] + 1e-6);
  });
});
