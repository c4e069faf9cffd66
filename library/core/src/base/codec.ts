import { readFile, rename, rm, writeFile } from "node:fs/promises";
import type { Fitted, InputColumn, Label, PredictorModel, Task, TransformerModel, TypedArray } from "./contract.ts";
import { LimitError, StoreError } from "./errors.ts";
import { modelOf } from "./model.ts";
import { parseParams } from "./params.ts";
import { definitionOf } from "./registry.ts";

/** Kinds of tensors, widest first: in this order every tensor stays aligned. */
const kinds = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;
type Kind = keyof typeof kinds;
const order = Object.keys(kinds) as Kind[];
const format = 1;
const headerMax = 16 << 20;
const depthMax = 64;
const tensorsMax = 100_000;

interface Tree {
  readonly format: number;
  readonly task: Task;
  readonly name: string;
  readonly params: unknown;
  readonly columns: readonly InputColumn[];
  readonly target: string | null;
  readonly classes: readonly Label[] | null;
  readonly state: unknown;
}

/**
 * A model as bytes in the safetensors layout: arrays as tensors, the rest as JSON in the header's metadata. No code is stored.
 * Throws StoreError for a state that is not plain data.
 */
export function encodeModel(model: Fitted): Uint8Array {
  const tensors: { readonly kind: Kind; readonly array: TypedArray }[] = [];
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value === "number")
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
    if (typeof value === "function" || typeof value === "bigint" || typeof value === "symbol")
      throw new StoreError(`saveModel: ${path} is a ${typeof value}, a state must be plain data`);
    if (typeof value !== "object" || value === null) return value;
    if (ArrayBuffer.isView(value)) {
      const kind = order.find((name) => value instanceof kinds[name]);
      if (!kind) throw new StoreError(`saveModel: ${path} is a ${value.constructor.name}, which has no tensor kind`);
      return { $tensor: tensors.push({ kind, array: value as TypedArray }) - 1 };
    }
    if (Array.isArray(value)) return value.map((entry, k) => walk(entry, `${path}[${k}]`));
    return { $record: Object.entries(value).map(([name, entry]) => [name, walk(entry, `${path}.${name}`)]) }; // pairs: `__proto__` is only a name
  };
  const { task, name, params, columns, target = null, classes = null } = model;
  const tree: Tree = { format, task, name, params, columns, target, classes, state: walk(model.state, "state") };
  const header: Record<string, unknown> = { __metadata__: { format: String(format), assay: JSON.stringify(tree) } };
  const placed = tensors
    .map((tensor, k) => ({ ...tensor, k }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.k - b.k);
  let end = 0;
  for (const { kind, array, k } of placed) {
    header[k] = { dtype: kind, shape: [array.length], data_offsets: [end, end + array.byteLength] };
    end += array.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const size = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + size + end).fill(32, 8, 8 + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  bytes.set(json, 8);
  let at = 8 + size;
  for (const { array } of placed) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** Writes a model to a file, whole or not at all. Throws StoreError. */
export async function saveModel(model: Fitted, path: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await writeFile(draft, encodeModel(model), { flush: true });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause instanceof StoreError
      ? cause
      : new StoreError(`saveModel: cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads a model from a file or from bytes. Every size is checked before memory is taken; throws StoreError or LimitError. The file does not tell the
 * compiler what is in it: the type argument does.
 *
 * @example
 * const model = await ml.loadModel<ml.ClassifierModel>("signals.assay");
 * model.predict(ml.table([{ period: 9.5, depth: 616 }]));
 */
export async function loadModel<M extends Fitted = PredictorModel | TransformerModel>(source: string | Uint8Array): Promise<M> {
  if (typeof source !== "string") return decodeModel(source);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(source);
  } catch (cause) {
    throw new StoreError(`loadModel: cannot read ${source}: ${(cause as Error).message}`, { cause });
  }
  return decodeModel(bytes);
}

/** A model from its bytes. Throws StoreError for a file that cannot be one, LimitError for one beyond the bounds. */
export function decodeModel<M extends Fitted = PredictorModel | TransformerModel>(bytes: Uint8Array): M {
  const { header, size } = readHeader(bytes);
  const tensors = readTensors(header, bytes.subarray(8 + size));
  const tree = readTree(header);
  const definition = definitionOf(tree);
  const fitted: Fitted = {
    task: tree.task,
    name: tree.name,
    params: parseParams(tree.name, definition.params, tree.params),
    columns: tree.columns,
    target: tree.target ?? undefined,
    classes: tree.classes ?? undefined,
    state: readState(tree.state, tensors, 0),
  };
  definition.check?.(fitted.state, fitted.columns.length, fitted.classes?.length ?? 0);
  return modelOf(definition, fitted) as M;
}

function refuse(what: string, cause?: unknown): never {
  throw new StoreError(`loadModel: ${what}`, cause === undefined ? undefined : { cause });
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; size: number } {
  if (bytes.length < 16) refuse(`a model has 16 bytes at least, this file ${bytes.length}`);
  const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (size > BigInt(bytes.length - 8))
    refuse(`this is no model file, its header claims ${size} bytes in a file of ${bytes.length}`);
  if (size > BigInt(headerMax)) throw new LimitError(`loadModel: the header has ${size} bytes, at most ${headerMax}`);
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + Number(size))));
    if (typeof header === "object" && header !== null && !Array.isArray(header))
      return { header: header as Record<string, unknown>, size: Number(size) };
  } catch (cause) {
    refuse("the header is not JSON", cause);
  }
  return refuse("the header is not an object");
}

/** Tensors by their number; their ranges must cover the data without gap or overlap. */
function readTensors(header: Record<string, unknown>, data: Uint8Array): Map<string, TypedArray> {
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  if (entries.length > tensorsMax) throw new LimitError(`loadModel: ${entries.length} tensors, at most ${tensorsMax}`);
  const ranges = entries.map(([name, tensor]) => readRange(name, tensor as Record<string, unknown> | null, data.length));
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of ranges) {
    if (begin !== at) refuse(`tensor ${name} begins at ${begin}, expected ${at}`);
    at = end;
  }
  if (at !== data.length) refuse(`${data.length - at} bytes belong to no tensor`);
  return new Map(
    ranges.map(({ name, kind, begin, end }) => [
      name,
      new kinds[kind](new Uint8Array(data.subarray(begin, end)).buffer) as TypedArray,
    ]),
  );
}

function readRange(
  name: string,
  tensor: Record<string, unknown> | null,
  total: number,
): { name: string; kind: Kind; begin: number; end: number } {
  const kind = tensor?.["dtype"] as Kind;
  if (!Object.hasOwn(kinds, kind)) refuse(`tensor ${name} has dtype ${String(kind)}`);
  const shape = tensor!["shape"];
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    refuse(`tensor ${name} has shape ${JSON.stringify(shape)}`);
  const wanted = (shape as number[]).reduce((product, size) => product * size, kinds[kind].BYTES_PER_ELEMENT);
  const [begin, end] = Array.isArray(tensor!["data_offsets"]) ? tensor!["data_offsets"] : [];
  const inside = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && end >= begin && end <= total;
  if (!inside || end - begin !== wanted) refuse(`tensor ${name} of ${wanted} bytes claims [${begin}, ${end}] of ${total}`);
  return { name, kind, begin, end };
}

function readTree(header: Record<string, unknown>): Tree {
  let tree: Tree;
  try {
    tree = JSON.parse((header["__metadata__"] as { assay: string }).assay);
  } catch (cause) {
    return refuse("the file holds no Assay model", cause);
  }
  if (tree?.format !== format) refuse(`the file has format ${tree?.format}, this release reads ${format}`);
  const named = Array.isArray(tree.columns) && tree.columns.every((column) => typeof column?.name === "string");
  if (!named) refuse("columns must be a list of names");
  if (tree.task === "classification" && !(Array.isArray(tree.classes) && tree.classes.length > 0))
    refuse("a classifier must have classes");
  return tree;
}

function readState(value: unknown, tensors: ReadonlyMap<string, TypedArray>, depth: number): unknown {
  if (depth > depthMax) refuse(`the state is deeper than ${depthMax}`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => readState(entry, tensors, depth + 1));
  if ("$number" in value) return Number(value.$number);
  if ("$tensor" in value) return tensors.get(String(value.$tensor)) ?? refuse(`tensor ${String(value.$tensor)} is missing`);
  if (!("$record" in value) || !Array.isArray(value.$record))
    return refuse(`the state holds ${JSON.stringify(value).slice(0, 60)}`);
  const record = {};
  for (const [name, entry] of value.$record as [string, unknown][])
    Object.defineProperty(record, name, { value: readState(entry, tensors, depth + 1), enumerable: true });
  return record;
}
