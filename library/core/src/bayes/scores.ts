import { ParamsError } from "../base/errors.ts";
import { type Matrix, sharedFloat64 } from "../numeric/matrix.ts";
import type { NeuralKernels } from "../numeric/neural-kernels.ts";
import { kernels, Layout, openMemory } from "../numeric/wasm.ts";

/** log P(class) of every class (k): given ones checked, else the classes' shares of the weight, or all equal. Throws ParamsError. */
export function logPriors(
  who: string,
  given: readonly number[] | null,
  classWeights: Float64Array,
  fitPrior = true,
): Float64Array {
  const k = classWeights.length;
  if (given) {
    if (given.length !== k) throw new ParamsError(`${who}: priors must be one for each of the ${k} classes, got ${given.length}`);
    const sum = given.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > 1e-8) throw new ParamsError(`${who}: priors must sum to 1, got ${sum}`);
    return Float64Array.from(given, Math.log);
  }
  if (!fitPrior) return new Float64Array(k).fill(-Math.log(k));
  const total = classWeights.reduce((a, b) => a + b, 0);
  return classWeights.map((weight) => Math.log(weight) - Math.log(total));
}

/** Rows that pass through the kernel together, about a megabyte; a multiple of the six that it takes at once. */
function rowsTogether(d: number): number {
  return 6 * Math.min(170, Math.max(1, Math.floor(20_000 / d)));
}

/** Doubles in a panel of the kernel. */
const panel = 4;

/**
 * offsets + x·weightsᵀ, the joint log-likelihood of a class that is linear in x: weights k × d, answer n × k. With a threshold, values of x
 * above it count as 1 and others as 0. O(n d k).
 */
export function linearScores(
  { rows, columns: d, data: x }: Matrix,
  weights: Float64Array,
  offsets: Float64Array,
  threshold: number | null = null,
): Matrix {
  const k = offsets.length;
  const panels = Math.ceil(k / panel);
  if (opened?.d !== d || opened.panels !== panels) opened = open(d, panels);
  const { kernel, at, chunkRows, chunk, packed, starts, scores } = opened;
  packed.fill(0);
  starts.fill(0);
  starts.set(offsets);
  for (let c = 0; c < k; c++)
    for (let j = 0; j < d; j++) packed[Math.floor(c / panel) * panel * d + j * panel + (c % panel)] = weights[c * d + j]!;
  const data = sharedFloat64(rows * k);
  for (let from = 0; from < rows; from += chunkRows) {
    const size = Math.min(chunkRows, rows - from);
    const part = x.subarray(from * d, (from + size) * d);
    if (threshold === null) chunk.set(part);
    else for (let i = 0; i < part.length; i++) chunk[i] = part[i]! > threshold ? 1 : 0;
    kernel.denseAffine64(at.x, 8 * d, size, d, at.weights, panels, at.offsets, at.scores, 8 * panels * panel);
    for (let i = 0; i < size; i++) for (let c = 0; c < k; c++) data[(from + i) * k + c] = scores[i * panels * panel + c]!;
  }
  return { rows, columns: k, data };
}

/** The memory of the last call: many calls ask for the same sizes. */
let opened: ReturnType<typeof open> | undefined;

function open(d: number, panels: number) {
  const chunkRows = rowsTogether(d);
  const layout = new Layout();
  const at = {
    x: layout.reserve(8 * chunkRows * d),
    weights: layout.reserve(8 * panels * panel * d),
    offsets: layout.reserve(8 * panels * panel),
    scores: layout.reserve(8 * chunkRows * panels * panel),
  };
  const memory = openMemory("naive Bayes", layout);
  return {
    d,
    panels,
    chunkRows,
    at,
    kernel: kernels<NeuralKernels>(memory),
    chunk: new Float64Array(memory.buffer, at.x, chunkRows * d),
    packed: new Float64Array(memory.buffer, at.weights, panels * panel * d),
    starts: new Float64Array(memory.buffer, at.offsets, panels * panel),
    scores: new Float64Array(memory.buffer, at.scores, chunkRows * panels * panel),
  };
}

/**
 * Joint log-likelihoods (n × k) as log-probabilities, in place: each row minus the logarithm of its summed exponentials. Where all
 * classes are impossible they become equally probable.
 */
export function normalise(joint: Matrix): Matrix {
  const { rows, columns: k, data } = joint;
  for (let row = 0; row < rows * k; row += k) {
    let top = data[row]!;
    for (let c = 1; c < k; c++) if (data[row + c]! > top) top = data[row + c]!;
    if (top === -Infinity) {
      data.fill(-Math.log(k), row, row + k);
      continue;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) sum += Math.exp(data[row + c]! - top);
    const norm = top + Math.log(sum);
    for (let c = 0; c < k; c++) data[row + c]! -= norm;
  }
  return joint;
}

/** Log-probabilities as probabilities, in place. */
export function exponentials(logProba: Matrix): Matrix {
  const { data } = logProba;
  for (let i = 0; i < data.length; i++) data[i] = Math.exp(data[i]!);
  return logProba;
}
