import type { Data, DataType, Vector } from "apache-arrow";
import { DataError } from "assay";
import { arrowTypes } from "./arrow-types.ts";
import type { ExactValue } from "./from-arrow.ts";

type Arrow = typeof import("apache-arrow");

const dayMs = 86_400_000;
const none = new Uint8Array();

/**
 * A column of Arrow from values as `exactValue` gives them, of a type that engines have: whole numbers, floats, decimals of 128 bits, booleans, text,
 * bytes, days, instants in microseconds, of Dates or of bigints that count them (with a zone Spark's TIMESTAMP, without TIMESTAMP_NTZ), lists, structs and maps
 * of them. Throws DataError for another type.
 */
export async function arrowColumn(type: DataType, values: readonly ExactValue[]): Promise<Vector> {
  const arrow = await import("apache-arrow");
  return arrow.makeVector(dataOf(arrow, type, values));
}

function dataOf(arrow: Arrow, type: DataType, values: readonly ExactValue[]): Data {
  const there = values.map((value) => value !== null);
  const common = {
    ...{ type, offset: 0, length: values.length },
    nullCount: there.filter((each) => !each).length,
    nullBitmap: bitsOf(there),
  };
  // each kind of type takes its own fields, which the types of apache-arrow tell apart by class alone
  return arrow.makeData({ ...common, ...buffersOf(arrow, type, values) } as unknown as Parameters<Arrow["makeData"]>[0]);
}

function buffersOf(arrow: Arrow, type: DataType, values: readonly ExactValue[]): object {
  switch (type.typeId) {
    case arrowTypes.boolean:
      return { data: bitsOf(values) };
    case arrowTypes.int:
    case arrowTypes.float: {
      const data = new (type as unknown as { readonly ArrayType: new (length: number) => Record<number, unknown> }).ArrayType(
        values.length,
      );
      for (const [k, value] of values.entries()) if (value !== null) data[k] = value;
      return { data };
    }
    case arrowTypes.decimal:
      return { data: decimals(values, (type as unknown as { readonly scale: number }).scale) };
    case arrowTypes.date:
      return { data: Int32Array.from(values, (value) => Math.floor(Number(value) / dayMs)) };
    case arrowTypes.timestamp:
      return { data: BigInt64Array.from(values, (value) => (typeof value === "bigint" ? value : BigInt(Number(value)) * 1000n)) };
    case arrowTypes.text:
    case arrowTypes.binary: {
      const cells = values.map((value) => (typeof value === "string" ? Buffer.from(value) : ((value ?? none) as Uint8Array)));
      return { data: Buffer.concat(cells), valueOffsets: offsetsOf(cells) };
    }
    case arrowTypes.list: {
      const cells = values.map((value) => (value ?? []) as readonly ExactValue[]);
      return { valueOffsets: offsetsOf(cells), child: dataOf(arrow, type.children[0]!.type, cells.flat(1)) };
    }
    case arrowTypes.map: {
      const cells = values.map((value) => [...((value ?? new Map()) as ReadonlyMap<ExactValue, ExactValue>)]);
      const [key, value] = type.children[0]!.type.children.map(({ name }: { readonly name: string }) => name) as [string, string];
      const entries = cells.flat(1).map(([k, v]) => ({ [key]: k, [value]: v }));
      return { valueOffsets: offsetsOf(cells), child: dataOf(arrow, type.children[0]!.type, entries) };
    }
    case arrowTypes.struct: {
      const cells = values as readonly (Readonly<Record<string, ExactValue>> | null)[];
      return {
        children: type.children.map(({ name, type }) =>
          dataOf(
            arrow,
            type,
            cells.map((cell) => cell?.[name] ?? null),
          ),
        ),
      };
    }
    default:
      throw new DataError(`engine: no column is of Arrow's type ${type}`);
  }
}

/** A bit for each value, whether it holds. */
function bitsOf(values: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [k, value] of values.entries()) if (value) bits[k >> 3]! |= 1 << (k & 7);
  return bits;
}

/** Where each cell begins, and the last ends. */
function offsetsOf(cells: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(cells.length + 1);
  for (const [k, { length }] of cells.entries()) offsets[k + 1] = offsets[k]! + length;
  return offsets;
}

/** Decimals as 128 bits each, the lowest word first. */
function decimals(values: readonly ExactValue[], scale: number): Uint32Array {
  const words = new Uint32Array(4 * values.length);
  for (const [k, value] of values.entries()) {
    if (value === null) continue;
    const [whole, fraction = ""] = String(value).split(".");
    const bits = BigInt.asUintN(128, BigInt(whole! + fraction.padEnd(scale, "0")));
    for (let word = 0; word < 4; word++) words[4 * k + word] = Number((bits >> BigInt(32 * word)) & 0xffff_ffffn);
  }
  return words;
}
