import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DataError, LimitError } from "assay";

/** What an archive may hold: entries, and bytes once unpacked. */
export const archiveLimits = { entries: 200_000, bytes: 4 * 1024 ** 3 } as const;

/** Writes the entries of an archive below a folder, within its limits and never beside it. */
interface Unpacking {
  /** Throws DataError for a name that leads out, LimitError for more entries than may be. */
  enter(name: string): string;
  /** Writes an entry of so many bytes, which must be as many. Throws LimitError beyond the archive's limit, DataError where it has more or fewer. */
  write(name: string, sizeBytes: number, content: Readable): Promise<void>;
}

/** Begins to unpack an archive into a folder. */
export function unpacking(folder: string, file: string): Unpacking {
  let entries = 0;
  let total = 0;
  const enter = (name: string): string => {
    if (++entries > archiveLimits.entries)
      throw new LimitError(`import: an archive has at most ${archiveLimits.entries} entries (${file})`);
    return join(folder, ...safeParts(name, file));
  };
  return {
    enter,
    async write(name, sizeBytes, content) {
      const path = enter(name);
      total += sizeBytes;
      const named = JSON.stringify(name.slice(0, 100));
      if (!(sizeBytes >= 0) || total > archiveLimits.bytes)
        throw new LimitError(
          `import: an archive unpacks to at most ${archiveLimits.bytes} bytes, got ${total} at ${named} (${file})`,
        );
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await pipeline(content, counted(sizeBytes, named, file), createWriteStream(path, { flags: "wx", mode: 0o600 }));
      } catch (cause) {
        if (!["EEXIST", "EISDIR", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
        throw new DataError(`import: ${named} is twice in the archive (${file})`, { cause });
      }
    },
  };
}

/** Hands on as many bytes as are claimed. Throws DataError at the first that is more, or at the end where there were fewer. */
function counted(claimed: number, named: string, file: string) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let seen = 0;
    const unequal = (): DataError => new DataError(`import: ${named} must unpack to ${claimed} bytes, got ${seen} (${file})`);
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > claimed) throw unequal();
      yield chunk;
    }
    if (seen !== claimed) throw unequal();
  };
}

/** The parts of an entry's name. Throws DataError for one that is absolute, leads upwards, or holds what no name has. */
function safeParts(name: string, file: string): string[] {
  const parts = name
    .replace(/^(\.\/)+/, "")
    .split("/")
    .filter((part) => part !== "");
  const isUnsafe =
    name.startsWith("/") ||
    /[\\\0]/.test(name) ||
    /^[A-Za-z]:/.test(name) ||
    parts.some((part) => part === "." || part === ".." || Buffer.byteLength(part) > 255);
  if (isUnsafe || parts.length === 0 || parts.length > 40)
    throw new DataError(`import: an archive must hold plain relative paths, got ${JSON.stringify(name.slice(0, 100))} (${file})`);
  return parts;
}
