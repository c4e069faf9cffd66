import type { Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { isSpec } from "../base/registry.ts";
import { stepNames } from "../base/with-params.ts";
import { algorithms } from "../estimators.ts";
import type { Condition, Distribution, Space } from "./distribution.ts";
import { searchRanges } from "./search-ranges.ts";
import { type AlgorithmFactory, factoryOf } from "./tunable.ts";

/** What `defaultSpace` reads of a parameter's JSON Schema. */
interface ParamSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly search?: "log" | "linear";
}

/**
 * Where to search an algorithm's parameters: ranges that people use; for an algorithm of a cell, the parameters whose schema says `search`
 * and both bounds, and those with a list of values. For a pipeline the spaces of its steps, as "random_forest.maxDepth"; for an
 * algorithm that is made of others theirs, as "estimators.0.maxDepth".
 * Throws ParamsError where there is nothing to search.
 */
export function defaultSpace(estimator: string | Spec | AlgorithmFactory, task?: "classification" | "regression"): Space {
  const space = spaceOf(estimator, task);
  if (Object.keys(space).length > 0) return space;
  const name = typeof estimator === "string" ? estimator : "estimator" in estimator ? estimator.estimator : estimator.name;
  throw new ParamsError(`defaultSpace: ${name} has no parameter that is usually searched; give a space`);
}

function spaceOf(estimator: string | Spec | AlgorithmFactory, task?: "classification" | "regression"): Space {
  if (isPipeline(estimator)) return pipelineSpace(estimator);
  const factory = factoryOf("defaultSpace", estimator, task);
  const own = ownSpace(factory);
  return Object.keys(own).length > 0 ? own : partsSpace(isSpec(estimator) ? estimator : (factory() as Spec));
}

/** The spaces of the estimators that an estimator is made of, by path: "estimator.c", "estimators.0.maxDepth". */
function partsSpace({ params }: Spec): Space {
  const parts = Object.entries(params).flatMap(([name, value]): (readonly [string, unknown])[] =>
    Array.isArray(value) ? value.map((part, k) => [`${name}.${k}`, part] as const) : [[name, value]],
  );
  const entries = parts.flatMap(([path, part]) =>
    isSpec(part) ? Object.entries(spaceOf(part)).map(([name, entry]) => [`${path}.${name}`, moved(entry, path)] as const) : [],
  );
  return Object.fromEntries(entries);
}

function isPipeline(estimator: string | Spec | AlgorithmFactory): estimator is Spec {
  return typeof estimator === "object" && estimator.name === "pipeline";
}

/** The steps' spaces under the steps' names; a step that nobody searches has none. */
function pipelineSpace(pipeline: Spec): Space {
  const steps = pipeline.params["steps"] as readonly Spec[];
  const names = stepNames(steps);
  const entries = steps.flatMap((step, k) => {
    if (!Object.hasOwn(searchRanges, step.name)) return [];
    const own = ownSpace(factoryOf("defaultSpace", step));
    return Object.entries(own).map(([name, entry]) => [`${names[k]}.${name}`, moved(entry, names[k]!)] as const);
  });
  return Object.fromEntries(entries);
}

/** An entry whose conditions name the parameters of the same step or part. */
function moved({ when, ...distribution }: Distribution & Condition, step: string): Distribution & Condition {
  if (!when) return distribution as Distribution;
  return {
    ...distribution,
    when: Object.fromEntries(Object.entries(when).map(([name, value]) => [`${step}.${name}`, value])),
  } as Distribution & Condition;
}

function ownSpace(factory: AlgorithmFactory): Space {
  const { properties } = factory.jsonSchema() as { readonly properties: Readonly<Record<string, ParamSchema>> };
  const preset = "preset" in factory ? String(factory.preset) : undefined;
  const ranges = searchRanges[preset ?? factory.estimator];
  if (ranges)
    return Object.fromEntries(Object.entries(ranges).filter(([name]) => Object.hasOwn(properties, name.split(".")[0]!)));
  if (algorithms.some(({ name }) => name === factory.estimator)) return {};
  const found = Object.entries(properties).flatMap(([name, schema]) => {
    const distribution = distributionOf(schema);
    return distribution ? [[name, distribution] as const] : [];
  });
  return Object.fromEntries(found);
}

/** What a schema alone says of where to search. */
function distributionOf({ type, enum: values, minimum, maximum, search }: ParamSchema): Distribution | undefined {
  if (type === "string" && values) return { type: "categorical", choices: values as readonly string[] };
  if (type === "boolean" && search) return { type: "categorical", choices: [false, true] };
  if (!search || minimum === undefined || maximum === undefined || maximum > 1e9) return undefined;
  const log = search === "log" && minimum > 0 ? { log: true } : {};
  return { type: type === "integer" ? "int" : "float", low: minimum, high: maximum, ...log };
}
