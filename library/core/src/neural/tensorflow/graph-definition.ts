/** Kinds of attributes, as tfjs-node's addon numbers them. */
export const attributeKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** An attribute of an operation, as tfjs-node gives it to its addon. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** An operation of TensorFlow at its place in a graph: what goes in is named "node" or "node:1". */
export interface GraphOperation {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly OperationAttribute[];
}

/** A tensor whose numbers stand in the graph. */
export interface GraphConstant {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** A tensor that is given when the graph runs. */
export interface GraphPlace {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** The parts of a graph. */
interface GraphParts {
  readonly places: readonly GraphPlace[];
  readonly constants: readonly GraphConstant[];
  readonly operations: readonly GraphOperation[];
}

/** What the file says it was written by: TensorFlow 2.9, so that the later ones read it. */
const producer = 1087;

/** A graph as TensorFlow's file `saved_model.pb`, with the tag "serve". Source: tensorflow/core/protobuf/saved_model.proto. */
export function savedModel({ places, constants, operations }: GraphParts): Uint8Array {
  const nodes = [
    ...places.map(({ name, dtype, shape }) =>
      node(name, "Placeholder", [], { dtype: whole(6, dtype), shape: bytes(7, sizes(shape)) }),
    ),
    ...constants.map(({ name, dtype, shape, values }) =>
      node(name, "Const", [], {
        dtype: whole(6, dtype),
        value: bytes(8, whole(1, dtype), bytes(2, sizes(shape)), bytes(4, values)),
      }),
    ),
    ...operations.map(({ name, operation, inputs, attributes }) =>
      node(name, operation, inputs, Object.fromEntries(attributes.map((each) => [each.name, attribute(each)]))),
    ),
  ];
  const graph = [...nodes.map((each) => bytes(1, each)), bytes(4, whole(1, producer))];
  const meta = bytes(1, bytes(4, encode("serve")));
  return join([whole(1, 1), bytes(2, meta, bytes(2, ...graph))]);
}

function node(
  name: string,
  operation: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Uint8Array>>,
): Uint8Array {
  const entries = Object.entries(attributes).map(([key, value]) => bytes(5, bytes(1, encode(key)), bytes(2, value)));
  return join([bytes(1, encode(name)), bytes(2, encode(operation)), ...inputs.map((each) => bytes(3, encode(each))), ...entries]);
}

/** AttrValue, or its list. */
function attribute({ type, value }: OperationAttribute): Uint8Array {
  if (type === attributeKind.shape) return bytes(7, sizes(value as readonly number[]));
  return Array.isArray(value) ? bytes(1, ...value.map((each) => single(type, each))) : single(type, value);
}

function single(type: number, value: unknown): Uint8Array {
  switch (type) {
    case attributeKind.string:
      return bytes(2, encode(String(value)));
    case attributeKind.int:
      return whole(3, value as number);
    case attributeKind.float:
      return join([Uint8Array.of((4 << 3) | 5), new Uint8Array(Float32Array.of(value as number).buffer)]);
    case attributeKind.bool:
      return whole(5, value ? 1 : 0);
    default:
      return whole(6, value as number);
  }
}

function sizes(shape: readonly number[]): Uint8Array {
  return join(shape.map((size) => bytes(2, whole(1, size))));
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A field of a whole number. */
function whole(field: number, value: number): Uint8Array {
  return join([variable(field << 3), variable(value)]);
}

/** A field of bytes, text or another message. */
function bytes(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(parts);
  return join([variable((field << 3) | 2), variable(content.length), content]);
}

/** Seven bits a byte, the lowest first; negative numbers as their 64-bit complement. */
function variable(value: number): Uint8Array {
  const out: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) out.push(Number(left & 127n) | 128);
  return Uint8Array.from([...out, Number(left)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
