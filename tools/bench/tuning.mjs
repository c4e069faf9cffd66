// Trials a second beside Optuna's, in memory, with the same objective: the cost of suggesting and keeping, for the objective costs nothing.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { python, root } from "../setup.mjs";

const rounds = 3;

/** Seconds of a study of so many trials, the best of three: ours. */
async function ours({ createStudy, randomSampler, tpe }, { sampler, params, trials }) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const study = await createStudy({ sampler: sampler === "tpe" ? tpe({ seed: round }) : randomSampler({ seed: round }) });
    const begin = performance.now();
    await study.optimize(
      (trial) => {
        let sum = 0;
        for (let j = 0; j < params; j++) sum += trial.suggestFloat(`x${j}`, -5, 5) ** 2;
        return sum;
      },
      { trials },
    );
    best = Math.min(best, (performance.now() - begin) / 1000);
  }
  return best;
}

/** Rates of both sides, in turn, one line a case. */
export async function benchTuning({ isSmall, line }) {
  const assay = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const trials = isSmall ? 100 : 1000;
  for (const sampler of ["random", "tpe"])
    for (const params of [2, 8]) {
      const their = Number(
        execFileSync(python, ["-m", "bench.tuning", sampler, String(params), String(trials), String(rounds)], {
          cwd: join(root, "tools"),
        }),
      );
      const own = await ours(assay, { sampler, params, trials });
      const rate = (time) => `${Math.round(trials / time).toLocaleString("en")}/s`;
      line(
        `${trials.toLocaleString("en")} trials of ${params} parameters, ${sampler}`,
        rate(own),
        "3 × Optuna",
        `Optuna ${rate(their)}, ratio ${(their / own).toFixed(1)}`,
      );
    }
}
