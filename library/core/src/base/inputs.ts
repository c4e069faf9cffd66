import { type Matrix, matrix, sharedFloat64, sharedInt32, toShared } from "../numeric/matrix.ts";
import { cellTexts } from "./cell-texts.ts";
import type { Column, TableLike } from "./columns.ts";
import type { ArrayOptions, FitOptions, Fitted, InputColumn, Label, MatrixInput, Spec, TableOptions } from "./contract.ts";
import { DataError, ParamsError, ShapeError } from "./errors.ts";
import { groupCodes } from "./group-codes.ts";
import { suggest } from "./near-name.ts";
import { defaultNames } from "./run.ts";
import { encodeLabels, holdsLabels, labelsOf, numericTarget, type Target } from "./targets.ts";
import { assemble, type ColumnInput, type Input } from "./worker.ts";

/** What `fit` was given, checked and ready for a thread. */
export interface FitInput {
  readonly input: Input;
  readonly options: FitOptions;
  readonly classes: readonly Label[] | undefined;
  readonly target: string | undefined;
}

/** Whether a value is a table. */
export function isTable(value: unknown): value is TableLike {
  return typeof (value as TableLike | null)?.column === "function";
}

/** Reads the arguments of `fit(table, options)` or `fit(x, y, options)`. */
export function readFit(spec: Spec, data: TableLike | MatrixInput, second: unknown, third: unknown): FitInput {
  const who = `${spec.name}.fit`;
  const read = isTable(data)
    ? readTable(who, spec, data, second as TableOptions)
    : readArrays(who, spec, data, second, third as ArrayOptions);
  const { x, target, options } = read;
  let y: Float64Array<ArrayBufferLike> = new Float64Array(0);
  let classes: Label[] | undefined;
  // a transformer learns from labels too: feature selection, target encoding
  if (spec.task === "classification" || (spec.task === "transform" && target && holdsLabels(target))) {
    const encoded = encodeLabels(who, target!);
    y = encoded.codes;
    classes = encoded.classes;
  } else if (target) y = numericTarget(who, target);
  checkRows(who, x.rows, y.length, target !== undefined);
  const weights = read.weights && checkWeights(who, read.weights, x.rows);
  const { signal, observer, threads, warmStart, snapshots } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw new ParamsError(`${who}: threads must be a whole number ≥ 1, got ${threads}`);
  return {
    input: {
      x,
      y,
      weights,
      classes: classes?.length ?? 0,
      ...(spec.task === "ranking" && { groups: encodeGroups(who, read.groups, x.rows) }),
      ...(warmStart && { warmStart: checkWarmStart(who, spec, warmStart, columnNames(x), classes) }),
    },
    options: {
      ...(signal && { signal }),
      ...(observer && { observer }),
      ...(threads && { threads }),
      ...(snapshots && { snapshots }),
    },
    classes: spec.task === "classification" ? classes : undefined,
    target: target?.name,
  };
}

interface Read {
  readonly x: Matrix | ColumnInput;
  readonly target: Target | undefined;
  readonly weights: ArrayLike<number> | undefined;
  /** Which query each row belongs to, where one was given. */
  readonly groups: readonly unknown[] | undefined;
  readonly options: FitOptions;
}

function readTable(who: string, spec: Spec, table: TableLike, options: Partial<TableOptions> = {}): Read {
  const { target, features, weight, group, time } = options;
  if (spec.task !== "transform" && target === undefined)
    throw new ParamsError(`${who}: a table needs { target }, got ${JSON.stringify(options)}`);
  for (const name of [target, weight, group, time]) if (name !== undefined) requireColumn(who, table, name);
  const names = features ?? table.names.filter((name) => name !== target && name !== weight && name !== group && name !== time);
  if (names.length === 0) throw new ShapeError(`${who}: no feature columns are left`);
  for (const [k, name] of names.entries()) {
    requireColumn(who, table, name);
    if (name === target) throw new ParamsError(`${who}: features must not hold the target "${name}"`);
    if (names.indexOf(name) !== k) throw new ParamsError(`${who}: features hold "${name}" twice`);
  }
  const weights = weight === undefined ? undefined : numericTarget(who, { name: weight, column: table.column(weight) });
  const column = target === undefined ? undefined : { name: target, column: table.column(target) };
  const groups = group === undefined ? undefined : labelsOf(table.column(group));
  return { x: readColumns(table, names), target: column, weights, groups, options };
}

