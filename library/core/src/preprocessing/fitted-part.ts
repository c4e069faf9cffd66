import type { Fitted } from "../base/contract.ts";
import { ParamsError, StoreError } from "../base/errors.ts";
import { definitionOf } from "../base/registry.ts";

/** Throws StoreError unless a loaded part of a composite is a fitted estimator of these columns, its state by its own rule. */
export function checkFitted(who: string, fitted: Fitted, columns?: number): void {
  if (typeof fitted !== "object" || fitted === null || !Array.isArray(fitted.columns))
    throw new StoreError(`${who}: a part of the state must be a fitted estimator`);
  if (columns !== undefined && fitted.columns.length !== columns)
    throw new StoreError(`${who}: ${fitted.name} was fitted on ${fitted.columns.length} columns, it gets ${columns}`);
  try {
    definitionOf(fitted).check?.(fitted.state, fitted.columns.length);
  } catch (cause) {
    if (cause instanceof ParamsError) throw new StoreError(`${who}: ${cause.message}`, { cause });
    throw cause;
  }
}
