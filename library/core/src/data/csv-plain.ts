import type { Column } from "../base/columns.ts";
import { type CsvOptions, defaultMissing, type Layout } from "./csv-layout.ts";
import { isExactNumber, type ScanKind, type ScanPlan, scanCsvBytes } from "./csv-scan.ts";
import { instantOfText } from "./instant-text.ts";
import { Table } from "./table.ts";

/** The table of plain CSV bytes (valid UTF-8), or undefined for what the general reader must look at. */
export function readPlainCsv(bytes: Uint8Array, layout: Layout, options: CsvOptions): Table | undefined {
  const { dialect, names } = layout;
  const missing = new Set(options.missing ?? defaultMissing);
  const signs = dialect.delimiter + dialect.quote + (dialect.comment ?? "");
  if (options.columns || /[^\x21-\x7e\t]/.test(signs) || [...missing].some((marker) => /^[+-]?[.\d]/.test(marker)))
    return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (layout.sample.length < 2 && bytes.length > 1 << 20) return undefined; // one record longer than what was looked at
  const begin = firstRow(buffer, layout);
  const rows = Math.ceil((bytes.length - begin) / Math.max(1, bytesARow(layout)));
  const kinds = names.map((_, j) => sampleKind(layout, j, missing));
  for (;;) {
    const plan: ScanPlan = {
      delimiter: dialect.delimiter.charCodeAt(0),
      quote: dialect.quote.charCodeAt(0),
      comment: dialect.comment?.charCodeAt(0) ?? -1,
      kinds,
      missing,
      begin,
      rows: Math.min(rows, bytes.length),
    };
    const scanned = scanCsvBytes(buffer, plan);
    if (scanned === undefined) return undefined;
    if ("column" in scanned) kinds[scanned.column] = scanned.kind;
    else return new Table(scanned.map((column, j): [string, Column] => [names[j]!, column]));
  }
}

/** Where the records begin: at the line of the second record where the first is a header. */
function firstRow(bytes: Buffer, { header, sample }: Layout): number {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  if (!header) return mark;
  const line = sample[1]?.line;
  if (line === undefined) return bytes.length;
  let at = mark;
  for (let k = 1; k < line; k++) at = bytes.indexOf(10, at) + 1;
  return at;
}

function bytesARow({ sample }: Layout): number {
  const some = sample.slice(1);
  const size = some.reduce((sum, { cells }) => sum + cells.reduce((length, cell) => length + cell.length + 1, 0), 0);
  return size / Math.max(1, some.length);
}

/** What a column of the sampled records is taken for. */
export function sampleKind({ sample, header }: Layout, j: number, missing: ReadonlySet<string>): ScanKind {
  const cells = sample
    .slice(header ? 1 : 0)
    .map(({ cells }) => (cells[j] ?? "").trim())
    .filter((cell) => cell !== "" && !missing.has(cell));
  if (cells.every(isExactNumber)) return "number";
  if (cells.every((cell) => /^(true|false)$/i.test(cell))) return "boolean";
  return cells.every((cell) => !Number.isNaN(instantOfText(cell))) ? "datetime" : "text";
}
