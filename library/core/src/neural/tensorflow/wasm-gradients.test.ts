import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { NeuralKernels } from "../../numeric/neural-kernels.ts";
import { random } from "../../numeric/random.ts";
import { kernels, Layout, openMemory } from "../../numeric/wasm.ts";
import { openTensorFlow, type TensorFlow } from "./backend.ts";
import { runKernel } from "./fused-convolution.ts";

const { normal } = random(3, "wasm-gradients");
const draw = (size: number): Float32Array => Float32Array.from({ length: size }, normal);
const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The same work on WASM and in plain JavaScript: the largest difference, as a share of the largest value. */
function difference(shapes: readonly (readonly number[])[], work: (tf: TensorFlow, given: Tensor[]) => Tensor[]): number {
  const values = shapes.map((shape) => draw(product(shape)));
  const [ours, plain] = (["wasm", "cpu"] as const).map((backend) => {
    const { tf } = openTensorFlow(backend);
    return tf.tidy(() => {
      const given = shapes.map((shape, k) => tf.tensor(values[k]!, shape as number[]));
      return work(tf, given).map((answer) => answer.dataSync() as Float32Array);
    });
  }) as [Float32Array[], Float32Array[]];
  let most = 0;
  for (const [k, answer] of plain.entries()) {
    const largest = answer.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-30);
    expect(ours[k]!.length).toBe(answer.length);
    for (let i = 0; i < answer.length; i++) most = Math.max(most, Math.abs(answer[i]! - ours[k]![i]!) / largest);
  }
  return most;
}

/** Convolution, bias, rectifier, and the gradients by all three, of Σ y · weights. */
function convolution(stride: number, pad: "same" | "valid", activation: "linear" | "relu", isFirst: boolean) {
  return (tf: TensorFlow, [x, filter, bias]: Tensor[]): Tensor[] => {
    const attributes = { strides: [1, stride], pad, dataFormat: "NHWC", dilations: [1, 1], activation, isFirst };
    const forward = (...given: Tensor[]): Tensor =>
      runKernel(tf, "FusedConv2D", { x: given[0], filter: given[1], bias: given[2] }, attributes);
    const y = forward(x!, filter!, bias!);
    const pull = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => Math.cos(i)),
      y.shape,
    );
    const gradients = tf.grads((...given: Tensor[]) => tf.sum(tf.mul(forward(...given), pull)))([x!, filter!, bias!]);
    return [y, ...gradients.slice(isFirst ? 1 : 0)];
  };
}

describe("convolutions on WASM", () => {
  test.each([
    [2, 33, 1, 16, 7, 1, "same"],
    [3, 25, 5, 3, 4, 1, "same"],
    [2, 21, 8, 8, 5, 1, "valid"],
    [2, 30, 2, 9, 3, 2, "same"],
    [1, 17, 3, 4, 6, 3, "valid"],
    [2, 5, 4, 8, 9, 1, "same"],
  ] as const)(
    "%i × %i × %i by %i filters of %i, stride %i, %s, are those of plain JavaScript",
    (n, length, channels, filters, width, stride, pad) => {
      const shapes = [[n, 1, length, channels], [1, width, channels, filters], [filters]];
      for (const activation of ["linear", "relu"] as const)
        for (const isFirst of [true, false])
          expect(difference(shapes, convolution(stride, pad, activation, isFirst))).toBeLessThan(2e-5);
    },
  );

  test.each([
    [[2, 9, 11, 3], [3, 3, 3, 4], 1, "same"],
    [[2, 8, 7, 2], [2, 4, 2, 5], 2, "valid"],
    [[1, 1, 19, 3], [1, 5, 3, 4], 1, "same"],
  ] as const)("in two directions too, %j by %j, stride %i, %s", (shape, filter, stride, pad) => {
    const work = (tf: TensorFlow, [x, w]: Tensor[]): Tensor[] => {
      const forward = (a: Tensor, b: Tensor): Tensor => tf.sum(tf.square(tf.conv2d(a as never, b as never, stride, pad)));
      return tf.grads(forward as never)([x!, w!]);
    };
    expect(difference([shape, filter], work)).toBeLessThan(2e-5);
  });
});

describe("other gradients on WASM", () => {
  test.each([
    [[2, 1, 33, 8], [1, 4], [1, 4], "valid"],
    [[2, 1, 33, 8], [1, 3], [1, 5], "valid"],
    [[2, 1, 20, 3], [1, 4], [1, 4], "valid"],
    [[2, 1, 18, 4], [1, 4], [1, 2], "same"],
    [[2, 7, 9, 4], [2, 3], [2, 3], "same"],
  ] as const)("of maximum pooling of %j by %j, step %j, %s", (shape, size, step, pad) => {
    const work = (tf: TensorFlow, [x]: Tensor[]): Tensor[] => [
      tf.grad((given: Tensor) => tf.sum(tf.square(tf.maxPool(given as never, size as never, step as never, pad))))(x!),
    ];
    expect(difference([shape], work)).toBeLessThan(1e-6);
  });

  test("of a rectifier", () => {
    const work = (tf: TensorFlow, [x]: Tensor[]): Tensor[] => [tf.grad((given: Tensor) => tf.sum(tf.square(tf.relu(given))))(x!)];
    expect(difference([[7, 5]], work)).toBe(0);
  });

  test.each([
    [5, 7, 3],
    [250, 13, 20],
    [1, 1, 1],
    [32, 64, 16],
  ])("products of %i × %i × %i matrices and of their transposes", (rows, inner, columns) => {
    const work = (tf: TensorFlow, [a, b, c, d]: Tensor[]): Tensor[] => [
      tf.matMul(a!, b!),
      tf.matMul(c!, b!, true),
      tf.matMul(a!, d!, false, true),
    ];
    const shapes = [
      [rows, inner],
      [inner, columns],
      [inner, rows],
      [columns, inner],
    ];
    expect(difference(shapes, work)).toBeLessThan(1e-5);
  });

  test("nothing is left in memory", () => {
    const { tf } = openTensorFlow("wasm");
    const before = tf.memory();
    difference([[2, 1, 33, 1], [1, 7, 1, 16], [16]], convolution(1, "same", "relu", false));
    openTensorFlow("wasm");
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

test("maxPoolSlopes gives each window's gradient to the first of its largest values", () => {
  const [length, channels, size, step] = [23, 8, 3, 4];
  const windows = Math.floor((length - size) / step) + 1;
  const x = Float32Array.from({ length: length * channels }, () => Math.round(2 * normal())); // with ties
  const dy = draw(windows * channels);
  const y = new Float32Array(windows * channels);
  const plain = new Float32Array(x.length);
  for (let w = 0; w < windows; w++)
    for (let c = 0; c < channels; c++) {
      let best = w * step;
      for (let k = w * step; k < w * step + size; k++) if (x[k * channels + c]! > x[best * channels + c]!) best = k;
      y[w * channels + c] = x[best * channels + c]!;
      plain[best * channels + c] = dy[w * channels + c]!;
    }
  const layout = new Layout();
  const places = [x, y, dy, x].map((values) => layout.reserve(values.byteLength)) as [number, number, number, number];
  const memory = openMemory("test", layout);
  const floats = new Float32Array(memory.buffer);
  for (const [k, values] of [x, y, dy].entries()) floats.set(values, places[k]! / 4);
  floats.fill(9, places[3] / 4, places[3] / 4 + x.length);
  kernels<NeuralKernels>(memory).maxPoolSlopes(...places, length, channels, windows, size, step);
  expect(floats.slice(places[3] / 4, places[3] / 4 + x.length)).toEqual(plain);
});
