import { DataError, ParamsError } from "assay";
import { type EngineRow, identifier } from "../engine/index.ts";
import type { MessageJson } from "../engine/spark/index.ts";
import type { SparkTask } from "./algorithms.ts";
import {
  columnOf,
  gapsSql,
  type InputColumn,
  isThereSql,
  kindOf,
  made,
  refuseAlike,
  refuseGaps,
  refuseTaken,
  type SparkColumn,
} from "./columns.ts";
import { valueSql, type Workspace } from "./workspace.ts";

/** What is learnt from which columns. */
interface RowsAsked {
  readonly table: string;
  readonly task: SparkTask | undefined;
  /** Tasks that the algorithm has. */
  readonly tasks: readonly SparkTask[];
  readonly target: string | undefined;
  readonly features: readonly string[] | undefined;
  readonly missing: "error" | "skip";
  /** Share of the rows that test. */
  readonly test: number;
  readonly seed: number;
}

/** A part of the rows: columns, and the target as `assay_label`. */
export interface Part {
  /** Its view. */
  readonly name: "assay_train" | "assay_test";
  readonly relation: MessageJson;
  readonly rows: number;
}

/** Rows that are ready to learn from. */
export interface PreparedRows {
  readonly task: SparkTask;
  readonly inputs: readonly InputColumn[];
  /** Of classification: `assay_label` is the place in it. */
  readonly classes: readonly Class[] | undefined;
  readonly train: Part;
  readonly test: Part;
  /** Rows of the table, and those that were left out since something was missing. */
  readonly rows: number;
  readonly leftOut: number;
}

/** A class as the target holds it. */
export type Class = string | number | boolean;

const who = "spark.fit";
const classesMost = 100;

/**
 * Checks the columns of the view `source`, finds the classes, leaves out what may be left out, and splits the rest by the seed as Spark's
 * `randomSplit` does. The rows that are used are kept on the server. Throws DataError, naming the column, for one that is not there, is
 * neither number nor category, or misses values; for a target of one class; for a table without rows.
 */
export async function prepareRows(
  work: Workspace,
  source: string,
  columns: readonly SparkColumn[],
  asked: RowsAsked,
): Promise<PreparedRows> {
  const target = asked.target === undefined ? undefined : columnOf(who, columns, asked.target);
  const used = asked.features?.map((name) => columnOf(who, columns, name)) ?? columns.filter((each) => each !== target);
  const twice = asked.features?.find((name, k) => asked.features!.indexOf(name) < k);
  if (twice !== undefined)
    throw new ParamsError(`${who}: features must name each column once, got ${JSON.stringify(twice)} twice`);
  if (target && used.includes(target)) throw new ParamsError(`${who}: features must not hold the target ${target.name}`);
  if (used.length === 0) throw new DataError(`${who}: the table has no column beside the target`);
  refuseAlike(who, used);
  refuseTaken(who, used, Object.values(made));
  const inputs = used.map((column) => ({ name: column.name, kind: kindOf(who, column) }));
  const task = taskOf(asked, target);
  const hasTarget = target ? isThereSql(target) : "true";
  const [counted] = await work.rows(`select ${gapsSql(used)}, count_if(${hasTarget}) as told from ${source}`);
  refuseEmpty(asked, used, counted!);
  if (task === "recommendation") await refuseIds(work, source, used);
  const classes = task === "classification" ? await classesOf(work, source, target!, asked) : undefined;
  const told = [hasTarget, ...(asked.missing === "skip" ? used.map(isThereSql) : [])];
  const list = [...used.map(({ name }) => identifier(name)), ...(target ? [`${labelSql(target, classes)} as assay_label`] : [])];
  const base = { sql: { query: `select ${list.join(", ")} from ${source} where ${told.join(" and ")}` } };
  await work.keep(base);
  const train = await partOf(work, "assay_train", base, [0, 1 - asked.test], asked.seed);
  const test = await partOf(work, "assay_test", base, [1 - asked.test, 1], asked.seed);
  if (train.rows === 0) throw new DataError(`${who}: no row is left to learn from: ${Number(counted!["n"])} in the table`);
  if (classes) await refuseUnlearnt(work, classes);
  const rows = Number(counted!["n"]);
  return { ...{ task, inputs, classes, train, test, rows }, leftOut: rows - train.rows - test.rows };
}

