import * as ml from "assay";
import { type TuneRequest, tuneRequest } from "../contract/studies.ts";
import type { Session } from "../projects/session.ts";
import { openStudy, studyStorage } from "../tracking/index.ts";
import { planTraining, type Training } from "./training.ts";

/** A search with everything decided. */
export interface Tuning {
  readonly request: TuneRequest;
  readonly training: Training;
  /** What parameters are put into. */
  readonly tunable: ml.Classifier | ml.Regressor | ((params: ml.TrialParams) => ml.Classifier | ml.Regressor);
  readonly space: ml.Space;
  readonly metric: ml.Metric;
  readonly sampler: ml.SamplerJson;
  readonly pruner: ml.PrunerJson;
  /** The parameter that a trial is given more and more of. */
  readonly resource: string | undefined;
  /** Trials of the study in all; undefined where time alone bounds it. */
  readonly trials: number | undefined;
}

/**
 * Checks a search before anything is queued: what a training needs, space, metric, sampler and pruner. Throws ParamsError or DataError
 * naming the field.
 */
export async function planTuning(session: Session, body: unknown): Promise<Tuning> {
  const parsed = tuneRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw Object.assign(new ml.ParamsError(`tune: ${issue.path.join(".")}: ${issue.message}`), { field: issue.path.join(".") });
  }
  const training = await planTraining(session, parsed.data);
  const { dataset_id, hyperparameters } = training.request;
  const request = { ...parsed.data, dataset_id, hyperparameters };
  const { task } = training;
  const { isPreset = false } = ml.algorithmByName(request.algorithm);
  const tunable = isPreset ? presetOf(request, task) : training.estimator;
  const space = await field("space", () => checkedSpace(spaceOf(request, task, isPreset), tunable));
  return {
    request,
    training,
    tunable,
    space,
    metric: await field("metric", () => ml.metricByName(request.metric ?? (task === "classification" ? "accuracy" : "r2"), task)),
    sampler: await field("sampler", () => samplerOf(request, space)),
    pruner: await field("pruner", () => {
      const pruner = (request.pruner ?? "nop") as ml.PrunerJson;
      ml.prunerFromJson(pruner);
      return pruner;
    }),
    resource: await field("resource", () => resourceOf(request, space, tunable)),
    trials: request.n_trials ?? (request.timeout === undefined && gridSize(request) === undefined ? 100 : undefined),
  };
}

/** The study of a search: the one of its name, which must be of the same kind, or a new one; without a name it ends in the suffix. */
export async function studyOf(session: Session, tuning: Tuning, suffix = stamp()): Promise<ml.StudyRecord> {
  const { request, training, space, metric, sampler, pruner } = tuning;
  const storage = studyStorage(session);
  const direction = metric.greaterIsBetter ? "maximize" : "minimize";
  const said = {
    algorithm: request.algorithm,
    dataset: request.dataset_id,
    task: training.task,
    target: request.target_column,
    metric: metric.name,
    folds: foldsOf(request),
  };
  const name = request.study ?? `${request.algorithm} ${request.dataset_id} ${suffix}`.slice(0, 200);
  const former = await storage.find(name);
  if (!former) {
    const estimator = { task: training.task, name: training.estimator.name, params: training.estimator.params };
    const attributes = JSON.parse(JSON.stringify({ ...said, sampler, pruner, estimator, metrics: [metric.name] }));
    const earlier = request.warm_start === undefined ? undefined : await earlierStudy(session, request.warm_start, direction);
    const study = await storage.create({ name, directions: [direction], space, attributes }).catch((error) => {
      if (!(error instanceof ml.ConflictError)) throw error;
    });
    if (!study) return studyOf(session, tuning, suffix); // somebody was faster
    if (!earlier) return study;
    const taken = await storage.add(study.id, earlier.trialsOf(space));
    await storage.setAttributes(study.id, { warmStart: earlier.name, taken: taken.length });
    return study;
  }
  for (const key of ["algorithm", "task", "metric", "target"] as const)
    if (former.attributes[key] !== undefined && former.attributes[key] !== said[key])
      throw Object.assign(
        new ml.ConflictError(
          `tune: the study "${name}" has the ${key} ${JSON.stringify(former.attributes[key])}, got ${JSON.stringify(said[key])}`,
        ),
        { field: "study", value: name },
      );
  return former;
}

