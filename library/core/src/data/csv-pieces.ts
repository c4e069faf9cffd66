import { type CrewMember, defineCrew } from "../base/crew.ts";
import { crewOfPool } from "../base/pool.ts";
import { sharedInt32 } from "../numeric/matrix.ts";

/** Where a file is cut for threads, between records. */
interface Pieces {
  /** Where each piece's records begin, and the end (pieces + 1). */
  readonly starts: Int32Array;
  /** Rows that may lie before each piece, and in all (pieces + 1): a line that holds no record counts too. */
  readonly rows: Int32Array;
}

/** A file's bytes and the signs that matter for its records; comment −1 for none. */
interface File {
  readonly bytes: Uint8Array;
  readonly quote: number;
  readonly comment: number;
}

/** Enough to be worth a thread, few enough that no thread is left alone with the last. */
const pieceBytes = 2 ** 22;
const mostPieces = 4000;
const countName = "count csv lines";

/** What threads need to count quotes and lines of each piece. */
interface CountWork {
  readonly bytes: Uint8Array;
  readonly quote: number;
  readonly bounds: Int32Array;
  /** Quotes and lines of each piece. */
  readonly counts: Int32Array;
}

defineCrew(countName, ({ bytes, quote, bounds, counts }: CountWork): CrewMember => {
  return (_, piece) => {
    let quotes = 0;
    let lines = 0;
    for (let at = bounds[piece]!, end = bounds[piece + 1]!; at < end; at++) {
      const byte = bytes[at];
      if (byte === 10) lines++;
      else if (byte === quote) quotes++;
    }
    counts[2 * piece] = quotes;
    counts[2 * piece + 1] = lines;
  };
});

/**
 * Cuts a file into pieces of whole records: where the quotes before a place are even it lies outside of them, and the next line's end is a
 * record's. One piece for a small file, for bytes that are not shared, and where comments may hold quotes. O(bytes).
 */
export function findPieces({ bytes, quote, comment }: File, begin: number): Pieces {
  const size = bytes.length - begin;
  const isShared = bytes.buffer instanceof SharedArrayBuffer;
  const count = isShared && comment < 0 ? Math.max(1, Math.min(mostPieces, Math.ceil(size / pieceBytes))) : 1;
  const bounds = sharedInt32(count + 1).map((_, k) => begin + Math.floor((size * k) / count));
  const work: CountWork = { bytes, quote, bounds, counts: sharedInt32(2 * count) };
  const crew = crewOfPool(countName, work, count);
  try {
    crew.run(0, count);
  } finally {
    crew.end();
  }
  const starts = sharedInt32(count + 1).fill(bytes.length);
  const rows = sharedInt32(count + 1);
  starts[0] = begin;
  let quotes = 0;
  for (let k = 0; k < count; k++) {
    quotes += work.counts[2 * k]!;
    let lines = work.counts[2 * k + 1]!;
    if (k === count - 1)
      lines++; // the last may have no end
    else {
      const [next, passed] = recordAfter(bytes, bounds[k + 1]!, quotes % 2 === 1, quote);
      starts[k + 1] = next;
      lines += passed;
    }
    rows[k + 1] = rows[k]! + lines;
  }
  return { starts, rows };
}

/** Where the first record begins at or after a place, and the lines that end before it. */
function recordAfter(bytes: Uint8Array, from: number, isQuoted: boolean, quote: number): [at: number, lines: number] {
  let lines = 0;
  let quoted = isQuoted;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === 10) {
      lines++;
      if (!quoted) return [at + 1, lines];
    }
  }
  return [bytes.length, lines];
}
