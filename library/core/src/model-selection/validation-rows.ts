import { checkKeys } from "../base/check-keys.ts";
import type {
  ArrayOptions,
  Classifier,
  FitOptions,
  Label,
  MatrixInput,
  Regressor,
  Spec,
  TableOptions,
} from "../base/contract.ts";
import { DataError, ParamsError, ShapeError } from "../base/errors.ts";
import { isTable, readFit } from "../base/inputs.ts";
import { labelsOf } from "../base/targets.ts";
import type { Input } from "../base/worker.ts";
import type { Table } from "../data/table.ts";
import type { Fold } from "../splits/folds.ts";
import { orderByTime, wholeColumn } from "../splits/split.ts";
import { chooseFolds, type FoldChoice } from "./choose-folds.ts";

/** What a validation on arrays is told beside x and y. */
export interface ArrayRows extends ArrayOptions {
  /** When each row was (n): later rows are tested by models of earlier ones. */
  readonly times?: ArrayLike<number>;
}

/** Rows that an estimator is validated on: read and checked once, ready for the pool. */
export interface ValidationRows {
  readonly input: Input;
  readonly rows: number;
  /** The target's labels or numbers (n). */
  readonly truth: readonly Label[];
  /** Labels in sorted order (k), for a classifier; else null. */
  readonly classes: readonly Label[] | null;
  readonly folds: readonly Fold[];
  /** Which group each row belongs to (n). */
  readonly groups: Int32Array | undefined;
  readonly options: FitOptions;
}

const fitKeys = ["signal", "observer", "threads", "folds", "repeats", "stratified", "seed"];
const tableKeys = ["target", "features", "weight", "group", "time", ...fitKeys];
const arrayKeys = ["weights", "columns", "groups", "times", ...fitKeys];

/**
 * Reads `(table, { target, … })` or `(x, y, { … })` as `fit` does, and chooses the folds. `ownKeys` are options that the caller reads
 * itself. Throws ParamsError, also for options that nobody reads, ShapeError or DataError, as a fit and the splitters do.
 */
export function readValidation(
  who: string,
  estimator: Classifier | Regressor,
  data: Table | MatrixInput,
  second: unknown,
  third: unknown,
  ownKeys: readonly string[],
): ValidationRows {
  const { task, name } = (estimator ?? {}) as Partial<Spec>;
  if (task !== "classification" && task !== "regression")
    throw new ParamsError(`${who}: needs an estimator that predicts, got ${name ?? String(estimator)}`);
  const onTable = isTable(data);
  const given = ((onTable ? second : third) ?? {}) as Partial<TableOptions> & ArrayRows & FoldChoice;
  checkKeys(who, given, [...(onTable ? tableKeys : arrayKeys), ...ownKeys]);
  const isClassification = task === "classification";
  if (onTable && given.target !== undefined) refuseMissing(who, data as Table, given.target);
  const { input, options, classes } = readFit(estimator, data, second, third);
  const rows = input.y.length;
  const truth: readonly Label[] = classes ? Array.from(input.y, (code) => classes[code]!) : Array.from(input.y);
  const groups = onTable ? given.group && wholeColumn(data as Table, given.group) : given.groups;
  const times = onTable ? given.time && timesOf(data as Table, given.time) : given.times;
  for (const [name, list] of Object.entries({ groups, times }))
    if (typeof list === "object" && list.length !== rows)
      throw new ShapeError(`${who}: x has ${rows} rows but ${name} has ${list.length}`);
  const folds = chooseFolds(given, {
    who,
    rows,
    truth,
    isClassification,
    groups: groups || undefined,
    times: (times || undefined) as ArrayLike<number> | undefined,
    ...(onTable && { table: { table: data as Table, target: given.target!, group: given.group, time: given.time } }),
  });
  return { input, rows, truth, classes: classes ?? null, folds, groups: groups ? codesOf(groups) : undefined, options };
}

/** Throws DataError for the first row without a target. */
function refuseMissing(who: string, table: Table, target: string): void {
  const at = labelsOf(table.column(target)).indexOf(null);
  if (at >= 0) throw new DataError(`${who}: target "${target}" is missing in row ${at}; drop the rows without a target`);
}

function timesOf(table: Table, time: string): Float64Array {
  const places = new Float64Array(table.rows);
  for (const [place, i] of orderByTime(table, time).entries()) places[i] = place;
  return places;
}

function codesOf(values: ArrayLike<unknown>): Int32Array {
  const places = new Map<unknown, number>();
  return Int32Array.from(Array.from(values), (value) => {
    if (!places.has(value)) places.set(value, places.size);
    return places.get(value)!;
  });
}
