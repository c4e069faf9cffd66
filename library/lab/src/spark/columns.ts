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

/** Columns that steps make, by what they hold; none of a table that is read has such a name. */
export const made = {
  label: "assay_label",
  features: "assay_features",
  probability: "assay_probability",
  raw: "assay_raw",
  prediction: "prediction",
} as const;

/** A column of a table. Throws DataError with the near name, or for one that Spark does not tell from another. */
export function columnOf(who: string, columns: readonly SparkColumn[], name: string): SparkColumn {
  const found = columns.find((each) => each.name === name);
  if (!found) {
    const names = columns.map((each) => each.name);
    throw new DataError(`${who}: the table has no column ${JSON.stringify(name)}${suggest(name, names)}`);
  }
  refuseAlike(
    who,
    columns.filter((each) => isAlike(each.name, name)),
  );
  return found;
}

/** Throws DataError where two columns have one name, which to Spark also those have that differ by case alone. */
export function refuseAlike(who: string, columns: readonly SparkColumn[]): void {
  const [one, other] = columns.flatMap(({ name }, k) => {
    const earlier = columns.slice(0, k).find((each) => isAlike(each.name, name));
    return earlier ? [earlier.name, name] : [];
  });
  if (one !== undefined)
    throw new DataError(
      `${who}: the table has columns ${JSON.stringify(one)} and ${JSON.stringify(other)}, which Spark does not tell apart: rename one by SQL`,
    );
}

/** Throws DataError for a column that has a name of those that Spark's stages add. */
export function refuseTaken(who: string, columns: readonly { readonly name: string }[], taken: readonly string[]): void {
  const found = columns.find(({ name }) => taken.some((each) => isAlike(each, name)) || /^assay_(index|levels)_/i.test(name));
  if (found)
    throw new DataError(
      `${who}: the table has a column ${JSON.stringify(found.name)}, a name that what Spark adds takes: rename it by SQL`,
    );
}

/** Whether Spark takes two names for the same. */
function isAlike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What a column is to a model: numbers and booleans are numbers, text is categories. Throws DataError for other types. */
export function kindOf(who: string, { name, type }: SparkColumn): InputColumn["kind"] {
  if (/[.`]|^$/.test(name))
    throw new DataError(
      `${who}: Spark's stages take no column with a dot or a backtick in its name, nor one without, got ${JSON.stringify(name)}: rename it by SQL`,
    );
  if (numbers.has(type)) return "number";
  if (texts.has(type)) return "category";
  throw new DataError(
    `${who}: column ${JSON.stringify(name)} must hold numbers, booleans or text, got ${type}: turn it into one of them by SQL`,
  );
}

const numbers = new Set(["byte", "short", "integer", "long", "float", "double", "decimal", "boolean"]);
const texts = new Set(["string", "char", "varChar"]);

/** SQL that says whether a column has a value; NaN is none, nor is an infinite number. */
export function isThereSql({ name, type }: SparkColumn): string {
  const column = identifier(name);
  // NaN is greater than every number to Spark
  return type === "double" || type === "float"
    ? `(${column} is not null and abs(${column}) < double('infinity'))`
    : `${column} is not null`;
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
      `${who}: of ${Number(counted["n"])} rows values are missing or infinite, column ${gaps.join(", column ")}: fill them by SQL, as coalesce, or leave those rows out by missing: "skip"`,
    );
}
