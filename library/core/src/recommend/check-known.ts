import { StoreError } from "../base/errors.ts";
import { countOf, type IdList } from "./ids.ts";
import type { KnownInteractions } from "./recommender-model.ts";

/** Throws StoreError unless these are sparse rows of users with their names, as `interactions` makes them. */
export function checkKnown(name: string, known: KnownInteractions | undefined): void {
  const refuse = (what: string): never => {
    throw new StoreError(`loadModel: ${name}'s ${what}`);
  };
  const { users, items, offsets, codes, values } = known ?? refuse("interactions are missing");
  if (!isIdList(users)) refuse("names of users must be sorted numbers, or texts one after the other");
  if (!isIdList(items)) refuse("names of items must be sorted numbers, or texts one after the other");
  const isArrays = offsets instanceof Int32Array && codes instanceof Int32Array && values instanceof Float64Array;
  if (!isArrays || values.length !== codes.length) refuse("interactions must be arrays of numbers");
  const rows = countOf(users);
  if (offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== codes.length)
    refuse(`interactions must be the rows of ${rows} users`);
  for (let u = 0; u < rows; u++)
    if (!isRow(codes.subarray(offsets[u], offsets[u + 1]), countOf(items)) || offsets[u + 1]! < offsets[u]!)
      refuse(`items of user ${u} must be ascending codes below ${countOf(items)}`);
  if (!values.every((value) => value > 0 && value < Infinity)) refuse("values must be > 0 and finite");
}

function isRow(codes: Int32Array, items: number): boolean {
  return codes.every((code, k) => code > (k === 0 ? -1 : codes[k - 1]!) && code < items);
}

function isIdList(ids: IdList | undefined): boolean {
  if (ids?.kind === "number")
    return (
      ids.values instanceof Float64Array &&
      ids.values.every((id, k) => Number.isFinite(id) && (k === 0 || id > ids.values[k - 1]!))
    );
  if (ids?.kind !== "text" || !(ids.bytes instanceof Uint8Array && ids.offsets instanceof Int32Array)) return false;
  const { bytes, offsets } = ids;
  return offsets[0] === 0 && offsets.at(-1) === bytes.length && offsets.every((at, k) => k === 0 || at >= offsets[k - 1]!);
}
