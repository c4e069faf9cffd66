import { ParamsError, ShapeError } from "../base/errors.ts";
import { logChiSquareTail, logGamma } from "../numeric/special-functions.ts";

/** Whether groups have the sizes that were asked for. */
export interface SampleRatio {
  readonly chiSquare: number;
  /** Of the χ² test; holds for one look. */
  readonly pValue: number;
  /** Holds however often it is looked at. */
  readonly alwaysValidPValue: number;
}

/** Of the Dirichlet prior about the shares that were asked for: how strongly it expects them. */
const priorStrength = 1000;

/**
 * Tests counts of groups against the shares that they should have: a mismatch says that assignment or logging is broken, and that no effect
 * can be believed. Throws ShapeError, ParamsError for counts that are no counts or shares that are not positive with sum 1. O(groups).
 * Source: Pearson (1900); Lindon & Malek (2022), "Anytime-valid inference for multinomial count data", NeurIPS 35.
 * Oracle: scipy.stats.chisquare, scipy.stats.dirichlet_multinomial.
 * @example
 * ml.sampleRatioTest([5120, 4880], [0.5, 0.5])   // χ² 5.76, p 0.016, always valid 0.24
 */
export function sampleRatioTest(counts: readonly number[], shares: readonly number[]): SampleRatio {
  if (counts.length !== shares.length || counts.length < 2)
    throw new ShapeError(
      `sampleRatioTest: needs a share for each of two counts or more, got ${counts.length} and ${shares.length}`,
    );
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0))
    throw new ParamsError(`sampleRatioTest: counts must be whole and ≥ 0, got ${counts.join(", ")}`);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(shares.every((share) => share > 0) && Math.abs(total - 1) < 1e-9))
    throw new ParamsError(`sampleRatioTest: shares must be above 0 with sum 1, got ${shares.join(", ")}`);
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return { chiSquare: 0, pValue: 1, alwaysValidPValue: 1 };
  const chiSquare = counts.reduce((sum, count, k) => {
    const off = count - n * shares[k]!;
    return sum + (off * off) / (n * shares[k]!);
  }, 0);
  // ln of Dirichlet-multinomial over multinomial: the coefficient is in both
  let logRatio = logGamma(priorStrength) - logGamma(priorStrength + n);
  for (const [k, count] of counts.entries()) {
    const prior = priorStrength * shares[k]!;
    logRatio += logGamma(prior + count) - logGamma(prior) - count * Math.log(shares[k]!);
  }
  return {
    chiSquare,
    pValue: Math.exp(logChiSquareTail(chiSquare, counts.length - 1)),
    alwaysValidPValue: Math.min(1, Math.exp(-logRatio)),
  };
}
