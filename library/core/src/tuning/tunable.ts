import type { Classifier, Regressor, Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { estimatorFromSpec } from "../base/estimator.ts";
import { isSpec } from "../base/registry.ts";
import { paramAt, withParams } from "../base/with-params.ts";
import { factoryByName } from "../estimators.ts";
import type { TrialParams } from "./distribution.ts";

/** A factory such as `ml.randomForestClassifier`. */
export type AlgorithmFactory = ReturnType<typeof factoryByName>;

/** What can be tuned: an estimator with parameters of its own, a factory, an algorithm by name, or a function that makes an estimator of parameters. */
export type Tunable =
  | Classifier
  | Regressor
  | AlgorithmFactory
  | string
  | ((params: Readonly<Record<string, never>>) => Classifier | Regressor);

/** What a tunable is, and the estimator of a trial's parameters. */
export interface Tuned {
  /** The estimator that parameters are put into. */
  readonly base: Classifier | Regressor;
  /** Throws ParamsError. */
  make(params: TrialParams): Classifier | Regressor;
  /** The value that a parameter has where a trial does not choose it; undefined for the parameters of a function. */
  own(path: string): unknown;
}

/**
 * Reads a tunable; a name needs its task. `first` are parameters as a trial would have them: what the estimator does not know is told here.
 * Throws ParamsError.
 */
export function tunedOf(who: string, tunable: Tunable | Spec, first: TrialParams, task?: "classification" | "regression"): Tuned {
  if (typeof tunable !== "function" && typeof tunable !== "string" && !isSpec(tunable))
    throw new ParamsError(`${who}: needs an estimator, a factory, a name or a function, got ${String(tunable)}`);
  const tuned = readTunable(who, tunable, first, task);
  tuned.make(first);
  return tuned;
}

function readTunable(
  who: string,
  tunable: Tunable | Spec,
  first: TrialParams,
  task: "classification" | "regression" | undefined,
): Tuned {
  if (typeof tunable === "function" && !("estimator" in tunable)) {
    const make = tunable as (params: TrialParams) => Classifier | Regressor;
    return { base: make(first), make, own: () => undefined };
  }
  if (isSpec(tunable)) {
    if (tunable.task !== "classification" && tunable.task !== "regression")
      throw new ParamsError(`${who}: needs a classifier or a regressor, got the ${tunable.task} estimator ${tunable.name}`);
    return tunedSpec(estimatorFromSpec(tunable));
  }
  const factory = factoryOf(who, tunable, task);
  const base = factory();
  if ("preset" in factory) return { base, make: (params) => factory(params), own: (path) => presetDefault(factory, path) };
  return tunedSpec(base);
}

function tunedSpec(base: Classifier | Regressor): Tuned {
  return { base, make: (params) => estimatorFromSpec(withParams(base, params)), own: (path) => paramAt(base, path) };
}

/** Presets name their parameters as another library does. */
function presetDefault(preset: AlgorithmFactory, name: string): unknown {
  const { properties } = preset.jsonSchema() as { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
  return properties[name]?.default;
}

/** A factory by name, of an estimator, or itself. Throws ParamsError. */
export function factoryOf(who: string, tunable: Tunable | Spec, task?: "classification" | "regression"): AlgorithmFactory {
  if (typeof tunable === "function" && "estimator" in tunable) return tunable as AlgorithmFactory;
  if (typeof tunable === "function") throw new ParamsError(`${who}: give a space beside a function that makes estimators`);
  if (typeof tunable !== "string") return factoryByName(tunable.name, tunable.task as "classification" | "regression");
  if (!task) throw new ParamsError(`${who}: give the task beside the name ${tunable}: "classification" or "regression"`);
  return factoryByName(tunable, task);
}
