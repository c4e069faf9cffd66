import { copyFile, link, stat } from "node:fs/promises";
import type { DatasetColumn } from "../contract/datasets.ts";
import { hashFile } from "../db/hash-file.ts";
import { type Engine, identifier } from "../engine/index.ts";
import type { Session } from "../projects/session.ts";
import type { Draft } from "./draft.ts";

const kinds: Readonly<Record<string, DatasetColumn["kind"]>> = {
  VARCHAR: "category",
  BOOLEAN: "boolean",
  TIMESTAMP: "datetime",
  DATE: "datetime",
};
const levelsMost = 100;
/** A column of strings with more values than this share of its rows, and more than a hundred, is text. */
const textShare = 0.5;
const bytesACell = 8;

/**
 * A Parquet file as a draft of a dataset, without its rows being read into this process: the engine counts and measures its columns. The file stays where it
 * is. Its content hash is that of its bytes; distinct values are counted roughly.
 */
export async function parquetDraft(session: Session, engine: Engine, path: string): Promise<Draft> {
  await engine.read("drafted", path);
  const schema = Object.entries(await engine.schema("select * from drafted"));
  const asked = schema.flatMap(([name, type], j) => measured(identifier(name), type, j));
  const [found] = await engine.sql(`select count(*) as rows, ${asked.join(", ")} from drafted`);
  const rows = Number(found!["rows"]);
  const columns: DatasetColumn[] = [];
  for (const [j, [name, type]] of schema.entries()) {
    const missing = Number(found![`missing${j}`]);
    const distinct = Math.min(Number(found![`distinct${j}`]), rows - missing);
    const kind = kinds[type] ?? "number";
    if (kind === "category" && distinct > Math.max(levelsMost, textShare * rows))
      columns.push({ name, kind: "text", missing, distinct });
    else if (kind === "category") {
      const levels = await engine.sql(
        `select distinct ${identifier(name)} as level from drafted where ${identifier(name)} is not null order by 1 limit ${levelsMost}`,
      );
      columns.push({ name, kind, missing, distinct, levels: levels.map(({ level }) => String(level)) });
    } else if (kind === "boolean") columns.push({ name, kind, missing, distinct });
    else {
      const [mean, sd, min, max] = ["mean", "sd", "min", "max"].map((what) => finite(found![`${what}${j}`]));
      columns.push({ name, kind, missing, distinct, mean: mean!, sd: sd!, min: min!, max: max! });
    }
  }
  const draft = await session.store.temporary();
  await link(path, draft).catch(() => copyFile(path, draft));
  return {
    path: draft,
    contentHash: await hashFile(path),
    rows,
    columns,
    memoryBytes: rows * columns.length * bytesACell,
    sizeBytes: (await stat(path)).size,
    leftOut: "",
  };
}

function measured(column: string, type: string, j: number): string[] {
  const counts = [`count(*) filter (where ${column} is null) as missing${j}`, `approx_count_distinct(${column}) as distinct${j}`];
  if (type === "VARCHAR" || type === "BOOLEAN") return counts;
  const value = kinds[type] === "datetime" ? `epoch_ms(${column})::double` : `${column}::double`;
  return [
    ...counts,
    `avg(${value}) as mean${j}`,
    `stddev_pop(${value}) as sd${j}`,
    `min(${value}) as min${j}`,
    `max(${value}) as max${j}`,
  ];
}

function finite(value: unknown): number | null {
  const figure = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(figure) ? figure : null;
}
