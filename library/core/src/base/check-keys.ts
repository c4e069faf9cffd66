import { ParamsError } from "./errors.ts";
import { suggest } from "./near-name.ts";

/** What scikit-learn and Optuna call options, letters alone; and what they may be called here. */
const familiar: Readonly<Record<string, readonly string[]>> = {
  cv: ["folds"],
  groups: ["group"],
  jobs: ["threads"],
  njobs: ["threads", "concurrency"],
  niter: ["trials"],
  ntrials: ["trials"],
  nrepeats: ["repeats"],
  npermutations: ["permutations"],
  nsplits: ["folds"],
  paramdistributions: ["space"],
  paramgrid: ["space"],
  randomseed: ["seed"],
  randomstate: ["seed"],
  sampleweight: ["weight", "weights"],
  score: ["metric", "metrics"],
  scorer: ["metric", "metrics"],
  scoring: ["metric", "metrics"],
  searchspace: ["space"],
  timeout: ["seconds"],
  budget: ["seconds"],
  budgetms: ["seconds"],
  trainsizes: ["sizes"],
  y: ["target"],
};

/** Throws ParamsError for options that are no object, and for such that nobody reads, with ours for another library's name, else with the near name. */
export function checkKeys(who: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new ParamsError(`${who}: options must be an object, got ${options}`);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const others = familiar[key.replaceAll("_", "").toLowerCase()] ?? [];
    const ours = others.find((name) => known.includes(name));
    const hint = ours === undefined ? suggest(key, known) : `, did you mean ${ours}`;
    throw Object.assign(new ParamsError(`${who}: no option ${key}${hint}`), { field: key, value: undefined });
  }
}
