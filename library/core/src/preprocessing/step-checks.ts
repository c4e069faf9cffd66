import { DataError, StoreError } from "../base/errors.ts";
import type { Matrix } from "../numeric/matrix.ts";

/** Throws StoreError unless the arrays of a loaded state hold a finite number for each column. */
export function checkNumbers(who: string, arrays: Readonly<Record<string, unknown>>, columns: number): void {
  for (const [name, values] of Object.entries(arrays)) {
    checkLists(who, { [name]: values }, columns);
    if (!(values instanceof Float64Array)) throw new StoreError(`${who}: state ${name} must be a Float64Array`);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new StoreError(`${who}: state ${name}[${bad}] must be finite, got ${values[bad]}`);
  }
}

/** Throws StoreError unless the lists of a loaded state have an entry for each column. */
export function checkLists(who: string, lists: Readonly<Record<string, unknown>>, columns: number): void {
  for (const [name, list] of Object.entries(lists)) {
    const isList = Array.isArray(list) || (ArrayBuffer.isView(list) && "length" in list);
    if (!isList) throw new StoreError(`${who}: state ${name} must be a list`);
    const { length } = list as { readonly length: number };
    if (length !== columns) throw new StoreError(`${who}: state ${name} has ${length} entries for ${columns} columns`);
  }
}

/** Throws StoreError unless a loaded list holds so many names. */
export function checkNames(who: string, names: unknown, count: number): void {
  checkLists(who, { names }, count);
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string"))
    throw new StoreError(`${who}: state names must be texts`);
}

/** Throws DataError where a matrix to be turned back has another number of columns than `transform` gives. */
export function requireWidth(who: string, x: Matrix, width: number): void {
  if (x.columns !== width) throw new DataError(`${who}: x has ${x.columns} columns, the transformed rows have ${width}`);
}
