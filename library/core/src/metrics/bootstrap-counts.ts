import { random } from "../numeric/random.ts";
import { type BootstrapOptions, checkResampling, type Resampled } from "./bootstrap.ts";
import { drawCounts } from "./multinomial.ts";

/** A statistic of how many rows of each kind there are. */
type OfCounts = (counts: Float64Array) => number;

/** The statistic of every resample of rows of which only their kinds matter: as many draws as rows, at the cost of the kinds. */
export function resampleCounts(counts: Float64Array, statistic: OfCounts, options: BootstrapOptions): Resampled {
  const { resamples, seed } = checkResampling(options);
  const drawn = new Float64Array(counts.length);
  const values = new Float64Array(resamples);
  let defined = 0;
  for (let k = 0; k < resamples; k++) {
    options.signal?.throwIfAborted();
    drawCounts(random(seed, `bootstrap/${k}`), counts, drawn);
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values[defined++] = value;
  }
  return { values: values.slice(0, defined), undefinedResamples: resamples - defined };
}

/** The statistic with each row left out, once a row: rows of a kind share it. */
export function jackknifeCounts(counts: Float64Array, statistic: OfCounts): Float64Array {
  const rows = counts.reduce((a, b) => a + b, 0);
  const values = new Float64Array(rows);
  let defined = 0;
  for (let k = 0; k < counts.length && rows > 1; k++) {
    const value = statistic(counts.with(k, counts[k]! - 1));
    if (Number.isNaN(value)) continue;
    values.fill(value, defined, defined + counts[k]!);
    defined += counts[k]!;
  }
  return values.slice(0, defined);
}
