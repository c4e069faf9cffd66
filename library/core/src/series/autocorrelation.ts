import { DataError } from "../base/errors.ts";
import { mean } from "../numeric/statistics.ts";
import { checkWhole, type SeriesValues, wholeNumbers } from "./values.ts";

/**
 * Correlation of a series with itself 0, 1, … `lags` rows earlier (lags + 1); the sums are divided by n, so that no answer is beyond ±1.
 * Where nothing is there but noise, 95 % of them lie within ±1.96 / √n. `lags` is by default the least of 10 log₁₀ n and n − 1.
 * O(n · lags). Throws DataError for a missing value or a series that does not vary, ParamsError for lags beyond n − 1.
 * Source: Box & Jenkins (1970), §2.1. Oracle: statsmodels.tsa.stattools.acf.
 */
export function autocorrelation(values: SeriesValues, { lags }: { readonly lags?: number | undefined } = {}): Float64Array {
  const y = wholeNumbers("autocorrelation", values, 2);
  const most = lags ?? Math.min(Math.floor(10 * Math.log10(y.length)), y.length - 1);
  checkWhole("autocorrelation", "lags", most, 0);
  if (most > y.length - 1)
    throw new DataError(`autocorrelation: ${y.length} values have ${y.length - 1} lags at most, got ${most}`);
  const centre = mean(y);
  const off = y.map((value) => value - centre);
  const out = new Float64Array(most + 1);
  for (let k = 0; k <= most; k++) for (let i = k; i < off.length; i++) out[k]! += off[i]! * off[i - k]!;
  const total = out[0]!;
  if (!(total > 0) || y.every((value) => value === y[0]))
    throw new DataError(`autocorrelation: values must vary, all ${y.length} are ${y[0]}`);
  return out.map((sum) => sum / total);
}
