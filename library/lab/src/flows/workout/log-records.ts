import { DataError, LimitError } from "assay";
import type { LogProblem } from "./sets.ts";

/** A line of a log as text cells; `line` is where it begins. */
interface LogRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Text cut into records. */
interface LogRecords {
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly records: readonly LogRecord[];
  readonly problems: readonly LogProblem[];
}

/** Rows of a log at most. */
const rowsMost = 1_000_000;
/** Lines that one quoted cell (a note) may hold; more, and the quote counts as one that does not close. */
const noteLines = 60;
/** A line that begins so begins a record, whatever quote is open. */
const beginsWithDate = /^"?\d{4}-\d{2}-\d{2}\b/;

/**
 * Cuts a log into records and knows each one's line. The delimiter (`;`, `,` or a tab) is the header's. A quote ends a cell only where a
 * delimiter or the line's end follows, so `"Bench "close" grip"` is one cell; one that does not close ends with its line and is told.
 * Records of another number of cells than the header's are left out and told. Throws DataError for a text without a header. O(characters).
 */
export function logRecords(text: string, fileName: string): LogRecords {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/, rowsMost + 2);
  refuseTooMany(lines.length - 1, fileName);
  const headerAt = lines.findIndex((line) => line.trim() !== "");
  if (headerAt < 0) throw new DataError(`workouts: the file is empty (${fileName})`);
  const delimiter = delimiterOf(lines[headerAt]!);
  const header = cellsOf(lines, headerAt, delimiter).cells.map((cell) => cell.trim());
  const records: LogRecord[] = [];
  const problems: LogProblem[] = [];
  for (let at = headerAt + 1; at < lines.length; ) {
    const { cells, next, open } = cellsOf(lines, at, delimiter);
    const line = at + 1;
    at = next;
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (open) problems.push(wrong(line, "quote", "a quote does not close; it was taken to end with its line", false));
    const fitted = fit(cells, header.length);
    if (fitted) records.push({ line, cells: fitted });
    else
      problems.push(
        wrong(line, "fields", `the line has ${cells.length} fields, the header ${header.length}`, true, cells.length),
      );
  }
  return { header, headerLine: headerAt + 1, records, problems };
}

/** Throws LimitError for more rows than a log may have, before anything is made of them. */
export function refuseTooMany(rows: number, fileName: string): void {
  if (rows > rowsMost) throw new LimitError(`workouts: a log has at most ${rowsMost} rows, got more (${fileName})`);
}

function wrong(
  line: number,
  rule: "quote" | "fields",
  message: string,
  dropped: boolean,
  value: number | null = null,
): LogProblem {
  return { line, column: null, value, rule, message, dropped };
}

/** Empty cells behind the header's last are none; a line that ends early has empty ones, if no more than three lack. */
function fit(cells: readonly string[], count: number): readonly string[] | undefined {
  if (cells.length === count) return cells;
  if (cells.length > count) return cells.slice(count).every((cell) => cell.trim() === "") ? cells.slice(0, count) : undefined;
  return cells.length >= count - 3 && cells.length >= 4
    ? [...cells, ...Array.from({ length: count - cells.length }, () => "")]
    : undefined;
}

function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (sign: string): number => bare.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

interface CutRecord {
  readonly cells: string[];
  /** Index of the line behind the record. */
  readonly next: number;
  readonly open: boolean;
}

/** The cells of the record that begins on line `first`. */
function cellsOf(lines: readonly string[], first: number, delimiter: string): CutRecord {
  const cells: string[] = [];
  let line = lines[first]!;
  let next = first + 1;
  for (let at = 0; ; ) {
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? undefined : end));
      if (end < 0) return { cells, next, open: false };
      at = end + 1;
      continue;
    }
    let end = closingQuote(line, at + 1, delimiter);
    const last = Math.min(lines.length, first + noteLines);
    for (let more = next, joined = line; end < 0 && more < last && !beginsWithDate.test(lines[more]!); more++) {
      const from = joined.length;
      joined += `\n${lines[more]!}`;
      end = closingQuote(joined, from, delimiter);
      if (end >= 0) [line, next] = [joined, more + 1];
    }
    if (end < 0) return { cells: [...cells, ...line.slice(at + 1).split(delimiter)], next, open: true };
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 >= line.length) return { cells, next, open: false };
    at = end + 2;
  }
}

/** Where the quote stands that a delimiter or the end follows, doubled ones passed over; −1 where none does. */
function closingQuote(line: string, from: number, delimiter: string): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    const behind = line[at + 1];
    if (behind === '"' && line[at + 2] !== undefined) at++;
    else if (behind === undefined || behind === delimiter || behind === "\n") return at;
  }
  return -1;
}
