import { describe, expect, it } from "vitest";
import { fixture } from "../testing/fixture.ts";
import { createStudy } from "./create-study.ts";
import { hyperbandPruner } from "./hyperband-pruner.ts";
import { patientPruner } from "./patient-pruner.ts";
import { medianPruner, percentilePruner } from "./percentile-pruner.ts";
import { prunerFromJson, prunerNames } from "./pruner-json.ts";
import type { Direction } from "./storage.ts";
import { successiveHalvingPruner } from "./successive-halving-pruner.ts";
import { thresholdPruner } from "./threshold-pruner.ts";
import { signedRankP } from "./wilcoxon-pruner.ts";

interface Recorded {
  readonly curves: readonly (readonly (number | null)[])[];
  readonly decisions: readonly {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly direction: Direction;
    readonly ends: readonly number[];
  }[];
}

const { curves, decisions } = fixture<Recorded>(import.meta.url, "pruners");

describe("pruners", () => {
  it.each(decisions)(
    "$name $options $direction ends the trials that Optuna's ends",
    async ({ name, options, direction, ends }) => {
      const study = await createStudy({ name: "curves", direction, pruner: { ...options, name }, sampler: "random" });
      const found: number[] = [];
      for (const curve of curves) {
        const trial = await study.ask();
        let ended = 0;
        for (const [k, value] of curve.entries()) {
          trial.report(value ?? Number.NaN, k + 1);
          if (!trial.shouldPrune()) continue;
          ended = k + 1;
          break;
        }
        if (ended > 0) await study.tell(trial, { state: "pruned" });
        else await study.tell(trial, meanOf(curve));
        found.push(ended);
      }
      expect(found).toEqual(ends);
    },
  );

  it("every one is made of its name and options again", () => {
    const options = { percentile: { percentile: 20 }, threshold: { upper: 3 }, patient: { pruner: "median", patience: 2 } };
    for (const name of prunerNames) {
      const made = prunerFromJson({ name, ...options[name as keyof typeof options] });
      expect(made.name).toBe(name);
      const again = prunerFromJson(JSON.parse(JSON.stringify({ name: made.name, ...made.options })));
      expect(again.options).toEqual(made.options);
    }
  });

  it("refuse what cannot be", () => {
    expect(() => percentilePruner({ percentile: 120 })).toThrow(
      "percentilePruner: percentile must be a number from 0 to 100, got 120",
    );
    expect(() => medianPruner({ warmupStep: 2 } as never)).toThrow(
      "medianPruner: no option warmupStep, did you mean warmupSteps",
    );
    expect(() => successiveHalvingPruner({ reductionFactor: 1 })).toThrow("reductionFactor must be a whole number ≥ 2, got 1");
    expect(() => successiveHalvingPruner({ bootstrapCount: 2 })).toThrow('bootstrapCount must be 0 with minResource "auto"');
    expect(() => hyperbandPruner({ minResource: 5, maxResource: 2 })).toThrow("maxResource must be a whole number ≥ 5, got 2");
    expect(() => thresholdPruner({})).toThrow("thresholdPruner: give lower or upper");
    expect(() => patientPruner(undefined, { patience: -1 })).toThrow("patience must be a whole number ≥ 0, got -1");
    expect(() => prunerFromJson("medain")).toThrow('no pruner "medain", did you mean median');
  });
});

describe("signedRankP", () => {
  it("equals scipy's one-sided p-value, with and without ties and zeros", () => {
    for (const { differences, p } of fixture<{ differences: number[]; p: number }[]>(import.meta.url, "signed-rank"))
      expect(signedRankP(differences), `${differences.length} differences`).toBeCloseTo(p, 10);
  });
});

function meanOf(curve: readonly (number | null)[]): number {
  const finite = curve.filter((value) => value !== null);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
