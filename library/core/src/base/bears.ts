import type { Spec } from "./contract.ts";
import { definitionOf, isSpec } from "./registry.ts";

/** Which input columns an estimator takes as they are. */
interface Bears {
  /** Missing cells. */
  readonly missing: boolean;
  /** Category codes. */
  readonly categories: boolean;
}

/** What an estimator and every estimator that it is made of take; a pipeline answers for its own steps. */
export function bears(spec: Spec): Bears {
  const parts = partsOf(spec).map(definitionOf);
  return { missing: parts.every(({ missing }) => missing), categories: parts.every(({ categories }) => categories) };
}

/** An estimator, and those among its parameters that see the columns as it does: not the steps of a pipeline. */
export function partsOf(spec: Spec): readonly Spec[] {
  const walk = (value: unknown): readonly Spec[] => {
    if (isSpec(value)) return partsOf(value);
    if (Array.isArray(value)) return value.flatMap(walk);
    return typeof value === "object" && value !== null && !ArrayBuffer.isView(value) ? Object.values(value).flatMap(walk) : [];
  };
  return spec.name === "pipeline" ? [spec] : [spec, ...walk(spec.params)];
}
