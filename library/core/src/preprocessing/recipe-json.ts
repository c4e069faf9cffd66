import { StoreError } from "../base/errors.ts";

const arrays = { f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const;
const depthMax = 64;

/** Plain data as JSON: typed arrays as `{ $f64: […] }`, numbers that JSON lacks as text within them or under `$number`. */
export function toJson(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value !== "object" || value === null) return value;
  for (const [name, kind] of Object.entries(arrays))
    if (value instanceof kind)
      return { [`$${name}`]: Array.from(value, (each) => (Number.isFinite(each) ? each : String(each))) };
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}

/** The data that `toJson` wrote. Throws StoreError for what it never writes. */
export function fromJson(value: unknown, depth = 0): unknown {
  if (depth > depthMax) throw new StoreError(`it is nested more than ${depthMax} deep`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => fromJson(each, depth + 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first![0].startsWith("$")) return special(first![0].slice(1), first![1]);
  return Object.fromEntries(entries.map(([name, part]) => [name, fromJson(part, depth + 1)])); // `__proto__` becomes an own key
}

function special(name: string, value: unknown): unknown {
  if (name === "number") return numberOf(value);
  const kind = Object.hasOwn(arrays, name) ? arrays[name as keyof typeof arrays] : undefined;
  if (!kind || !Array.isArray(value)) throw new StoreError(`$${name} is no kind of value`);
  return new kind(value.map(numberOf));
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw new StoreError(`a number must be one, got ${JSON.stringify(value)}`);
}
