import { z } from "zod";
import type { FitContext, Fitted, Spec } from "../base/contract.ts";
import { StoreError } from "../base/errors.ts";
import { importancesOf } from "../base/model.ts";
import { estimatorParam } from "../base/params.ts";
import { definitionOf } from "../base/registry.ts";
import { defaultNames, fitSlices, hasProba, predictSync, probaSync } from "../base/run.ts";
import { defineWork, makeContext } from "../base/worker.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import { type PartData, shareData, takeRows } from "./part-rows.ts";

/** A fitted part of an ensemble: what its estimator learned. The estimator's parameters stay in those of the ensemble. */
export interface PartState {
  /** Name of the estimator. */
  readonly name: string;
  /** What it learned; null where all its rows were of one class. */
  readonly state: unknown;
  /** Number of input columns. */
  readonly columns: number;
  /** Codes of the classes among its rows, ascending; none outside classification. */
  readonly classes: Int32Array;
}

/** A part to be fitted: an estimator, and the rows it sees; all of them where none are named. */
interface PartJob {
  readonly spec: Spec;
  readonly rows?: Int32Array;
}

/** A parameter that holds an estimator of a task: the estimator, its JSON, or its name for the defaults. */
export function partParam(task: "classification" | "regression"): z.ZodType<Spec, Spec | string> {
  return z
    .preprocess((value) => (typeof value === "string" ? { task, name: value, params: {} } : value), estimatorParam())
    .refine((spec) => spec.task === task, `must be a ${task === "classification" ? "classifier" : "regressor"}`)
    .meta({ type: "string", estimator: task }) as unknown as z.ZodType<Spec, Spec | string>;
}

/** A parameter that holds the estimators of an ensemble, each as `partParam` takes it; `names` are those it has by default. */
export const partsParam = (task: "classification" | "regression", names: string[]) =>
  z.array(partParam(task)).min(1).prefault(names).meta({ title: "Estimators" });

/** Fits one part. A class that none of its rows is of does not exist for it. */
export function* fitPart(spec: Spec, { x, y, weights }: PartData, context: FitContext): Generator<void, PartState> {
  const classes = context.classes > 0 ? classesAmong(y, weights, context.classes) : new Int32Array(0);
  const common = { name: spec.name, columns: x.columns, classes };
  if (classes.length === 1) return { ...common, state: null };
  const inner = { ...context, classes: classes.length, weights, checkpoint: () => context.checkpoint() };
  const fitted = yield* fitSlices(spec, x, classes.length < context.classes ? recode(y, classes) : y, inner);
  return { ...common, state: fitted.state };
}

/**
 * Fits parts side by side on all threads, or one after the other in slices where there is one thread. Each part is the same either way.
 * `done` hears how many are finished.
 */
export function* fitParts(
  jobs: readonly PartJob[],
  data: PartData,
  context: FitContext,
  done: (finished: number) => void = () => {},
): Generator<void, PartState[]> {
  const shared = shareData(data);
  if (context.threads > 1 && jobs.length > 1 && !jobs.some(({ spec }) => holdsFunction(spec.params)))
    return context.parallel<PartState>("ensemble parts", { data: shared, jobs, classes: context.classes }, jobs.length, done);
  const parts: PartState[] = [];
  for (const { spec, rows } of jobs) {
    parts.push(yield* fitPart(spec, rows ? takeRows(shared, rows, context.checkpoint) : shared, context));
    done(parts.length);
  }
  return parts;
}

interface PartsWork {
  readonly data: PartData;
  readonly jobs: readonly PartJob[];
  readonly classes: number;
}

defineWork("ensemble parts", ({ data, jobs, classes }: PartsWork) => (index: number, checkpoint: () => void): PartState => {
  const { spec, rows } = jobs[index]!;
  return fitPartAlone(spec, rows ? takeRows(data, rows, checkpoint) : data, classes, checkpoint);
});

/** Fits one part on this thread alone, at once. */
export function fitPartAlone(spec: Spec, data: PartData, classes: number, checkpoint: () => void): PartState {
  const isAborted = (): boolean => {
    checkpoint();
    return false;
  };
  const slices = fitPart(
    spec,
    data,
    makeContext({ classes, weights: data.weights }, 1, isAborted, () => {}),
  );
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    checkpoint();
  }
}

/** A part's predicted numbers, or class codes of the ensemble (n). */
export function partPredict(part: PartState, spec: Spec, x: Matrix): Float64Array {
  if (part.state === null) return new Float64Array(x.rows).fill(part.classes[0]!);
  const answers = predictSync(fittedOf(part, spec), x);
  return part.classes.length > 0 ? answers.map((code) => part.classes[code]!) : answers;
}

