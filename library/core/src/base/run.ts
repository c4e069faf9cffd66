import type { Matrix } from "../numeric/matrix.ts";
import type { FitContext, Fitted, InputColumn, Spec } from "./contract.ts";
import { DataError, ShapeError } from "./errors.ts";
import { type Definition, definitionOf } from "./registry.ts";

/** x0, x1, …: names of columns that nobody named. */
export function defaultNames(columns: number): string[] {
  return Array.from({ length: columns }, (_, j) => `x${j}`);
}

/**
 * A fit in slices: the same on a worker and on the calling thread. Composites yield* it for their parts; `snapshots` of the context are for
 * the whole alone, unless a composite hands them to the part that they belong to.
 */
export function* fitSlices(
  spec: Spec,
  x: Matrix,
  y: Float64Array,
  surroundings: FitContext,
  snapshots?: FitContext["snapshots"],
): Generator<void, Fitted> {
  const context = surroundings.snapshots === snapshots ? surroundings : { ...surroundings, snapshots };
  const definition = definitionOf(spec);
  const named: Matrix = x.names ? x : { ...x, names: defaultNames(x.columns) };
  if (definition.task !== "recommendation") checkFit(definition, named, y);
  const made = definition.fit(named, y, spec.params, context);
  const state = isGenerator(made) ? yield* made : made;
  return { task: spec.task, name: spec.name, params: spec.params, columns: inputColumns(named), state };
}

/** A whole fit on this thread. */
export function fitSync(spec: Spec, x: Matrix, y: Float64Array, context: FitContext): Fitted {
  const slices = fitSlices(spec, x, y, context, context.snapshots);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    context.checkpoint();
  }
}

/** The estimator or the model itself, or the last step of a pipeline; of a model by its state, which is checked when it comes from a file. */
export function lastStep<S extends Spec>(spec: S): S {
  if (spec.name !== "pipeline") return spec;
  const { steps } = ("state" in spec ? spec.state : spec.params) as { readonly steps: readonly S[] };
  return lastStep(steps.at(-1)!);
}

/** Whether a classifier says how probable each class is. */
export function hasProba(spec: Spec): boolean {
  return definitionOf(lastStep(spec)).predictProba !== undefined;
}

/** Predicted numbers, or class codes (n). */
export function predictSync(fitted: Fitted, x: Matrix): Float64Array {
  const definition = definitionOf(fitted);
  checkPredict(definition, fitted, x);
  if (definition.predict) return definition.predict(x, fitted.state, fitted.params);
  return mostProbable(definition.predictProba!(x, fitted.state, fitted.params));
}

/** Probability of each class (n × k). */
export function probaSync(fitted: Fitted, x: Matrix): Matrix {
  const definition = definitionOf(fitted);
  checkPredict(definition, fitted, x);
  if (!definition.predictProba) throw new DataError(`${fitted.name}: has no probabilities`);
  return definition.predictProba(x, fitted.state, fitted.params);
}

/** Transformed rows (n × d'). */
export function transformSync(fitted: Fitted, x: Matrix): Matrix {
  const definition = definitionOf(fitted);
  checkPredict(definition, fitted, x);
  const named = x.names ? x : { ...x, names: fitted.columns.map(({ name }) => name) };
  return definition.transform!(named, fitted.state, fitted.params);
}

/** Writes transformed rows to columns start … of rows that are `stride` wide and hold zeros. */
export function transformInto(fitted: Fitted, x: Matrix, out: Float64Array, start: number, stride: number): void {
  const definition = definitionOf(fitted);
  if (definition.transformInto) {
    checkPredict(definition, fitted, x);
    definition.transformInto(x, fitted.state, fitted.params, out, start, stride);
  } else place(transformSync(fitted, x), out, start, stride);
}

/** Writes a matrix to columns start … of rows that are `stride` wide. */
export function place({ rows, columns, data }: Matrix, out: Float64Array, start: number, stride: number): void {
  for (let i = 0, at = 0, to = start; i < rows; i++, to += stride) for (let j = 0; j < columns; j++) out[to + j] = data[at++]!;
}

