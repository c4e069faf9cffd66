import { checkKeys } from "../base/check-keys.ts";
import { ParamsError } from "../base/errors.ts";
import { type Random, random } from "../numeric/random.ts";
import { checkBetween, checkInteger, checkSeed } from "./check-options.ts";
import { decode, encode, isSingle } from "./contains.ts";
import type { Distribution, ParamValue, TrialParams } from "./distribution.ts";
import type { History } from "./history.ts";
import { contributions, referencePoint } from "./hypervolume.ts";
import { lossesOf } from "./pareto.ts";
import { ParzenEstimator } from "./parzen.ts";
import type { ParzenOptions } from "./parzen-kernels.ts";
import type { Sampler } from "./sampler.ts";
import { spaceGroups } from "./space-groups.ts";
import { type SplitTrials, splitTrials } from "./split-trials.ts";
import type { TrialRecord } from "./storage.ts";
import { uniform } from "./uniform.ts";

/** Options of `tpe`; the defaults are Optuna's. */
export interface TpeOptions extends Partial<ParzenOptions> {
  /** Default 42. */
  readonly seed?: number;
  /** Trials drawn evenly before the first is modelled; default 10. */
  readonly startupTrials?: number;
  /** Draws of the good density of which the most promising is taken; default 24. */
  readonly eiCandidates?: number;
  /** Whether parameters are modelled together; default false. */
  readonly multivariate?: boolean;
  /** With `multivariate`: whether parameters of different branches of a conditional space are modelled apart; default false. */
  readonly group?: boolean;
  /** Whether trials under way count as bad, so that parallel trials keep apart; default true. Alone at a time it makes no difference. */
  readonly constantLiar?: boolean;
}

const defaults = {
  seed: 42,
  startupTrials: 10,
  eiCandidates: 24,
  multivariate: false,
  group: false,
  constantLiar: true,
  priorWeight: 1,
  magicClip: true,
  considerEndpoints: false,
};

/**
 * Tree-structured Parzen estimator: draws from the density of the good trials and keeps the draw that the bad trials make least likely.
 * The best ⌈n/10⌉ trials, at most 25, count as good; of several objectives, the best fronts.
 * O((n + K) d) a parameter for n trials. Sources: Bergstra et al. (2011), NeurIPS; Ozaki et al. (2022), JAIR 73 (several objectives);
 * Watanabe (2023), arXiv:2304.11127. Oracle: optuna.samplers.TPESampler of 4.9.
 */
export function tpe(options: TpeOptions = {}): Sampler {
  checkKeys("tpe", options, Object.keys(defaults));
  const all = { ...defaults, ...options };
  checkSeed("tpe", all.seed);
  checkInteger("tpe", { startupTrials: all.startupTrials }, 0);
  checkInteger("tpe", { eiCandidates: all.eiCandidates }, 1);
  checkBetween("tpe", { priorWeight: all.priorWeight }, 1e-12, 1e12);
  if (all.group && !all.multivariate) throw new ParamsError("tpe: group must go with multivariate: true, got multivariate false");
  const splits = new WeakMap<History, { readonly version: number; readonly split: SplitTrials }>();

  /** The division of ended trials, made once for each that ends. */
  const splitOf = (history: History): SplitTrials => {
    const known = splits.get(history);
    if (known?.version === history.version) return known.split;
    const split = splitTrials(history, goodTrials(endedCount(history)));
    splits.set(history, { version: history.version, split });
    return split;
  };

  const model = (
    history: History,
    { number }: TrialRecord,
    distributions: Readonly<Record<string, Distribution>>,
  ): TrialParams => {
    const names = Object.keys(distributions);
    const { below, above } = splitOf(history);
    const liars = all.constantLiar ? [...history.running()].filter((other) => other.number !== number) : [];
    const bad = liars.length > 0 ? [...above, ...liars].sort((a, b) => a.number - b.number) : above;
    const good = observed(below, distributions);
    const weights = history.directions.length > 1 ? weightsOfFront(history, below, good.trials) : undefined;
    const kinds = Object.values(distributions);
    const promising = new ParzenEstimator(good.codes, kinds, all, weights);
    const poor = new ParzenEstimator(observed(bad, distributions).codes, kinds, all);
    const best = mostPromising(promising, poor, all.eiCandidates, random(all.seed, `tpe/${number}/${names.join("/")}`));
    return Object.fromEntries(names.map((name, j) => [name, decode(kinds[j]!, best[j]!)]));
  };

  const isStarting = (history: History): boolean => endedCount(history) < all.startupTrials;

  return {
    name: "tpe",
    options: all,
    together(history, trial) {
      if (!all.multivariate || isStarting(history)) return { params: {} };
      const groups = all.group ? spaceGroups(history) : [history.shared()];
      const params: Record<string, ParamValue> = {};
      for (const group of groups) {
        const open = Object.fromEntries(Object.entries(group).filter(([, distribution]) => !isSingle(distribution)));
        if (Object.keys(open).length > 0) Object.assign(params, model(history, trial, open));
      }
      return { params };
    },
    suggest(history, trial, name, distribution) {
      if (isStarting(history)) return uniform(distribution, random(all.seed, `random/${trial.number}/${name}`));
      return model(history, trial, { [name]: distribution })[name]!;
    },
  };
}