/** A part's probability of each class of the ensemble (n × k): certainty for its answer where it has no probabilities. */
export function partProba(part: PartState, spec: Spec, x: Matrix, classes: number): Matrix {
  const data = sharedFloat64(x.rows * classes);
  const out = { rows: x.rows, columns: classes, data };
  if (part.state === null || !hasProba(spec)) {
    const codes = partPredict(part, spec, x);
    for (let i = 0; i < x.rows; i++) data[i * classes + codes[i]!] = 1;
    return out;
  }
  const own = probaSync(fittedOf(part, spec), x);
  if (own.columns === classes) return own;
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < own.columns; k++) data[i * classes + part.classes[k]!] = own.data[i * own.columns + k]!;
  return out;
}

/** Importances of a part's columns (d), shares of 1; undefined where it has none. */
export function partImportances(part: PartState, spec: Spec): Float64Array | undefined {
  if (part.state === null) return new Float64Array(part.columns);
  const fitted = fittedOf(part, spec);
  const found = importancesOf(definitionOf(spec), fitted);
  const byName = found && new Map(found.map(({ feature, importance }) => [feature, importance]));
  if (byName?.size !== part.columns || !fitted.columns.every(({ name }) => byName.has(name))) return undefined;
  return Float64Array.from(fitted.columns, ({ name }) => byName.get(name)!);
}

/** What the parts of a loaded ensemble must be. */
interface PartsDemand {
  readonly task: "classification" | "regression";
  /** Number of classes of the ensemble; 0 for numbers. */
  readonly classes: number;
  /** Columns that each part sees. */
  readonly columns: number;
}

/** Throws StoreError unless the parts that were loaded are what the ensemble needs. */
export function checkParts(who: string, parts: readonly PartState[], demand: PartsDemand): void {
  const { task, classes } = demand;
  const counted = Number.isInteger(classes) && (task === "classification" ? classes >= 2 && classes <= 1e6 : classes === 0);
  if (!counted || !Array.isArray(parts) || parts.length === 0)
    throw new StoreError(`loadModel: the parts of the ${who} are not some of ${task}`);
  for (const part of parts) checkPart(who, part, demand);
}

/** Throws StoreError unless there is a number for each part that was loaded. */
export function checkPerPart(who: string, parts: readonly PartState[], values: Float64Array): void {
  if (!(values instanceof Float64Array) || values.length !== parts.length || !values.every(Number.isFinite))
    throw new StoreError(`loadModel: the ${who} must have a number for each of its ${parts.length} parts`);
}

/** The specification with another seed wherever it, or an estimator within it, has one. */
export function reseeded(spec: Spec, seed: number): Spec {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, key === "seed" && typeof entry === "number" ? seed : walk(entry)]),
    );
  };
  return { ...spec, params: walk(spec.params) as Spec["params"] };
}

/** Whether a user's function stands somewhere in the parameters: it cannot cross to another thread. */
export function holdsFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && Object.values(value).some(holdsFunction);
}

function checkPart(who: string, part: PartState, { task, classes, columns }: PartsDemand): void {
  const known = part?.classes instanceof Int32Array && part.columns === columns && typeof part.name === "string";
  const ascending = known && part.classes.every((code, k) => code > (part.classes[k - 1] ?? -1) && code < classes);
  if (!ascending || (task === "classification") !== part.classes.length > 0)
    throw new StoreError(`loadModel: a part of the ${who} is not one of ${task} on ${columns} columns`);
  if (part.state === null && part.classes.length === 1) return;
  if (typeof part.state !== "object" || part.state === null)
    throw new StoreError(`loadModel: a part of the ${who} has learned nothing`);
  definitionOf({ task, name: part.name }).check?.(part.state, columns);
}

function fittedOf(part: PartState, spec: Spec): Fitted {
  if (spec?.name !== part.name)
    throw new StoreError(`the model holds a part of ${part.name} where its parameters say ${spec?.name}`);
  const { task, name, params } = spec;
  return { task, name, params, columns: defaultNames(part.columns).map((column) => ({ name: column })), state: part.state };
}

function classesAmong(y: Float64Array, weights: Float64Array | undefined, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (let i = 0; i < y.length; i++) if (weights?.[i] !== 0) counts[y[i]!]!++;
  return Int32Array.from(counts.keys()).filter((code) => counts[code]! > 0);
}

/** Codes among the classes that are there; 0 for a row of another, whose weight is 0. */
function recode(y: Float64Array, classes: Int32Array): Float64Array {
  const places = new Map(Array.from(classes, (code, k) => [code, k]));
  return y.map((code) => places.get(code) ?? 0);
}