function taskOf({ task, tasks, target: asked }: RowsAsked, target: SparkColumn | undefined): SparkTask {
  const [only] = tasks;
  if (task !== undefined && !tasks.includes(task))
    throw new ParamsError(`${who}: task must be ${tasks.join(" or ")}, got ${task}`);
  if (only !== "clustering" && !target) throw new ParamsError(`${who}: target must name a column, got ${String(asked)}`);
  const guessed = target && (kindOf(who, target) === "category" || target.type === "boolean") ? "classification" : "regression";
  const chosen = task ?? (tasks.length === 1 ? only! : guessed);
  if ((chosen === "regression" || chosen === "recommendation") && kindOf(who, target!) !== "number")
    throw new DataError(
      `${who}: the target ${JSON.stringify(target!.name)} must hold numbers for ${chosen}, got ${target!.type}`,
    );
  return chosen;
}

function refuseEmpty({ table, target, missing }: RowsAsked, used: readonly SparkColumn[], counted: EngineRow): void {
  const rows = Number(counted["n"]);
  if (rows === 0) throw new DataError(`${who}: the table has no rows: ${table}`);
  if (Number(counted["told"]) === 0)
    throw new DataError(`${who}: the target ${JSON.stringify(target)} is missing in all ${rows} rows`);
  if (missing === "error") refuseGaps(who, used, counted);
}

/** The classes of a target in their order. */
async function classesOf(work: Workspace, source: string, target: SparkColumn, { tasks }: RowsAsked): Promise<readonly Class[]> {
  const found = await work.rows(
    `select distinct ${classSql(target)} as class from ${source} where ${isThereSql(target)} order by class limit ${classesMost + 1}`,
  );
  const classes = found.map((row) => row["class"] as Class);
  const large = classes.find((each) => target.type === "long" && Math.abs(Number(each)) > Number.MAX_SAFE_INTEGER);
  if (large !== undefined)
    throw new DataError(
      `${who}: the target ${JSON.stringify(target.name)} has classes beyond ±(2⁵³ − 1), as ${large}: cast it to string by SQL`,
    );
  if (classes.length > classesMost)
    throw new DataError(
      `${who}: the target ${JSON.stringify(target.name)} has more than ${classesMost} classes${tasks.includes("regression") ? ', take task: "regression"' : ""}`,
    );
  if (classes.length < 2)
    throw new DataError(
      `${who}: the target ${JSON.stringify(target.name)} has one class, ${JSON.stringify(classes[0])}; two are needed`,
    );
  return classes;
}

/** Throws DataError where columns are no ids that ALS takes. */
async function refuseIds(work: Workspace, source: string, ids: readonly SparkColumn[]): Promise<void> {
  for (const column of ids) {
    const { name, type } = column;
    if (kindOf(who, column) === "category") continue;
    if (type === "boolean")
      throw new DataError(`${who}: column ${JSON.stringify(name)} must hold whole numbers or text for als, got boolean`);
    const id = identifier(name);
    const [odd] = await work.rows(
      `select ${id} as id from ${source} where ${id} <> floor(${id}) or abs(${id}) > ${2 ** 31 - 1} limit 1`,
    );
    if (odd)
      throw new DataError(
        `${who}: column ${JSON.stringify(name)} must hold whole numbers below 2³¹ for als, got ${String(odd["id"])}: cast it to string by SQL`,
      );
  }
}

/** Throws DataError where a class has no row to learn from. */
async function refuseUnlearnt(work: Workspace, classes: readonly Class[]): Promise<void> {
  const found = await work.rows("select distinct assay_label as place from assay_train");
  const learnt = new Set(found.map(({ place }) => Number(place)));
  const absent = classes.find((_, k) => !learnt.has(k));
  if (absent !== undefined)
    throw new DataError(
      `${who}: no row to learn from has the class ${JSON.stringify(absent)}: more rows, a smaller test, or another seed`,
    );
}

function labelSql(target: SparkColumn, classes: readonly Class[] | undefined): string {
  if (!classes) return `cast(${identifier(target.name)} as double)`;
  return `cast(array_position(array(${classes.map(valueSql).join(", ")}), ${classSql(target)}) - 1 as double)`;
}

/** A target's class as it is told: a fraction is a double. */
function classSql({ name, type }: SparkColumn): string {
  return type === "decimal" || type === "float" ? `cast(${identifier(name)} as double)` : identifier(name);
}

/** The rows whose random number lies within bounds. */
async function partOf(
  work: Workspace,
  name: Part["name"],
  input: MessageJson,
  [lowerBound, upperBound]: readonly [number, number],
  seed: number,
): Promise<Part> {
  const sample = { input, lowerBound, upperBound, withReplacement: false, seed: String(seed), deterministicOrder: true };
  const relation = await work.view(name, { sample });
  const [counted] = await work.rows(`select count(*) as n from ${name}`);
  return { name, relation, rows: Number(counted!["n"]) };
}
