import { readFile, stat } from "node:fs/promises";
import { DataError, NotFoundError } from "../../base/errors.ts";

/** The bytes of a file, or those that were given; a text of several lines or in braces is the model itself. Throws NotFoundError where there is no file, DataError for an unreadable one. */
export async function readSource(who: string, source: string | Uint8Array): Promise<Uint8Array> {
  if (typeof source !== "string") return source;
  if (/^\s*\{|\n/.test(source)) return Buffer.from(source);
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new NotFoundError(`${who}: no file ${source}`);
  if (found.isDirectory()) throw new DataError(`${who}: ${source} is a folder`);
  try {
    return await readFile(source);
  } catch (cause) {
    throw new DataError(`${who}: cannot read ${source}: ${(cause as Error).message}`, { cause });
  }
}

/** Bytes as text. Throws DataError for bytes that are not UTF-8. */
export function textOfBytes(who: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError(`${who}: the file must be UTF-8 text`, { cause });
  }
}
