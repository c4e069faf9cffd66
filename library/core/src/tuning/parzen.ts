import type { Random } from "../numeric/random.ts";
import type { Distribution } from "./distribution.ts";
import { ChoiceKernels, NumberKernels, type ParamKernels, type ParzenOptions } from "./parzen-kernels.ts";

/**
 * A density over parameters: a mixture of one kernel an observation, each a product over the parameters, and of the prior.
 * Source: Bergstra et al. (2011), "Algorithms for hyper-parameter optimization"; Watanabe (2023), arXiv:2304.11127.
 * Oracle: optuna.samplers._tpe.parzen_estimator of 4.9.
 */
export class ParzenEstimator {
  /** Shares of the kernels, the prior's last; they sum to 1 (K). */
  readonly weights: Float64Array;
  /** Kernels of each parameter (d). */
  readonly params: readonly ParamKernels[];
  readonly #logWeights: Float64Array;
  readonly #terms: Float64Array;

  /** Observations of each parameter as codes (d × n); `given` are their weights, default by age. */
  constructor(
    observations: readonly Float64Array[],
    distributions: readonly Distribution[],
    options: ParzenOptions,
    given?: Float64Array,
  ) {
    const n = observations[0]!.length;
    this.weights = new Float64Array(n + 1);
    this.weights.set(given ?? weightsByAge(n));
    this.weights[n] = n === 0 ? 1 : options.priorWeight;
    const sum = this.weights.reduce((a, b) => a + b, 0);
    for (let k = 0; k <= n; k++) this.weights[k]! /= sum;
    this.params = distributions.map((distribution, j) =>
      distribution.type === "categorical"
        ? new ChoiceKernels(observations[j]!, distribution, options)
        : new NumberKernels(observations[j]!, distribution, options, distributions.length),
    );
    this.#logWeights = this.weights.map((weight) => Math.log(weight));
    this.#terms = new Float64Array(n + 1);
  }

  /** One draw: a code for each parameter. */
  sample(random: Random): Float64Array {
    let left = random.float();
    let kernel = 0;
    while (kernel < this.weights.length - 1 && left >= this.weights[kernel]!) left -= this.weights[kernel++]!;
    const point = new Float64Array(this.params.length);
    for (let j = 0; j < point.length; j++) point[j] = this.params[j]!.sample(kernel, random);
    return point;
  }

  /** Log density of a point, a code for each parameter. O(K d). */
  logDensity(point: Float64Array): number {
    const terms = this.#terms;
    terms.set(this.#logWeights);
    for (let j = 0; j < point.length; j++) this.params[j]!.addLogDensity(point[j]!, terms);
    return logSumExp(terms);
  }
}

/** Weights of n observations, oldest first: the last 25 count fully, those before ever less down to 1/n. */
export function weightsByAge(n: number): Float64Array {
  const weights = new Float64Array(n).fill(1);
  const old = n - 25;
  for (let k = 0; k < old; k++) weights[k] = 1 / n + (old > 1 ? (k * (1 - 1 / n)) / (old - 1) : 0);
  return weights;
}

/** log Σ exp(tₖ); terms too small to count are not raised. */
function logSumExp(terms: Float64Array): number {
  let most = -Infinity;
  for (let k = 0; k < terms.length; k++) if (terms[k]! > most) most = terms[k]!;
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (let k = 0; k < terms.length; k++) {
    const below = terms[k]! - most;
    if (below > -42) sum += Math.exp(below);
  }
  return most + Math.log(sum);
}