/** The study whose trials are taken in first. Throws NotFoundError with the near name, ParamsError for one of other directions. */
async function earlierStudy(session: Session, name: string, direction: ml.Direction): Promise<ml.Study> {
  const earlier = await field("warm_start", () => openStudy(session, name));
  if (earlier.directions.join() === direction) return earlier;
  const error = new ml.ParamsError(
    `tune: warm_start must be a study that would ${direction}, "${name}" would ${earlier.directions.join(", ")}`,
  );
  throw Object.assign(error, { field: "warm_start", value: name });
}

/** Folds of a trial. */
export function foldsOf({ cv, cv_folds }: TuneRequest): number {
  return cv ?? cv_folds ?? 5;
}

/** The search's own parameters, and of the algorithm's default those that the request has not fixed. */
function spaceOf(request: TuneRequest, task: ml.PredictTask, isPreset: boolean): ml.Space {
  const camel = (name: string): string => (isPreset ? name : camelCase(name));
  if (request.space) {
    const entries = Object.entries(request.space).map(([name, { when, ...distribution }]) => {
      const condition = when && { when: Object.fromEntries(Object.entries(when).map(([key, value]) => [camel(key), value])) };
      return [camel(name), { ...distribution, ...condition }];
    });
    return Object.fromEntries(entries) as ml.Space;
  }
  const fixed = new Set(Object.keys(request.hyperparameters).map(camel));
  const space = ml.defaultSpace(request.algorithm, task);
  return Object.fromEntries(Object.entries(space).filter(([name]) => !fixed.has(name.split(".")[0]!)));
}

/** The resource as the estimator names it. Throws ParamsError for what is no whole number of the estimator's. */
function resourceOf({ resource }: TuneRequest, space: ml.Space, tunable: Tuning["tunable"]): string | undefined {
  if (resource === undefined) return undefined;
  const isPreset = typeof tunable === "function";
  const name = isPreset ? resource : camelCase(resource);
  parametrised(tunable, { [name]: 10 });
  const isSearched = Object.hasOwn(space, name);
  if (isSearched ? space[name]!.type === "int" : isPreset || name.includes(".") || Number.isSafeInteger(tunable.params[name]))
    return name;
  throw new ml.ParamsError(`tune: resource must be a parameter that holds a whole number, got ${JSON.stringify(resource)}`);
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The space, where bounds, steps and conditions are sound and the estimator has its parameters. Throws ParamsError. */
async function checkedSpace(space: ml.Space, tunable: Tuning["tunable"]): Promise<ml.Space> {
  await ml.createStudy({ space });
  const first = Object.entries(space).filter(([, { when }]) => when === undefined);
  parametrised(
    tunable,
    Object.fromEntries(first.map(([name, entry]) => [name, entry.type === "categorical" ? entry.choices[0]! : entry.low])),
  );
  return space;
}

/** The estimator with a trial's parameters. Throws ParamsError. */
export function parametrised(tunable: Tuning["tunable"], params: ml.TrialParams): ml.Classifier {
  return (
    typeof tunable === "function" ? tunable(params) : ml.estimatorFromSpec(ml.withParams(tunable, params))
  ) as ml.Classifier;
}

/** A preset takes its parameters under another library's names. */
function presetOf({ algorithm, hyperparameters, random_seed }: TuneRequest, task: ml.PredictTask): Tuning["tunable"] {
  const schema = ml.hyperparameterSchema(algorithm, task) as { properties: object };
  const seed = "seed" in schema.properties ? { seed: random_seed } : {};
  return (params) => ml.estimatorByName(algorithm, task, { ...seed, ...hyperparameters, ...params });
}

/** The sampler by its name, seeded by the request; tried once, so that a wrong option is refused now. */
function samplerOf({ sampler, tuning_method, random_seed }: TuneRequest, space: ml.Space): ml.SamplerJson {
  const { name, ...options } = typeof sampler === "object" ? sampler : { name: sampler ?? tuning_method };
  const isGrid = name === "grid" || name === "grid_search";
  const json = isGrid
    ? { name: "grid", ...options, space }
    : { name: name === "optuna" ? "tpe" : name === "random_search" ? "random" : name, seed: random_seed, ...options };
  ml.samplerFromJson(json);
  return json;
}

/** Whether the sampler bounds the search by itself. */
function gridSize({ sampler, tuning_method }: TuneRequest): true | undefined {
  const name = typeof sampler === "object" ? sampler.name : (sampler ?? tuning_method);
  return name === "grid" || name === "grid_search" ? true : undefined;
}

/** What fails in there is wrong with this field. */
async function field<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ml.ParamsError) Object.assign(error, { field: name });
    throw error;
  }
}

function stamp(): string {
  return new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
}
