import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "assay";
import { unpacking } from "./import-archive.ts";

/** Bytes of a long name's own entry at most. */
const nameMost = 64 * 1024;

/**
 * Unpacks a tar file, gzipped or not, into an empty folder as it is read, and gives how many links and devices it passed by.
 * Throws DataError for a broken one, LimitError beyond `archiveLimits`. Source: POSIX.1-2017, pax interchange format; GNU tar's
 * long names.
 */
export async function unpackTar(path: string, folder: string, file: string, gzipped: boolean): Promise<number> {
  const broken = (why: string, cause?: unknown): DataError => new DataError(`import: the tar file ${why} (${file})`, { cause });
  const { write, enter } = unpacking(folder, file);
  const source = createReadStream(path);
  const unzipped = gzipped ? source.pipe(createGunzip()) : source;
  const bytes = new ByteReader(unzipped, () => broken("ends in an entry"));
  let longName: string | undefined;
  let passed = 0;
  try {
    for (;;) {
      const head = await bytes.take(512, true);
      if (head === undefined || head.every((byte) => byte === 0)) break;
      const size = sizeOf(head, broken);
      const type = String.fromCharCode(head[156]!);
      const padding = (512 - (size % 512)) % 512;
      if (type === "L" || type === "x" || type === "g") {
        if (size > nameMost) throw broken(`has a name of ${size} bytes`);
        const text = (await bytes.take(size))!.toString("utf8");
        if (type === "L") longName = text.replace(/\0.*$/s, "");
        if (type === "x") longName = paxPath(text) ?? longName;
      } else if (type === "0" || type === "\0" || type === "5") {
        const name = longName ?? nameOf(head);
        longName = undefined;
        if (type === "5") {
          if (!/^(\.\/?)?$/.test(name)) enter(name);
        } else await write(name, size, Readable.from(bytes.chunks(size)));
      } else {
        passed++;
        longName = undefined;
        for await (const _ of bytes.chunks(size));
      }
      await bytes.take(padding);
    }
  } catch (cause) {
    throw (cause as { code?: string }).code?.startsWith("Z_") ? broken("cannot be unzipped", cause) : cause;
  } finally {
    source.destroy();
    unzipped.destroy();
  }
  return passed;
}

function sizeOf(head: Buffer, broken: (why: string) => DataError): number {
  const sum = head.reduce((total, byte, k) => total + (k >= 148 && k < 156 ? 32 : byte), 0);
  const octal = (from: number, to: number): number =>
    Number.parseInt(
      head
        .toString("latin1", from, to)
        .replace(/[\0 ]+$/, "")
        .trim() || "0",
      8,
    );
  if (octal(148, 156) !== sum) throw broken("has a head whose sum is wrong");
  const size = octal(124, 136);
  if (!Number.isSafeInteger(size) || size < 0) throw broken("has an entry whose size cannot be read");
  return size;
}

function nameOf(head: Buffer): string {
  const text = (from: number, length: number): string => head.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  const prefix = head.toString("latin1", 257, 262) === "ustar" ? text(345, 155) : "";
  return prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
}

/** The path among the records "length key=value\n" of an extended head. */
function paxPath(text: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)/.exec(text)?.[1];
}

/** Takes a stream in pieces of given sizes. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #ended: () => Error;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>, ended: () => Error) {
    this.#source = source[Symbol.asyncIterator]();
    this.#ended = ended;
  }

  /** So many bytes; undefined at the end of the stream where that is fine. */
  async take(size: number, mayEnd = false): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let left = size;
    while (left > 0) {
      const part = await this.#next(left);
      if (!part) {
        if (mayEnd && left === size) return undefined;
        throw this.#ended();
      }
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** The same in the chunks in which it comes. */
  async *chunks(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      const part = await this.#next(left);
      if (!part) throw this.#ended();
      left -= part.length;
      yield part;
    }
  }

  async #next(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done) return undefined;
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
