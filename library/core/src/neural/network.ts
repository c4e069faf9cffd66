import type { NeuralKernels } from "../numeric/neural-kernels.ts";
import { kernels, Layout, openMemory, type Pointer } from "../numeric/wasm.ts";

/** What a hidden unit does with its sum. */
export type Activation = "identity" | "logistic" | "tanh" | "relu";

/** Numbers of 32 or 64 bits. */
export type Reals = Float32Array | Float64Array;

/** Weights of a network: of each layer, inputs × outputs row by row, and one intercept an output. */
export interface Weights {
  readonly coefs: readonly Reals[];
  readonly intercepts: readonly Reals[];
}

/** Rows that pass through the layers together; a multiple of the six that a kernel takes at once. */
export const chunkRows = 240;

const kinds: Readonly<Record<Activation, number>> = { identity: 0, logistic: 1, tanh: 2, relu: 3 };

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Panels of outputs. */
  readonly panels: number;
  readonly weights: Pointer;
  readonly bias: Pointer;
  readonly gradient: Pointer;
  readonly biasGradient: Pointer;
  readonly first: Pointer;
  readonly second: Pointer;
  readonly transposed: Pointer;
  /** What arrives (chunkRows × inputs) and what goes out before the next activation. */
  readonly entry: Pointer;
  readonly exit: Pointer;
  readonly deltas: Pointer;
}

/** A multilayer perceptron in a kernel memory. */
export interface Network {
  readonly bits: 32 | 64;
  readonly sizes: readonly number[];
  readonly activation: Activation;
  readonly buffer: SharedArrayBuffer;
  readonly kernel: NeuralKernels;
  readonly layers: readonly Layer[];
  /** Nulls that stand for the bias where there is none. */
  readonly nothing: Pointer;
  /** Rows of the fit (n × stride of the first layer), and the order in which they are taken (n). */
  readonly rows: Pointer;
  readonly order: Pointer;
  readonly n: number;
}

/** Values in a panel: two vectors. */
export function panelWidth({ bits }: Pick<Network, "bits">): number {
  return 256 / bits;
}

/** Bytes from one row of `size` units to the next: whole panels, with room for the six that a kernel reads at once. */
export function strideBytes({ bits }: Pick<Network, "bits">, size: number): number {
  return Math.ceil((6 * Math.ceil(size / 6) * bits) / 256) * 32;
}

/** Opens a network of these layer sizes, the inputs first, with room for n rows of a fit. Throws LimitError beyond 4 GiB. */
export function openNetwork(sizes: readonly number[], activation: Activation, bits: 32 | 64, n: number): Network {
  const layout = new Layout();
  const bytes = bits / 8;
  const plan = { bits } as const;
  const panelsOf = (size: number): number => Math.ceil(size / panelWidth(plan));
  const values = sizes.map((size) => layout.reserve(chunkRows * strideBytes(plan, size) + 64));
  const layers = sizes.slice(1).map((outputs, l): Layer => {
    const inputs = sizes[l]!;
    const panels = panelsOf(outputs);
    const matrix = (): Pointer => layout.reserve(panels * panelWidth(plan) * inputs * bytes);
    const row = (): Pointer => layout.reserve(panels * panelWidth(plan) * bytes);
    // the weights and their bias lie behind each other, so that the optimiser's moments may too
    const moments = (): Pointer => layout.reserve(panels * panelWidth(plan) * (inputs + 1) * bytes);
    return {
      inputs,
      outputs,
      panels,
      weights: matrix(),
      bias: row(),
      gradient: matrix(),
      biasGradient: row(),
      first: moments(),
      second: moments(),
      transposed: layout.reserve(panelsOf(inputs) * panelWidth(plan) * outputs * bytes),
      entry: values[l]!,
      exit: values[l + 1]!,
      deltas: layout.reserve(chunkRows * strideBytes(plan, outputs) + 64),
    };
  });
  const widest = Math.max(...sizes);
  const nothing = layout.reserve(strideBytes(plan, widest));
  const rows = layout.reserve(n * strideBytes(plan, sizes[0]!));
  const order = layout.reserve(4 * n);
  const memory = openMemory("neural_network.fit", layout, n);
  const { buffer } = memory;
  return { bits, sizes, activation, buffer, kernel: kernels<NeuralKernels>(memory), layers, nothing, rows, order, n };
}

/** Numbers of the network's kind from a place on. */
export function realsAt({ bits, buffer }: Network, place: Pointer, length: number): Reals {
  return bits === 32 ? new Float32Array(buffer, place, length) : new Float64Array(buffer, place, length);
}

