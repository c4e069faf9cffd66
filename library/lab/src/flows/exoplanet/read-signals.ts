import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { DataError, LimitError, readCsv, type Table } from "assay";

/** A file's records before they are checked. */
export interface ReadSignals {
  readonly table: Table;
  /** The line of the file on which each row begins (n); the first line is 1. */
  readonly lines: Int32Array;
  readonly headerLine: number;
  readonly fileName: string;
}

const fileMost = 256 * 1024 ** 2;

/**
 * Reads a CSV file of transit signals and remembers each row's line; lines that begin with # are comments. Lines of too many or too few
 * fields are left out and stand in `table.rejects`. Throws DataError for a file of another kind, LimitError beyond 256 MiB.
 */
export async function readSignals(path: string, fileName = basename(path)): Promise<ReadSignals> {
  const { size } = await stat(path).catch((cause) => {
    throw new DataError(`exoplanets: cannot read ${fileName}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  });
  if (size > fileMost) throw new LimitError(`exoplanets: a file has at most 256 MiB, got ${size} bytes (${fileName})`);
  const bytes = await readFile(path);
  refuseOtherKinds(bytes, fileName);
  const table = await readCsv(bytes, { name: fileName, quote: '"', comment: "#", header: true, onBadRow: "skip" }).catch(
    (cause) => {
      const said = (cause as Error).message.replace("give other names by { names: [...] }", "name each column once");
      throw new DataError(said.replace(/^readCsv/, "exoplanets"), { cause });
    },
  );
  const [headerLine = 1, ...records] = recordLines(textOf(bytes));
  const bad = new Set(table.rejects.map(({ line }) => line));
  const lines = Int32Array.from(records.filter((line) => !bad.has(line)));
  if (lines.length !== table.rows)
    throw new DataError(
      `exoplanets: the file has ${table.rows} rows on ${lines.length} lines: a quote does not close (${fileName})`,
    );
  return { table, lines, headerLine, fileName };
}

/** A file as text in which lines can be counted, without its byte order mark; what is not ASCII need not be right. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  return bytes.toString("latin1", bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

/** Line on which each record begins, the header's first; comments and blank lines are none. Quoted cells may hold line ends. */
function recordLines(text: string): number[] {
  const found: number[] = [];
  for (let at = 0, line = 1; at < text.length; ) {
    let end = at;
    let lines = 1;
    const isComment = text[at] === "#";
    for (let quoted = false; end < text.length; end++) {
      const sign = text.charCodeAt(end);
      if (sign === 34 && !isComment) quoted = !quoted;
      else if (sign === 10 && !quoted) break;
      else if (sign === 10) lines++;
    }
    if (!isComment && text.slice(at, end).trim() !== "") found.push(line);
    line += lines;
    at = end + 1;
  }
  return found;
}

const kinds: readonly (readonly [string, string | RegExp])[] = [
  ["a ZIP archive or a spreadsheet", "PK\u0003\u0004"],
  ["a PDF document", "%PDF"],
  ["a FITS file", /^SIMPLE\s+=/],
  ["a Parquet file", "PAR1"],
  ["a gzip archive", "\u001f\u008b"],
  ["an HDF5 file", "\u0089HDF"],
  ["a PNG image", "\u0089PNG"],
  ["a JPEG image", "\u00ff\u00d8\u00ff"],
  ["a NumPy file", "\u0093NUMPY"],
  ["an SQLite database", "SQLite format 3"],
  ["a web page", /^\s*<(!doctype html|html)/i],
  ["an XML document", /^\s*<\?xml/],
  ["a JSON document", /^\s*[{[]/],
];

/** Throws DataError for what is no CSV table, naming what it seems to be. */
function refuseOtherKinds(bytes: Buffer, fileName: string): void {
  const head = bytes.subarray(0, 400).toString("latin1");
  const kind =
    kinds.find(([, sign]) => (typeof sign === "string" ? head.startsWith(sign) : sign.test(head)))?.[0] ??
    (head.includes("\0") && !/^(\xff\xfe|\xfe\xff)/.test(head) ? "binary data" : undefined);
  if (kind) throw new DataError(`exoplanets: must be a CSV table, got ${kind} (${fileName})`);
  if (head.trim() === "") throw new DataError(`exoplanets: the file is empty (${fileName})`);
}
