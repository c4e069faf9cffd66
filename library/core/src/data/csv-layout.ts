import { open } from "node:fs/promises";
import type { Column } from "../base/columns.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import { checkColumnKinds, checkColumnNames } from "./cell-column.ts";
import { type Dialect, type RawRecord, sniffComment, sniffDelimiter, sniffQuote, takeRecords } from "./csv-text.ts";
import { checkChoice, checkOptionNames } from "./read-options.ts";
import type { OpenSource, SourceOptions } from "./source.ts";
import { checkEncoding, decodeText, type Encoding, sniffEncoding } from "./text-encoding.ts";

/** How a CSV file is read; what is left out is found out. */
export interface CsvOptions extends SourceOptions {
  /** Between cells; default: the one of `,` `;` tab `|` that fits. */
  readonly delimiter?: string;
  /** Around cells; default `"`, or `'` where the first lines are quoted so. */
  readonly quote?: string;
  /** Begins a line that is left out; default: # where the file begins with such lines, else none. */
  readonly comment?: string;
  /**
   * Whether the first record names the columns; default: unless it holds a number (and no column of numbers under a word), or most of its
   * cells stand again in their columns.
   */
  readonly header?: boolean;
  /** Names in place of the header's. */
  readonly names?: readonly string[];
  /** Cells that mean missing; default "", NA, N/A, NaN, nan, null, NULL. */
  readonly missing?: readonly string[];
  /** Kinds of columns; default: found from all cells. */
  readonly columns?: Readonly<Record<string, Column["kind"]>>;
  /** Default: by the mark at the beginning, UTF-8 where the file is valid UTF-8, else latin-1. */
  readonly encoding?: Encoding;
  /** What a bad line does: ends the reading with a DataError (default), or is left out and listed in `table.rejects`. */
  readonly onBadRow?: "error" | "skip";
}

/** Cells that mean missing unless others are named. */
export const defaultMissing: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/** How a file lies: its signs, its columns, its encoding. */
export interface Layout {
  readonly dialect: Dialect;
  readonly names: readonly string[];
  readonly header: boolean;
  readonly encoding: Encoding;
  /** Records of the first megabyte, the header among them; at most 1,000. */
  readonly sample: readonly RawRecord[];
}

const sniffBytes = 1 << 20;
const mostColumns = 100_000;
const optionNames = ["delimiter", "quote", "comment", "header", "names", "missing", "columns", "encoding", "onBadRow"];

/** Throws ParamsError for an option that is unknown or cannot be. */
export function checkCsvOptions(who: string, options: CsvOptions): void {
  checkOptionNames(who, options, optionNames);
  checkColumnKinds(who, options.columns);
  checkEncoding(who, options.encoding);
  checkChoice(who, "onBadRow", options.onBadRow, ["error", "skip"]);
  for (const option of ["delimiter", "quote", "comment"] as const) {
    const value = options[option];
    if (value !== undefined && (value.length !== 1 || /[\r\n\0]/.test(value)))
      throw new ParamsError(`${who}: ${option} must be one character, got ${JSON.stringify(value)}`);
  }
  const signs = [options.delimiter, options.quote, options.comment].filter((sign) => sign !== undefined);
  if (new Set(signs).size !== signs.length)
    throw new ParamsError(`${who}: delimiter, quote and comment must differ, got ${JSON.stringify(signs)}`);
}

