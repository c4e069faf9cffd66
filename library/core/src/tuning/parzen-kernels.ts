import { logNormalMass, normalShare } from "../numeric/erfc.ts";
import { normalQuantile } from "../numeric/normal.ts";
import type { Random } from "../numeric/random.ts";
import { nearest } from "./contains.ts";
import type { CategoricalDistribution, FloatDistribution, IntDistribution } from "./distribution.ts";

/** How a Parzen estimator spreads its observations. */
export interface ParzenOptions {
  /** Weight of the prior: the whole range at once, beside the observations, which weigh 1 at most. */
  readonly priorWeight: number;
  /** Whether no kernel may be narrower than the range over 1 + their number (at most 100). */
  readonly magicClip: boolean;
  /** Whether the outermost kernels reach for the bounds. */
  readonly considerEndpoints: boolean;
  /** Whether parameters are modelled together: then all kernels have one width, by Scott's rule. */
  readonly multivariate: boolean;
}

/** One parameter's kernels: one an observation, and the prior last (K). */
export interface ParamKernels {
  /** A draw from a kernel, as a code. */
  sample(kernel: number, random: Random): number;
  /** Adds the log density of a code in every kernel to `out` (K). */
  addLogDensity(code: number, out: Float64Array): void;
}

/** One Gaussian a number, cut at the bounds, in the logarithm where the scale is. O(K log K). */
export class NumberKernels implements ParamKernels {
  /** Centres, the prior's last (K). */
  readonly mus: Float64Array;
  /** Widths, the prior's last (K). */
  readonly sigmas: Float64Array;
  readonly #distribution: FloatDistribution | IntDistribution;
  readonly #low: number;
  readonly #high: number;
  readonly #step: number;
  readonly #logMass: Float64Array;
  readonly #inverse: Float64Array;

  constructor(
    observations: Float64Array,
    distribution: FloatDistribution | IntDistribution,
    options: ParzenOptions,
    params: number,
  ) {
    const { type, low, high, log = false, step = type === "int" ? 1 : 0 } = distribution;
    const scale = (value: number): number => (log ? Math.log(value) : value);
    const n = observations.length;
    this.#distribution = distribution;
    this.#step = step;
    this.#low = scale(low - step / 2);
    this.#high = scale(high + step / 2);
    this.mus = new Float64Array(n + 1);
    for (let k = 0; k < n; k++) this.mus[k] = scale(observations[k]!);
    this.mus[n] = 0.5 * (this.#low + this.#high);
    this.sigmas = options.multivariate
      ? new Float64Array(n + 1).fill(0.2 * Math.exp(-Math.log(Math.max(n, 1)) / (params + 4)) * (this.#high - this.#low))
      : widths(this.mus.subarray(0, n), this.#low, this.#high, options.considerEndpoints);
    const range = this.#high - this.#low;
    const least = options.magicClip ? range / Math.min(100, n + 2) : 1e-12;
    for (let k = 0; k < n; k++) this.sigmas[k] = Math.min(range, Math.max(least, this.sigmas[k]!));
    this.sigmas[n] = range;
    this.#inverse = this.sigmas.map((sigma) => 1 / sigma);
    this.#logMass = new Float64Array(n + 1);
    for (let k = 0; k <= n; k++) {
      const [mu, sigma] = [this.mus[k]!, this.sigmas[k]!];
      const width = step === 0 ? Math.log(sigma) + logRootTwoPi : 0;
      this.#logMass[k] = logNormalMass((this.#low - mu) / sigma, (this.#high - mu) / sigma) + width;
    }
  }

  sample(kernel: number, random: Random): number {
    const [mu, sigma] = [this.mus[kernel]!, this.sigmas[kernel]!];
    const z = truncatedNormal((this.#low - mu) / sigma, (this.#high - mu) / sigma, random.float());
    const value = mu + sigma * z;
    return nearest(this.#distribution, this.#distribution.log ? Math.exp(value) : value);
  }

  addLogDensity(code: number, out: Float64Array): void {
    if (this.#step === 0) this.#addContinuous(this.#distribution.log ? Math.log(code) : code, out);
    else if (this.#distribution.log) this.#addStep(Math.log(code - this.#step / 2), Math.log(code + this.#step / 2), out);
    else this.#addStep(code - this.#step / 2, code + this.#step / 2, out);
  }

  #addContinuous(value: number, out: Float64Array): void {
    const { mus } = this;
    const inverse = this.#inverse;
    const logMass = this.#logMass;
    for (let k = 0; k < out.length; k++) {
      const z = (value - mus[k]!) * inverse[k]!;
      out[k]! -= 0.5 * z * z + logMass[k]!;
    }
  }

  /** The mass of the stretch that is rounded to one step. */
  #addStep(from: number, to: number, out: Float64Array): void {
    const { mus } = this;
    const inverse = this.#inverse;
    const logMass = this.#logMass;
    for (let k = 0; k < out.length; k++)
      out[k]! += logNormalMass((from - mus[k]!) * inverse[k]!, (to - mus[k]!) * inverse[k]!) - logMass[k]!;
  }
}

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** A kernel reaches to its farther neighbour. With room for the prior at the end. */
function widths(mus: Float64Array, low: number, high: number, considerEndpoints: boolean): Float64Array {
  const n = mus.length;
  const sorted = mus.slice().sort();
  const equal = new Int32Array(n); // of equal centres, each takes the next place
  const sigmas = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) {
    const first = placeIn(sorted, mus[k]!);
    const at = first + equal[first]!++;
    const left = mus[k]! - (at > 0 ? sorted[at - 1]! : low);
    const right = (at < n - 1 ? sorted[at + 1]! : high) - mus[k]!;
    const inner = considerEndpoints || n < 2;
    sigmas[k] = !inner && at === 0 ? right : !inner && at === n - 1 ? left : Math.max(left, right);
  }
  return sigmas;
}

/** The first place of a value that is there. */
function placeIn(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The z at a share u of the standard normal distribution between a and b. */
function truncatedNormal(a: number, b: number, u: number): number {
  if (a > 0) return -truncatedNormal(-b, -a, 1 - u);
  const from = normalShare(a);
  return Math.min(b, Math.max(a, normalQuantile(from + u * (normalShare(b) - from))));
}

/** One histogram an observation: its own choice raised above the others, which share the prior's weight. */
export class ChoiceKernels implements ParamKernels {
  readonly #observed: Int32Array;
  readonly #choices: number;
  readonly #logOwn: number;
  readonly #logOther: number;
  readonly #own: number;

  constructor(observations: Float64Array, distribution: CategoricalDistribution, { priorWeight }: ParzenOptions) {
    this.#observed = Int32Array.from(observations);
    this.#choices = distribution.choices.length;
    const share = priorWeight / (observations.length + 1);
    const sum = 1 + share * this.#choices;
    this.#own = (1 + share) / sum;
    this.#logOwn = Math.log(this.#own);
    this.#logOther = Math.log(share / sum);
  }

  sample(kernel: number, random: Random): number {
    if (kernel === this.#observed.length) return random.int(this.#choices);
    const own = this.#observed[kernel]!;
    if (this.#choices === 1 || random.float() < this.#own) return own;
    const other = random.int(this.#choices - 1);
    return other < own ? other : other + 1;
  }

  addLogDensity(code: number, out: Float64Array): void {
    const observed = this.#observed;
    const prior = observed.length;
    for (let k = 0; k < prior; k++) out[k]! += observed[k] === code ? this.#logOwn : this.#logOther;
    out[prior]! -= Math.log(this.#choices);
  }
}
