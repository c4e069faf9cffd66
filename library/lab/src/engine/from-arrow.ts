import type { DataType, Table, Vector } from "apache-arrow";
import { arrowTypes } from "./arrow-types.ts";

/**
 * A cell of an engine's table in JavaScript, none of it lost: whole numbers of 64 bits as bigint, decimals as text with all their digits, dates and instants as Date (whole
 * milliseconds, cut off downwards), bytes as Uint8Array, arrays as arrays, structs as records, maps as Map.
 */
export type ExactValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | readonly ExactValue[]
  | ReadonlyMap<ExactValue, ExactValue>
  | { readonly [field: string]: ExactValue };

/** The columns that Arrow streams hold together, as one table. */
export async function tableOf(batches: readonly Uint8Array[]): Promise<Table> {
  const { RecordBatchReader, Table } = await import("apache-arrow");
  return new Table(batches.flatMap((batch) => [...RecordBatchReader.from(batch)]));
}

/** The values of a column, one by one. */
export function* valuesOf(column: Vector): Generator<ExactValue> {
  for (let row = 0; row < column.length; row++) yield exactValue(column.type, column.get(row));
}

/** What Arrow gives for a cell, as a value of which nothing is lost. */
export function exactValue(type: DataType, cell: unknown): ExactValue {
  if (cell === null || cell === undefined) return null;
  switch (type.typeId) {
    case arrowTypes.decimal:
      return decimalText(cell as Uint32Array, (type as unknown as { readonly scale: number }).scale);
    case arrowTypes.date:
    case arrowTypes.timestamp:
      return new Date(Math.floor(cell as number));
    case arrowTypes.list: {
      const [element] = type.children;
      return [...(cell as Vector)].map((each) => exactValue(element!.type, each));
    }
    case arrowTypes.struct: {
      const types = new Map(type.children.map((field) => [field.name, field.type as DataType]));
      const fields = [...(cell as Iterable<readonly [string, unknown]>)];
      return Object.fromEntries(fields.map(([name, value]) => [name, exactValue(types.get(name)!, value)]));
    }
    case arrowTypes.map: {
      const [key, value] = type.children[0]!.type.children as { readonly type: DataType }[];
      return new Map(
        [...(cell as Iterable<[unknown, unknown]>)].map(([k, v]) => [exactValue(key!.type, k), exactValue(value!.type, v)]),
      );
    }
    default:
      return cell as ExactValue;
  }
}

/** A decimal's digits from its 128 bits, the lowest word first. */
function decimalText(words: Uint32Array, scale: number): string {
  const bits = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const number = BigInt.asIntN(32 * words.length, bits);
  const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return number < 0n ? `-${text}` : text;
}
