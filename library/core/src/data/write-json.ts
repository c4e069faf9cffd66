import { open } from "node:fs/promises";
import { cellOf } from "./column.ts";
import type { Table } from "./table.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Writes a table as a JSON array of objects, whole or not at all. Missing cells are null, instants ISO 8601 in UTC, infinities null (JSON has
 * none: Parquet keeps them).
 */
export function writeJson(table: Table, path: string): Promise<void> {
  return writeRecords("writeJson", table, path, { before: "[\n", between: ",\n", after: "\n]\n" });
}

/** Writes a table as a JSON object a line, else as `writeJson`. */
export function writeNdjson(table: Table, path: string): Promise<void> {
  return writeRecords("writeNdjson", table, path, { before: "", between: "\n", after: table.rows > 0 ? "\n" : "" });
}

interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

async function writeRecords(who: string, table: Table, path: string, { before, between, after }: Frame): Promise<void> {
  const columns = table.names.map((name) => [`${JSON.stringify(name)}:`, table.column(name)] as const);
  const record = (i: number): string =>
    `{${columns.map(([name, column]) => name + JSON.stringify(cellOf(column, i))).join(",")}}`;
  await writeWhole(who, path, async (temporary) => {
    const file = await open(temporary, "w");
    try {
      await file.write(before);
      for (let begin = 0; begin < table.rows; begin += 5000) {
        const end = Math.min(table.rows, begin + 5000);
        const records = Array.from({ length: end - begin }, (_, k) => record(begin + k)).join(between);
        await file.write((begin > 0 ? between : "") + records);
      }
      await file.write(after);
    } finally {
      await file.close();
    }
  });
}