/** The rows that a transformer was fitted on, as the steps after it are fitted on them (n × d'). */
export function transformTrainingSync(fitted: Fitted, x: Matrix, y: Float64Array, context: FitContext): Matrix {
  const definition = definitionOf(fitted);
  if (!definition.transformTraining) return transformSync(fitted, x);
  const named = x.names ? x : { ...x, names: fitted.columns.map(({ name }) => name) };
  return definition.transformTraining(named, y, fitted.state, fitted.params, context);
}

/** The rows that `transformSync` would turn into these. */
export function inverseSync(fitted: Fitted, x: Matrix): Matrix {
  const definition = definitionOf(fitted);
  if (!definition.inverse) throw new DataError(`${fitted.name}: has no inverse`);
  return definition.inverse(x, fitted.state, fitted.params);
}

/** Column of the largest value in each row; the first of equals. */
export function mostProbable({ rows, columns, data }: Matrix): Float64Array {
  const codes = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let k = 1; k < columns; k++) if (data[i * columns + k]! > data[i * columns + best]!) best = k;
    codes[i] = best;
  }
  return codes;
}

function isGenerator(value: unknown): value is Generator<void, unknown> {
  return typeof (value as { next?: unknown } | null)?.next === "function";
}

function inputColumns(x: Matrix): InputColumn[] {
  return x.names!.map((name, j) => (x.levels?.[j] ? { name, levels: x.levels[j] } : { name }));
}

function checkFit(definition: Definition, x: Matrix, y: Float64Array): void {
  const who = `${definition.name}.fit`;
  if (x.rows === 0 || x.columns === 0) throw new ShapeError(`${who}: x must have rows and columns, got ${x.rows} × ${x.columns}`);
  if (definition.task !== "transform" && y.length !== x.rows)
    throw new ShapeError(`${who}: x has ${x.rows} rows but y has ${y.length}`);
  checkValues(who, definition, x);
  const bad = y.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(`${who}: y must be finite, got ${y[bad]} in row ${bad}`);
}

/** Throws ShapeError or DataError unless a fitted model can take these rows. */
export function checkPredict(definition: Definition, fitted: Fitted, x: Matrix): void {
  const who = `${fitted.name}.${definition.task === "transform" ? "transform" : "predict"}`;
  if (x.columns !== fitted.columns.length)
    throw new ShapeError(`${who}: x has ${x.columns} columns but the model was fitted on ${fitted.columns.length}`);
  checkValues(who, definition, x);
}

/** Says which columns hold categories, and of those where most rows have a level of their own that they are no categories. */
function refuseLevels(who: string, { rows, names, levels }: Matrix): never {
  const coded = [...levels!.keys()].filter((j) => levels![j] !== undefined);
  const called = (columns: readonly number[]): string => {
    const some = columns.slice(0, 3).map((j) => `"${names?.[j] ?? j}"`);
    const rest = columns.length - some.length;
    return `column${columns.length > 1 ? "s" : ""} ${some.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  };
  const [text] = rows >= 20 ? coded.filter((j) => levels![j]!.length > rows / 2) : [];
  if (text !== undefined)
    throw new DataError(
      `${who}: ${called([text])} holds text, ${levels![text]!.length} different in ${rows} rows; leave it out of features`,
    );
  throw new DataError(
    `${who}: ${called(coded)} ${coded.length > 1 ? "hold" : "holds"} categories; put ml.oneHotEncoder() before it`,
  );
}

function checkValues(who: string, { missing, categories }: Definition, x: Matrix): void {
  if (!categories && x.levels?.some((levels) => levels !== undefined)) refuseLevels(who, x);
  const { data, columns } = x;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! * 0; // NaN and ±Infinity make NaN: one pass without a branch
  if (sum === 0) return;
  const at = data.findIndex((value) => (missing ? Math.abs(value) === Infinity : !Number.isFinite(value)));
  if (at < 0) return;
  const column = x.names?.[at % columns] ?? `x${at % columns}`;
  const remedy = Number.isNaN(data[at]) ? "; put ml.imputer() before it" : "";
  throw new DataError(
    `${who}: x must be finite, got ${data[at]} in row ${Math.floor(at / columns)}, column "${column}"${remedy}`,
  );
}
