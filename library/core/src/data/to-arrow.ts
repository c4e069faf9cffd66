import type { Column, TableLike } from "../base/columns.ts";
import { isMissing, lengthOf } from "./column.ts";

/** What Assay needs of an apache-arrow Table; any version's is one. */
export interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly ArrowField[] };
  getChildAt(index: number): ArrowVector | null;
}

/** A column's name and type. */
export interface ArrowField {
  readonly name: string;
  readonly type: { readonly typeId: number; toString(): string };
}

/** A column's cells, in chunks. */
export interface ArrowVector {
  readonly length: number;
  readonly data: readonly ArrowData[];
  get(index: number): unknown;
}

/** One chunk of a column: its arrays as they lie in the file. */
export interface ArrowData {
  readonly length: number;
  readonly values?: ArrayLike<unknown> | undefined;
  readonly valueOffsets?: ArrayLike<unknown> | undefined;
  readonly dictionary?: ArrowVector | undefined;
}

/**
 * A table as apache-arrow's: doubles, dictionaries of strings, booleans, UTC timestamps in milliseconds, strings; nulls where cells are
 * missing. Cost O(n d).
 */
export async function toArrow(table: TableLike): Promise<ArrowTable> {
  const arrow = await import("apache-arrow");
  const vector = (column: Column) => {
    const length = lengthOf(column);
    const { nullBitmap, nullCount } = nullsOf(column, length);
    const some = nullCount > 0 ? { length, nullCount, nullBitmap } : { length, nullCount };
    switch (column.kind) {
      case "number":
        return arrow.makeVector(arrow.makeData({ ...some, type: new arrow.Float64(), data: column.values.slice() }));
      case "datetime": {
        const data = BigInt64Array.from(column.values, (value) => (Number.isNaN(value) ? 0n : BigInt(Math.round(value))));
        return arrow.makeVector(arrow.makeData({ ...some, type: new arrow.TimestampMillisecond("UTC"), data }));
      }
      case "boolean":
        return arrow.makeVector(
          arrow.makeData({ ...some, type: new arrow.Bool(), data: bits(length, (i) => column.values[i] === 1) }),
        );
      case "category": {
        const dictionary = arrow.vectorFromArray(column.levels, new arrow.Utf8());
        const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
        const data = column.codes.map((code) => Math.max(0, code));
        return arrow.makeVector(arrow.makeData({ ...some, type, data, dictionary }));
      }
      case "text":
        return arrow.vectorFromArray(column.values, new arrow.Utf8());
    }
  };
  const schema = new arrow.Schema(table.names.map((name) => new arrow.Field(name, vector(table.column(name)).type, true)));
  const children = table.names.map((name) => vector(table.column(name)).data[0]!);
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length: table.rows, nullCount: 0, children });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, data as never)]) as never;
}

function nullsOf(column: Column, length: number): { readonly nullBitmap: Uint8Array; readonly nullCount: number } {
  let nullCount = 0;
  const nullBitmap = bits(length, (i) => {
    const missing = isMissing(column, i);
    if (missing) nullCount++;
    return !missing;
  });
  return { nullBitmap, nullCount };
}

function bits(length: number, isSet: (i: number) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0; i < length; i++) if (isSet(i)) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}
