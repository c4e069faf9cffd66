import type { Column } from "../base/columns.ts";
import { defineCrew } from "../base/crew.ts";
import { crewOfPool } from "../base/pool.ts";
import { sharedInt32 } from "../numeric/matrix.ts";
import { isExactNumber, type ScanKind, scanKinds } from "./csv-cells.ts";
import { type CsvOptions, defaultMissing, type Layout } from "./csv-layout.ts";
import { findPieces } from "./csv-pieces.ts";
import { type ScanPlan, scanCrew, stringWords, verdict } from "./csv-scan.ts";
import { scannedColumns, targetOf } from "./csv-scanned.ts";
import { instantOfText } from "./instant-text.ts";
import { Table } from "./table.ts";

const scanName = "scan csv";
defineCrew(scanName, scanCrew);

/** The table of plain CSV bytes, or undefined for what the general reader must look at. Threads read pieces of large files. */
export function readPlainCsv(bytes: Uint8Array, layout: Layout, options: CsvOptions): Table | undefined {
  const { dialect, names } = layout;
  const missing = new Set(options.missing ?? defaultMissing);
  const signs = dialect.delimiter + dialect.quote + (dialect.comment ?? "");
  if (options.columns || /[^\x21-\x7e\t]/.test(signs) || [...missing].some((marker) => /^[+-]?[.\d]/.test(marker)))
    return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (layout.sample.length < 2 && bytes.length > 1 << 20) return undefined; // one record longer than what was looked at
  const file = {
    bytes,
    delimiter: dialect.delimiter.charCodeAt(0),
    quote: dialect.quote.charCodeAt(0),
    comment: dialect.comment?.charCodeAt(0) ?? -1,
    missing,
  };
  const pieces = findPieces(file, firstRow(buffer, layout));
  const kinds: ScanKind[] = names.map((_, j) => sampleKind(layout, j, missing));
  for (;;) {
    const count = pieces.rows.length - 1;
    const plan: ScanPlan = {
      ...file,
      ...pieces,
      kinds,
      targets: kinds.map((kind) => targetOf(kind, pieces.rows[count]!)),
      strings: sharedInt32(count * stringWords * kinds.filter((kind) => kind === "text").length),
      answers: sharedInt32(2 * count + 1),
    };
    const crew = crewOfPool(scanName, plan, count);
    try {
      crew.run(0, count);
    } finally {
      crew.end();
    }
    const said = Array.from({ length: count }, (_, piece) => plan.answers[2 * piece + 1]!).filter(
      (each) => each !== verdict.read,
    );
    if (said.includes(verdict.notPlain)) return undefined;
    if (said.length === 0) return new Table(scannedColumns(plan).map((column, j): [string, Column] => [names[j]!, column]));
    const other = said[0]! - verdict.otherKind;
    kinds[other >> 3] = scanKinds[other & 7]!;
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

/** What a column of the sampled records is taken for. */
export function sampleKind({ sample, header }: Layout, j: number, missing: ReadonlySet<string>): Exclude<ScanKind, "string"> {
  const cells = sample
    .slice(header ? 1 : 0)
    .map(({ cells }) => (cells[j] ?? "").trim())
    .filter((cell) => cell !== "" && !missing.has(cell));
  if (cells.every(isExactNumber)) return "number";
  if (cells.every((cell) => /^(true|false)$/i.test(cell))) return "boolean";
  return cells.every((cell) => !Number.isNaN(instantOfText(cell))) ? "datetime" : "text";
}
