import { isUtf8 } from "node:buffer";
import { DataError, ParamsError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";

/** Encodings that text files are read in. */
const encodings = ["utf-8", "utf-16le", "utf-16be", "latin-1"] as const;
/** How a text file's bytes spell characters; latin-1 is read as Windows-1252, which holds it. */
export type Encoding = (typeof encodings)[number];

/** Throws ParamsError for an encoding that is not known. */
export function checkEncoding(who: string, encoding: string | undefined): void {
  if (encoding !== undefined && !(encodings as readonly string[]).includes(encoding))
    throw new ParamsError(`${who}: unknown encoding "${encoding}"${suggest(encoding, encodings)}`);
}

/** The encoding by the mark at the beginning, by zero bytes at even or odd places, by being valid UTF-8, else latin-1. DataError for binary data. */
export function sniffEncoding(who: string, bytes: Uint8Array, name: string): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 65_536);
  if (head.includes(0)) {
    const zeros = [0, 0];
    for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]!++;
    if (zeros[0] === 0 && zeros[1]! * 4 > head.length) return "utf-16le";
    if (zeros[1] === 0 && zeros[0]! * 4 > head.length) return "utf-16be";
    throw new DataError(`${who}: the file holds binary data, not text (${name})`);
  }
  return isUtf8(bytes) ? "utf-8" : "latin-1";
}

/** The text of a file, without its mark, and its encoding, found out where it is not given. */
export function decodeText(
  who: string,
  bytes: Uint8Array,
  name: string,
  given?: Encoding,
): { readonly text: string; readonly encoding: Encoding } {
  const encoding = given ?? sniffEncoding(who, bytes, name);
  if (encoding === "utf-8" && !isUtf8(bytes)) throw new DataError(`${who}: the file holds bytes that are no UTF-8 (${name})`);
  return { text: new TextDecoder(encoding === "latin-1" ? "windows-1252" : encoding).decode(bytes), encoding };
}
