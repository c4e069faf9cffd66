import { firstOfInstant } from "./instants.ts";
import { checkWhole, type SeriesTimes, type SeriesValues, seriesNumbers, seriesTimes } from "./values.ts";

/**
 * The value `rows` rows earlier, NaN where there is none or it is missing (n). Row i never sees a value of row i or later; with `times`
 * (n, rising or equal) rows of the same instant do not see each other, and count back from the first of them.
 * Throws ParamsError unless `rows` is whole and ≥ 1. O(n). Oracle: pandas.Series.shift.
 * @example
 * ml.lag([50, 52.5, 55])      // NaN, 50, 52.5
 */
export function lag(values: SeriesValues, rows = 1, { times }: { readonly times?: SeriesTimes | undefined } = {}): Float64Array {
  checkWhole("lag", "rows", rows, 1);
  const numbers = seriesNumbers("lag", values);
  const first = times === undefined ? undefined : firstOfInstant(seriesTimes("lag", times, numbers.length));
  return numbers.map((_, i) => numbers[(first ? first[i]! : i) - rows] ?? Number.NaN);
}
