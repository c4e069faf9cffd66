import { NotFoundError, ParamsError } from "assay";
import { display, htmlTable } from "../html.ts";
import type { ShownRun } from "../tracking/index.ts";
import { fitOnSpark, type SparkFitOptions } from "./fit.ts";
import { type ModelRecord, modelRecord, recordName } from "./model-record.ts";
import { predictOnSpark, type SparkPredictions, type SparkPredictOptions } from "./predict.ts";
import type { SparkPlace } from "./spark-place.ts";

/** A model that Spark holds, as cells have it: where it lies and what it has learnt. */
export type SparkModel = Pick<ModelRecord, "algorithm" | "task" | "place" | "spark" | "target"> & ModelRecord["learnt"];

/** Models on a Spark, whose rows never come here: SPARK_REMOTE says which. */
export interface Spark<R extends ShownRun = ShownRun> {
  /**
   * Fits `logistic_regression`, `random_forest`, `gradient_boosting`, `als` or `k_means` of MLlib to a table that the Spark of SPARK_REMOTE
   * reads, in this process's own session there; gives the run. Text is category; the rows are split by the seed on the server, figures are
   * computed there under the names of `ml.evaluate`, the model is written there, below ASSAY_SPARK_MODELS. About six passes over the used
   * columns, which the server keeps meanwhile, beside what the algorithm needs. An abort ends it there and leaves the run cancelled, an error
   * failed. Throws ParamsError without SPARK_REMOTE or for a parameter that is wrong, DataError that names the column, StoreError where the
   * server is away.
   */
  fit(options: SparkFitOptions): Promise<R>;
  /**
   * Predicts a table by the model of a run, on the Spark, and writes Parquet there: the table's columns, `prediction`, and for classes
   * `probability`, a list in the order of `model(run).classes`. One pass, and one more that looks for missing numbers. Throws NotFoundError
   * for a run without such a model, DataError that names the column, or for a folder that is there.
   */
  predict(run: string | { readonly id: string }, options: SparkPredictOptions): Promise<SparkPredictions>;
  /** What the model of a run has learnt: coefficients, importances, centres. Asks no Spark. Throws NotFoundError. */
  model(run: string | { readonly id: string }): Promise<SparkModel>;
}

/** Models on a Spark, whose runs a lab keeps. */
export function sparkOf<R extends ShownRun>(place: SparkPlace<R>): Spark<R> {
  const recordOf = (run: string | { readonly id: string }) => readRecord(place, idOf(run));
  return {
    fit: async (options) => place.run(await fitOnSpark(place.runs, given("spark.fit", options))),
    async predict(run, options) {
      given("spark.predict", options);
      const answers = await predictOnSpark(await recordOf(run), options);
      const { to, rows, columns } = answers;
      return display(answers, () => htmlTable([{ to, rows, columns: columns.map(({ name }) => name).join(", ") }]));
    },
    model: async (run) => shownModel(await recordOf(run)),
  };
}

function given<T>(who: string, options: T): T {
  if (typeof options === "object" && options !== null) return options;
  throw new ParamsError(`${who}: takes its options as an object, got ${String(options)}`);
}

function idOf(run: string | { readonly id: string }): string {
  const id = typeof run === "string" ? run : run?.id;
  if (typeof id === "string") return id;
  throw new ParamsError(`spark: takes a run or its id, got ${String(run)}`);
}

async function readRecord<R extends ShownRun>(place: SparkPlace<R>, id: string): Promise<ModelRecord> {
  const run = await place.run(id);
  if (!run.artifacts.some(({ name }) => name === recordName))
    throw new NotFoundError(`spark: run ${id} (${run.status}) has no model on a Spark; lab.spark.fit makes one`);
  const bytes = await place.artifact(id, recordName);
  const parsed = modelRecord.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) throw new ParamsError(`spark: the record of run ${id} cannot be read: ${parsed.error.issues[0]!.message}`);
  return parsed.data;
}

/** A model, drawn as tables in a notebook: its facts, and a row for each column. */
function shownModel({ algorithm, task, place, spark, target, learnt }: ModelRecord): SparkModel {
  const { features, coefficients = [], importances, centers = [], classes } = learnt;
  const names = coefficients.length === 1 ? ["coefficient"] : coefficients.map((_, k) => String(classes?.[k] ?? k));
  const rows = features.map((feature, j) => ({
    feature,
    ...(importances ? { importance: importances[j] } : {}),
    ...Object.fromEntries(names.map((name, k) => [name, coefficients[k]![j]])),
    ...Object.fromEntries(centers.map((center, k) => [`centre ${k}`, center[j]])),
  }));
  const model: SparkModel = { algorithm, task, place, spark, target, ...learnt };
  return display(model, () => htmlTable([{ algorithm, task, target, spark, place }]) + htmlTable(rows.slice(0, 200)));
}
