import type { Spec } from "./contract.ts";
import { ParamsError } from "./errors.ts";
import { suggest } from "./near-name.ts";
import { isSpec } from "./registry.ts";

/**
 * A specification with other parameters, named by path: "c" of the estimator, "random_forest.maxDepth" of a pipeline's step,
 * "estimator.maxDepth" of a nested estimator, "hiddenLayerSizes.0" of a list. Throws ParamsError with the near name.
 */
export function withParams(spec: Spec, params: Readonly<Record<string, unknown>>): Spec {
  return Object.entries(params).reduce((at, [path, value]) => set(at, path.split("."), value, path) as Spec, spec);
}

/** The value of a parameter that is named by path, as `withParams` names it; undefined where there is none. */
export function paramAt(spec: Spec, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => {
    if (!isSpec(at)) return Array.isArray(at) ? at[Number(key)] : undefined;
    if (at.name !== "pipeline") return at.params[key];
    const steps = at.params["steps"] as readonly Spec[];
    return steps[stepNames(steps).indexOf(key)];
  }, spec);
}

/** Names of a pipeline's steps: the estimators', with their place where two are of one name. */
export function stepNames(steps: readonly Spec[]): readonly string[] {
  return steps.map(({ name }, k) => (steps.filter((step) => step.name === name).length > 1 ? `${name}_${k + 1}` : name));
}

/** A copy of an estimator, list or record with the value at the path. */
function set(at: unknown, path: readonly string[], value: unknown, whole: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isSpec(at)) {
    if (at.name === "pipeline") return setStep(at, key, rest, value, whole);
    return { task: at.task, name: at.name, params: { ...at.params, [key]: set(at.params[key], rest, value, whole) } };
  }
  if (Array.isArray(at)) {
    const place = Number(key);
    if (!Number.isInteger(place) || place < 0 || place >= at.length)
      throw new ParamsError(`no parameter ${whole}: the list has the places 0 … ${at.length - 1}, got ${key}`);
    return at.with(place, set(at[place], rest, value, whole));
  }
  throw new ParamsError(`no parameter ${whole}: there is nothing below ${key}`);
}

function setStep(pipeline: Spec, key: string, rest: readonly string[], value: unknown, whole: string): Spec {
  const steps = pipeline.params["steps"] as readonly Spec[];
  const names = stepNames(steps);
  const place = names.indexOf(key);
  if (place < 0) throw new ParamsError(`no parameter ${whole}: the pipeline has no step ${key}${suggest(key, names)}`);
  const changed = set(steps[place], rest, value, whole) as Spec;
  return { task: pipeline.task, name: pipeline.name, params: { ...pipeline.params, steps: steps.with(place, changed) } };
}