function readArrays(who: string, spec: Spec, data: MatrixInput, y: unknown, options: ArrayOptions = {}): Read {
  const given = readMatrix(who, data);
  const names = options.columns ?? given.names ?? defaultNames(given.columns);
  if (names.length !== given.columns)
    throw new ShapeError(`${who}: x has ${given.columns} columns but columns names ${names.length}`);
  const supervised = spec.task !== "transform";
  if (supervised && (typeof y !== "object" || y === null || !("length" in y)))
    throw new ShapeError(`${who}: needs y, got ${typeof y}`);
  return {
    x: { ...given, names, data: toShared(given.data) },
    target: supervised || y ? { name: undefined, column: { kind: "array", values: y as ArrayLike<unknown> } } : undefined,
    weights: options.weights,
    groups: options.groups && Array.from(options.groups),
    options,
  };
}

/** Rows of numbers or a matrix as a matrix. Throws ShapeError. */
export function readMatrix(who: string, data: MatrixInput): Matrix {
  const rows = Array.isArray(data) ? data : undefined;
  if (rows && !isRecord(rows[0])) return matrix(rows);
  const given = data as Matrix;
  if (rows || !(given?.data instanceof Float64Array) || given.data.length !== given.rows * given.columns)
    throw new ShapeError(`${who}: x must be a table, a matrix or rows of numbers, got ${describe(data)}`);
  return given;
}

/** Whether a value is a plain object, as a row of named cells is; also one of a notebook's cell, which has an `Object` of its own. */
function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && value.constructor?.name === "Object";
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "row objects; ml.table(rows) makes a table of them";
  if (isRecord(value)) return "an object; ml.table([row]) makes a table of one row";
  return value === null || typeof value !== "object" ? String(value) : value.constructor.name;
}

function requireColumn(who: string, table: TableLike, name: string): void {
  if (!table.names.includes(name)) throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
}

/** Columns of a table as a fit takes them: text becomes a category with levels sorted by code unit. */
function readColumns(table: TableLike, names: readonly string[]): ColumnInput {
  const columns = names.map((name) => {
    const column = table.column(name);
    if (column.kind === "category") return { values: column.codes, levels: column.levels };
    if (column.kind !== "text") return { values: column.values, levels: undefined };
    const levels = [...new Set(column.values.filter((value) => value !== null))].sort();
    return { values: codesOf(column.values, levels), levels };
  });
  return { rows: table.rows, names, levels: columns.map(({ levels }) => levels), values: columns.map(({ values }) => values) };
}

