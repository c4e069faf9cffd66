import * as ml from "assay";
import { guessedTask } from "../contract/guessed-task.ts";
import { type TrainRequest, trainRequest } from "../contract/training.ts";
import { snakeCase } from "../contract/values.ts";
import { datasetTable, datasetVersion, getSplit, partsOf, savedIndices } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import { ActiveRun, changeRun, environmentOf, type NewRun } from "../tracking/index.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { followFit } from "./follow-fit.ts";
import { type MemoryNeed, memoryOfTraining } from "./memory.ts";
import { checkSelection, prepared, stepsAsked, withStopping } from "./prepare.ts";

/** A training with everything decided: the request with its defaults, and the estimator. */
export interface Training {
  readonly request: TrainRequest;
  readonly task: ml.PredictTask;
  readonly features: readonly string[];
  readonly estimator: ml.Classifier | ml.Regressor;
  /** What its run says of it when it begins. */
  readonly run: Omit<NewRun, "experiment">;
  /** What it needs at the very least. */
  readonly memory: MemoryNeed;
}

/**
 * Checks a training before anything is queued: dataset, columns, task, algorithm and hyperparameters. Throws ParamsError or DataError
 * naming the field.
 */
export async function planTraining(session: Session, body: unknown): Promise<Training> {
  const parsed = trainRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw Object.assign(new ml.ParamsError(`train: ${issue.path.join(".")}: ${issue.message}`), { field: issue.path.join(".") });
  }
  const asked = parsed.data;
  const version = await datasetVersion(session, await datasetOf(session, asked));
  const names = version.columns.map(({ name }) => name);
  const column = (field: string, name: string) => {
    const found = version.columns.find((each) => each.name === name);
    if (!found)
      throw Object.assign(
        new ml.DataError(`train: no column "${name}" in ${version.name}@${version.version}${ml.suggest(name, names)}`),
        { field, value: name },
      );
    return found;
  };
  const target = column("target_column", asked.target_column);
  for (const [field, name] of [
    ["group_column", asked.group_column],
    ["time_column", asked.time_column],
  ] as const)
    if (name !== undefined) column(field, name);
  const task = asked.task_type ?? guessedTask(target);
  const request = { ...asked, hyperparameters: { ...withStopping(asked, task) } };
  stepsAsked(request, task);
  const estimator = estimatorOf(request, task);
  const targets = ml.targetColumns(estimator, request.target_column);
  for (const name of targets) column("hyperparameters.outputs", name);
  const apart = [...targets, request.group_column, request.time_column];
  const features = request.feature_columns ?? names.filter((name) => !apart.includes(name));
  const kinds = features.map((name) => column("feature_columns", name).kind);
  checkSelection(request, kinds);
  const leaked = targets.find((name) => features.includes(name));
  if (leaked !== undefined)
    throw Object.assign(new ml.ParamsError(`train: feature_columns must not hold the target "${leaked}"`), {
      field: "feature_columns",
    });
  return {
    request: { ...request, dataset_id: `${version.name}@${version.version}` },
    task,
    features,
    estimator,
    memory: memoryOfTraining({
      algorithm: estimator.name,
      rows: version.rows,
      columns: names.length,
      features: features.length,
    }),
    run: {
      algorithm: estimator.name,
      task,
      params: estimator.params,
      datasetVersionId: version.id,
      datasetName: `${version.name}@${version.version}`,
      target: request.target_column,
      features,
      request: { ...request, dataset_id: `${version.name}@${version.version}` },
      seed: request.random_seed,
      environment: environmentOf(),
    },
  };
}

/** The estimator that a request describes; where it has a seed and none is given, the request's. Throws ParamsError naming the field as HTTP does. */
function estimatorOf({ algorithm, hyperparameters, random_seed }: TrainRequest, task: ml.PredictTask): Training["estimator"] {
  const schema = ml.hyperparameterSchema(algorithm, task) as { properties: object };
  const seed = "seed" in schema.properties && { seed: random_seed };
  try {
    return ml.estimatorByName(algorithm, task, { ...seed, ...hyperparameters });
  } catch (error) {
    const { field } = error as { field?: string };
    if (field === undefined) throw error;
    throw Object.assign(error as Error, { field: `hyperparameters.${snakeCase(field)}` });
  }
}

/**
 * Runs a planned training into a run that has begun: split, fit, evaluation, model file. An abort ends it with an AbortError. With
 * `checkpoints` the fit keeps what it has, and goes on behind what an earlier attempt kept.
 */
