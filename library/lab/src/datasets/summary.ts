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
      const counts = [0, 0, 0];
      for (const value of column.values) counts[value === 255 ? 2 : value]!++;
      return { missing: counts[2]!, distinct: Number(counts[0]! > 0) + Number(counts[1]! > 0) };
    }
    case "category": {
      const used = new Uint8Array(column.levels.length);
      let missing = 0;
      for (const code of column.codes)
        if (code < 0) missing++;
        else used[code] = 1;
      const distinct = used.reduce((sum, each) => sum + each, 0);
      return { missing, distinct, levels: column.levels.slice(0, 100) as string[] };
    }
    case "text": {
      const filled = column.values.filter((value) => value !== null);
      return { missing: column.values.length - filled.length, distinct: new Set(filled).size };
    }
  }
}

/** Moments and extremes of the finite values; distinct ones are counted in sorted order: a Set holds no more than 2²⁴. */
function numbers(values: Float64Array): Omit<DatasetColumn, "name" | "kind"> {
  const sorted = new Float64Array(values.length);
  let n = 0;
  let missing = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) missing++;
    if (!Number.isFinite(value)) continue;
    sorted[n++] = value;
    const delta = value - mean;
    mean += delta / n;
    squares += delta * (value - mean);
  }
  if (n === 0) return { missing, distinct: 0, mean: null, sd: null, min: null, max: null };
  const filled = sorted.subarray(0, n).sort();
  let distinct = 1;
  for (let i = 1; i < n; i++) if (filled[i] !== filled[i - 1]) distinct++;
  return {
    missing,
    distinct,
    mean: finite(mean),
    sd: finite(Math.sqrt(squares / n)),
    min: filled[0]! + 0,
    max: filled[n - 1]! + 0,
  };
}

/** A figure whose sums overflowed is none. */
function finite(figure: number): number | null {
  return Number.isFinite(figure) ? figure : null;
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
