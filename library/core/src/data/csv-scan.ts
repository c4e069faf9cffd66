import type { Column } from "../base/columns.ts";
import { sharedFloat64 } from "../numeric/matrix.ts";
import { isCategory } from "./column.ts";
import { CsvStrings } from "./csv-strings.ts";
import { instantOfDateBytes, instantOfText } from "./instant-text.ts";

/** What a scan needs to know of a file: its signs as bytes, and a kind for each column. */
export interface ScanPlan {
  readonly delimiter: number;
  readonly quote: number;
  /** −1 for none. */
  readonly comment: number;
  /** A column's kind as far as the sample tells; "text" stands for category or text. */
  readonly kinds: readonly ScanKind[];
  readonly missing: ReadonlySet<string>;
  /** Where the first record after the header begins. */
  readonly begin: number;
  /** Rows to be expected. */
  readonly rows: number;
}

/** What a scan takes a column for. */
export type ScanKind = "number" | "boolean" | "datetime" | "text";

/** Columns; or what a column turned out to be; or that the file needs the general reader. */
export type Scanned = readonly Column[] | { readonly column: number; readonly kind: ScanKind } | undefined;

const tens = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const wordNumber = /^([+-]?inf(inity)?|[+-]?nan)$/i;
const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads plain CSV bytes (UTF-8) in one pass into typed columns. Gives up, for the general reader, on what is not plain: a record of another
 * width, a sign in a wrong place, a carriage return alone. Numbers of at most 15 digits are a whole number over a power of ten, which rounds
 * once and so equals `Number(text)`; others go through `Number`. Cost O(bytes).
 */
export function scanCsvBytes(bytes: Buffer, plan: ScanPlan): Scanned {
  const { delimiter, quote, comment, kinds } = plan;
  const width = kinds.length;
  const end = bytes.length;
  let capacity = plan.rows + 16;
  const columns = kinds.map((kind) => openColumn(kind, capacity, bytes, plan));
  const stops = new Uint8Array(256);
  for (const sign of [delimiter, quote, 10, 13]) stops[sign] = 1;
  let row = 0;
  let at = plan.begin;
  while (at < end) {
    const first = bytes[at]!;
    if (first === 10 || (first === 13 && bytes[at + 1] === 10)) {
      if (width === 1) return undefined;
      at += first === 10 ? 1 : 2;
      continue;
    }
    if (first === comment) {
      const line = bytes.indexOf(10, at);
      at = line < 0 ? end : line + 1;
      continue;
    }
    if (row === capacity) {
      capacity = Math.ceil(capacity * 1.5);
      for (const column of columns) column.grow(capacity);
    }
    for (let j = 0; j < width; j++) {
      let from = at;
      let to: number;
      let escaped = false;
      if (bytes[at] === quote) {
        from = ++at;
        for (;;) {
          at = bytes.indexOf(quote, at);
          if (at < 0) return undefined;
          if (bytes[at + 1] !== quote) break;
          escaped = true;
          at += 2;
        }
        to = at++;
      } else {
        while (at < end && stops[bytes[at]!] === 0) at++;
        to = at;
      }
      if (bytes[at] === 13 && bytes[at + 1] === 10) at++;
      const isLast = j === width - 1;
      if (at < end && bytes[at] !== (isLast ? 10 : delimiter)) return undefined;
      if (at >= end && !isLast) return undefined;
      at++;
      while (from < to && bytes[from] === 32) from++;
      while (to > from && bytes[to - 1] === 32) to--;
      const other = columns[j]!.put(row, from, to, escaped);
      if (other !== undefined) return other === "none" ? undefined : { column: j, kind: other };
    }
    row++;
  }
  return columns.map((column) => column.close(row));
}

/** A column that is being read; `put` answers what the column must be instead when a cell does not fit. */
interface OpenCsvColumn {
  put(row: number, from: number, to: number, escaped: boolean): ScanKind | "none" | undefined;
  grow(capacity: number): void;
  close(rows: number): Column;
}

