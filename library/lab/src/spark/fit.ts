import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError, ParamsError, parseParams, signalFor, suggest } from "assay";
import { z } from "zod";
import { ActiveRun, folderHere, type RunPlace, type RunSink, sinkOf, sparkModels, trackRun } from "../tracking/index.ts";
import { otherNames, type SparkAlgorithm, type SparkAlgorithmName, sparkAlgorithms } from "./algorithms.ts";
import type { SparkColumn } from "./columns.ts";
import { judge } from "./judge.ts";
import { learntBy } from "./learnt.ts";
import { type ModelRecord, recordName } from "./model-record.ts";
import { fitPipeline } from "./pipeline.ts";
import { type PreparedRows, prepareRows } from "./prepare-rows.ts";
import { savePipeline } from "./save-pipeline.ts";
import { openWorkspace, refuseUnseen, relationOf, remoteOf, type Workspace } from "./workspace.ts";

const who = "spark.fit";

const fitOptions = z.strictObject({
  algorithm: z.string(),
  table: z.string().min(1),
  target: z.string().optional(),
  features: z.array(z.string()).min(1).optional(),
  user: z.string().optional(),
  item: z.string().optional(),
  task: z.enum(["classification", "regression"]).optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  test: z.number().min(0).max(0.9).default(0.2),
  missing: z.enum(["error", "skip"]).default("error"),
  seed: z.int().min(0).default(42),
  experiment: z.string().optional(),
  name: z.string().optional(),
});
type FitAsked = z.infer<typeof fitOptions>;