/** Finds from the first megabyte how a file lies. Throws DataError for what is no table. */
export async function findLayout(who: string, source: OpenSource, options: CsvOptions): Promise<Layout> {
  const file = source.name;
  const head = completeLines(
    source.path ? await readHead(who, source, source.path) : (await source.bytes()).subarray(0, sniffBytes),
  );
  const encoding = options.encoding ?? sniffEncoding(who, head, file);
  const { text } = decodeText(who, head, file, encoding === "utf-8" && options.encoding === undefined ? undefined : encoding);
  if (text.trim() === "") throw new DataError(`${who}: the file is empty (${file})`);
  if (!text.includes("\n") && /\r[^\r]/.test(text))
    throw new DataError(`${who}: lines must end with a line feed, got carriage returns alone (${file})`);
  const quote = options.quote ?? sniffQuote(text);
  const comment = options.comment ?? sniffComment(text, quote);
  const dialect = { delimiter: options.delimiter ?? sniffDelimiter(text, { quote, comment }), quote, comment };
  const sample = [...takeRecords(text, dialect, 1000)];
  const first = sample[0];
  if (!first) throw new DataError(`${who}: the file holds comments only (${file})`);
  const header = options.header ?? hasHeader(sample, new Set(options.missing ?? defaultMissing));
  const names = findNames(who, first, header, dialect, options, file);
  return { dialect, names, header, encoding, sample };
}

async function readHead(who: string, { name, sizeBytes }: OpenSource, path: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: Error) => {
    throw new DataError(`${who}: cannot read ${name}: ${cause.message}`, { cause });
  });
  try {
    const bytes = new Uint8Array(Math.min(sniffBytes, sizeBytes));
    await file.read(bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Without the last, cut line of a prefix, so that no character is cut in two. */
function completeLines(bytes: Uint8Array): Uint8Array {
  const end = bytes.lastIndexOf(10);
  if (bytes.length < sniffBytes || end < 0) return bytes;
  return bytes.subarray(0, bytes[end + 1] === 0 ? end + 2 : end + 1); // of UTF-16LE the line feed has a second byte
}

/** Whether the first record names the columns: see `CsvOptions.header`. */
function hasHeader([first, ...rows]: readonly RawRecord[], missing: ReadonlySet<string>): boolean {
  const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell));
  const column = (j: number): string[] => rows.map(({ cells }) => (cells[j] ?? "").trim()).filter((cell) => !missing.has(cell));
  const cells = first!.cells.map((cell) => cell.trim());
  if (cells.some(isNumber)) {
    const isWord = (cell: string): boolean => /\p{L}/u.test(cell) && !isNumber(cell) && !missing.has(cell);
    return cells.some((cell, j) => isWord(cell) && column(j).length > 0 && column(j).every(isNumber));
  }
  const again = cells.filter((cell, j) => cell !== "" && column(j).includes(cell)).length;
  return rows.length < 3 || 2 * again <= cells.length;
}

function findNames(
  who: string,
  first: RawRecord,
  header: boolean,
  dialect: Dialect,
  options: CsvOptions,
  file: string,
): readonly string[] {
  const cells = first.cells.map((cell) => cell.trim());
  if (cells.length > mostColumns)
    throw new DataError(`${who}: line ${first.line} has ${cells.length} fields, a table at most ${mostColumns} (${file})`);
  if (options.names && options.names.length !== cells.length)
    throw new DataError(
      `${who}: names has ${options.names.length} names, line ${first.line} has ${cells.length} fields (${file})`,
    );
  const names = options.names ?? cells.map((cell, j) => (header && cell) || `column_${j + 1}`);
  const places = new Map<string, number>();
  for (const [j, name] of names.entries()) {
    if (places.has(name))
      throw new DataError(
        `${who}: columns ${places.get(name)! + 1} and ${j + 1} are both named "${name}"; give other names by { names: [...] } (${file})`,
      );
    places.set(name, j);
  }
  const delimiter = names.length === 1 ? /[;\t|,]/.exec(names[0]!)?.[0] : undefined;
  if (delimiter !== undefined)
    throw new DataError(
      `${who}: the header is one field, ${JSON.stringify(names[0]!.slice(0, 80))}; its delimiter looks like ${JSON.stringify(delimiter)}, not ${JSON.stringify(dialect.delimiter)} (${file})`,
    );
  checkColumnNames(who, options.columns, names, file);
  return names;
}
