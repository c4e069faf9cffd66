import type { Column, Table } from "assay";
import type { DatasetColumn } from "../contract/datasets.ts";

/** What a list of columns shows of each: kind, missing, distinct, levels or moments. */
export function summarise(table: Table): DatasetColumn[] {
  return table.names.map((name) => ({ name, kind: table.kind(name), ...summaryOf(table.column(name)) }));
}

function summaryOf(column: Column): Omit<DatasetColumn, "name" | "kind"> {
  switch (column.kind) {
    case "number":
    case "datetime":
      return numbers(column.values);
    case "boolean": {
      const filled = column.values.filter((value) => value !== 255);
      return { missing: column.values.length - filled.length, distinct: new Set(filled).size };
    }
    case "category": {
      const used = new Set(column.codes);
      const missing = column.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
      return { missing, distinct: used.size - (missing > 0 ? 1 : 0), levels: column.levels.slice(0, 100) as string[] };
    }
    case "text": {
      const filled = column.values.filter((value) => value !== null);
      return { missing: column.values.length - filled.length, distinct: new Set(filled).size };
    }
  }
}

function numbers(values: Float64Array): Omit<DatasetColumn, "name" | "kind"> {
  const filled = values.filter((value) => Number.isFinite(value));
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (filled.length === 0) return { missing, distinct: 0, mean: null, sd: null, min: null, max: null };
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const [i, value] of filled.entries()) {
    const delta = value - mean;
    mean += delta / (i + 1);
    squares += delta * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { missing, distinct: new Set(filled).size, mean, sd: Math.sqrt(squares / filled.length), min, max };
}

/** Bytes that a table's columns take in memory, text by its length. */
export function memoryOf(table: Table): number {
  return table.names.reduce((sum, name) => {
    const column = table.column(name);
    if (column.kind === "category") return sum + column.codes.byteLength;
    if (column.kind === "text") return sum + column.values.reduce((bytes, value) => bytes + 2 * (value?.length ?? 0), 0);
    return sum + column.values.byteLength;
  }, 0);
}
