import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, LimitError, NotFoundError, ParamsError } from "../base/errors.ts";
import { type DownloadOptions, download } from "./download.ts";

/** Where a table is read from: a path, an http(s) or file address, or the bytes themselves. */
export type Source = string | URL | Uint8Array;

/** What every reader takes. */
export interface SourceOptions extends DownloadOptions {
  /** Name of the file in messages, when bytes are given. */
  readonly name?: string | undefined;
}

/** The options of `SourceOptions`, for the check of unknown ones. */
export const sourceOptionNames = ["name", "limitBytes", "timeoutMs", "allowPrivate", "signal"] as const;

/** A source that is there: a file, or bytes in memory. */
export interface OpenSource {
  /** In messages. */
  readonly name: string;
  /** The file, when it is one. */
  readonly path?: string;
  readonly sizeBytes: number;
  /** All of it. */
  bytes(): Promise<Uint8Array>;
}

const mostBytes = 2 ** 31;

/**
 * Finds a source: looks a path up, downloads an address (see `download`). Throws NotFoundError where there is nothing, DataError for a
 * folder, ParamsError for a scheme other than https, http and file.
 */
export async function openSource(who: string, source: Source, options: SourceOptions = {}): Promise<OpenSource> {
  if (source instanceof Uint8Array) return inMemory(options.name ?? "bytes", source);
  const address = addressOf(who, source);
  if (address && address.protocol !== "file:") {
    const bytes = await download(who, address, options);
    return inMemory(options.name ?? (basename(address.pathname) || address.host), bytes);
  }
  const path = address ? fileURLToPath(address) : (source as string);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new NotFoundError(`${who}: no file ${path}`);
  if (found.isDirectory()) throw new DataError(`${who}: ${path} is a folder`);
  const name = options.name ?? basename(path);
  const bytes = async (): Promise<Uint8Array> => {
    if (found.size > mostBytes)
      throw new LimitError(`${who}: the file must have at most 2 GiB, got ${found.size} bytes (${name})`);
    return readShared(path, found.size).catch((cause: Error) => {
      throw new DataError(`${who}: cannot read ${name}: ${cause.message}`, { cause });
    });
  };
  return { name, path, sizeBytes: found.size, bytes };
}

/** A file's bytes in memory that threads share; as many as there are where it has grown or shrunk meanwhile. */
async function readShared(path: string, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  const file = await open(path);
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 2 ** 26), at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** The address that a string spells, undefined for a path. */
function addressOf(who: string, source: string | URL): URL | undefined {
  if (source instanceof URL) return source;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  if (!["http", "https", "file"].includes(scheme))
    throw new ParamsError(`${who}: an address must begin with https://, http:// or file://, got ${scheme}://`);
  if (!URL.canParse(source)) throw new ParamsError(`${who}: ${JSON.stringify(source.slice(0, 200))} is no address`);
  return new URL(source);
}

function inMemory(name: string, bytes: Uint8Array): OpenSource {
  return { name, sizeBytes: bytes.length, bytes: async () => bytes };
}
