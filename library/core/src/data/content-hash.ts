import { nodeModule } from "../base/node-module.ts";
import type { Table } from "./table.ts";

/**
 * SHA-256 (hex) of a table's names, kinds, levels and cells: equal tables have equal hashes, in whatever file they lay. O(n d).
 * Missing cells are equal to each other; 0 and −0 differ.
 */
export function contentHash(table: Table): string {
  const hash = nodeModule("node:crypto").createHash("sha256");
  hash.update(JSON.stringify([1, table.rows, table.names.map((name) => [name, table.kind(name)])]));
  for (const name of table.names) {
    const column = table.column(name);
    switch (column.kind) {
      case "number":
      case "datetime":
        hash.update(bytesOf(column.values.map((value) => (Number.isNaN(value) ? Number.NaN : value))));
        break;
      case "boolean":
        hash.update(bytesOf(column.values));
        break;
      case "category":
        hash.update(JSON.stringify(column.levels)).update(bytesOf(column.codes));
        break;
      case "text":
        for (const value of column.values) hash.update(value === null ? "n" : `${Buffer.byteLength(value)}:${value}`);
    }
  }
  return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Int32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
