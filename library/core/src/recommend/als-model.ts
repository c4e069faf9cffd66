/** What ALS learns. */
export interface AlsState {
  /** Users × factors, row-major. */
  readonly users: Float32Array;
  /** Items × factors, row-major. */
  readonly items: Float32Array;
  readonly factors: number;
}

/** Parameters of ALS as its parts read them. */
export interface AlsParams {
  readonly factors: number;
  readonly regularization: number;
  readonly alpha: number;
  readonly confidence: "linear" | "scaled";
  readonly frequencyExponent: number;
  readonly iterations: number;
  readonly solver: "conjugate" | "cholesky";
  readonly cgSteps: number;
  readonly seed: number;
}

/** λ of a row with so many interactions beside so many rows of the other side. */
export function penaltyOf({ regularization, frequencyExponent, alpha }: AlsParams, taken: number, others: number): number {
  if (frequencyExponent === 0) return regularization;
  return regularization * Math.exp(frequencyExponent * Math.log(taken + others / alpha));
}
