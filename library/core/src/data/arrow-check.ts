import { Flatbuffer } from "./flatbuffer.ts";

const mostFields = 100_000;
const deepest = 64;
const unionType = 14;
const kinds = { schema: 1, dictionary: 2, batch: 3 } as const;

/**
 * Checks that every list and buffer an Arrow IPC file or stream speaks of lies inside it, before a reader follows them: readers take memory or
 * loop by what is claimed. Throws RangeError for the first that does not. Source: Arrow columnar format 1.5, IPC; Message.fbs, File.fbs.
 */
export function checkArrow(bytes: Uint8Array): void {
  if (Buffer.from(bytes.subarray(0, 6)).toString("latin1") === "ARROW1") checkFile(bytes);
  else checkStream(bytes, 0);
}

function checkFile(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getInt32(bytes.length - 10, true);
  const begin = bytes.length - 10 - size;
  if (size <= 0 || begin < 8) throw new RangeError("the footer lies outside");
  const footer = new Flatbuffer(bytes.subarray(begin, bytes.length - 10));
  const root = footer.root();
  checkSchema(footer, footer.table(footer.field(root, 1)));
  for (const index of [2, 3]) {
    const blocks = footer.vector(footer.field(root, index), 24);
    for (let k = 0; k < blocks.length; k++) {
      const offset = footer.int64(blocks.at + 24 * k);
      if (!(offset >= 0 && offset < bytes.length)) throw new RangeError(`a block claims to lie at ${offset}`);
      checkMessage(bytes, offset);
    }
  }
}

function checkStream(bytes: Uint8Array, begin: number): void {
  for (let at: number | undefined = begin; at !== undefined && at < bytes.length; ) at = checkMessage(bytes, at);
}

/** Checks the message at a place; answers where the next begins, undefined at the end. */
function checkMessage(bytes: Uint8Array, at: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marked = view.getInt32(at, true) === -1;
  const size = view.getInt32(marked ? at + 4 : at, true);
  const begin = at + (marked ? 8 : 4);
  if (size === 0) return undefined;
  if (size < 0 || begin + size > bytes.length) throw new RangeError(`a message claims ${size} bytes`);
  const message = new Flatbuffer(bytes.subarray(begin, begin + size));
  const root = message.root();
  const bodyBytes = message.int64(message.field(root, 3));
  if (!(bodyBytes >= 0 && begin + size + bodyBytes <= bytes.length))
    throw new RangeError(`a message claims a body of ${bodyBytes} bytes`);
  const header = message.table(message.field(root, 2));
  switch (message.uint8(message.field(root, 1))) {
    case kinds.schema:
      checkSchema(message, header);
      break;
    case kinds.dictionary:
      checkBatch(message, header === undefined ? undefined : message.table(message.field(header, 1)), bodyBytes);
      break;
    case kinds.batch:
      checkBatch(message, header, bodyBytes);
      break;
    default:
      throw new RangeError("a message is of no known kind");
  }
  return begin + size + bodyBytes;
}

function checkBatch(message: Flatbuffer, batch: number | undefined, bodyBytes: number): void {
  if (batch === undefined) throw new RangeError("a batch is not there");
  const rows = message.int64(message.field(batch, 0));
  const nodes = message.vector(message.field(batch, 1), 16);
  const buffers = message.vector(message.field(batch, 2), 16);
  if (!(rows >= 0 && rows <= 8 * bodyBytes + 8)) throw new RangeError(`a batch claims ${rows} rows in ${bodyBytes} bytes`);
  for (let k = 0; k < nodes.length; k++) {
    const length = message.int64(nodes.at + 16 * k);
    if (!(length >= 0 && length <= 8 * bodyBytes + 8))
      throw new RangeError(`a column claims ${length} cells in ${bodyBytes} bytes`);
  }
  for (let k = 0; k < buffers.length; k++) {
    const offset = message.int64(buffers.at + 16 * k);
    const length = message.int64(buffers.at + 16 * k + 8);
    if (!(offset >= 0 && length >= 0 && offset + length <= bodyBytes))
      throw new RangeError(`a buffer claims ${length} bytes at ${offset}`);
  }
}

function checkSchema(message: Flatbuffer, schema: number | undefined): void {
  if (schema === undefined) throw new RangeError("the schema is not there");
  let fields = 0;
  const checkMetadata = (field: number | undefined): void => {
    for (const pair of message.tables(field)) for (const part of [0, 1]) message.vector(message.field(pair, part), 1);
  };
  const checkField = (field: number, depth: number): void => {
    if (++fields > mostFields || depth > deepest) throw new RangeError("the schema has too many columns in each other");
    message.vector(message.field(field, 0), 1);
    const type = message.table(message.field(field, 3));
    if (type !== undefined && message.uint8(message.field(field, 2)) === unionType) message.vector(message.field(type, 1), 4);
    message.table(message.field(field, 4));
    for (const child of message.tables(message.field(field, 5))) checkField(child, depth + 1);
    checkMetadata(message.field(field, 6));
  };
  for (const field of message.tables(message.field(schema, 1))) checkField(field, 0);
  checkMetadata(message.field(schema, 2));
}