function codesOf(values: readonly (string | null)[], levels: readonly string[]): Int32Array {
  const places = new Map(levels.map((level, k) => [level, k]));
  const codes = sharedInt32(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = places.get(values[i] ?? "") ?? -1;
  for (let i = 0; i < values.length; i++) if (values[i] === null) codes[i] = -1;
  return codes;
}

/** What a prediction was given, as the matrix the model was fitted on; levels it never saw become missing and are counted. */
export function readPredict(
  who: string,
  columns: readonly InputColumn[],
  data: TableLike | MatrixInput,
): { x: Matrix; unseen: Map<string, string[]> } {
  const unseen = new Map<string, string[]>();
  if (!isTable(data)) return { x: readMatrix(who, data), unseen };
  const missing = columns.filter(({ name }) => !data.names.includes(name));
  if (missing.length > 0)
    throw new DataError(
      `${who}: no column "${missing[0]!.name}"${suggest(missing[0]!.name, data.names)}${missing.length > 1 ? ` (${missing.length} are missing)` : ""}`,
    );
  const values = columns.map(({ name, levels }) => {
    const column = data.column(name);
    if (levels) return recode(name, column, levels, unseen);
    if (column.kind === "category" || column.kind === "text") return refuseText(who, name, column);
    return column.values;
  });
  const names = columns.map(({ name }) => name);
  return { x: assemble({ rows: data.rows, names, levels: columns.map(({ levels }) => levels), values }), unseen };
}

/** A text or category column where numbers are needed is refused, unless every cell is missing. */
function refuseText(who: string, name: string, column: Column): Float64Array {
  const texts = cellTexts(column);
  const at = texts.findIndex((text) => text !== null);
  if (at < 0) return sharedFloat64(texts.length).fill(Number.NaN);
  throw new DataError(`${who}: column "${name}" must hold numbers, got ${JSON.stringify(texts[at])} in row ${at}`);
}

function recode(name: string, column: Column, levels: readonly string[], unseen: Map<string, string[]>): Int32Array {
  const places = new Map(levels.map((level, k) => [level, k]));
  const found = new Set<string>();
  const place = (text: string | null): number => {
    if (text === null) return -1;
    const code = places.get(text);
    if (code === undefined) found.add(text);
    return code ?? -1;
  };
  let codes: Int32Array;
  if (column.kind === "category") {
    const map = Int32Array.from(column.levels, (level) => places.get(level) ?? -1);
    if (map.every((code, k) => code === k)) return column.codes;
    codes = new Int32Array(column.codes.length);
    for (let i = 0; i < codes.length; i++) {
      const code = column.codes[i]!;
      codes[i] = code < 0 ? -1 : map[code]!;
      if (code >= 0 && map[code]! < 0) found.add(column.levels[code]!);
    }
  } else codes = Int32Array.from(cellTexts(column), place);
  if (found.size > 0) unseen.set(name, [...found]);
  return codes;
}

function checkRows(who: string, rows: number, targets: number, supervised: boolean): void {
  if (supervised && rows !== targets) throw new ShapeError(`${who}: x has ${rows} rows but y has ${targets}`);
}

/** The queries of a ranker. */
function encodeGroups(who: string, groups: readonly unknown[] | undefined, rows: number): Int32Array {
  if (!groups)
    throw new ParamsError(
      `${who}: a ranker needs to know which rows belong together: { group } with a table, { groups } with arrays`,
    );
  return groupCodes(who, groups, rows);
}

function columnNames(x: Matrix | ColumnInput): readonly string[] {
  return x.names ?? [];
}

/** A model to go on from: the same estimator, columns and classes. Throws ParamsError. */
function checkWarmStart(
  who: string,
  spec: Spec,
  model: Fitted,
  names: readonly string[],
  classes: readonly Label[] | undefined,
): Fitted {
  if (model.name !== spec.name || model.task !== spec.task)
    throw new ParamsError(`${who}: warmStart must be a ${spec.task} model of ${spec.name}, got ${model.task} of ${model.name}`);
  const known = model.columns.map(({ name }) => name);
  if (known.join("\0") !== names.join("\0"))
    throw new ParamsError(`${who}: warmStart was fitted on the columns ${known.join(", ")}, got ${names.join(", ")}`);
  if (classes && JSON.stringify(model.classes) !== JSON.stringify(classes))
    throw new ParamsError(`${who}: warmStart knows the classes ${JSON.stringify(model.classes)}, got ${JSON.stringify(classes)}`);
  const { task, name, params, columns, state } = model;
  return { task, name, params, columns, state };
}

function checkWeights(who: string, weights: ArrayLike<number>, rows: number): Float64Array {
  if (weights.length !== rows) throw new ShapeError(`${who}: x has ${rows} rows but weights has ${weights.length}`);
  const checked = sharedFloat64(rows);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const value = weights[i]!;
    if (!(value >= 0 && value < Infinity))
      throw new DataError(`${who}: weights must be ≥ 0 and finite, got ${value} in row ${i}`);
    checked[i] = value;
    sum += value;
  }
  if (sum === 0) throw new DataError(`${who}: weights must not all be 0`);
  return checked;
}
