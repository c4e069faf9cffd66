import { createReadStream } from "node:fs";
import { DataError, LimitError } from "assay";

/** A record of a CSV file and the line it begins on; the header is line 1. */
interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

const recordMost = 16 * 1024 ** 2;

/**
 * The records of a CSV file (UTF-8) as they are read, the header first; blank lines are left out. The delimiter is that of the header, one of
 * comma, semicolon, tab and bar. Quoted cells may hold anything. `who` speaks in errors. Memory: one piece of the file and one record. Throws DataError.
 */
export async function* csvRecords(path: string, fileName: string, who = "predict"): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const state = { line: 1, delimiter: "" };
  let rest = "";
  const pieces: AsyncIterable<Buffer | undefined> = withEnd(createReadStream(path, { highWaterMark: 2 ** 20 }));
  for await (const piece of pieces) {
    try {
      rest += piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new DataError(`${who}: the file must be UTF-8, it is not near line ${state.line} (${fileName})`, { cause });
    }
    let at = 0;
    for (;;) {
      const end = recordEnd(rest, at, !piece);
      if (end < 0) break;
      const text = rest.slice(at, end);
      state.delimiter ||= delimiterOf(text);
      const line = state.line;
      state.line += countLines(text) + 1;
      at = end + 1;
      if (text.trim() !== "")
        yield { line, cells: cellsOf(text, state.delimiter, (what) => `${who}: line ${line} has ${what} (${fileName})`) };
      if (at > rest.length) break;
    }
    rest = rest.slice(at);
    if (rest.length > recordMost)
      throw new LimitError(`${who}: line ${state.line} has more than 16 MiB: a quote is open? (${fileName})`);
  }
}

async function* withEnd(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer | undefined> {
  yield* stream;
  yield undefined;
}

/** Where a record ends: the first line end outside of quotes, or the text's end where the file ends; −1 when it goes on. */
function recordEnd(text: string, from: number, isLast: boolean): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (code === 10 && !quoted) return at;
  }
  return isLast && from < text.length ? text.length : -1;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function delimiterOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, "");
  const count = (mark: string): number => bare.split(mark).length;
  return [",", ";", "\t", "|"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

function cellsOf(text: string, delimiter: string, complaint: (what: string) => string): string[] {
  const record = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (!record.includes('"')) return record.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; at <= record.length; ) {
    if (record[at] !== '"') {
      const end = record.indexOf(delimiter, at);
      cells.push(record.slice(at, end < 0 ? record.length : end));
      at = end < 0 ? record.length + 1 : end + 1;
      continue;
    }
    let end = at + 1;
    while (end < record.length && !(record[end] === '"' && record[end + 1] !== '"')) end += record[end] === '"' ? 2 : 1;
    if (end >= record.length) throw new DataError(complaint("a quote that does not close"));
    cells.push(record.slice(at + 1, end).replaceAll('""', '"'));
    at = end + 1;
    if (at < record.length && record[at] !== delimiter)
      throw new DataError(complaint(`${JSON.stringify(record[at])} behind a closing quote`));
    at++;
  }
  return cells;
}

/** A cell as CSV: quoted where it must be. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
