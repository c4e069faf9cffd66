import type { NewExperiment } from "../routes";
import type { NewComparison, NewSearch } from "../study-routes";
import { camel } from "./camel";

interface CellOf {
  /** name@version. */
  dataset: string;
  /** Presets keep the spelling of the library whose names they take. */
  isPreset: boolean;
}

/** The cell that trains what the form says. */
export function trainingCell(request: NewExperiment, { dataset, isPreset }: CellOf): string {
  const { name, run_name, hyperparameters } = request;
  const params = spelled(hyperparameters, isPreset);
  const training = {
    ...shared(request, dataset),
    params,
    folds: request.cv_folds,
    experiment: name,
    name: run_name,
  };
  return cell([`const training = await lab.jobs.train(${literal(training)});`, "const run = await training.done();", "run"]);
}

/** The cell that searches what the form says. */
export function searchCell(request: NewSearch, { dataset, isPreset }: CellOf): string {
  const { experiment, study, hyperparameters = {}, space, n_trials, timeout, cv, metric, sampler, pruner, workers } = request;
  const search = {
    ...shared(request, dataset),
    params: spelled(hyperparameters, isPreset),
    space: space && spelled(space, isPreset),
    sampler,
    pruner,
    trials: n_trials,
    seconds: timeout,
    folds: cv,
    metric,
    workers,
    experiment,
    name: study,
  };
  return cell([
    `const search = await lab.tune(${literal(search)});`,
    "await search.done();",
    "const study = await search.study();",
    "study",
  ]);
}

/** The cell that compares what the form says. */
export function comparisonCell(request: NewComparison, { dataset }: CellOf): string {
  const {
    experiment = "default",
    target_column,
    feature_columns,
    task_type,
    models,
    cv,
    metric,
    timeout,
    stratified,
    group_column,
    random_seed,
    run_name,
  } = request;
  const options = {
    target: target_column,
    features: feature_columns,
    task: task_type,
    models,
    folds: cv,
    metric,
    seconds: timeout,
    stratified,
    group: group_column,
    seed: random_seed,
    name: run_name,
  };
  return cell([
    `const board = await lab.compareModels(${literal(experiment)}, ${literal(dataset)}, ${literal(options)});`,
    "board",
  ]);
}

/** What a training and a search take alike. */
function shared(request: NewExperiment | NewSearch, dataset: string): Record<string, unknown> {
  const { feature_selection: chosen } = request;
  return {
    algorithm: request.algorithm,
    dataset,
    target: request.target_column,
    features: request.feature_columns,
    task: request.task_type,
    split: request.split_id,
    test: request.test_size,
    validation: request.validation_size,
    time: request.time_column,
    stratified: request.stratified,
    group: request.group_column,
    seed: request.random_seed,
    preprocessing: request.preprocessing,
    scaler: request.scaling_method,
    featureSelection: chosen && { method: chosen.method, nFeatures: chosen.n_features },
    earlyStopping: request.early_stopping,
    patience: request.early_stopping_patience,
  };
}

function spelled(values: Readonly<Record<string, unknown>>, isPreset: boolean): Record<string, unknown> | undefined {
  const entries = Object.entries(values);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [isPreset ? name : camel(name), spelledWhen(value, isPreset)]));
}

/** A range's conditions name parameters too. */
function spelledWhen(value: unknown, isPreset: boolean): unknown {
  const when = (value as { when?: Record<string, unknown> } | null)?.when;
  return when ? { ...(value as object), when: spelled(when, isPreset) } : value;
}

function cell(lines: readonly string[]): string {
  return `${['import { connect } from "assay-lab";', "", "const lab = await connect();", ...lines].join("\n")}\n`;
}

/** A value as TypeScript writes it: short ones in a line. */
function literal(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => literal(each, inner))
    : Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [`${keyOf(key)}: ${literal(each, inner)}`]));
  const [open, close] = isList ? ["[", "]"] : ["{ ", " }"];
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length <= 100 && !line.includes("\n")) return line;
  return `${open.trim()}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${close.trim()}`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
