import { ParamsError } from "../base/errors.ts";

/**
 * p-values corrected for being many, so that the expected share of false discoveries among those below a level is at most the level: each times
 * m / rank, made monotone. O(m log m). Throws ParamsError for a value outside 0 … 1.
 * Source: Benjamini & Hochberg (1995), JRSS B 57(1). Oracle: statsmodels' multipletests(method="fdr_bh").
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  const bad = Array.from(pValues).findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0) throw new ParamsError(`benjaminiHochberg: p-values must be 0 … 1, got ${pValues[bad]} at ${bad}`);
  const order = Int32Array.from({ length: m }, (_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Float64Array(m);
  let least = 1;
  for (let rank = m; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    least = Math.min(least, (pValues[i]! * m) / rank);
    adjusted[i] = least;
  }
  return adjusted;
}
