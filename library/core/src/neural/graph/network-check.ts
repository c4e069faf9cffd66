import { StoreError } from "../../base/errors.ts";
import type { NetworkInputState, NetworkOutputState, NetworkWeight } from "./network-contract.ts";
import { sizeOf } from "./row-shape.ts";

function refuse(name: string, what: string): never {
  throw new StoreError(`loadModel: ${name}'s ${what}`);
}

/** Throws StoreError for inputs that cannot be those of a model of so many columns. */
export function checkInputs(name: string, inputs: readonly NetworkInputState[], columns: number): void {
  if (!Array.isArray(inputs) || inputs.length === 0) refuse(name, "inputs must be a list of one at least");
  for (const { shape, places, center, spread } of inputs) {
    const isWhole = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0);
    if (!isWhole || !(places instanceof Int32Array) || sizeOf(shape) !== places.length)
      refuse(name, "inputs must have a place for each value");
    if (places.some((place) => place < 0 || place >= columns)) refuse(name, `inputs must lie in ${columns} columns`);
    for (const scale of [center, spread])
      if (!(scale instanceof Float64Array) || (scale.length !== 0 && scale.length !== places.length))
        refuse(name, "inputs must have a scale a column");
  }
}

/** Throws StoreError for outputs that cannot be those of a model of so many classes. */
export function checkOutputs(name: string, outputs: readonly NetworkOutputState[], classes?: number): void {
  if (!Array.isArray(outputs) || outputs.length === 0) refuse(name, "outputs must be a list of one at least");
  const isSized = outputs.every(({ units }) => Number.isInteger(units) && units > 0 && units <= 65_536);
  if (!isSized || (classes && outputs[0]!.units !== classes)) refuse(name, "outputs must have a sum for each class");
}

/** Throws StoreError for weights that are not finite or not of their shapes. */
export function checkWeights(name: string, weights: readonly NetworkWeight[]): void {
  if (!Array.isArray(weights)) refuse(name, "weights must be a list");
  for (const { shape, values } of weights)
    if (
      !(values instanceof Float32Array) ||
      !Array.isArray(shape) ||
      sizeOf(shape) !== values.length ||
      !values.every(Number.isFinite)
    )
      refuse(name, "weights must be finite, and as many as their shape says");
}
