import { checkKeys } from "../base/check-keys.ts";
import { ParamsError } from "../base/errors.ts";
import { random } from "../numeric/random.ts";
import { checkInteger, checkSeed, wrongOption } from "./check-options.ts";
import { encode, isSingle } from "./contains.ts";
import type { Distribution } from "./distribution.ts";
import type { History } from "./history.ts";
import { growImportanceTree, type ImportanceTree, type Leaf, type TreeColumn } from "./importance-tree.ts";
import type { TrialRecord } from "./storage.ts";

/** How the importance of parameters is told. */
export interface ImportanceOptions {
  /** "fanova" (default): the share of variance that a parameter explains alone; "mdi": how much its questions lessen the error of the trees. */
  readonly method?: "fanova" | "mdi";
  /** Which objective, where there are several; default 0. */
  readonly objective?: number;
  /** Trees of the forest; default 64. */
  readonly trees?: number;
  /** Default 42. */
  readonly seed?: number;
}

/** One parameter's share; the shares sum to 1. */
export interface ParamImportance {
  readonly param: string;
  readonly importance: number;
  /** Standard deviation over the trees, in the same measure. */
  readonly sd: number;
}

/** Of more trials, the newest are taken: the forest costs O(trees d n log² n). */
const mostTrials = 3000;

/**
 * Which parameters matter, largest first: a forest is fitted to the completed trials, and the variance of its predictions over the space is
 * divided among the parameters. Parameters that not every trial has are left out. Empty below two different values.
 * Source: Hutter, Hoos & Leyton-Brown (2014), ICML. Oracle: optuna.importance (rank order).
 */
export function paramImportance(history: History, options: ImportanceOptions): readonly ParamImportance[] {
  const who = `study ${history.name}: importance`;
  checkKeys(who, options, ["method", "objective", "trees", "seed"]);
  const { method = "fanova", objective = 0, trees = 64, seed = 42 } = options;
  if (method !== "fanova" && method !== "mdi") throw wrongOption(who, "method", 'must be "fanova" or "mdi"', method);
  checkInteger(who, { objective }, 0);
  checkInteger(who, { trees }, 1);
  checkSeed(who, seed);
  if (objective >= history.directions.length)
    throw new ParamsError(`${who}: the study has ${history.directions.length} objectives, got number ${objective}`);
  const trials = history
    .ended("completed")
    .filter(({ values }) => Number.isFinite(values![objective]))
    .slice(-mostTrials);
  const params = sharedParams(trials);
  const columns = params.map(([name, distribution]) => columnOf(trials, name, distribution));
  const y = Float64Array.from(trials, ({ values }) => values![objective]!);
  if (columns.length === 0 || y.every((value) => value === y[0])) return [];
  const shares = Array.from({ length: trees }, (_, t) => growImportanceTree(columns, y, random(seed, `importance/${t}`)))
    .map((tree) => (method === "mdi" ? tree.gains : explainedVariances(tree, columns)))
    .filter((each) => each.some((share) => share > 0));
  return inOrder(
    params.map(([name]) => name),
    shares,
    method === "mdi",
  );
}

/** Parameters of every trial that have something to choose. */
function sharedParams(trials: readonly TrialRecord[]): readonly (readonly [string, Distribution])[] {
  const last = trials.at(-1);
  if (!last) return [];
  return Object.entries(last.distributions).filter(
    ([name, distribution]) =>
      !isSingle(distribution) &&
      trials.every(({ params }) => Object.hasOwn(params, name) && !Number.isNaN(encode(distribution, params[name]))),
  );
}

/** Numbers on the scale they are drawn on, choices as codes. */
function columnOf(trials: readonly TrialRecord[], name: string, distribution: Distribution): TreeColumn {
  const codes = Float64Array.from(trials, ({ params }) => encode(distribution, params[name]));
  if (distribution.type === "categorical") return { values: codes, low: 0, high: 1, levels: distribution.choices.length };
  const scale = distribution.log ? Math.log : Number;
  return { values: codes.map(scale), low: scale(distribution.low), high: scale(distribution.high), levels: 0 };
}

/** The share of a tree's variance over the space that each parameter explains alone. */
function explainedVariances({ leaves }: ImportanceTree, columns: readonly TreeColumn[]): Float64Array {
  const covers = leaves.map((leaf) => columns.map((column, j) => coverOf(leaf, column, j)));
  const weights = covers.map((cover) => cover.reduce((product, share) => product * share, 1));
  const mean = leaves.reduce((sum, { value }, l) => sum + weights[l]! * value, 0);
  const variance = leaves.reduce((sum, { value }, l) => sum + weights[l]! * (value - mean) * (value - mean), 0);
  return Float64Array.from(columns, (column, j) => {
    if (!(variance > 0)) return 0;
    const rest = weights.map((weight, l) => (covers[l]![j]! > 0 ? weight / covers[l]![j]! : 0));
    return marginalVariance(leaves, rest, column, j, mean) / variance;
  });
}

/** Which share of a parameter's range a leaf covers. */
function coverOf({ bounds, choices }: Leaf, { low, high, levels }: TreeColumn, j: number): number {
  return levels > 0 ? choices[j]!.length / levels : (bounds[2 * j + 1]! - bounds[2 * j]!) / (high - low);
}

/** Variance of the mean prediction as one parameter goes over its range: `rest` is what each leaf covers of all others. */
function marginalVariance(
  leaves: readonly Leaf[],
  rest: readonly number[],
  { low, high, levels }: TreeColumn,
  j: number,
  mean: number,
): number {
  if (levels > 0) {
    const means = new Float64Array(levels);
    for (const [l, { value, choices }] of leaves.entries()) for (const choice of choices[j]!) means[choice]! += rest[l]! * value;
    return means.reduce((sum, each) => sum + (each - mean) * (each - mean), 0) / levels;
  }
  // the mean changes at the leaves' bounds only: what begins there is added, what ends there taken off
  const steps = leaves
    .flatMap(({ value, bounds }, l) => [
      { at: bounds[2 * j]!, change: rest[l]! * value },
      { at: bounds[2 * j + 1]!, change: -rest[l]! * value },
    ])
    .sort((a, b) => a.at - b.at);
  let level = 0;
  let sum = 0;
  for (const [k, { at, change }] of steps.entries()) {
    level += change;
    const width = (steps[k + 1]?.at ?? at) - at;
    if (width > 0) sum += (width / (high - low)) * (level - mean) * (level - mean);
  }
  return sum;
}

/** Means over the trees as shares of their sum, largest first. */
function inOrder(names: readonly string[], trees: readonly Float64Array[], perTree: boolean): readonly ParamImportance[] {
  const scaled = perTree ? trees.map((each) => each.map((share) => share / each.reduce((a, b) => a + b, 0))) : trees;
  const means = names.map((_, j) => scaled.reduce((sum, each) => sum + each[j]!, 0) / scaled.length);
  const total = means.reduce((a, b) => a + b, 0);
  const rows = names.map((param, j) => {
    const spread = scaled.reduce((sum, each) => sum + (each[j]! - means[j]!) * (each[j]! - means[j]!), 0) / scaled.length;
    return { param, importance: means[j]! / total, sd: Math.sqrt(spread) / total };
  });
  return rows.sort((a, b) => b.importance - a.importance || (a.param < b.param ? -1 : 1));
}
