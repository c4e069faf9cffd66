import { DataError } from "../../base/errors.ts";
import { type DocumentValue, documentDepthMax } from "./document.ts";

/** Bytes of each numeric marker. */
const widths: ReadonlyMap<string, number> = new Map([
  ["i", 1],
  ["U", 1],
  ["I", 2],
  ["l", 4],
  ["L", 8],
  ["d", 4],
  ["D", 8],
]);

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The bytes, and how far they are read. */
interface Cursor {
  readonly who: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

/**
 * Universal Binary JSON, draft 12, as XGBoost writes it: big-endian, lists and objects with or without a count (`#`) and a type (`$`).
 * Every length is held against the bytes that are left before memory is taken; names that stand twice, nesting beyond 64, high-precision
 * numbers, and typed lists whose entries take no bytes are refused. Cost O(bytes). Throws DataError with the byte's place.
 */
export function parseUbjson(who: string, bytes: Uint8Array): DocumentValue {
  const cursor: Cursor = { who, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const document = readValue(cursor, readMarker(cursor), 0);
  if (cursor.at !== bytes.length) refuse(cursor, "be the end of the file", `${bytes.length - cursor.at} bytes more`);
  return document;
}

function refuse({ who, at }: Cursor, demand: string, got: string | number): never {
  throw new DataError(`${who}: byte ${at} must ${demand}, got ${got}`);
}

function left({ bytes, at }: Cursor): number {
  return bytes.length - at;
}

function need(cursor: Cursor, count: number): void {
  if (count > left(cursor)) refuse(cursor, `be followed by ${count} bytes`, left(cursor));
}

/** The next byte as a sign; "N" is a filler. */
function readMarker(cursor: Cursor): string {
  skipFillers(cursor);
  need(cursor, 1);
  return String.fromCharCode(cursor.bytes[cursor.at++]!);
}

function skipFillers(cursor: Cursor): void {
  while (cursor.bytes[cursor.at] === 0x4e) cursor.at++;
}

/** Steps over a sign where it comes next. */
function skip(cursor: Cursor, sign: string): boolean {
  if (cursor.bytes[cursor.at] !== sign.charCodeAt(0)) return false;
  cursor.at++;
  return true;
}

function readValue(cursor: Cursor, kind: string, depth: number): DocumentValue {
  if (depth > documentDepthMax) refuse(cursor, "lie", `more than ${documentDepthMax} levels deep`);
  if (widths.has(kind)) return readNumber(cursor, kind);
  switch (kind) {
    case "Z":
      return null;
    case "T":
      return true;
    case "F":
      return false;
    case "S":
      return readText(cursor, readLength(cursor));
    case "C":
      need(cursor, 1);
      return readText(cursor, 1);
    case "[":
      return readList(cursor, depth);
    case "{":
      return readObject(cursor, depth);
    default:
      cursor.at--;
      return refuse(cursor, "be a type of UBJSON", JSON.stringify(kind));
  }
}

function readNumber(cursor: Cursor, kind: string): number {
  const width = widths.get(kind)!;
  need(cursor, width);
  const value = numberAt(cursor, kind);
  if (kind === "L" && !Number.isSafeInteger(value)) refuse(cursor, "be a whole number within ±2⁵³", value);
  cursor.at += width;
  return value;
}

function numberAt({ view, at }: Cursor, kind: string): number {
  switch (kind) {
    case "i":
      return view.getInt8(at);
    case "U":
      return view.getUint8(at);
    case "I":
      return view.getInt16(at);
    case "l":
      return view.getInt32(at);
    case "L":
      return Number(view.getBigInt64(at));
    case "d":
      return view.getFloat32(at);
    default:
      return view.getFloat64(at);
  }
}

/** A count of bytes or entries, each of which takes a byte at least. */
function readLength(cursor: Cursor): number {
  const kind = readMarker(cursor);
  if (!"iUIlL".includes(kind)) refuse(cursor, "begin a length", JSON.stringify(kind));
  const value = readNumber(cursor, kind);
  if (value < 0 || value > left(cursor)) refuse(cursor, `follow a length of at most ${left(cursor)}`, value);
  return value;
}

function readText(cursor: Cursor, size: number): string {
  try {
    const text = utf8.decode(cursor.bytes.subarray(cursor.at, cursor.at + size));
    cursor.at += size;
    return text;
  } catch {
    return refuse(cursor, `begin ${size} bytes of UTF-8`, `0x${cursor.bytes[cursor.at]!.toString(16)}`);
  }
}

/** The optional type and count behind "[" or "{". */
interface Header {
  readonly kind: string | undefined;
  readonly count: number | undefined;
}

function readHeader(cursor: Cursor): Header {
  const kind = skip(cursor, "$") ? readMarker(cursor) : undefined;
  if (kind !== undefined && !widths.has(kind) && !"SC[{".includes(kind))
    refuse(cursor, "name a type whose entries take bytes", JSON.stringify(kind));
  if (skip(cursor, "#")) return { kind, count: readLength(cursor) };
  return kind === undefined ? { kind, count: undefined } : refuse(cursor, 'be the count "#" of a typed list', "none");
}

/** Whether the entry before which the cursor stands is there. */
function hasNext(cursor: Cursor, { count }: Header, read: number, end: string): boolean {
  if (count !== undefined) return read < count;
  skipFillers(cursor);
  need(cursor, 1);
  return !skip(cursor, end);
}

function readList(cursor: Cursor, depth: number): DocumentValue {
  const header = readHeader(cursor);
  const { kind } = header;
  if (kind !== undefined && widths.has(kind)) {
    need(cursor, header.count! * widths.get(kind)!);
    const numbers = new Float64Array(header.count!);
    for (let k = 0; k < numbers.length; k++) numbers[k] = readNumber(cursor, kind);
    return numbers;
  }
  const values: DocumentValue[] = [];
  while (hasNext(cursor, header, values.length, "]")) values.push(readValue(cursor, kind ?? readMarker(cursor), depth + 1));
  return values;
}

function readObject(cursor: Cursor, depth: number): DocumentValue {
  const header = readHeader(cursor);
  const members = new Map<string, DocumentValue>();
  while (hasNext(cursor, header, members.size, "}")) {
    const name = readText(cursor, readLength(cursor));
    if (members.has(name)) refuse(cursor, "follow a name that does not stand twice", JSON.stringify(name.slice(0, 60)));
    members.set(name, readValue(cursor, header.kind ?? readMarker(cursor), depth + 1));
  }
  return members;
}
