import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { ParamsError } from "../base/errors.ts";
import { importancesOf } from "../base/model.ts";
import { definitionOf } from "../base/registry.ts";
import { fitSlices } from "../base/run.ts";
import type { PartData } from "../ensemble/part-rows.ts";

/** Fits an estimator within the fit of a selector. */
export function* fitWithin(
  spec: Spec,
  { x, y, weights }: PartData,
  classes: number,
  context: FitContext,
): Generator<void, Fitted> {
  const own = { classes, weights, groups: undefined, warmStart: undefined, checkpoint: () => context.checkpoint() };
  return yield* fitSlices(spec, x, y, { ...context, ...own });
}

/**
 * What a model makes of each column (d): the size of a linear model's weights over its outputs (sum of |w|, or of w²), else its importances (or
 * their squares). Throws ParamsError for a model that has neither.
 */
export function columnWeights(who: string, fitted: Fitted, norm: "absolute" | "square"): Float64Array {
  const last = lastPart(fitted);
  const d = fitted.columns.length;
  const size = (value: number): number => (norm === "square" ? value * value : Math.abs(value));
  const { coef, terms } = last.state as { readonly coef?: unknown; readonly terms?: unknown };
  if (last.columns.length === d && coef instanceof Float64Array && coef.length % d === 0 && terms === undefined) {
    const sums = new Float64Array(d);
    for (let at = 0; at < coef.length; at++) sums[at % d]! += size(coef[at]!);
    return sums;
  }
  const found = last.columns.length === d ? importancesOf(definitionOf(last), last) : undefined;
  const byName = new Map(found?.map(({ feature, importance }) => [feature, importance]));
  const values = last.columns.map(({ name }) => byName.get(name));
  if (values.length !== d || values.includes(undefined))
    throw new ParamsError(`${who}: ${last.name} tells no weight of each column; take a linear model or trees`);
  return Float64Array.from(values as number[], size);
}

function lastPart(fitted: Fitted): Fitted {
  return fitted.name === "pipeline" ? lastPart((fitted.state as { readonly steps: readonly Fitted[] }).steps.at(-1)!) : fitted;
}
