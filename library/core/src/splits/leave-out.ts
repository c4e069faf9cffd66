import { DataError, ParamsError } from "../base/errors.ts";
import { byPart, encode, type Fold } from "./partition.ts";

/** Each row is tested once, alone: n folds, O(n²) in all. Oracle: sklearn.model_selection.LeaveOneOut. */
export function* leaveOneOut(n: number): Generator<Fold> {
  if (!(Number.isInteger(n) && n >= 2)) throw new DataError(`leaveOneOut: needs two rows at least, got ${n}`);
  yield* byPart(
    Int32Array.from({ length: n }, (_, i) => i),
    n,
  );
}

/** Each group is tested once, in sorted order. Oracle: sklearn.model_selection.LeaveOneGroupOut. */
export function* leaveOneGroupOut(groups: ArrayLike<unknown>): Generator<Fold> {
  const { codes, counts } = encode(groups);
  if (counts.length < 2) throw new DataError(`leaveOneGroupOut: needs two groups at least, got ${counts.length}`);
  yield* byPart(codes, counts.length);
}

/** Folds given by a number for each row (n): rows of number k are tested together, −1 always trains. Oracle: sklearn.model_selection.PredefinedSplit. */
export function* predefinedSplit(testFold: ArrayLike<number>): Generator<Fold> {
  const odd = Array.from(testFold).findIndex((fold) => !(Number.isInteger(fold) && fold >= -1));
  if (odd >= 0) throw new ParamsError(`predefinedSplit: folds must be whole numbers ≥ -1, got ${testFold[odd]} in row ${odd}`);
  const numbers = [...new Set(Array.from(testFold))].filter((fold) => fold >= 0).sort((a, b) => a - b);
  if (numbers.length === 0) throw new DataError("predefinedSplit: no row is in a fold");
  const places = new Map(numbers.map((fold, k) => [fold, k]));
  yield* byPart(
    Int32Array.from(testFold, (fold) => places.get(fold) ?? -1),
    numbers.length,
  );
}
