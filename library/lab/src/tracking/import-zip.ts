import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import { DataError, LimitError } from "assay";
import { archiveLimits, unpacking } from "./import-archive.ts";

/** Bytes of the directory at most. */
const directoryMost = 64 * 1024 ** 2;

/**
 * Unpacks a zip file into an empty folder, entry by entry, and gives how many links it passed by. Throws DataError for a broken
 * one, LimitError beyond `archiveLimits`. Memory does not grow with the file. Source: PKWARE APPNOTE 6.3.10, §4.3.
 */
export async function unpackZip(path: string, folder: string, file: string): Promise<number> {
  const broken = (why: string): DataError => new DataError(`import: the zip file ${why} (${file})`);
  const { write, enter } = unpacking(folder, file);
  const handle = await open(path);
  let links = 0;
  try {
    const directory = await readDirectory(handle, broken, file);
    let at = 0;
    while (at < directory.length) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw broken("has a broken directory");
      const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
      const [packed, size, local] = [
        directory.readUInt32LE(at + 20),
        directory.readUInt32LE(at + 24),
        directory.readUInt32LE(at + 42),
      ];
      const [nameLength, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ];
      const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
      const mode = directory.readUInt16LE(at + 40) & 0o170000;
      at += 46 + nameLength + extra + comment;
      if (mode === 0o120000) links++;
      else if (name.endsWith("/")) enter(name);
      else {
        if (flags & 1) throw broken(`is encrypted at ${JSON.stringify(name.slice(0, 100))}`);
        if (method !== 0 && method !== 8) throw broken(`is packed by method ${method}, which is not read`);
        if (packed === 0xffffffff || size === 0xffffffff || local === 0xffffffff)
          throw broken("is a zip64 one, which is not read: pack a .tar.gz");
        const head = Buffer.alloc(30);
        const { bytesRead } = await handle.read(head, 0, 30, local);
        if (bytesRead !== 30 || head.readUInt32LE(0) !== 0x04034b50) throw broken("has an entry in the wrong place");
        const begin = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
        const content =
          packed === 0
            ? createReadStream(path, { start: 0, end: -1 })
            : createReadStream(path, { start: begin, end: begin + packed - 1 });
        await write(name, size, method === 8 ? content.pipe(createInflateRaw()) : content).catch((cause) => {
          throw (cause as { code?: string }).code?.startsWith("Z_")
            ? broken(`has an entry that does not unpack, ${JSON.stringify(name.slice(0, 100))}`)
            : cause;
        });
      }
    }
  } finally {
    await handle.close();
  }
  return links;
}

async function readDirectory(handle: FileHandle, broken: (why: string) => DataError, file: string): Promise<Buffer> {
  const { size } = await handle.stat();
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await handle.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== 0x06054b50) end--;
  if (end < 0) throw broken("has no directory");
  const [entries, bytes, begin] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (entries === 0xffff || begin === 0xffffffff) throw broken("is a zip64 one, which is not read: pack a .tar.gz");
  if (entries > archiveLimits.entries || bytes > directoryMost)
    throw new LimitError(`import: an archive has at most ${archiveLimits.entries} entries, got ${entries} (${file})`);
  const directory = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(directory, 0, bytes, begin);
  if (bytesRead !== bytes) throw broken("ends in its directory");
  return directory;
}
