import type { CrewMember } from "../base/crew.ts";
import { openCells, type ScanKind, type ScanTarget, scanKinds } from "./csv-cells.ts";
import { mostStrings } from "./csv-strings.ts";

/** What threads need to know to scan a file together; the arrays lie in shared memory. */
export interface ScanPlan {
  readonly bytes: Uint8Array;
  /** Signs as bytes; comment −1 for none. */
  readonly delimiter: number;
  readonly quote: number;
  readonly comment: number;
  readonly missing: ReadonlySet<string>;
  readonly kinds: readonly ScanKind[];
  readonly targets: readonly ScanTarget[];
  /** Where each piece's records begin, and the end (pieces + 1). */
  readonly starts: Int32Array;
  /** First row of each piece, and the number of rows in all (pieces + 1). */
  readonly rows: Int32Array;
  /** For each piece and text column: how many strings, then two numbers a string (see `spanOf`). */
  readonly strings: Int32Array;
  /** For each piece how many rows it had and its verdict (see `verdict`); a last word is 1 once a piece has one. */
  readonly answers: Int32Array;
}

/** Words of `strings` for one column of one piece. */
export const stringWords = 1 + 2 * mostStrings;

/** What a piece says of the file: all is read; it is for the general reader; or a column is of another kind, 2 + 8 · column + kind. */
export const verdict = { read: 0, notPlain: 1, otherKind: 2 } as const;

/** Scans the pieces of a plan. */
export function scanCrew(plan: ScanPlan): CrewMember {
  return (_, piece) => {
    const [rows, said] = scanPiece(plan, piece);
    plan.answers[2 * piece] = rows;
    plan.answers[2 * piece + 1] = said;
    if (said !== verdict.read) Atomics.store(plan.answers, plan.answers.length - 1, 1);
  };
}

/**
 * Reads plain CSV bytes (UTF-8) in one pass into typed columns: the records of one piece. Gives up on what is not plain: a record of another
 * width, a sign in a wrong place, a carriage return alone. Cost O(bytes).
 */
function scanPiece(plan: ScanPlan, piece: number): [rows: number, said: number] {
  const { delimiter, quote, comment, kinds } = plan;
  const bytes = Buffer.from(plan.bytes.buffer, plan.bytes.byteOffset, plan.bytes.byteLength);
  const width = kinds.length;
  const end = plan.starts[piece + 1]!;
  const firstRow = plan.rows[piece]!;
  const given = plan.answers.length - 1;
  const columns = kinds.map((kind, j) => openCells(kind, plan.targets[j]!, bytes, plan));
  const stops = new Uint8Array(256);
  for (const sign of [delimiter, quote, 10, 13]) stops[sign] = 1;
  let row = firstRow;
  let at = plan.starts[piece]!;
  while (at < end) {
    const first = bytes[at]!;
    if (first === 10 || (first === 13 && bytes[at + 1] === 10)) {
      if (width === 1) return [0, verdict.notPlain];
      at += first === 10 ? 1 : 2;
      continue;
    }
    if (first === comment) {
      const line = bytes.indexOf(10, at);
      at = line < 0 ? end : line + 1;
      continue;
    }
    if ((row & 4095) === 0 && Atomics.load(plan.answers, given) === 1) return [0, verdict.read]; // another piece has spoken
    for (let j = 0; j < width; j++) {
      let from = at;
      let to: number;
      let escaped = false;
      if (bytes[at] === quote) {
        from = ++at;
        for (;;) {
          at = bytes.indexOf(quote, at);
          if (at < 0) return [0, verdict.notPlain];
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
      if (at < end && bytes[at] !== (isLast ? 10 : delimiter)) return [0, verdict.notPlain];
      if (at >= end && !isLast) return [0, verdict.notPlain];
      at++;
      while (from < to && bytes[from] === 32) from++;
      while (to > from && bytes[to - 1] === 32) to--;
      const other = columns[j]!.put(row, from, to, escaped);
      if (other !== undefined) return [0, verdict.otherKind + 8 * j + scanKinds.indexOf(other)];
    }
    row++;
  }
  let words = piece * kinds.filter((kind) => kind === "text").length * stringWords;
  for (const column of columns) {
    if (!column.strings) continue;
    plan.strings[words] = column.strings.length / 2;
    plan.strings.set(column.strings, words + 1);
    words += stringWords;
  }
  return [row - firstRow, verdict.read];
}
