import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import type { ItemId } from "../metrics/recommendation.ts";
import { sharedFloat64, sharedInt32 } from "../numeric/matrix.ts";

/** Names of users or items in sorted order, as typed arrays: numbers, or texts in UTF-8 of which number k lies at offsets[k] … offsets[k + 1]. */
export type IdList =
  | { readonly kind: "number"; readonly values: Float64Array }
  | { readonly kind: "text"; readonly bytes: Uint8Array; readonly offsets: Int32Array };

/** How many names there are. */
export function countOf(ids: IdList): number {
  return ids.kind === "number" ? ids.values.length : ids.offsets.length - 1;
}

const namesOf = new WeakMap<IdList, readonly ItemId[]>();
const codesOf = new WeakMap<IdList, ReadonlyMap<ItemId, number>>();

/** The names themselves, by their codes; made once. */
export function idsOf(ids: IdList): readonly ItemId[] {
  let names = namesOf.get(ids);
  if (!names) {
    names = ids.kind === "number" ? Array.from(ids.values) : textsOf(ids.bytes, ids.offsets);
    namesOf.set(ids, names);
  }
  return names;
}

/** The code of a name; undefined for one that is not there. The table of codes is made once. */
export function codeOf(ids: IdList, id: ItemId): number | undefined {
  let codes = codesOf.get(ids);
  if (!codes) {
    codes = new Map(idsOf(ids).map((name, code) => [name, code]));
    codesOf.set(ids, codes);
  }
  return codes.get(id);
}

function textsOf(bytes: Uint8Array, offsets: Int32Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: offsets.length - 1 }, (_, k) => buffer.toString("utf8", offsets[k], offsets[k + 1]));
}

/** Names in sorted order as a list in shared memory. */
export function idListOf(names: readonly number[] | readonly string[] | Float64Array): IdList {
  if (typeof names[0] !== "string") {
    const values = sharedFloat64(names.length);
    values.set(names as readonly number[]);
    return { kind: "number", values };
  }
  const texts = (names as readonly string[]).map((name) => Buffer.from(name));
  const offsets = sharedInt32(texts.length + 1);
  for (const [k, text] of texts.entries()) offsets[k + 1] = offsets[k]! + text.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(offsets[texts.length]!));
  for (const [k, text] of texts.entries()) bytes.set(text, offsets[k]);
  return { kind: "text", bytes, offsets };
}

/** A column's names in sorted order, and each row's code. Throws DataError for a missing name or a column that names nothing. O(n log names). */
export function encodeIds(who: string, name: string, column: Column): { readonly ids: IdList; readonly codes: Int32Array } {
  switch (column.kind) {
    case "number":
      return encodeNumbers(who, name, column.values);
    case "text":
      return encodeTexts(who, name, column.values);
    case "category":
      return encodeTexts(
        who,
        name,
        Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!)),
      );
    default:
      throw new DataError(`${who}: column "${name}" must hold text or numbers that name somebody, got ${column.kind} values`);
  }
}

function encodeNumbers(who: string, name: string, values: Float64Array): { ids: IdList; codes: Int32Array } {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(`${who}: column "${name}" must name somebody in every row, got ${values[bad]} in row ${bad}`);
  const names = distinct(values);
  const [first, last] = [names[0]!, names.at(-1)!];
  const codes = new Int32Array(values.length);
  if (names.every(Number.isSafeInteger) && last - first < 8 * values.length) {
    const places = new Int32Array(last - first + 1);
    for (const [code, id] of names.entries()) places[id - first] = code;
    for (let i = 0; i < codes.length; i++) codes[i] = places[values[i]! - first]!;
  } else for (let i = 0; i < codes.length; i++) codes[i] = placeOf(names, values[i]!);
  return { ids: idListOf(names), codes };
}

/** Different values, ascending. */
function distinct(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i]!;
  return sorted.slice(0, count);
}

/** Place of a value among ascending ones that hold it. */
function placeOf(sorted: Float64Array, value: number): number {
  let low = 0;
  for (let high = sorted.length - 1; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function encodeTexts(who: string, name: string, values: readonly (string | null)[]): { ids: IdList; codes: Int32Array } {
  const bad = values.indexOf(null);
  if (bad >= 0) throw new DataError(`${who}: column "${name}" must name somebody in every row, it is missing in row ${bad}`);
  const names = [...new Set(values as readonly string[])].sort();
  const places = new Map(names.map((id, code) => [id, code]));
  return { ids: idListOf(names), codes: Int32Array.from(values, (value) => places.get(value!)!) };
}
