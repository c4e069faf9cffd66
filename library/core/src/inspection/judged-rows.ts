import { checkKeys } from "../base/check-keys.ts";
import type { TableLike } from "../base/columns.ts";
import type { Label, MatrixInput, PredictorModel, RankerModel } from "../base/contract.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { assertModel } from "../base/estimator.ts";
import { groupCodes } from "../base/group-codes.ts";
import { isTable, readMatrix, readPredict } from "../base/inputs.ts";
import { nearName, suggest } from "../base/near-name.ts";
import { labelsOf } from "../base/targets.ts";
import { type Matrix, toShared } from "../numeric/matrix.ts";

/** A model that can be judged on rows with a known target. */
export type JudgedModel = PredictorModel | RankerModel;

/** Which columns of a table play which part when a model is judged. */
export interface JudgedColumns {
  /** The column that holds the truth; default the model's target. */
  readonly target?: string | undefined;
  /** A column of row weights ≥ 0. */
  readonly weight?: string | undefined;
  /** A column whose equal values belong together: the queries of a ranker, or what is resampled as a whole. */
  readonly group?: string | undefined;
}

/** The same for arrays. */
export interface JudgedArrays {
  /** Row weights ≥ 0 (n). */
  readonly weights?: ArrayLike<number> | undefined;
  /** What each row belongs to (n). */
  readonly groups?: ArrayLike<Label> | undefined;
}

/** Rows with a known target, as a model's prediction takes them. */
export interface JudgedRows {
  /** The model's columns (n × d), in shared memory. */
  readonly x: Matrix;
  /** Numbers, or places of the labels in the model's classes (n). */
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Number of each row's group, in the order of first appearance (n). */
  readonly groups: Int32Array | undefined;
  /** Name of the target; undefined for arrays. */
  readonly target: string | undefined;
  /** The table that was given; undefined for arrays. */
  readonly table: TableLike | undefined;
}

/**
 * Reads `(model, table, options)` or `(model, x, y, options)`; `ownKeys` are the options that the caller reads itself. Throws DataError for a target that is missing or unknown to the model,
 * ShapeError for lengths that differ, ParamsError for a table without a target and for options that nobody reads.
 */
export function readJudgedRows<O extends object>(
  who: string,
  model: JudgedModel,
  data: TableLike | MatrixInput,
  second: unknown,
  third: unknown,
  ownKeys: readonly string[],
): { readonly rows: JudgedRows; readonly options: Partial<O> } {
  assertModel(who, model);
  if (isTable(data)) {
    const options = (second ?? {}) as Partial<O> & JudgedColumns;
    checkKeys(who, options, ["target", "weight", "group", ...ownKeys]);
    return { rows: fromTable(who, model, data, options), options };
  }
  const options = (third ?? {}) as Partial<O> & JudgedArrays;
  checkKeys(who, options, ["weights", "groups", ...ownKeys]);
  return { rows: fromArrays(who, model, data, second, options), options };
}

function fromTable(who: string, model: JudgedModel, table: TableLike, { target, weight, group }: JudgedColumns): JudgedRows {
  const column = target ?? model.target;
  if (column === undefined) throw new ParamsError(`${who}: the model was fitted on arrays, so a table needs { target }`);
  for (const name of [column, weight, group])
    if (name !== undefined && !table.names.includes(name))
      throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
  if (table.rows === 0) throw new ShapeError(`${who}: needs one row at least, got 0`);
  const { x } = readPredict(who, model.columns, table);
  return {
    x,
    y: readTruth(who, model, `target "${column}"`, labelsOf(table.column(column))),
    weights: weight === undefined ? undefined : readWeights(who, labelsOf(table.column(weight)), x.rows),
    groups: group === undefined ? undefined : groupCodes(who, labelsOf(table.column(group)), x.rows),
    target: column,
    table,
  };
}

function fromArrays(
  who: string,
  model: JudgedModel,
  data: MatrixInput,
  y: unknown,
  { weights, groups }: JudgedArrays,
): JudgedRows {
  const given = readMatrix(who, data);
  if (typeof y !== "object" || y === null || !("length" in y)) throw new ShapeError(`${who}: needs y, got ${typeof y}`);
  const truth = Array.from(y as ArrayLike<Label>);
  if (truth.length !== given.rows) throw new ShapeError(`${who}: x has ${given.rows} rows but y has ${truth.length}`);
  if (given.rows === 0) throw new ShapeError(`${who}: needs one row at least, got 0`);
  const names = given.names ?? model.columns.map(({ name }) => name);
  return {
    x: { ...given, data: toShared(given.data), names },
    y: readTruth(who, model, "y", truth),
    weights: weights && readWeights(who, Array.from(weights), given.rows),
    groups: groups && groupCodes(who, Array.from(groups), given.rows),
    target: undefined,
    table: undefined,
  };
}

/** The truth as numbers, or as places in the model's classes. Throws DataError with the row. */
function readTruth(who: string, model: JudgedModel, what: string, truth: readonly (Label | null | undefined)[]): Float64Array {
  const missing = truth.findIndex((label) => label === null || label === undefined || Number.isNaN(label));
  if (missing >= 0) throw new DataError(`${who}: ${what} is missing in row ${missing}; drop the rows without a target`);
  const y = new Float64Array(new SharedArrayBuffer(8 * truth.length));
  if (model.task === "classification") {
    const places = new Map<Label, number>(model.classes.map((label, k) => [label, k]));
    for (const [i, label] of truth.entries()) {
      const place = places.get(label!);
      if (place === undefined)
        throw new DataError(
          `${who}: label ${JSON.stringify(label)} in row ${i} is not one of the model's classes ${model.classes.slice(0, 20).map(String).join(", ")}`,
        );
      y[i] = place;
    }
    return y;
  }
  for (const [i, value] of truth.entries()) {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new DataError(`${who}: ${what} must hold finite numbers, got ${JSON.stringify(value)} in row ${i}`);
    y[i] = value;
  }
  return y;
}

/** Row weights, checked. Throws ShapeError, and DataError with the row. */
export function readWeights(who: string, weights: readonly unknown[], rows: number): Float64Array {
  if (weights.length !== rows) throw new ShapeError(`${who}: x has ${rows} rows but weights has ${weights.length}`);
  const bad = weights.findIndex((weight) => !(typeof weight === "number" && weight >= 0 && weight < Infinity));
  if (bad >= 0) throw new DataError(`${who}: weights must be ≥ 0 and finite, got ${JSON.stringify(weights[bad])} in row ${bad}`);
  const checked = new Float64Array(new SharedArrayBuffer(8 * rows));
  checked.set(weights as number[]);
  if (!checked.some((weight) => weight > 0)) throw new DataError(`${who}: weights must not all be 0`);
  return checked;
}

/** Throws ParamsError unless a setting is a whole number within bounds. */
export function checkWhole(who: string, name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `${least} … ${most}`;
  throw new ParamsError(`${who}: ${name} must be a whole number ${bounds}, got ${value}`);
}

/** Places of named columns among the model's. Throws ParamsError with the nearest name. */
export function columnPlaces(who: string, model: JudgedModel, names: readonly string[]): number[] {
  const known = model.columns.map(({ name }) => name);
  return names.map((name) => {
    const place = known.indexOf(name);
    if (place >= 0) return place;
    const listed = `${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}`;
    const near = nearName(name, known);
    throw new ParamsError(
      `${who}: features must be columns of the model (${listed}), got "${name}"${near === undefined ? "" : `, did you mean ${near}`}`,
    );
  });
}
