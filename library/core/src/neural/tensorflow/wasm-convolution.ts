import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Pointer } from "../../numeric/wasm.ts";
import type { TensorFlow } from "./backend.ts";
import type { ConvolutionAttributes } from "./fused-convolution.ts";
import { enterMatrix, enterRows, lay, leaveMatrix, leaveRows, padded, panel } from "./kernel-bench.ts";
import type { WasmBackend } from "./wasm-gradients.ts";

type Given = Parameters<KernelFunc>[0];
type Shape = [number, number, number, number];

/**
 * A convolution, channels last, as products along one axis: each row of outputs comes of `high` rows of inputs that lie beside each other, place by place,
 * so that a place has `high` times the inputs' channels.
 */
export interface Geometry {
  /** Products: one a row of outputs. */
  readonly rows: number;
  readonly length: number;
  /** Values at a place: rows of the filter by channels of the inputs. */
  readonly channels: number;
  readonly width: number;
  readonly stride: number;
  readonly before: number;
  readonly outLength: number;
  readonly outChannels: number;
  readonly planes: Planes;
}

/** How rows of inputs come into a product. */
interface Planes {
  /** Rows of an image's inputs and outputs. */
  readonly height: number;
  readonly outHeight: number;
  readonly high: number;
  readonly step: number;
  readonly above: number;
  /** Values of a row of inputs. */
  readonly size: number;
}

/** The convolution's shape where its filter's inputs lie side by side; else undefined. */
export function geometryOf(tf: TensorFlow, shape: Shape, filter: Shape, attributes: ConvolutionAttributes): Geometry | undefined {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attributes;
  if (dataFormat === ("NCHW" as string)) return undefined;
  const plan = tf.backend_util.computeConv2DInfo(shape, filter, strides, dilations, pad, dimRoundingMode);
  if (plan.dilationWidth !== 1 || plan.dilationHeight !== 1) return undefined;
  return {
    rows: plan.batchSize * plan.outHeight,
    length: plan.inWidth,
    channels: plan.filterHeight * plan.inChannels,
    width: plan.filterWidth,
    stride: plan.strideWidth,
    before: plan.padInfo.left,
    outLength: plan.outWidth,
    outChannels: plan.outChannels,
    planes: {
      height: plan.inHeight,
      outHeight: plan.outHeight,
      high: plan.filterHeight,
      step: plan.strideHeight,
      above: plan.padInfo.top,
      size: plan.inWidth * plan.inChannels,
    },
  };
}

/** Puts the inputs of product `n` at a place (in floats): their rows beside each other, 0 for those beyond the image. */
export function enterPlane(
  floats: Float32Array,
  at: number,
  values: Float32Array,
  n: number,
  { channels, length, planes }: Geometry,
): void {
  const { high, size } = planes;
  if (high === 1) {
    const from = planeOf(planes, n, 0)! * size;
    floats.set(values.subarray(from, from + size), at);
    return;
  }
  const own = channels / high;
  for (let k = 0; k < high; k++) {
    const plane = planeOf(planes, n, k);
    for (let j = 0, to = at + k * own; j < length; j++, to += channels) {
      if (plane === undefined) floats.fill(0, to, to + own);
      else for (let c = 0, from = plane * size + j * own; c < own; c++) floats[to + c] = values[from + c]!;
    }
  }
}

/** Adds what lies at a place, as `enterPlane` puts it, to the rows that it came of; a place holds `wide` floats. */
export function leavePlane(
  floats: Float32Array,
  at: number,
  wide: number,
  out: Float32Array,
  n: number,
  { channels, length, planes }: Geometry,
): void {
  const { high, size } = planes;
  if (high === 1) {
    leaveRows(floats, 4 * at, out, planeOf(planes, n, 0)! * size, length, channels);
    return;
  }
  const own = channels / high;
  for (let k = 0; k < high; k++) {
    const plane = planeOf(planes, n, k);
    if (plane === undefined) continue;
    for (let j = 0, from = at + k * own, to = plane * size; j < length; j++, from += wide, to += own)
      for (let c = 0; c < own; c++) out[to + c]! += floats[from + c]!;
  }
}

