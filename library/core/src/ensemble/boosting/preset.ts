import { z } from "zod";
import type { Classifier, Ranker, Regressor } from "../../base/contract.ts";
import { ParamsError } from "../../base/errors.ts";
import { histGradientBoostingClassifier, histGradientBoostingRegressor } from "./hist-gradient-boosting.ts";
import { histGradientBoostingRanker } from "./hist-gradient-boosting-ranker.ts";
import { objectives, type PresetTask } from "./objectives.ts";

/** Parameters by their names. */
export type Given = Readonly<Record<string, unknown>>;

/** Our parameters for another library's, and what they are for. */
export interface Translated {
  readonly task: PresetTask;
  readonly params: Given;
}

type Classes = typeof histGradientBoostingClassifier;
type Numbers = typeof histGradientBoostingRegressor;

/** Factories of histogram boosting that take another library's parameters, for forms and HTTP. */
export interface Preset {
  readonly classification: Classes & { readonly preset: string };
  readonly regression: Numbers & { readonly preset: string };
}

/** The factories of a preset. */
export function preset(name: string, schema: () => z.ZodType, translate: (given: Given, task: PresetTask) => Translated): Preset {
  const factory = (task: "classification" | "regression") =>
    Object.assign((given: Given = {}) => make(translate(given, task)), {
      task,
      estimator: "hist_gradient_boosting",
      preset: name,
      jsonSchema: () => z.toJSONSchema(schema(), { io: "input", unrepresentable: "any" }),
    });
  return { classification: factory("classification"), regression: factory("regression") } as unknown as Preset;
}

/** Parameters that both libraries have, as they take them. */
export const sharedParams = {
  constraints: () =>
    z
      .record(z.string(), z.union([z.literal(-1), z.literal(0), z.literal(1)]))
      .default({})
      .meta({ title: "Monotone columns", description: "By name: 1 rising, −1 falling." }),
  groups: () =>
    z.array(z.array(z.string())).default([]).meta({ title: "Columns that may meet", description: "Groups of column names." }),
  seed: () => z.int().min(0).default(42).meta({ title: "Seed" }),
};

/** Parameters that say how fast or how loudly, not what is learned. */
const ignored = new Set([
  "verbose",
  "verbosity",
  "silent",
  "n_jobs",
  "nthread",
  "num_threads",
  "device",
  "device_type",
  "force_row_wise",
  "force_col_wise",
  "deterministic",
  "tree_method",
  "enable_categorical",
  "num_class",
  "validate_parameters",
]);

/** Parameters under their own names, those left out that say how fast or how loudly. */
export function canonical(params: Given, aliases: Readonly<Record<string, string>>): Given {
  const kept = Object.entries(params).filter(([name]) => !ignored.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [Object.hasOwn(aliases, name) ? aliases[name]! : name, value]));
}

/** Task and loss of an objective, which must be of the task where one is wanted; regression by least squares where none is given. Throws ParamsError. */
export function targetOf(who: string, objective: string | null, task: PresetTask | undefined): readonly [PresetTask, string] {
  if (objective === null) return [task ?? "regression", "squared_error"];
  const known = Object.hasOwn(objectives, objective) ? objectives[objective as keyof typeof objectives] : undefined;
  const refuse = (message: string): never => {
    throw Object.assign(new ParamsError(`${who}: ${message}`), { field: "objective", value: objective });
  };
  if (!known) return refuse(`objective must be one of ${Object.keys(objectives).join(", ")}, got "${objective}"`);
  if (task !== undefined && known[0] !== task) return refuse(`objective "${objective}" is for ${known[0]}, the task is ${task}`);
  return [known[0], known[1] ?? "squared_error"];
}

/** Our early stopping for a number of rounds; 0 is none. */
export function stopping(rounds: number): Given {
  return rounds > 0 ? { earlyStopping: true, patience: rounds } : { earlyStopping: false };
}

const factories = {
  classification: histGradientBoostingClassifier,
  regression: histGradientBoostingRegressor,
  ranking: histGradientBoostingRanker,
};

/** The estimators that presets make, by their task. */
export interface BoostedOf {
  readonly classification: Classifier;
  readonly regression: Regressor;
  readonly ranking: Ranker;
}
type Boosted = BoostedOf[PresetTask];

/** The estimator of translated parameters. */
export function make({ task, params }: Translated): Boosted {
  return (factories[task] as (params: Given) => Boosted)(params);
}