/** What is fitted on a Spark, to which rows. */
export interface SparkFitOptions {
  /** Also `boosted_trees` for gradient_boosting. */
  readonly algorithm: SparkAlgorithmName | (string & {});
  /** The whole path or address of Parquet files, as the server sees it, or SQL that it knows. */
  readonly table: string;
  /** The column that is learnt; of `als` the ratings; none for `k_means`. */
  readonly target?: string;
  /** Default every column but the target. */
  readonly features?: readonly string[];
  /** Of `als`: the column of users; default "user". */
  readonly user?: string;
  /** Of `als`: the column of items; default "item". */
  readonly item?: string;
  /** Default: classification for a target of text or booleans, else regression. */
  readonly task?: "classification" | "regression";
  /** The algorithm's own, as `{ nEstimators: 50 }`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Share of the rows that test; default 0.2. */
  readonly test?: number;
  /** What a missing value of a feature does: "error" (the default) names its column, "skip" leaves the row out. */
  readonly missing?: "error" | "skip";
  /** Of the split and the algorithm; default 42. */
  readonly seed?: number;
  /** Default "default". */
  readonly experiment?: string;
  /** Of the run; default the algorithm's. */
  readonly name?: string;
  /** Ends the fit, on the server too; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal;
}

/** Steps of a fit that are told as its progress. */
const steps = 5;

/** Fits as a tracked run, and gives its id. See `Spark.fit`. */
export async function fitOnSpark(place: RunPlace, { signal: own, ...options }: SparkFitOptions): Promise<string> {
  const asked = parseParams(who, fitOptions, options) as FitAsked;
  const name = algorithmOf(asked.algorithm);
  const algorithm: SparkAlgorithm = sparkAlgorithms[name];
  const params = parseParams(name, algorithm.params, asked.params);
  relationOf(who, asked.table);
  remoteOf(who);
  const models = sparkModels();
  const signal = signalFor(own);
  const sink = sinkOf(place);
  const told = { params, tags: { engine: "spark" }, seed: asked.seed, datasetName: asked.table.trim().slice(0, 500) };
  return trackRun(
    sink,
    { ...told, name: asked.name ?? name, ...(asked.experiment === undefined ? {} : { experiment: asked.experiment }) },
    (id) => new ActiveRun(sink, id),
    async (run) => {
      await sink.change(run.id, { algorithm: name });
      const work = await openWorkspace(who, signal);
      try {
        await fitIn(work, run, sink, { ...asked, algorithm: name, params, models });
      } finally {
        await work.close();
      }
    },
  );
}

function algorithmOf(name: string): SparkAlgorithmName {
  const known = Object.keys(sparkAlgorithms);
  const found = otherNames[name] ?? name;
  if (!known.includes(found))
    throw new ParamsError(`${who}: no algorithm ${JSON.stringify(name)} on Spark${suggest(name, known)}`);
  return found as SparkAlgorithmName;
}

async function fitIn(
  work: Workspace,
  run: ActiveRun,
  sink: RunSink,
  asked: FitAsked & { readonly algorithm: SparkAlgorithmName; readonly models: string },
): Promise<void> {
  const begin = performance.now();
  const step = (number: number, message: string): void => {
    run.info(message);
    run.progress({ step: number, steps, metrics: {}, elapsedMs: performance.now() - begin });
  };
  const algorithm: SparkAlgorithm = sparkAlgorithms[asked.algorithm];
  const { version, address } = work.session;
  step(1, `Spark ${version} at ${address}`);
  const source = "assay_source";
  const columns = await work.columns(await work.view(source, relationOf(who, asked.table)));
  const rows = await prepareRows(work, source, columns, {
    ...{ table: asked.table, task: asked.task, missing: asked.missing, test: asked.test, seed: asked.seed },
    ...{ tasks: algorithm.tasks, target: targetOf(asked), features: featuresOf(asked) },
  });
  refuseClasses(asked.algorithm, algorithm, rows);
  await refuseLongChain(work, algorithm, asked.params);
  await tell(sink, run, asked, rows, { version, address, columns });
  step(2, `${rows.train.rows} rows to learn from, ${rows.test.rows} to test, ${rows.leftOut} left out`);
  const fitted = await fitPipeline(work, algorithm, asked.params, rows, asked.seed);
  step(3, `fitted: ${fitted.features.length} features`);
  const { learnt, losses, figures } = await learntBy(work, asked.algorithm, fitted, rows);
  for (const [k, loss] of losses.entries()) run.log({ loss }, { step: k });
  run.log({ ...(await judge(work, fitted, rows, rows.train)), ...figures }, { split: "train" });
  run.log(await judge(work, fitted, rows, rows.test), { split: "test" });
  step(4, "judged");
  const place = `${asked.models}/${run.id}`;
  const stages = await savePipeline(work, fitted, place);
  const folder = folderHere(place);
  if (folder !== undefined) refuseUnseen(who, place, existsSync(join(folder, "metadata")));
  const record: ModelRecord = {
    ...{ format: 1, algorithm: asked.algorithm, task: rows.task, place, spark: version, stages, learnt, missing: asked.missing },
    ...{ columns: [...rows.inputs], target: targetOf(asked) ?? null },
  };
  const bytes = JSON.stringify(record);
  await run.artifact(recordName, { bytes, kind: "spark_model", contentType: "application/json" });
  step(5, `model written to ${place}`);
}

function targetOf({ algorithm, target }: FitAsked): string | undefined {
  if (algorithm === "k_means" && target !== undefined)
    throw new ParamsError(`${who}: k_means learns without a target, got ${JSON.stringify(target)}`);
  return algorithm === "als" ? (target ?? "rating") : target;
}

/** Of ALS users and items; else what was asked for. */
function featuresOf({ algorithm, features, user, item }: FitAsked): readonly string[] | undefined {
  if (algorithm === "als") {
    if (features) throw new ParamsError(`${who}: als takes user and item in place of features`);
    return [user ?? "user", item ?? "item"];
  }
  if (user !== undefined || item !== undefined)
    throw new ParamsError(`${who}: user and item are for als, ${algorithm} takes features`);
  return features;
}

function refuseClasses(name: string, { classesMost = Infinity }: SparkAlgorithm, { classes }: PreparedRows): void {
  if (classes && classes.length > classesMost)
    throw new DataError(
      `${who}: ${name} on Spark tells ${classesMost} classes apart, the target has ${classes.length}: take random_forest or logistic_regression`,
    );
}

/** Throws ParamsError where a server would have to remember all steps of a fit, which ends it. */
async function refuseLongChain(
  work: Workspace,
  { chain }: SparkAlgorithm,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (!chain || Number(params[chain.param]) <= chain.most) return;
  const [setting] = await work.rows("set spark.checkpoint.dir");
  if (setting!["value"] === "<undefined>")
    throw new ParamsError(
      `${who}: ${chain.param} must be ≤ ${chain.most} on a Spark that has no spark.checkpoint.dir, since more end its server, got ${params[chain.param]}: start it with --conf spark.checkpoint.dir=, a folder that its machines share`,
    );
}

/** Writes what the run works on into its record. */
async function tell(
  sink: RunSink,
  { id }: ActiveRun,
  asked: FitAsked,
  { task, inputs, train, test, rows, leftOut }: PreparedRows,
  spark: { readonly version: string; readonly address: string; readonly columns: readonly SparkColumn[] },
): Promise<void> {
  const target = targetOf(asked);
  const isTold = task === "classification" || task === "regression";
  await sink.change(id, {
    ...{ features: inputs.map(({ name }) => name), split: { train: train.rows, test: test.rows, left_out: leftOut } },
    ...(isTold ? { task } : {}),
    ...(target === undefined ? {} : { target }),
  });
  const schema = Object.fromEntries(spark.columns.map(({ name, type }) => [name, type]));
  await sink.add(id, "environment", {
    spark: {
      version: spark.version,
      address: spark.address,
      table: asked.table,
      rows,
      schema,
      missing: asked.missing,
      test: asked.test,
    },
  });
}