/** Copies rows of x from `from` to `to` − 1 to a place, a stride each. */
export function enterRows(network: Network, x: Float64Array, from: number, to: number, place: Pointer): void {
  const d = network.sizes[0]!;
  const stride = strideBytes(network, d) / (network.bits / 8);
  const out = realsAt(network, place, (to - from) * stride);
  for (let i = from; i < to; i++) for (let j = 0; j < d; j++) out[(i - from) * stride + j] = x[i * d + j]!;
}

/** Copies weights into the network. */
export function setWeights(network: Network, { coefs, intercepts }: Weights): void {
  for (const [l, layer] of network.layers.entries()) {
    eachWeight(network, l, layer.weights, (panels, at, from) => {
      panels[at] = coefs[l]![from]!;
    });
    realsAt(network, layer.bias, layer.outputs).set(intercepts[l]!);
  }
}

/** The network's weights, or its gradient in the form of weights. */
export function getWeights(network: Network, of: "weights" | "gradient" = "weights"): Weights {
  const Kind = network.bits === 32 ? Float32Array : Float64Array;
  const coefs = network.layers.map((layer, l) => {
    const coef = new Kind(layer.inputs * layer.outputs);
    eachWeight(network, l, layer[of], (panels, at, from) => {
      coef[from] = panels[at]!;
    });
    return coef;
  });
  const intercepts = network.layers.map(({ outputs, bias, biasGradient }) =>
    realsAt(network, of === "weights" ? bias : biasGradient, outputs).slice(),
  );
  return { coefs, intercepts };
}

/** Calls with each weight's place in its panel and in row-major order. */
function eachWeight(network: Network, l: number, place: Pointer, visit: (panels: Reals, at: number, from: number) => void): void {
  const { inputs, outputs, panels: count } = network.layers[l]!;
  const width = panelWidth(network);
  const panels = realsAt(network, place, count * width * inputs);
  for (let k = 0; k < inputs; k++)
    for (let j = 0; j < outputs; j++)
      visit(panels, Math.floor(j / width) * inputs * width + k * width + (j % width), k * outputs + j);
}

/** Passes `count` rows that lie at the first layer's entry through all layers; the last one's exit holds its sums, not activated. */
export function forward({ bits, kernel, layers, activation }: Network, count: number): void {
  for (const [l, { entry, inputs, outputs, weights, panels, bias, exit }] of layers.entries()) {
    const strideOut = strideBytes({ bits }, outputs);
    kernel[`denseAffine${bits}`](entry, strideBytes({ bits }, inputs), count, inputs, weights, panels, bias, exit, strideOut);
    if (l + 1 < layers.length && activation !== "identity")
      kernel[`denseActivate${bits}`](kinds[activation], exit, 6 * Math.ceil(count / 6) * strideOut);
  }
}

/** Makes the transposes that `backward` needs; to be called whenever the weights have changed. */
export function turnWeights({ bits, kernel, layers }: Network): void {
  for (const { weights, inputs, outputs, transposed } of layers.slice(1))
    kernel[`denseTranspose${bits}`](weights, inputs, outputs, transposed);
}

/** Sets the gradient to 0. */
export function clearGradient(network: Network): void {
  for (const { gradient, biasGradient, panels, inputs } of network.layers) {
    realsAt(network, gradient, panels * panelWidth(network) * inputs).fill(0);
    realsAt(network, biasGradient, panels * panelWidth(network)).fill(0);
  }
}

/** Adds the gradient of `count` rows, whose derivatives by the last layer's sums lie in its deltas, after `forward` of the same rows. */
export function backward({ bits, kernel, layers, activation, nothing }: Network, count: number): void {
  for (let l = layers.length - 1; l >= 0; l--) {
    const { entry, inputs, outputs, deltas, gradient, biasGradient, panels, transposed } = layers[l]!;
    const strideIn = strideBytes({ bits }, inputs);
    const strideOut = strideBytes({ bits }, outputs);
    kernel[`denseOuter${bits}`](entry, strideIn, deltas, strideOut, count, inputs, panels, gradient);
    kernel[`denseColumnSums${bits}`](deltas, strideOut, count, panels, biasGradient);
    if (l === 0) return;
    const below = layers[l - 1]!;
    kernel[`denseAffine${bits}`](deltas, strideOut, count, outputs, transposed, below.panels, nothing, below.deltas, strideIn);
    if (activation !== "identity")
      kernel[`denseSlopes${bits}`](kinds[activation], entry, below.deltas, 6 * Math.ceil(count / 6) * strideIn);
  }
}

/** Σ of the squared weights, intercepts left out. */
export function squaredWeights({ bits, kernel, layers }: Network): number {
  return layers.reduce(
    (sum, { weights, panels, inputs }) => sum + kernel[`denseSquares${bits}`](weights, panels * 32 * inputs),
    0,
  );
}