export async function train(
  session: Session,
  training: Training,
  runId: string,
  signal: AbortSignal,
  checkpoints?: Checkpoints,
): Promise<void> {
  const { request, features, estimator } = training;
  const run = new ActiveRun(session, runId);
  try {
    const split = await trainingRows(session, training, run);
    await changeRun(session, runId, { split: { ...split.indices, recipe: split.recipe } });
    run.info(
      `${split.train.rows + split.validation.rows + split.test.rows} rows: ${split.train.rows} to train, ${split.validation.rows} to validate, ${split.test.rows} to test`,
    );
    const columns = { target: request.target_column, features };
    const ready = prepared(estimator, request, training.task, split.train, features);
    if (ready.name === "pipeline")
      run.info(
        `preprocessing: ${(ready.params["steps"] as readonly ml.Spec[])
          .slice(0, -1)
          .map(({ name }) => name)
          .join(" → ")}`,
      );
    if (request.cv_folds !== undefined) {
      const folds = {
        folds: request.cv_folds,
        seed: request.random_seed,
        signal,
        ...(request.group_column && { group: request.group_column }),
        ...(request.time_column && { time: request.time_column }),
      };
      // the fit on all rows is one more of them
      const told: ml.Observer = { progress: (fold) => run.progress({ ...fold, steps: fold.steps + 1, metrics: {} }) };
      const scores = await ml.crossValidate(ready, split.train, { ...columns, ...folds, observer: told });
      for (const [k, fold] of scores.folds.entries()) run.log(fold.metrics, { split: "cv", step: k });
      run.log(scores.mean, { split: "cv_mean" });
      run.info(`${request.cv_folds} folds done`);
      await run.flush();
    }
    const begin = performance.now();
    const model = await (ready as ml.Classifier).fit(split.train, { ...columns, ...followFit(run, { signal, checkpoints }) });
    run.info(`fitted in ${((performance.now() - begin) / 1000).toFixed(2)} s`);
    run.log(ml.score(model, split.train), { split: "train" });
    if (split.validation.rows > 0) run.log(ml.score(model, split.validation), { split: "validation" });
    const evaluated = split.test.rows > 0 ? split.test : split.train;
    await run.evaluate(model, evaluated, { split: split.test.rows > 0 ? "test" : "train" });
    await run.saveModel(model);
    await run.flush();
  } catch (error) {
    run.error((error as Error).message);
    await run.flush().catch(() => {});
    throw error;
  }
}

/** The rows of a planned training, split as the request says; what was left out is said in the log. */
export async function trainingRows(
  session: Session,
  { request, task }: Training,
  log: RowsLog,
): Promise<ml.Split & { recipe: object }> {
  const data = await datasetTable(session, request.dataset_id);
  if (request.split_id) return savedSplit(session, data, request, log);
  return splitOf(withTarget(data, request.target_column, log), request, task);
}

/** Where it is said what becomes of a training's rows. */
type RowsLog = Pick<ActiveRun, "info" | "warn">;

/** The version to train on: a saved split is of one version alone. Throws ConflictError where the request names another. */
async function datasetOf(session: Session, { dataset_id, split_id }: TrainRequest): Promise<string> {
  if (!split_id) return dataset_id;
  const split = await getSplit(session, split_id);
  const named = await datasetVersion(session, dataset_id);
  if (named.datasetId !== split.dataset_id || (dataset_id.includes("@") && named.contentHash !== split.content_hash))
    throw Object.assign(
      new ml.ConflictError(`train: split "${split.name}" is of ${split.dataset}, not of ${named.name}@${named.version}`),
      { field: "split_id" },
    );
  return dataset_id.includes("@") ? dataset_id : `${split.dataset_id}@${split.version}`;
}

/** The parts of a saved split, each without the rows that have no target. */
async function savedSplit(
  session: Session,
  table: ml.Table,
  { split_id, target_column }: TrainRequest,
  run: RowsLog,
): Promise<ml.Split & { recipe: object }> {
  const { split, indices } = await savedIndices(session, split_id!);
  const target = table.values(target_column);
  const filled = (rows: Int32Array): Int32Array => rows.filter((i) => target[i] !== null);
  const kept = { train: filled(indices.train), validation: filled(indices.validation), test: filled(indices.test) };
  const parts = partsOf(split, table, kept);
  const left = table.rows - kept.train.length - kept.validation.length - kept.test.length;
  if (kept.train.length === 0) throw new ml.DataError(`train: target "${target_column}" is missing in every training row`);
  if (left > 0) run.warn(`${left} rows have no ${target_column} and were left out`);
  run.info(`split "${split.name}" of ${split.dataset}`);
  return { ...parts, recipe: { ...split.recipe, split_id } };
}

/** The rows that have a target; how many have none is said in the log. */
function withTarget(table: ml.Table, target: string, run: RowsLog): ml.Table {
  const values = table.values(target);
  const kept = values.flatMap((value, i) => (value === null ? [] : [i]));
  if (kept.length === table.rows) return table;
  if (kept.length === 0) throw new ml.DataError(`train: target "${target}" is missing in every row`);
  run.warn(`${table.rows - kept.length} rows have no ${target} and were left out`);
  return table.take(kept);
}

function splitOf(table: ml.Table, request: TrainRequest, task: ml.PredictTask): ml.Split & { recipe: object } {
  const { validation_size, group_column: group, time_column: time, random_seed: seed } = request;
  const test =
    request.test_size ??
    request.test_ratio ??
    (request.train_ratio === undefined ? 0.2 : Math.max(0, 1 - request.train_ratio - validation_size));
  const stratified = request.stratified ?? (task === "classification" && time === undefined);
  const recipe = {
    test,
    validation: validation_size,
    stratify: stratified ? request.target_column : undefined,
    group,
    time,
    seed,
  };
  return { ...ml.split(table, recipe), recipe };
}
