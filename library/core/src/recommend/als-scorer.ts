import { choleskySolver } from "../numeric/cholesky.ts";
import { type AlsParams, type AlsState, penaltyOf } from "./als-model.ts";
import { factorScorer } from "./factor-scores.ts";
import { forLastHistory } from "./last-history.ts";
import type { KnownInteractions } from "./recommender-model.ts";
import type { History, Scorer } from "./scorer.ts";

/** Scores x·y; new users by the exact solution for their items; shares as Hu et al. (2008), section 5: y·A⁻¹yⱼ cⱼ, A the user's matrix. */
export function alsScorer({ offsets }: KnownInteractions, { users, items, factors }: AlsState, params: AlsParams): Scorer {
  let gram: Float64Array | undefined;
  const count = items.length / factors;
  /** Somebody's matrix, taken apart: for their vector, and for the reasons of each of their items. */
  const solvedFor = forLastHistory(({ codes, values }: History): Solved => {
    gram ??= gramOf(items, factors);
    const a = gram.slice();
    const confidence = values.map((value) => (params.confidence === "linear" ? 1 : 0) + params.alpha * value);
    const penalty = penaltyOf(params, codes.length, count);
    for (let i = 0; i < factors; i++) a[i * factors + i]! += penalty;
    for (let k = 0; k < codes.length; k++)
      addOuter(a, items.subarray(codes[k]! * factors, (codes[k]! + 1) * factors), confidence[k]! - 1);
    return { confidence, solve: choleskySolver(a, factors) };
  });
  const fold = (history: History): Float32Array => {
    const { confidence, solve } = solvedFor(history);
    const b = new Float64Array(factors);
    for (let k = 0; k < confidence.length; k++)
      for (let j = 0; j < factors; j++) b[j]! += confidence[k]! * items[history.codes[k]! * factors + j]!;
    return Float32Array.from(solve(b));
  };
  const vectorOf = (history: History): Float32Array =>
    history.user >= 0 && offsets[history.user + 1]! > offsets[history.user]!
      ? users.subarray(history.user * factors, (history.user + 1) * factors)
      : fold(history);
  return {
    ...factorScorer({ dimensions: factors, users, items, vectorOf }),
    shares(history, item) {
      const { confidence, solve } = solvedFor(history);
      const z = solve(Float64Array.from(items.subarray(item * factors, (item + 1) * factors)));
      const shares = new Float64Array(confidence.length);
      for (let k = 0; k < shares.length; k++) {
        let product = 0;
        for (let j = 0, at = history.codes[k]! * factors; j < factors; j++, at++) product += z[j]! * items[at]!;
        shares[k] = product * confidence[k]!;
      }
      return shares;
    },
  };
}

/** Somebody's confidences and matrix. */
interface Solved {
  readonly confidence: Float64Array;
  readonly solve: (b: Float64Array) => Float64Array;
}

/** YᵀY of rows. O(rows f²). */
function gramOf(rows: Float32Array, factors: number): Float64Array {
  const gram = new Float64Array(factors * factors);
  for (let at = 0; at < rows.length; at += factors) addOuter(gram, rows.subarray(at, at + factors), 1);
  return gram;
}

/** a += weight · y yᵀ, lower triangle. */
function addOuter(a: Float64Array, y: Float32Array, weight: number): void {
  const n = y.length;
  for (let i = 0; i < n; i++) {
    const scale = weight * y[i]!;
    for (let j = 0, at = i * n; j <= i; j++, at++) a[at]! += scale * y[j]!;
  }
}
