import { DataError, ParamsError } from "../base/errors.ts";

/** Row indices of one fold, ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Values as codes in sorted order, with how often each stands. */
export function encode(values: ArrayLike<unknown>): { codes: Int32Array; values: unknown[]; counts: number[] } {
  const distinct = [...new Set(Array.from(values))].sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1,
  );
  const places = new Map(distinct.map((value, k) => [value, k]));
  const codes = Int32Array.from(values as ArrayLike<never>, (value) => places.get(value)!);
  const counts = new Array<number>(distinct.length).fill(0);
  for (const code of codes) counts[code]!++;
  return { codes, values: distinct, counts };
}

/** The folds of rows whose part is given (n): part k is tested in fold k, the others train. */
export function* byPart(part: Int32Array, folds: number): Generator<Fold> {
  for (let k = 0; k < folds; k++) {
    let tested = 0;
    for (const own of part) tested += Number(own === k);
    const [train, test] = [new Int32Array(part.length - tested), new Int32Array(tested)];
    for (let i = 0, a = 0, b = 0; i < part.length; i++) {
      if (part[i] === k) test[b++] = i;
      else train[a++] = i;
    }
    yield { train, test };
  }
}

/** begin … end − 1. */
export function range(begin: number, end: number): Int32Array {
  return Int32Array.from({ length: end - begin }, (_, k) => begin + k);
}

/** Throws unless there are two folds at least, and a row for each. */
export function checkFolds(who: string, folds: number, n: number): void {
  if (!(Number.isInteger(folds) && folds >= 2)) throw new ParamsError(`${who}: folds must be a whole number ≥ 2, got ${folds}`);
  if (n < folds) throw new DataError(`${who}: ${n} rows are too few for ${folds} folds`);
}
