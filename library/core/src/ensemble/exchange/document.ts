import { DataError } from "../../base/errors.ts";

/** A value of a JSON or UBJSON document; objects are Maps, so that `__proto__` is only a name. */
export type DocumentValue =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | readonly DocumentValue[]
  | ReadonlyMap<string, DocumentValue>;

/** How deep the readers of documents go; XGBoost's own files have ten levels. */
export const documentDepthMax = 64;

/** A value with its way from the root, which errors name. */
export interface Place {
  /** The function that reads. */
  readonly who: string;
  /** Names and indices from the root: `learner.gradient_booster.name`. */
  readonly path: string;
  readonly value: DocumentValue;
}

/** Throws DataError: `who: path must …, got value`. */
export function refusePlace({ who, path, value }: Place, demand: string): never {
  throw new DataError(`${who}: ${path || "the document"} must ${demand}, got ${show(value)}`);
}

/** A named member of an object. Throws DataError where there is none. */
export function member(place: Place, name: string): Place {
  return optionalMember(place, name) ?? refusePlace(place, `have a member "${name}"`);
}

/** A named member of an object, undefined where there is none. Throws DataError for anything but an object. */
export function optionalMember(place: Place, name: string): Place | undefined {
  if (!(place.value instanceof Map)) return refusePlace(place, "be an object");
  const value = place.value.get(name) as DocumentValue | undefined;
  return value === undefined ? undefined : { who: place.who, path: place.path ? `${place.path}.${name}` : name, value };
}

/** The entries of a list. */
export function entries(place: Place): Place[] {
  const { who, path, value } = place;
  if (!Array.isArray(value) && !(value instanceof Float64Array)) return refusePlace(place, "be a list");
  return Array.from(value as readonly DocumentValue[], (entry, k) => ({ who, path: `${path}[${k}]`, value: entry }));
}

/** A text. */
export function textOf(place: Place): string {
  return typeof place.value === "string" ? place.value : refusePlace(place, "be a text");
}

/** A finite number; XGBoost writes its parameters as texts. */
export function numberOf(place: Place): number {
  const { value } = place;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : refusePlace(place, "be a finite number");
}

/** A whole number within bounds. */
export function integerOf(place: Place, min: number, max: number): number {
  const number = numberOf(place);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  return refusePlace(place, `be a whole number from ${min} to ${max}`);
}

/** A list of numbers of a wanted length; not finite ones are left to the caller. */
export function numbersOf(place: Place, length?: number): Float64Array {
  const { value } = place;
  if (!Array.isArray(value) && !(value instanceof Float64Array)) return refusePlace(place, "be a list of numbers");
  const list = value as ArrayLike<DocumentValue>;
  if (length !== undefined && list.length !== length) return refuseLength(place, list.length, length);
  if (list instanceof Float64Array) return list;
  const numbers = new Float64Array(list.length);
  for (let k = 0; k < list.length; k++) {
    const entry = list[k]!;
    if (typeof entry !== "number" && typeof entry !== "boolean") refuseEntry(place, k, "a number", entry);
    numbers[k] = Number(entry);
  }
  return numbers;
}

/** A list of whole numbers within bounds, of a wanted length. */
export function integersOf(place: Place, length: number | undefined, min: number, max: number): Int32Array {
  const numbers = numbersOf(place, length);
  const integers = new Int32Array(numbers.length);
  for (let k = 0; k < numbers.length; k++) {
    const number = numbers[k]!;
    if (!(Number.isInteger(number) && number >= min && number <= max))
      refuseEntry(place, k, `a whole number from ${min} to ${max}`, number);
    integers[k] = number;
  }
  return integers;
}

function refuseLength({ who, path }: Place, got: number, wanted: number): never {
  throw new DataError(`${who}: ${path} must have ${wanted} entries, got ${got}`);
}

function refuseEntry({ who, path }: Place, k: number, demand: string, got: DocumentValue): never {
  throw new DataError(`${who}: ${path}[${k}] must be ${demand}, got ${show(got)}`);
}

function show(value: DocumentValue): string {
  if (value instanceof Map) return `an object of ${value.size} members`;
  if (Array.isArray(value) || value instanceof Float64Array) return `a list of ${value.length}`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
}
