import { DataError, suggest } from "assay";
import { type EngineRow, identifier } from "../engine/index.ts";

/** A column as Spark has it. */
export interface SparkColumn {
  readonly name: string;
  /** Spark Connect's name of the type: string, double, long, boolean … */
  readonly type: string;
}

/** A column that a model looks at. */
export interface InputColumn {
  readonly name: string;
  readonly kind: "number" | "category";
}

/** A column of a table. Throws DataError with the near name. */
export function columnOf(who: string, columns: readonly SparkColumn[], name: string): SparkColumn {
  const found = columns.find((each) => each.name === name);
  if (found) return found;
  const names = columns.map((each) => each.name);
  throw new DataError(`${who}: the table has no column ${JSON.stringify(name)}${suggest(name, names)}`);
}

/** What a column is to a model: numbers and booleans are numbers, text is categories. Throws DataError for other types. */
export function kindOf(who: string, { name, type }: SparkColumn): InputColumn["kind"] {
  if (/[.`]/.test(name))
    throw new DataError(
      `${who}: Spark's stages take no column with a dot or a backtick in its name, got ${JSON.stringify(name)}: rename it by SQL`,
    );
  if (numbers.has(type)) return "number";
  if (texts.has(type)) return "category";
  throw new DataError(
    `${who}: column ${JSON.stringify(name)} must hold numbers, booleans or text, got ${type}: turn it into one of them by SQL`,
  );
}

const numbers = new Set(["byte", "short", "integer", "long", "float", "double", "decimal", "boolean"]);
const texts = new Set(["string", "char", "varChar"]);

/** SQL that says whether a column has a value; NaN is none. */
export function isThereSql({ name, type }: SparkColumn): string {
  const column = identifier(name);
  return type === "double" || type === "float" ? `(${column} is not null and not isnan(${column}))` : `${column} is not null`;
}

/** SQL that counts a query's rows as `n`, and the values that columns miss as `m0`, `m1` … */
export function gapsSql(columns: readonly SparkColumn[]): string {
  return ["count(*) as n", ...columns.map((column, k) => `count_if(not ${isThereSql(column)}) as m${k}`)].join(", ");
}

/** Throws DataError that names each column of what `gapsSql` counted that misses values. */
export function refuseGaps(who: string, columns: readonly SparkColumn[], counted: EngineRow): void {
  const gaps = columns.flatMap(({ name }, k) => {
    const count = Number(counted[`m${k}`]);
    return count > 0 ? [`${JSON.stringify(name)} ${count}`] : [];
  });
  if (gaps.length > 0)
    throw new DataError(
      `${who}: of ${Number(counted["n"])} rows values are missing, column ${gaps.join(", column ")}: fill them by SQL, as coalesce, or leave those rows out by missing: "skip"`,
    );
}
