import { describe, expect, it } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { createStudy } from "./create-study.ts";
import type { Space, TrialParams } from "./distribution.ts";

interface Case {
  readonly name: string;
  readonly space: Space;
  readonly trials: readonly { readonly params: TrialParams; readonly value: number }[];
  readonly importances: readonly (readonly [string, number])[];
}

const cases = fixture<Case[]>(import.meta.url, "param-importance");

async function studyOf({ space, trials }: Case) {
  const study = await createStudy();
  await study.addTrials(
    trials.map(({ params, value }) => ({ state: "completed", params, values: [value], distributions: space })),
  );
  return study;
}

describe("importance", () => {
  it.each(cases)("$name: has Optuna's order and, within a tenth, its shares", async (each) => {
    const found = (await studyOf(each)).importance();
    expect(found.map(({ param }) => param)).toEqual(each.importances.map(([param]) => param));
    for (const [k, [, share]] of each.importances.entries()) expect(Math.abs(found[k]!.importance - share)).toBeLessThan(0.1);
  });

  it("shares sum to 1, by either method", async () => {
    const study = await studyOf(cases[0]!);
    for (const method of ["fanova", "mdi"] as const) {
      const shares = study.importance({ method });
      expect(shares.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
      expect(shares[0]!.param).toBe("a");
    }
  });

  it("is empty where there is nothing to explain", async () => {
    const study = await createStudy();
    expect(study.importance()).toEqual([]);
    await study.optimize((trial) => 0 * trial.suggestFloat("x", 0, 1), { trials: 5 });
    expect(study.importance()).toEqual([]);
  });

  it("leaves out parameters that not every trial has", async () => {
    const study = await createStudy();
    await study.optimize(
      (trial) => trial.suggestFloat("x", 0, 1) + (trial.number % 2 === 0 ? trial.suggestFloat("y", 0, 1) : 0),
      { trials: 20 },
    );
    expect(study.importance().map(({ param }) => param)).toEqual(["x"]);
  });

  it("refuses an objective that the study has not", async () => {
    const study = await createStudy({ name: "one" });
    expect(() => study.importance({ objective: 1 })).toThrow("study one: importance: the study has 1 objectives, got number 1");
  });
});
