import { ParamsError } from "../base/errors.ts";
import { checkFolds, type Fold, range } from "./partition.ts";

/** How rows in the order of time are split. */
export interface TimeSeriesSplitOptions {
  readonly folds: number;
  /** Rows left out between training and test rows; default 0. */
  readonly gap?: number | undefined;
  /** Training rows at most, the latest; default all. */
  readonly maxTrainSize?: number | undefined;
  /** Test rows of each fold; default ⌊n / (folds + 1)⌋. */
  readonly testSize?: number | undefined;
}

/**
 * Training rows always before test rows, k times, with a growing past; the last fold tests the last rows.
 * Throws ParamsError where the first fold would have nothing to train on. Oracle: sklearn.model_selection.TimeSeriesSplit.
 */
export function* timeSeriesSplit(n: number, { folds, gap = 0, maxTrainSize, testSize }: TimeSeriesSplitOptions): Generator<Fold> {
  checkFolds("timeSeriesSplit", folds, n - 1);
  for (const [name, value, least] of [
    ["gap", gap, 0],
    ["maxTrainSize", maxTrainSize, 1],
    ["testSize", testSize, 1],
  ] as const)
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      throw new ParamsError(`timeSeriesSplit: ${name} must be a whole number ≥ ${least}, got ${value}`);
  const size = testSize ?? Math.floor(n / (folds + 1));
  if (n - gap - folds * size <= 0)
    throw new ParamsError(`timeSeriesSplit: ${n} rows are too few for ${folds} folds of ${size} rows with a gap of ${gap}`);
  for (let k = 0; k < folds; k++) {
    const begin = n - (folds - k) * size;
    const end = begin - gap;
    yield {
      train: range(maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize), end),
      test: range(begin, begin + size),
    };
  }
}
