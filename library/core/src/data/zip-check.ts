import { DataError, LimitError } from "../base/errors.ts";
import { nodeModule } from "../base/node-module.ts";

const mostEntries = 10_000;
const mostBytes = 2 ** 29;

/**
 * Checks a zip archive before anybody unpacks it: its directory is whole, and what its entries really unpack to is what they claim, 512 MiB and
 * 10,000 entries at most. Throws LimitError beyond, DataError for a broken one. Cost: one inflation. Source: PKWARE APPNOTE 6.3.10, §4.3.
 */
export function checkZip(who: string, bytes: Uint8Array, file: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (why: string, cause?: unknown): DataError => new DataError(`${who}: the archive ${why} (${file})`, { cause });
  const end = findEnd(view);
  if (end < 0) throw broken("has no directory");
  const entries = view.getUint16(end + 10, true);
  if (entries > mostEntries)
    throw new LimitError(`${who}: the archive must have at most ${mostEntries} entries, got ${entries} (${file})`);
  let total = 0;
  let at = view.getUint32(end + 16, true);
  for (let k = 0; k < entries; k++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw broken("has a broken directory");
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const claimed = view.getUint32(at + 24, true);
    const local = view.getUint32(at + 42, true);
    total += claimed;
    if (total > mostBytes)
      throw new LimitError(`${who}: the archive must unpack to at most ${mostBytes} bytes, it claims ${total} (${file})`);
    if (local + 30 > view.byteLength || view.getUint32(local, true) !== 0x04034b50)
      throw broken("has an entry in the wrong place");
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (begin + packed > view.byteLength) throw broken("ends in an entry");
    if (method !== 0 && method !== 8) throw broken(`is packed by method ${method}, which is not read`);
    if (method === 0 && packed !== claimed) throw broken("has an entry of another size than it claims");
    if (method === 8) checkInflated(bytes.subarray(begin, begin + packed), claimed, broken);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  return -1;
}

function checkInflated(packed: Uint8Array, claimed: number, broken: (why: string, cause?: unknown) => DataError): void {
  let size: number;
  try {
    size = nodeModule("node:zlib").inflateRawSync(packed, { maxOutputLength: Math.max(1, claimed) }).length;
  } catch (cause) {
    throw broken("has an entry that does not unpack to what it claims", cause);
  }
  if (size !== claimed) throw broken(`has an entry of ${size} bytes that claims ${claimed}`);
}
