import { DataError } from "../../base/errors.ts";
import { type DocumentValue, documentDepthMax } from "./document.ts";

/** The text, and how far it is read. */
interface Cursor {
  readonly who: string;
  readonly text: string;
  at: number;
}

const word = /true|false|null|NaN|-?Infinity/y;

const words: ReadonlyMap<string, DocumentValue> = new Map<string, DocumentValue>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/**
 * JSON text, with the bare NaN and Infinity that XGBoost writes. Stricter than JSON.parse: a name that stands twice, nesting beyond 64 and
 * text behind the end are refused. Cost O(characters). Throws DataError with the line and column.
 */
export function parseJson(who: string, text: string): DocumentValue {
  const cursor: Cursor = { who, text, at: 0 };
  skipBlank(cursor);
  const document = readValue(cursor, 0);
  skipBlank(cursor);
  return cursor.at === text.length ? document : refuse(cursor, "the end of the file");
}

function refuse({ who, text, at }: Cursor, demand: string): never {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const got = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : "the end of the file";
  throw new DataError(`${who}: ${place} must be ${demand}, got ${got}`);
}

/** Steps over spaces, tabs and line ends. */
function skipBlank(cursor: Cursor): void {
  for (let code = cursor.text.charCodeAt(cursor.at); ; code = cursor.text.charCodeAt(++cursor.at))
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
}

/** Steps over a sign, and the blanks around it, where it comes next. */
function skip(cursor: Cursor, sign: string): boolean {
  skipBlank(cursor);
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at++;
  skipBlank(cursor);
  return true;
}

function readValue(cursor: Cursor, depth: number): DocumentValue {
  if (depth > documentDepthMax) refuse(cursor, `at most ${documentDepthMax} levels deep`);
  const { text, at } = cursor;
  if (text[at] === '"') return readQuoted(cursor);
  if (skip(cursor, "[")) return readList(cursor, depth);
  if (skip(cursor, "{")) return readObject(cursor, depth);
  const end = endOfNumber(text, at);
  if (end > at && text[at + 1] !== "I") return readScalar(cursor, end, "a number") as number;
  word.lastIndex = at;
  const found = word.exec(text)?.[0] ?? refuse(cursor, "a value");
  cursor.at += found.length;
  return words.get(found)!;
}

function readList(cursor: Cursor, depth: number): DocumentValue[] {
  const values: DocumentValue[] = [];
  if (skip(cursor, "]")) return values;
  do values.push(readValue(cursor, depth + 1));
  while (skip(cursor, ","));
  return skip(cursor, "]") ? values : refuse(cursor, '"," or "]"');
}

function readObject(cursor: Cursor, depth: number): Map<string, DocumentValue> {
  const members = new Map<string, DocumentValue>();
  if (skip(cursor, "}")) return members;
  do {
    const start = cursor.at;
    const name = readQuoted(cursor);
    if (members.has(name)) refuse({ ...cursor, at: start }, "a name that does not stand twice");
    if (!skip(cursor, ":")) refuse(cursor, '":"');
    members.set(name, readValue(cursor, depth + 1));
  } while (skip(cursor, ","));
  return skip(cursor, "}") ? members : refuse(cursor, '"," or "}"');
}

function readQuoted(cursor: Cursor): string {
  return readScalar(cursor, endOfQuoted(cursor.text, cursor.at), "a quoted text") as string;
}

/** A text or a number from here to `end`, in JSON.parse's grammar. */
function readScalar(cursor: Cursor, end: number, demand: string): unknown {
  try {
    const found: unknown = JSON.parse(cursor.text.slice(cursor.at, end));
    cursor.at = end;
    return found;
  } catch {
    return refuse(cursor, demand);
  }
}

/** Where the text that is quoted from `start` on ends, `start` where it does not. */
function endOfQuoted(text: string, start: number): number {
  if (text[start] !== '"') return start;
  for (let end = start; ; ) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return start;
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** Where the signs of a number end: digits, "+", "-", ".", "E", "e". */
function endOfNumber(text: string, start: number): number {
  let end = start;
  for (let code = text.charCodeAt(end); ; code = text.charCodeAt(++end)) {
    const isSign = code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
    if (!isSign && !(code >= 48 && code <= 57)) return end;
  }
}
