import { StoreError } from "../base/errors.ts";

/** Throws StoreError unless `perClass` are arrays of one length k, and `perCell` arrays of one length, a multiple of k. */
export function checkLengths(
  name: string,
  perCell: Readonly<Record<string, Float64Array>>,
  perClass: Readonly<Record<string, Float64Array>>,
): void {
  const all = { ...perCell, ...perClass };
  for (const [key, array] of Object.entries(all))
    if (!(array instanceof Float64Array))
      throw new StoreError(`loadModel: ${name}'s ${key} must be numbers, got ${typeof array}`);
  const lengths = (arrays: object): Set<number> => new Set(Object.values(arrays).map((array: Float64Array) => array.length));
  const [k] = lengths(perClass);
  const [cells] = lengths(perCell);
  if (lengths(perClass).size !== 1 || lengths(perCell).size !== 1 || k! < 2 || cells === 0 || cells! % k! !== 0)
    throw new StoreError(
      `loadModel: ${name}'s arrays must fit each other, got ${Object.entries(all)
        .map(([key, { length }]) => `${key} ${length}`)
        .join(", ")}`,
    );
}

/** Throws StoreError where a value is NaN or infinite. */
export function checkFinite(name: string, arrays: Readonly<Record<string, ArrayLike<number>>>): void {
  for (const [key, values] of Object.entries(arrays))
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]))
        throw new StoreError(`loadModel: ${name}'s ${key} must be finite, got ${values[i]} at ${i}`);
}
