import { checkKeys } from "../base/check-keys.ts";
import { type Random, random } from "../numeric/random.ts";
import { checkBetween, checkInteger, checkSeed } from "./check-options.ts";
import { isSingle } from "./contains.ts";
import { crowdingDistances } from "./crowding.ts";
import type { ParamValue, TrialParams } from "./distribution.ts";
import type { History } from "./history.ts";
import { dominates, lossesOf, paretoRanks } from "./pareto.ts";
import type { Sampler } from "./sampler.ts";
import type { TrialRecord } from "./storage.ts";
import { uniform } from "./uniform.ts";

/** Options of `nsga2`; the defaults are Optuna's. */
export interface Nsga2Options {
  /** Default 42. */
  readonly seed?: number;
  /** Trials of a generation; default 50. */
  readonly populationSize?: number;
  /** Share of parameters drawn anew; default 1 / number of parameters. */
  readonly mutationProbability?: number;
  /** Share of children with two parents; default 0.9. */
  readonly crossoverProbability?: number;
  /** Share of parameters taken from the second parent; default 0.5. */
  readonly swappingProbability?: number;
}

const generationKey = "generation";

/**
 * NSGA-II for several objectives: each generation descends from the best fronts of the one before and its parents, the less crowded first.
 * Source: Deb et al. (2002), IEEE Transactions on Evolutionary Computation 6(2). Oracle: optuna.samplers.NSGAIISampler.
 */
export function nsga2(options: Nsga2Options = {}): Sampler {
  checkKeys("nsga2", options, ["seed", "populationSize", "mutationProbability", "crossoverProbability", "swappingProbability"]);
  const { seed = 42, populationSize = 50, mutationProbability, crossoverProbability = 0.9, swappingProbability = 0.5 } = options;
  checkSeed("nsga2", seed);
  checkInteger("nsga2", { populationSize }, 2);
  checkBetween("nsga2", { crossoverProbability, swappingProbability }, 0, 1);
  if (mutationProbability !== undefined) checkBetween("nsga2", { mutationProbability }, 0, 1);
  const parents = new WeakMap<History, Map<number, readonly TrialRecord[]>>();

  /** Parents of a generation: chosen once, when its first child is asked for. */
  const parentsOf = (history: History, generation: number): readonly TrialRecord[] => {
    if (generation === 0) return [];
    const known = parents.get(history) ?? new Map<number, readonly TrialRecord[]>();
    parents.set(history, known);
    for (let each = 1; each <= generation; each++)
      if (!known.has(each)) {
        const former = history.ended("completed").filter(({ attributes }) => attributes[generationKey] === each - 1);
        known.set(each, elite([...former, ...(known.get(each - 1) ?? [])], history.directions, populationSize));
      }
    return known.get(generation)!;
  };

  return {
    name: "nsga2",
    options: { seed, populationSize, mutationProbability, crossoverProbability, swappingProbability },
    together(history, { number }) {
      const generation = nextGeneration(history, populationSize);
      const attributes = { [generationKey]: generation };
      const names = Object.entries(history.shared()).filter(([, distribution]) => !isSingle(distribution));
      const pool = parentsOf(history, generation);
      if (pool.length === 0 || names.length === 0) return { params: {}, attributes };
      const draw = random(seed, `nsga2/${number}`);
      const child = childOf(
        pool,
        names.map(([name]) => name),
        history,
        draw,
        crossoverProbability,
        swappingProbability,
      );
      const mutation = mutationProbability ?? 1 / names.length;
      return { params: Object.fromEntries(Object.entries(child).filter(() => draw.float() >= mutation)), attributes };
    },
    suggest: (_history, { number }, name, distribution) => uniform(distribution, random(seed, `random/${number}/${name}`)),
  };
}

/** The generation under way, or the next where enough of it have completed. */
function nextGeneration(history: History, populationSize: number): number {
  let generation = 0;
  let count = 0;
  for (const { attributes } of history.ended("completed")) {
    const own = attributes[generationKey];
    if (typeof own !== "number" || own < generation) continue;
    count = own > generation ? 1 : count + 1;
    generation = own;
  }
  return count < populationSize ? generation : generation + 1;
}

/** Whole fronts while they fit; of the one that does not, the least crowded. */
function elite(population: readonly TrialRecord[], directions: History["directions"], size: number): readonly TrialRecord[] {
  const losses = lossesOf(
    population.map(({ values }) => values!),
    directions,
  );
  const ranks = paretoRanks(losses);
  const chosen: TrialRecord[] = [];
  for (let rank = 0; chosen.length < Math.min(size, population.length); rank++) {
    const front = [...ranks.keys()].filter((k) => ranks[k] === rank);
    if (chosen.length + front.length > size) {
      const distances = crowdingDistances(front.map((k) => losses[k]!));
      const order = front.map((_, at) => at).sort((a, b) => distances[b]! - distances[a]! || a - b);
      chosen.push(...order.slice(0, size - chosen.length).map((at) => population[front[at]!]!));
    } else chosen.push(...front.map((k) => population[k]!));
  }
  return chosen;
}

/** Each parameter from one of two parents, or all from one. */
function childOf(
  pool: readonly TrialRecord[],
  names: readonly string[],
  { directions }: History,
  draw: Random,
  crossover: number,
  swapping: number,
): TrialParams {
  const crossed = draw.float() < crossover && pool.length > 1;
  const first = crossed ? winner(pool, directions, draw) : pool[draw.int(pool.length)]!;
  const second = crossed
    ? winner(
        pool.filter((trial) => trial !== first),
        directions,
        draw,
      )
    : first;
  const child: Record<string, ParamValue> = {};
  for (const name of names) child[name] = (draw.float() < swapping ? second : first).params[name]!;
  return child;
}

/** Of two drawn at random, the one that dominates; the second where neither does. */
function winner(pool: readonly TrialRecord[], directions: History["directions"], draw: Random): TrialRecord {
  const pair = [pool[draw.int(pool.length)]!, pool[draw.int(pool.length)]!] as const;
  const [left, right] = lossesOf(
    pair.map(({ values }) => values!),
    directions,
  );
  return dominates(left!, right!) ? pair[0] : pair[1];
}