function endedCount(history: History): number {
  return history.ended("completed").length + history.ended("pruned").length;
}

/** How many of n trials count as good. */
export function goodTrials(n: number): number {
  return Math.min(Math.ceil(0.1 * n), 25);
}

/** Of draws from the good density, the one of the greatest ratio good : bad; of equal ones the first. */
function mostPromising(good: ParzenEstimator, bad: ParzenEstimator, draws: number, random: Random): Float64Array {
  let best: Float64Array | undefined;
  let most = -Infinity;
  for (let k = 0; k < draws; k++) {
    const point = good.sample(random);
    const ratio = good.logDensity(point) - bad.logDensity(point);
    if (best === undefined || ratio > most) {
      best = point;
      most = ratio;
    }
  }
  return best!;
}

/** What trials had of some parameters. */
interface Observed {
  /** The trials that have all of them, with values that the distributions hold. */
  readonly trials: readonly TrialRecord[];
  /** Codes of each parameter (d × n). */
  readonly codes: readonly Float64Array[];
}

function observed(trials: readonly TrialRecord[], distributions: Readonly<Record<string, Distribution>>): Observed {
  const names = Object.keys(distributions);
  const codes = names.map(() => new Float64Array(trials.length));
  const kept: TrialRecord[] = [];
  for (const trial of trials) {
    let whole = true;
    for (let j = 0; whole && j < names.length; j++) {
      const code = codeOf(distributions[names[j]!]!, trial.params, names[j]!);
      codes[j]![kept.length] = code;
      whole = !Number.isNaN(code);
    }
    if (whole) kept.push(trial);
  }
  return { trials: kept, codes: codes.map((each) => each.subarray(0, kept.length)) };
}

/** A trial's value as a code; NaN where it has none, or one that the distribution does not hold. */
function codeOf(distribution: Distribution, params: TrialParams, name: string): number {
  if (!Object.hasOwn(params, name)) return Number.NaN;
  const code = encode(distribution, params[name]);
  if (distribution.type === "categorical") return code;
  return code >= distribution.low && code <= distribution.high ? code : Number.NaN;
}

/** Of several objectives, a good trial weighs what it adds to the volume that the good ones dominate. */
function weightsOfFront(
  { directions }: History,
  below: readonly TrialRecord[],
  good: readonly TrialRecord[],
): Float64Array | undefined {
  if (below.length <= 1 || below.some(({ values }) => values === null)) return new Float64Array(good.length).fill(1);
  const losses = lossesOf(
    below.map(({ values }) => values!),
    directions,
  );
  const added = contributions(losses, referencePoint(losses));
  const most = Math.max(1e-12, ...added);
  const weights = new Map(below.map((trial, k) => [trial, most === Infinity ? 1 : Math.max(1e-12, added[k]! / most)]));
  return Float64Array.from(good, (trial) => weights.get(trial)!);
}
