import type { KernelFunc, Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { Pointer } from "../../numeric/wasm.ts";
import type { TensorFlow } from "./backend.ts";
import { type ConvolutionAttributes, runKernel } from "./fused-convolution.ts";
import { enterMatrix, enterRows, lay, leaveMatrix, padded, panel } from "./kernel-bench.ts";
import {
  enterFilter,
  enterPlane,
  type Geometry,
  geometryOf,
  leaveFilter,
  leavePlane,
  paddedFloats,
  turnBack,
  turnFilter,
} from "./wasm-convolution.ts";
import type { WasmBackend } from "./wasm-gradients.ts";

type Given = Parameters<KernelFunc>[0];
type Shape = [number, number, number, number];
type Names = "dy" | "x" | "filter" | "y";

/**
 * The gradients of a convolution with bias and activation by its filter, its bias and, unless it is the first layer, its inputs: one pass over the rows,
 * each of which stays in the cache.
 */
export function convolutionGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo[] {
  const { dy, x, filter, y } = inputs as Record<Names, TensorInfo>;
  const attributes = attrs as unknown as ConvolutionAttributes;
  const plan = geometryOf(tf, x.shape as Shape, filter.shape as Shape, attributes);
  if (!plan) return inParts(tf, inputs as unknown as Record<Names, Tensor4D>, attributes);
  const wasm = backend as WasmBackend;
  const byFilter = wasm.makeOutput(filter.shape, "float32");
  const byBias = wasm.makeOutput([plan.outChannels], "float32");
  const byInput = attributes.isFirst ? undefined : wasm.makeOutput(x.shape, "float32");
  const heap = (info: TensorInfo): Float32Array => wasm.typedArrayFromHeap(info);
  const outputs = attributes.activation === "relu" ? heap(y) : undefined;
  const into = { filter: heap(byFilter), bias: heap(byBias), input: byInput && heap(byInput) };
  goBack(plan, heap(dy), heap(x), heap(filter), outputs, into);
  return byInput ? [byFilter, byBias, byInput] : [byFilter, byBias];
}

interface Gradients {
  readonly filter: Float32Array;
  readonly bias: Float32Array;
  readonly input: Float32Array | undefined;
}

/** With wider strides, outputs lie as far apart as their inputs, 0 between them, and the rest is as for a stride of 1. */
function goBack(
  given: Geometry,
  slopes: Float32Array,
  values: Float32Array,
  filter: Float32Array,
  outputs: Float32Array | undefined,
  into: Gradients,
): void {
  const plan = { ...given, stride: 1, outLength: (given.outLength - 1) * given.stride + 1 };
  const { rows, length, channels, width, before, outLength, outChannels } = plan;
  const inner = width * channels;
  const size = padded(outChannels);
  const back = turnBack({ ...plan, outChannels: size });
  const wide = padded(channels);
  const places = lay(
    paddedFloats(plan),
    paddedFloats(back) + 6 * size,
    (outLength + 6) * size,
    size * inner,
    size,
    into.input ? wide * width * size : 0,
    wide,
    into.input ? (length + 6) * wide : 0,
  );
  const { kernel, floats } = places;
  const [entry, deltas, exit, gradient, sums, turned, nothing, answer] = places.places as Place8;
  for (const [place, count] of [
    [entry, paddedFloats(plan)],
    [deltas, paddedFloats(back)],
    [exit, outputs ? (outLength + 6) * size : 0],
    [gradient, size * inner],
    [sums, size],
    [nothing, wide],
  ] as const)
    floats.fill(0, place / 4, place / 4 + count);
  if (into.input)
    enterMatrix(
      floats,
      turned,
      widen(turnFilter(plan, enterFilter(filter, plan)), width, outChannels, size, channels),
      width * size,
      channels,
    );
  const slope = into.input ? deltas + 4 * back.before * size : deltas;
  const outside = given.outLength * outChannels;
  into.input?.fill(0);
  for (let n = 0; n < rows; n++) {
    enterPlane(floats, entry / 4 + before * channels, values, n, plan);
    enterRows(floats, slope, slopes.subarray(n * outside, (n + 1) * outside), outChannels, given.stride);
    if (outputs) {
      enterRows(floats, exit, outputs.subarray(n * outside, (n + 1) * outside), outChannels, given.stride);
      kernel.denseSlopes32(3, exit, slope, 4 * size * outLength);
    }
    kernel.denseOuter32(entry, 4 * channels, slope, 4 * size, outLength, inner, size / panel, gradient);
    kernel.denseColumnSums32(slope, 4 * size, outLength, size / panel, sums);
    if (!into.input) continue;
    kernel.denseAffine32(deltas, 4 * size, length, width * size, turned, wide / panel, nothing, answer, 4 * wide);
    leavePlane(floats, answer / 4, wide, into.input, n, plan);
  }
  const made = new Float32Array(inner * outChannels);
  leaveMatrix(floats, gradient, made, inner, outChannels);
  into.filter.set(leaveFilter(made, plan));
  into.bias.set(floats.subarray(sums / 4, sums / 4 + outChannels));
}

type Place8 = [Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer];

/** Rows of 0 where outputs were filled up to whole panels. */
function widen(turned: Float32Array, width: number, outChannels: number, size: number, channels: number): Float32Array {
  if (size === outChannels) return turned;
  const out = new Float32Array(width * size * channels);
  const block = outChannels * channels;
  for (let k = 0; k < width; k++) out.set(turned.subarray(k * block, (k + 1) * block), k * size * channels);
  return out;
}

/** The same from the kernels that each gradient has of its own. */
function inParts(tf: TensorFlow, { dy, x, filter, y }: Record<Names, Tensor4D>, attributes: ConvolutionAttributes): TensorInfo[] {
  const slope = attributes.activation === "relu" ? (runKernel(tf, "ReluGrad", { dy, y }) as Tensor) : dy;
  const common = { ...attributes, filterShape: filter.shape, inputShape: x.shape };
  const byFilter = runKernel(tf, "Conv2DBackpropFilter", { x, dy: slope }, common);
  const byBias = tf.sum(slope, [0, 1, 2]);
  const byInput = attributes.isFirst ? [] : [runKernel(tf, "Conv2DBackpropInput", { dy: slope, filter }, common)];
  return [byFilter, byBias, ...byInput];
}
