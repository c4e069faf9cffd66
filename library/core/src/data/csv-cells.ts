import { CsvStrings, mostStrings, spanOf } from "./csv-strings.ts";
import { instantOfDateBytes, instantOfText } from "./instant-text.ts";

/** What a scan takes a column for; "text" stands for category or text of few strings, "string" for text of many. */
export const scanKinds = ["number", "boolean", "datetime", "text", "string"] as const;
/** A column's kind for a scan. */
export type ScanKind = (typeof scanKinds)[number];

/**
 * Where a column's cells go: numbers and instants; 0, 1, 255; codes of the piece's own strings; or places of strings: two numbers a row,
 * where it begins (−1: missing) and its bytes (see `spanOf`).
 */
export type ScanTarget = Float64Array | Uint8Array | Int32Array;

/** A column that is being read; `put` answers what the column must be instead when a cell does not fit. */
interface OpenCells {
  put(row: number, from: number, to: number, escaped: boolean): ScanKind | undefined;
  /** Where each string of a text column lies, and its span. */
  readonly strings?: readonly number[];
}

const tens = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const wordNumber = /^([+-]?inf(inity)?|[+-]?nan)$/i;
const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Opens a column for the cells of a piece. Numbers of at most 15 digits are a whole number over a power of ten, which rounds once and so
 * equals `Number(text)`; others go through `Number`.
 */
export function openCells(
  kind: ScanKind,
  target: ScanTarget,
  bytes: Buffer,
  { missing, quote }: { readonly missing: ReadonlySet<string>; readonly quote: number },
): OpenCells {
  switch (kind) {
    case "number":
      return numberCells(target as Float64Array, bytes, missing);
    case "datetime":
      return instantCells(target as Float64Array, bytes, missing);
    case "boolean":
      return booleanCells(target as Uint8Array, bytes, missing);
    case "text":
      return textCells(target as Int32Array, new CsvStrings(bytes, missing, String.fromCharCode(quote)));
    case "string":
      return stringCells(target as Int32Array);
  }
}

function textCells(codes: Int32Array, strings: CsvStrings): OpenCells {
  return {
    put(row, from, to, escaped) {
      codes[row] = from === to ? -1 : strings.code(from, to, escaped);
      return strings.count > mostStrings ? "string" : undefined;
    },
    get strings() {
      return strings.places;
    },
  };
}

function stringCells(spans: Int32Array): OpenCells {
  return {
    put(row, from, to, escaped) {
      spans[2 * row] = from === to ? -1 : from;
      spans[2 * row + 1] = spanOf(to - from, escaped);
      return undefined;
    },
  };
}

/** What a cell that does not fit makes of its column: the kind that the cell has. */
function kindOfCell(text: string, was: ScanKind): ScanKind {
  if (was === "number" && /^(true|false)$/i.test(text)) return "boolean";
  if (was === "number" && !Number.isNaN(instantOfText(text))) return "datetime";
  return "text";
}

function numberCells(values: Float64Array, bytes: Buffer, missing: ReadonlySet<string>): OpenCells {
  let filled = 0;
  const slowly = (row: number, from: number, to: number): ScanKind | undefined => {
    const text = bytes.toString("utf8", from, to);
    if (missing.has(text)) values[row] = Number.NaN;
    else if (isExactNumber(text)) {
      values[row] = numberOf(text);
      filled++;
    } else return filled > 0 ? "text" : kindOfCell(text, "number");
    return undefined;
  };
  return {
    put(row, from, to) {
      if (from === to) {
        values[row] = Number.NaN;
        return undefined;
      }
      let at = from;
      const negative = bytes[at] === 45;
      if (negative) at++;
      const begin = at;
      let whole = 0;
      let digit = 0;
      while (at < to && (digit = bytes[at]! - 48) >= 0 && digit <= 9) {
        whole = whole * 10 + digit;
        at++;
      }
      const isPadded = at - begin > 1 && bytes[begin] === 48;
      let places = 0;
      if (at < to && bytes[at] === 46 && at > begin) {
        const dot = ++at;
        while (at < to && (digit = bytes[at]! - 48) >= 0 && digit <= 9) {
          whole = whole * 10 + digit;
          at++;
        }
        places = at - dot;
      }
      if (at < to || at - begin > 16 || at === begin || isPadded || whole > 999_999_999_999_999) return slowly(row, from, to);
      const value = places === 0 ? whole : whole / tens[places]!;
      values[row] = negative ? -value : value;
      filled++;
      return undefined;
    },
  };
}

function numberOf(text: string): number {
  if (!wordNumber.test(text)) return Number(text);
  return /nan/i.test(text) ? Number.NaN : text.startsWith("-") ? -Infinity : Infinity;
}

/** Whether a number's text loses nothing as a double: no leading zeros, no whole number beyond ±2⁵³. */
export function isExactNumber(text: string): boolean {
  if (wordNumber.test(text)) return true;
  if (!plainNumber.test(text) || /^[+-]?0\d+$/.test(text)) return false;
  return !/^[+-]?\d{16,}$/.test(text) || Math.abs(Number(text)) < 2 ** 53 || /^[+-]?9007199254740992$/.test(text);
}

function instantCells(values: Float64Array, bytes: Buffer, missing: ReadonlySet<string>): OpenCells {
  const known = new Map<string, number>();
  return {
    put(row, from, to, escaped) {
      const day = instantOfDateBytes(bytes, from, to);
      if (!Number.isNaN(day)) {
        values[row] = day;
        return undefined;
      }
      const text = bytes.toString("latin1", from, to);
      let value = known.get(text);
      if (value === undefined) {
        const isMissing = from === to || missing.has(text);
        value = isMissing ? Number.NaN : instantOfText(text);
        if (escaped || (Number.isNaN(value) && !isMissing)) return "text";
        if (known.size < 100_000) known.set(text, value);
      }
      values[row] = value;
      return undefined;
    },
  };
}

function booleanCells(values: Uint8Array, bytes: Buffer, missing: ReadonlySet<string>): OpenCells {
  return {
    put(row, from, to) {
      const first = bytes[from]! | 32;
      const length = to - from;
      if (length === 4 && first === 116 && isWord(bytes, from, "true")) values[row] = 1;
      else if (length === 5 && first === 102 && isWord(bytes, from, "false")) values[row] = 0;
      else if (length === 0 || missing.has(bytes.toString("utf8", from, to))) values[row] = 255;
      else return "text";
      return undefined;
    },
  };
}

function isWord(bytes: Buffer, from: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if ((bytes[from + k]! | 32) !== word.charCodeAt(k)) return false;
  return true;
}
