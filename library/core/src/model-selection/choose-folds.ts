import { ParamsError } from "../base/errors.ts";
import type { Table } from "../data/table.ts";
import { type Fold, groupKFold, kFold, stratifiedGroupKFold, stratifiedKFold, timeSeriesSplit } from "../splits/folds.ts";
import { drawFolds, type FoldsInput, foldsFrom, type SavedFolds } from "../splits/saved-folds.ts";
import { repeatedKFold, repeatedStratifiedKFold } from "../splits/shuffle-splits.ts";
import { folds as foldsOf } from "../splits/split.ts";

/** Which folds are taken. */
export interface FoldChoice {
  /**
   * How many (default 5); or the folds themselves (a splitter's generator, a list); or saved folds; or, for a table, how they are drawn
   * (`{ kind: "repeated_k_fold", folds: 5, repeats: 3 }`).
   */
  readonly folds?: number | Iterable<Fold> | SavedFolds | FoldsInput;
  /** How often folds are drawn anew; default 1. For a number of folds without group and time. */
  readonly repeats?: number;
  /** Whether folds keep the classes' shares; default true for a classifier. */
  readonly stratified?: boolean;
  /** Default 42; null leaves the rows in their order, as scikit-learn does unless it is told to shuffle. */
  readonly seed?: number | null;
}

/** The rows to be split, and what they are split by. */
interface RowsToSplit {
  readonly who: string;
  readonly rows: number;
  /** Labels or numbers of the target (n). */
  readonly truth: ArrayLike<unknown>;
  readonly isClassification: boolean;
  /** Which rows belong together (n). */
  readonly groups?: ArrayLike<unknown> | undefined;
  /** When each row was (n). */
  readonly times?: ArrayLike<number> | undefined;
  /** The table that they are of, and its columns that play a part. */
  readonly table?: {
    readonly table: Table;
    readonly target: string;
    readonly group?: string | undefined;
    readonly time?: string | undefined;
  };
}

/** The folds that were chosen. Throws ParamsError for folds that are none of these rows, DataError for rows that cannot be split so. */
export function chooseFolds(choice: FoldChoice, rows: RowsToSplit): readonly Fold[] {
  const { folds = 5 } = choice;
  if (typeof folds === "number") return drawnFolds(folds, choice, rows);
  const { who } = rows;
  if (typeof folds !== "object" || folds === null)
    throw new ParamsError(`${who}: folds must be a number, folds, or how they are drawn, got ${String(folds)}`);
  if (choice.repeats !== undefined) throw new ParamsError(`${who}: repeats go with a number of folds only`);
  if (Symbol.iterator in folds) return checkedFolds(who, [...folds], rows.rows);
  if ("format" in folds) return foldsFrom(folds, rows.rows);
  if (!rows.table) throw new ParamsError(`${who}: folds by ${JSON.stringify(folds)} need a table; give the folds themselves`);
  return foldsFrom(drawFolds(rows.table.table, folds), rows.rows);
}

function drawnFolds(
  folds: number,
  choice: FoldChoice,
  { who, rows, truth, isClassification, groups, times, table }: RowsToSplit,
): Fold[] {
  const { repeats = 1, stratified = isClassification } = choice;
  const seed = choice.seed === undefined ? 42 : choice.seed;
  const options = { folds, ...(seed !== null && { seed }) };
  const isStratified = stratified && times === undefined;
  if (repeats !== 1) {
    if (groups || times) throw new ParamsError(`${who}: repeats go with neither group nor time`);
    const again = { folds, repeats, seed: seed ?? 42 };
    return [...(isStratified ? repeatedStratifiedKFold(truth, again) : repeatedKFold(rows, again))];
  }
  if (table && seed !== null) {
    const { target, group, time } = table;
    return foldsOf(table.table, { ...options, group, time, stratify: isStratified ? target : undefined });
  }
  if (times) return inOrder(times, timeSeriesSplit(rows, { folds }));
  if (groups) return [...(isStratified ? stratifiedGroupKFold(truth, groups, options) : groupKFold(groups, options))];
  return [...(isStratified ? stratifiedKFold(truth, options) : kFold(rows, options))];
}

/** Folds of places in time, as folds of rows. */
function inOrder(times: ArrayLike<number>, folds: Iterable<Fold>): Fold[] {
  const order = Int32Array.from({ length: times.length }, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
  return Array.from(folds, ({ train, test }) => ({
    train: train.map((k) => order[k]!).sort(),
    test: test.map((k) => order[k]!).sort(),
  }));
}

/** Folds that somebody gave: rows that are there, none on both sides of a fold. */
function checkedFolds(who: string, folds: readonly Fold[], rows: number): readonly Fold[] {
  if (folds.length === 0) throw new ParamsError(`${who}: folds must hold one fold at least, got none`);
  return folds.map(({ train, test }, k) => {
    if (!(train?.length > 0 && test?.length > 0))
      throw new ParamsError(
        `${who}: fold ${k + 1} must have rows to train and to test, got ${train?.length} and ${test?.length}`,
      );
    const side = new Uint8Array(rows);
    for (const [mark, list] of [
      [1, train],
      [2, test],
    ] as const)
      for (const i of list) {
        if (!(Number.isInteger(i) && i >= 0 && i < rows))
          throw new ParamsError(`${who}: fold ${k + 1} holds row ${i}, there are ${rows}`);
        if (side[i]! + mark === 3) throw new ParamsError(`${who}: fold ${k + 1} trains on row ${i} and tests it`);
        side[i] = mark;
      }
    return { train: Int32Array.from(train), test: Int32Array.from(test) };
  });
}
