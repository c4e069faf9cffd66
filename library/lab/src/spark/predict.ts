import { DataError, ParamsError, parseParams, signalFor } from "assay";
import { z } from "zod";
import { identifier } from "../engine/index.ts";
import { type HeldModel, type MessageJson, type MlStage, transformed } from "../engine/spark/index.ts";
import {
  columnOf,
  gapsSql,
  isThereSql,
  kindOf,
  made,
  refuseAlike,
  refuseGaps,
  refuseTaken,
  type SparkColumn,
} from "./columns.ts";
import type { ModelRecord } from "./model-record.ts";
import { openWorkspace, relationOf, remoteOf, valueSql, type Workspace } from "./workspace.ts";

/** Which rows are predicted, and where the answers go. */
export interface SparkPredictOptions {
  /** As of `SparkFitOptions`. */
  readonly table: string;
  /** The whole path or address of a folder, which Spark makes and fills with Parquet files. */
  readonly to: string;
  /** Whether answers that are there give way; default no. */
  readonly replace?: boolean;
  /** What a missing number does; default as the fit was told. A missing or unseen category is a level of its own. */
  readonly missing?: "error" | "skip";
  readonly signal?: AbortSignal;
}

/** Answers that were written. */
export interface SparkPredictions {
  readonly to: string;
  readonly rows: number;
  /** Columns of the files: those of the table, and the answers. */
  readonly columns: readonly SparkColumn[];
}

const who = "spark.predict";

const predictOptions = z.strictObject({
  table: z.string().min(1),
  to: z.string().min(1),
  replace: z.boolean().default(false),
  missing: z.enum(["error", "skip"]).optional(),
});

/** Predicts a table by a model's record. See `Spark.predict`. */
export async function predictOnSpark(
  record: ModelRecord,
  { signal: own, ...options }: SparkPredictOptions,
): Promise<SparkPredictions> {
  const asked = parseParams(who, predictOptions, options) as z.infer<typeof predictOptions>;
  const { table, to, replace, missing = record.missing } = asked;
  const source = relationOf(who, table);
  if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(to))
    throw new ParamsError(`${who}: to must be the whole path or address of a folder, got ${JSON.stringify(to)}`);
  remoteOf(who);
  const work = await openWorkspace(who, signalFor(own));
  try {
    const relation = await work.view("assay_source", source);
    const columns = await work.columns(relation);
    if (replace) refuseReading(await work.files(relation), to);
    const rows = await usableRows(work, record, columns, missing);
    const predicted = await predictedRows(work, record, rows);
    await work.view("assay_answers", {
      project: { input: predicted, expressions: expressionsOf(record, columns) },
    });
    const input = { sql: { query: `select ${answerSql(record, columns)} from assay_answers` } };
    const mode = replace ? "SAVE_MODE_OVERWRITE" : "SAVE_MODE_ERROR_IF_EXISTS";
    await work.run({ writeOperation: { input, source: "parquet", path: to, mode } });
    const written = await work.view("assay_written", { read: { dataSource: { format: "parquet", paths: [to] } } });
    const [counted] = await work.rows("select count(*) as n from assay_written");
    return { to, rows: Number(counted!["n"]), columns: await work.columns(written) };
  } finally {
    await work.close();
  }
}

/** Throws DataError where answers would take the place of files that the table is read from: Spark removes those first. */
function refuseReading(files: readonly string[], to: string): void {
  const plain = (place: string): string => place.replace(/^file:\/+/i, "/").replace(/\/+$/, "");
  const found = files.find((file) => [file, decoded(file)].some((each) => `${plain(each)}/`.startsWith(`${plain(to)}/`)));
  if (found !== undefined)
    throw new DataError(`${who}: to must be another place than the table's, got ${to}, where ${found} is read from`);
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** The rows that have all numbers. Throws DataError, naming the column, for one that is not there, is of another kind, or misses values. */
async function usableRows(
  work: Workspace,
  { columns: needed }: ModelRecord,
  columns: readonly SparkColumn[],
  missing: "error" | "skip",
): Promise<MessageJson> {
  refuseTaken(who, columns, [...Object.values(made), "probability"]);
  refuseAlike(who, columns);
  const numbers = needed.flatMap(({ name, kind }) => {
    const column = columnOf(who, columns, name);
    if (kindOf(who, column) !== kind)
      throw new DataError(
        `${who}: column ${JSON.stringify(name)} was a ${kind} at the training, got ${column.type}: cast it by SQL`,
      );
    return kind === "number" ? [column] : [];
  });
  if (missing === "error") refuseGaps(who, numbers, (await work.rows(`select ${gapsSql(numbers)} from assay_source`))[0]!);
  const kept = ["true", ...(missing === "skip" ? numbers.map(isThereSql) : [])];
  return { sql: { query: `select * from assay_source where ${kept.join(" and ")}` } };
}

async function predictedRows(work: Workspace, { stages, place }: ModelRecord, rows: MessageJson): Promise<MessageJson> {
  let relation = rows;
  for (const { className, uid, folder, params } of stages) {
    const held: HeldModel | MlStage = params ? { className, uid, params } : await work.ml.read(className, `${place}/${folder}`);
    relation = transformed(held, relation);
  }
  return relation;
}

const column = (name: string): MessageJson => ({
  unresolvedAttribute: { unparsedIdentifier: `\`${name.replaceAll("`", "``")}\`` },
});

/** The table's columns, the prediction, and the probabilities as a list. */
function expressionsOf({ task }: ModelRecord, columns: readonly SparkColumn[]): readonly MessageJson[] {
  const shares = {
    unresolvedFunction: {
      functionName: "vector_to_array",
      arguments: [column(made.probability), { literal: { string: "float64" } }],
    },
  };
  return [
    ...columns.map(({ name }) => column(name)),
    column(made.prediction),
    ...(task === "classification" ? [{ alias: { expr: shares, name: ["probability"] } }] : []),
  ];
}

/** Predictions as people know them: classes as the target had them, clusters as whole numbers, unknown pairs as null. */
function answerSql({ task, learnt }: ModelRecord, columns: readonly SparkColumn[]): string {
  const own = columns.map(({ name }) => identifier(name));
  switch (task) {
    case "classification": {
      const classes = learnt.classes!.map(valueSql).join(", ");
      return [...own, `element_at(array(${classes}), cast(prediction as int) + 1) as prediction`, "probability"].join(", ");
    }
    case "recommendation":
      return [...own, "nanvl(cast(prediction as double), cast(null as double)) as prediction"].join(", ");
    default:
      return [...own, "prediction"].join(", ");
  }
}