/** Which row of all inputs the filter's row `k` meets in product `n`; undefined beyond the image. */
function planeOf({ height, outHeight, step, above }: Planes, n: number, k: number): number | undefined {
  const row = (n % outHeight) * step + k - above;
  return row < 0 || row >= height ? undefined : Math.floor(n / outHeight) * height + row;
}

/** A filter (high × width × channels × outputs) with its rows beside each other at each of `width` places. */
export function enterFilter(filter: Float32Array, { width, channels, outChannels, planes }: Geometry): Float32Array {
  return planes.high === 1 ? filter : turnAxes(filter, planes.high, width, (channels / planes.high) * outChannels);
}

/** The way back of `enterFilter`. */
export function leaveFilter(filter: Float32Array, { width, channels, outChannels, planes }: Geometry): Float32Array {
  return planes.high === 1 ? filter : turnAxes(filter, width, planes.high, (channels / planes.high) * outChannels);
}

/** rows × columns × size → columns × rows × size. */
function turnAxes(values: Float32Array, rows: number, columns: number, size: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      out.set(values.subarray((i * columns + j) * size, (i * columns + j + 1) * size), (j * rows + i) * size);
  return out;
}

/** Convolution, bias and activation; undefined where the shape or the activation is another's. */
export function forward(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo | undefined {
  const { x, filter, bias } = inputs as Record<"x" | "filter" | "bias", TensorInfo>;
  const attributes = attrs as unknown as ConvolutionAttributes;
  const { activation = "linear" } = attributes;
  if (activation !== "linear" && activation !== "relu") return undefined;
  const plan = geometryOf(tf, x.shape as Shape, filter.shape as Shape, attributes);
  if (!plan) return undefined;
  const wasm = backend as WasmBackend;
  const { outHeight } = plan.planes;
  const out = wasm.makeOutput([plan.rows / outHeight, outHeight, plan.outLength, plan.outChannels], "float32");
  const weights = enterFilter(wasm.typedArrayFromHeap(filter), plan);
  convolve(
    plan,
    wasm.typedArrayFromHeap(x),
    weights,
    bias && wasm.typedArrayFromHeap(bias),
    activation,
    wasm.typedArrayFromHeap(out),
  );
  return out;
}

/** The gradient by the inputs: a convolution of the outputs' gradient with the filter turned round; undefined for wider strides and filters of several rows. */
export function inputGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo | undefined {
  const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
  const { inputShape } = attrs as unknown as { inputShape: Shape };
  const plan = geometryOf(tf, inputShape, filter.shape as Shape, attrs as unknown as ConvolutionAttributes);
  if (plan?.stride !== 1 || plan.planes.high > 1 || plan.planes.step > 1) return undefined;
  const wasm = backend as WasmBackend;
  const dx = wasm.makeOutput(inputShape, "float32");
  const turned = turnFilter(plan, wasm.typedArrayFromHeap(filter));
  convolve(turnBack(plan), wasm.typedArrayFromHeap(dy), turned, undefined, "linear", wasm.typedArrayFromHeap(dx));
  return dx;
}

/** The convolution that leads from the outputs' gradient back to the inputs', for a stride of 1 and rows of their own. */
export function turnBack(plan: Geometry): Geometry {
  const { length, channels, width, before, outLength, outChannels, planes } = plan;
  const { outHeight } = planes;
  return {
    ...plan,
    length: outLength,
    channels: outChannels,
    before: width - 1 - before,
    outLength: length,
    outChannels: channels,
    planes: { height: outHeight, outHeight, high: 1, step: 1, above: 0, size: outLength * outChannels },
  };
}

/** The filter of `turnBack`: places in the other order, inputs and outputs exchanged. */
export function turnFilter({ width, channels, outChannels }: Geometry, weights: Float32Array): Float32Array {
  const turned = new Float32Array(weights.length);
  for (let k = 0; k < width; k++)
    for (let c = 0; c < channels; c++)
      for (let o = 0; o < outChannels; o++)
        turned[((width - 1 - k) * outChannels + o) * channels + c] = weights[(k * channels + c) * outChannels + o]!;
  return turned;
}

/** The gradient by the filter: products of neighbouring inputs with the outputs' gradient. */
export function filterGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo | undefined {
  const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
  const { filterShape } = attrs as unknown as { filterShape: Shape };
  const plan = geometryOf(tf, x.shape as Shape, filterShape, attrs as unknown as ConvolutionAttributes);
  if (!plan) return undefined;
  const wasm = backend as WasmBackend;
  const out = wasm.makeOutput(filterShape, "float32");
  const values = wasm.typedArrayFromHeap(x);
  const slopes = wasm.typedArrayFromHeap(dy);
  const { rows, channels, width, stride, outLength, outChannels } = plan;
  const inner = width * channels;
  const size = padded(outChannels);
  const { kernel, floats, places } = lay(paddedFloats(plan), (outLength + 6) * size, size * inner);
  const [entry, exit, gradient] = places as [Pointer, Pointer, Pointer];
  floats.fill(0, gradient / 4, gradient / 4 + size * inner);
  clearEnds(floats, entry, plan);
  for (let n = 0; n < rows; n++) {
    enterPlane(floats, entry / 4 + plan.before * channels, values, n, plan);
    enterRows(floats, exit, slopes.subarray(n * outLength * outChannels, (n + 1) * outLength * outChannels), outChannels);
    kernel.denseOuter32(entry, 4 * stride * channels, exit, 4 * size, outLength, inner, size / panel, gradient);
  }
  const made = new Float32Array(inner * outChannels);
  leaveMatrix(floats, gradient, made, inner, outChannels);
  wasm.typedArrayFromHeap(out).set(leaveFilter(made, plan));
  return out;
}

/** Inputs overlap in memory as they do in the sum: row l of the product begins `stride` inputs behind row l − 1. */
function convolve(
  plan: Geometry,
  values: Float32Array,
  weights: Float32Array,
  bias: Float32Array | undefined,
  activation: "linear" | "relu",
  out: Float32Array,
): void {
  const { rows, channels, width, stride, before, outLength, outChannels } = plan;
  const inner = width * channels;
  const size = padded(outChannels);
  const { kernel, floats, places } = lay(paddedFloats(plan), (outLength + 6) * size, size * inner, size);
  const [entry, exit, matrix, row] = places as [Pointer, Pointer, Pointer, Pointer];
  enterMatrix(floats, matrix, weights, inner, outChannels);
  floats.fill(0, row / 4, row / 4 + size);
  if (bias) floats.set(bias, row / 4);
  clearEnds(floats, entry, plan);
  for (let n = 0; n < rows; n++) {
    enterPlane(floats, entry / 4 + before * channels, values, n, plan);
    kernel.denseAffine32(entry, 4 * stride * channels, outLength, inner, matrix, size / panel, row, exit, 4 * size);
    if (activation === "relu") kernel.denseActivate32(3, exit, 4 * size * outLength);
    leaveRows(floats, exit, out, n * outLength * outChannels, outLength, outChannels);
  }
}

/** Floats of a row of inputs with what the windows reach beyond both ends, and the rows and values that the kernels read in excess. */
export function paddedFloats({ length, channels, width, stride, before, outLength }: Geometry): number {
  return Math.max(before + length, (outLength + 6) * stride + width) * channels + 2 * panel;
}

function clearEnds(floats: Float32Array, entry: Pointer, plan: Geometry): void {
  floats.fill(0, entry / 4, entry / 4 + paddedFloats(plan));
}
