import type { Label } from "../base/contract.ts";
import { DataError, ParamsError } from "../base/errors.ts";
import type { CartKernels } from "../numeric/cart-kernels.ts";
import { type philoxBlocks, random } from "../numeric/random.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";
import { codesOf, sortedLabels } from "./inputs.ts";

/** How rows are drawn again. */
export interface BootstrapOptions {
  /** How often all rows are drawn; default 1,000. */
  readonly resamples?: number | undefined;
  /** Share of intervals that hold the true value; default 0.95. */
  readonly confidence?: number | undefined;
  /** `bca` (default) corrects for bias and skew; `percentile` and `basic` do not. */
  readonly method?: "bca" | "percentile" | "basic" | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
  /** Draw within each of these strata (n), so that each keeps its rows' number. */
  readonly strata?: ArrayLike<Label> | undefined;
  /** Draw whole groups (n): rows of one patient, day or query belong together. */
  readonly groups?: ArrayLike<Label> | undefined;
  /** Ends the work between two resamples with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

/** Who is drawn: units of one or more rows, in strata. */
interface Units {
  /** Units of each stratum. */
  readonly strata: readonly Int32Array[];
  /** The unit of each row (n); undefined where each row is its own. */
  readonly ofRow: Int32Array | undefined;
  readonly count: number;
}

/** Above so many units the acceleration is taken from blocks of units left out, not from each one. */
const blocksMax = 200;

/** What resampling gave. */
export interface Resampled {
  /** The statistic of each resample that it is defined on. */
  readonly values: Float64Array;
  /** Resamples on which it is not defined: a class was not drawn. */
  readonly undefinedResamples: number;
}

/**
 * How often each row stands in each resample: draws with replacement, within strata or of whole groups. The k-th resample depends on the seed
 * and k alone. A row's chance is even to 2⁻³². Yields one array, filled anew each time. O(n) a resample.
 * Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap.
 */
export function* bootstrapWeights(rows: number, options: BootstrapOptions = {}): Generator<Float64Array> {
  const { resamples, seed } = checkResampling(options);
  const units = unitsOf(rows, options);
  const drawn = new Float64Array(units.count);
  const weights = units.ofRow ? new Float64Array(rows) : drawn;
  const { words, write } = wordsOf(Math.max(...units.strata.map((members) => members.length)));
  for (let k = 0; k < resamples; k++) {
    options.signal?.throwIfAborted();
    const stream = random(seed, `bootstrap/${k}`);
    drawn.fill(0);
    for (const members of units.strata) {
      const own = words.subarray(0, members.length);
      stream.fill(own, write);
      const scale = members.length / 4_294_967_296;
      if (own.length === drawn.length) for (let i = 0; i < own.length; i++) drawn[Math.floor(own[i]! * scale)]! += 1;
      else for (let i = 0; i < own.length; i++) drawn[members[Math.floor(own[i]! * scale)]!]! += 1;
    }
    if (units.ofRow) for (let i = 0; i < rows; i++) weights[i] = drawn[units.ofRow[i]!]!;
    yield weights;
  }
}

/** How often and from which seed. Throws ParamsError for a number that is not whole or out of range. */
export function checkResampling({ resamples = 1000, seed = 42 }: BootstrapOptions): {
  readonly resamples: number;
  readonly seed: number;
} {
  if (!(Number.isInteger(resamples) && resamples >= 1 && resamples <= 1_000_000))
    throw new ParamsError(`bootstrap: resamples must be a whole number 1 … 1000000, got ${resamples}`);
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new ParamsError(`bootstrap: seed must be a whole number ≥ 0, got ${seed}`);
  return { resamples, seed };
}

/** Room for random words, and the kernel that fills it. */
function wordsOf(count: number): { words: Uint32Array; write: typeof philoxBlocks } {
  const layout = new Layout();
  const place = layout.reserve(4 * count);
  const memory = openMemory("bootstrap", layout, count);
  const kernel = kernels<Pick<CartKernels, "randomBlocks">>(memory);
  return {
    words: new Uint32Array(memory.buffer, place, count),
    write: (counter, key, out) =>
      kernel.randomBlocks(out.byteOffset, out.length / 4, key[0]!, key[1]!, counter[0]!, counter[1]!, counter[2]!, counter[3]!),
  };
}

/** The statistic of every resample. */
export function resample(rows: number, statistic: (weights: ArrayLike<number>) => number, options: BootstrapOptions): Resampled {
  const values: number[] = [];
  let missed = 0;
  for (const weights of bootstrapWeights(rows, options)) {
    const value = hasWeight(weights) ? statistic(weights) : Number.NaN;
    if (Number.isNaN(value)) missed++;
    else values.push(value);
  }
  return { values: Float64Array.from(values), undefinedResamples: missed };
}

/**
 * The statistic with each unit left out (of more than 200 units, each of 200 blocks of units drawn at random): what BCa's acceleration is
 * made of. Blocks keep the skewness that the acceleration measures. O(n) each.
 */
export function jackknife(
  rows: number,
  statistic: (weights: ArrayLike<number>) => number,
  options: BootstrapOptions,
): Float64Array {
  const units = unitsOf(rows, options);
  const blocks = Math.min(units.count, blocksMax);
  const order = units.count > blocksMax ? random(options.seed ?? 42, "jackknife").permutation(units.count) : undefined;
  const blockOf = Int32Array.from({ length: units.count }, (_, unit) => unit % blocks);
  if (order) for (const [place, unit] of order.entries()) blockOf[unit] = place % blocks;
  const weights = new Float64Array(rows);
  const values: number[] = [];
  for (let block = 0; block < blocks; block++) {
    options.signal?.throwIfAborted();
    for (let i = 0; i < rows; i++) weights[i] = Number(blockOf[units.ofRow ? units.ofRow[i]! : i] !== block);
    const value = hasWeight(weights) ? statistic(weights) : Number.NaN;
    if (!Number.isNaN(value)) values.push(value);
  }
  return Float64Array.from(values);
}

function unitsOf(rows: number, { strata, groups }: BootstrapOptions): Units {
  if (rows === 0) throw new DataError("bootstrap: needs one row at least, got 0");
  for (const [name, list] of [
    ["strata", strata],
    ["groups", groups],
  ] as const)
    if (list && list.length !== rows) throw new ParamsError(`bootstrap: ${name} must be one a row (${rows}), got ${list.length}`);
  if (strata && groups) throw new ParamsError("bootstrap: give strata or groups, not both");
  if (groups) {
    const known = sortedLabels("bootstrap", groups);
    return { strata: [Int32Array.from(known, (_, k) => k)], ofRow: codesOf("bootstrap", groups, known), count: known.length };
  }
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  if (!strata) return { strata: [all], ofRow: undefined, count: rows };
  const known = sortedLabels("bootstrap", strata);
  const codes = codesOf("bootstrap", strata, known);
  return { strata: known.map((_, k) => all.filter((i) => codes[i] === k)), ofRow: undefined, count: rows };
}

function hasWeight(weights: ArrayLike<number>): boolean {
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) return true;
  return false;
}