function openColumn(kind: ScanKind, capacity: number, bytes: Buffer, plan: ScanPlan): OpenCsvColumn {
  switch (kind) {
    case "number":
      return numberColumn(capacity, bytes, plan.missing);
    case "datetime":
      return instantColumn(capacity, bytes, plan.missing);
    case "boolean":
      return booleanColumn(capacity, bytes, plan.missing);
    case "text":
      return stringColumn(capacity, bytes, plan.missing, plan.quote);
  }
}

/** What a cell that does not fit makes of its column: the kind that the cell has. */
function kindOfCell(text: string, was: ScanKind): ScanKind {
  if (was === "number" && /^(true|false)$/i.test(text)) return "boolean";
  if (was === "number" && !Number.isNaN(instantOfText(text))) return "datetime";
  return "text";
}

function numberColumn(capacity: number, bytes: Buffer, missing: ReadonlySet<string>): OpenCsvColumn {
  let values = sharedFloat64(capacity);
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
    grow(size) {
      const more = sharedFloat64(size);
      more.set(values);
      values = more;
    },
    close: (rows) => ({ kind: "number", values: values.subarray(0, rows) }),
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

function instantColumn(capacity: number, bytes: Buffer, missing: ReadonlySet<string>): OpenCsvColumn {
  let values = sharedFloat64(capacity);
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
    grow(size) {
      const more = sharedFloat64(size);
      more.set(values);
      values = more;
    },
    close: (rows) => ({ kind: "datetime", values: values.subarray(0, rows) }),
  };
}

function booleanColumn(capacity: number, bytes: Buffer, missing: ReadonlySet<string>): OpenCsvColumn {
  let values = new Uint8Array(new SharedArrayBuffer(capacity));
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
    grow(size) {
      const more = new Uint8Array(new SharedArrayBuffer(size));
      more.set(values);
      values = more;
    },
    close: (rows) => ({ kind: "boolean", values: values.subarray(0, rows) }),
  };
}

function isWord(bytes: Buffer, from: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if ((bytes[from + k]! | 32) !== word.charCodeAt(k)) return false;
  return true;
}

function stringColumn(capacity: number, bytes: Buffer, missing: ReadonlySet<string>, quote: number): OpenCsvColumn {
  const strings = new CsvStrings(bytes, missing, String.fromCharCode(quote));
  let codes = new Int32Array(new SharedArrayBuffer(4 * capacity));
  let texts: (string | null)[] | undefined; // from the row on where there are more strings than a category has
  return {
    put(row, from, to, escaped) {
      if (texts) {
        const text = from === to ? null : strings.text(from, to, escaped);
        texts.push(text === null || missing.has(text) ? null : text);
        return undefined;
      }
      codes[row] = from === to ? -1 : strings.code(from, to, escaped);
      if (strings.levels.length > 1000) {
        texts = Array.from({ length: row + 1 }, (_, i) => strings.levels[codes[i]!] ?? null);
        codes = new Int32Array(new SharedArrayBuffer(0));
      }
      return undefined;
    },
    grow(size) {
      if (texts) return;
      const more = new Int32Array(new SharedArrayBuffer(4 * size));
      more.set(codes);
      codes = more;
    },
    close(rows) {
      if (texts) return { kind: "text", values: texts };
      if (!isCategory(strings.levels.length, rows))
        return { kind: "text", values: Array.from({ length: rows }, (_, i) => strings.levels[codes[i]!] ?? null) };
      const levels = strings.levels.slice().sort();
      const places = new Map(levels.map((level, k) => [level, k]));
      const rank = strings.levels.map((level) => places.get(level)!);
      const sorted = codes.subarray(0, rows);
      for (let i = 0; i < rows; i++) if (sorted[i]! >= 0) sorted[i] = rank[sorted[i]!]!;
      return { kind: "category", codes: sorted, levels };
    },
  };
}
