import * as ml from "assay";
import type { RecommendTrain } from "../contract/recommend.ts";
import type { RunInfo, TrainRequest } from "../contract/training.ts";

/**
 * The TypeScript cell that makes a run: for a training, from its record; for a run that a cell made, that cell. It runs as it is. Throws ConflictError
 * for a run that a program tracked over HTTP.
 */
export function runCell(run: RunInfo): string {
  const code = run.code as { cell?: unknown } | null;
  if (typeof code?.cell === "string") return code.cell;
  if (!run.request) throw new ml.ConflictError(`run: ${run.id} was tracked by a program, which alone knows what made it`);
  if (run.task_type === "recommendation") return recommenderCell(run.request as RecommendTrain);
  return trainingCell(run, run.request as TrainRequest);
}

function recommenderCell(request: RecommendTrain): string {
  const { algorithm, hyperparameters, dataset_id: dataset, test_dataset_id: testDataset, engagement, k } = request;
  const options = json({ hyperparameters, dataset, testDataset, engagement, k });
  return [
    'import { connect } from "assay-lab";',
    "",
    "const lab = await connect();",
    `const sent = await lab.recommendations.train(${json(algorithm)}, ${options});`,
    "await sent.done();",
  ].join("\n");
}

function trainingCell(run: RunInfo, request: TrainRequest): string {
  const task = run.task_type as ml.PredictTask;
  const target = json(request.target_column);
  const parts = request.validation_size > 0 || request.split_id ? "train, validation, test" : "train, test";
  const hasTest = sharesOf(request).test > 0 || request.split_id !== undefined;
  const lines = [
    'import * as ml from "assay";',
    'import { connect } from "assay-lab";',
    "",
    "const lab = await connect();",
    ...rowsCode(request, task, parts),
    `const task = { target: ${target}, features: ${json(run.feature_columns)} };`,
    `const estimator = ${readyCode(request, task)};`,
    `const run = await lab.experiment(${json(run.experiment)}).run(${json(run.name)}, async (run) => {`,
    `  await run.data({ dataset: ${json(run.dataset ?? request.dataset_id)}, target: task.target, features: task.features, seed: ${request.random_seed} });`,
    ...foldsCode(request),
    "  const model = await estimator.fit(train, { ...task, observer: run });",
    '  run.log(ml.score(model, train), { split: "train" });',
    ...(parts.includes("validation")
      ? ['  if (validation.rows > 0) run.log(ml.score(model, validation), { split: "validation" });']
      : []),
    hasTest ? "  await run.evaluate(model, test);" : '  await run.evaluate(model, train, { split: "train" });',
    "  await run.saveModel(model);",
    "});",
    "run",
  ];
  return `${lines.join("\n")}\n`;
}

/** The rows, those without target left out, and their parts. */
function rowsCode(request: TrainRequest, task: ml.PredictTask, parts: string): string[] {
  const target = json(request.target_column);
  const filled = (table: string): string =>
    `${table}.take(${table}.values(${target}).flatMap((value, i) => (value === null ? [] : [i])))`;
  if (request.split_id)
    return [
      `const split = await lab.datasets.openSplit(${json(request.split_id)});`,
      `const [train, validation, test] = [split.train, split.validation, split.test].map((part) => ${filled("part")});`,
    ];
  const { test, validation } = sharesOf(request);
  const stratified = request.stratified ?? (task === "classification" && request.time_column === undefined);
  const options = [
    `test: ${test}`,
    ...(validation > 0 ? [`validation: ${validation}`] : []),
    ...(stratified ? [`stratify: ${target}`] : []),
    ...(request.group_column === undefined ? [] : [`group: ${json(request.group_column)}`]),
    ...(request.time_column === undefined ? [] : [`time: ${json(request.time_column)}`]),
    `seed: ${request.random_seed}`,
  ];
  return [
    `const table = await lab.datasets.table(${json(request.dataset_id)});`,
    `const rows = ${filled("table")}; // a row without target teaches nothing`,
    `const { ${parts} } = ml.split(rows, { ${options.join(", ")} });`,
  ];
}

function sharesOf(request: TrainRequest): { test: number; validation: number } {
  const { test_size, test_ratio, train_ratio, validation_size: validation } = request;
  const rest = train_ratio === undefined ? 0.2 : Math.max(0, 1 - train_ratio - validation);
  return { test: test_size ?? test_ratio ?? rest, validation };
}

function readyCode(request: TrainRequest, task: ml.PredictTask): string {
  const estimator = estimatorCode(request, task);
  if (request.preprocessing !== "auto") return estimator;
  const { scaling_method: scaler, feature_selection: selection, random_seed: seed } = request;
  const options = [
    ...(scaler ? [`scaler: ${json(scaler)}`] : []),
    ...(selection ? [`selector: ${selectorCode(selection, task, seed)}`] : []),
  ];
  const last = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
  return `ml.autoPreprocess(${estimator}, train, task.features${last})`;
}

function selectorCode(
  { method, n_features: n }: NonNullable<TrainRequest["feature_selection"]>,
  task: ml.PredictTask,
  seed: number,
): string {
  const options = [...(n === undefined ? [] : [`nFeatures: ${n}`]), `seed: ${seed}`];
  return `ml.featureSelector(${json(method)}, ${json(task)}, { ${options.join(", ")} })`;
}

/** The factory by its name with what differs from its defaults; a preset under another library's names by `estimatorByName`. */
function estimatorCode({ algorithm, hyperparameters, random_seed }: TrainRequest, task: ml.PredictTask): string {
  const schema = ml.hyperparameterSchema(algorithm, task) as { properties: object };
  const given = { ...("seed" in schema.properties && { seed: random_seed }), ...hyperparameters };
  const { isPreset, factories } = ml.algorithmByName(algorithm);
  const factory = factories[task];
  const name = Object.entries(ml).find(([, value]) => value === factory)?.[0];
  if (isPreset || name === undefined) return `ml.estimatorByName(${json(algorithm)}, ${json(task)}, ${json(given)})`;
  const { params } = ml.estimatorByName(algorithm, task, given);
  const usual = ml.estimatorByName(algorithm, task, {}).params;
  const set = Object.entries(params).filter(([key, value]) => json(value) !== json(usual[key]));
  return `ml.${name}(${set.length === 0 ? "" : `{ ${set.map(([key, value]) => `${key}: ${json(value)}`).join(", ")} }`})`;
}

function foldsCode({ cv_folds, random_seed, group_column, time_column }: TrainRequest): string[] {
  if (cv_folds === undefined) return [];
  const apart = [
    ...(group_column === undefined ? [] : [`group: ${json(group_column)}`]),
    ...(time_column === undefined ? [] : [`time: ${json(time_column)}`]),
  ];
  const options = ["...task", `folds: ${cv_folds}`, `seed: ${random_seed}`, ...apart].join(", ");
  return [
    `  const scores = await ml.crossValidate(estimator, train, { ${options} });`,
    '  for (const [k, fold] of scores.folds.entries()) run.log(fold.metrics, { split: "cv", step: k });',
    '  run.log(scores.mean, { split: "cv_mean" });',
  ];
}

/** A value as TypeScript: JSON is, but for the two line ends that it leaves as they are. */
function json(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
