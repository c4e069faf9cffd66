import type { backend_util, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Pointer } from "../../numeric/wasm.ts";
import type { TensorFlow } from "./backend.ts";
import { lay } from "./kernel-bench.ts";
import { type PoolAttributes, spreadMeans } from "./pool-slopes.ts";
import type { WasmBackend } from "./wasm-gradients.ts";

type Given = Parameters<KernelFunc>[0];

/** dy where the rectifier let its input through, else 0. */
export function reluGradient({ inputs, backend }: Given): TensorInfo {
  const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
  const wasm = backend as WasmBackend;
  const dx = wasm.makeOutput(dy.shape, "float32");
  const [slopes, outputs, out] = [dy, y, dx].map((info) => wasm.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < out.length; i++) out[i] = outputs[i]! > 0 ? slopes[i]! : 0;
  return dx;
}

/** Gives each window's gradient to the first of its largest values. */
export function maxPoolGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo {
  const { dy, input, output } = inputs as Record<"dy" | "input" | "output", TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
  const shape = input.shape as [number, number, number, number];
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const wasm = backend as WasmBackend;
  const dx = wasm.makeOutput(shape, "float32");
  const [slopes, values, out] = [dy, input, dx].map((info) => wasm.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  if (isPlain(pool)) {
    spreadSlopes(pool, values, wasm.typedArrayFromHeap(output), slopes, out);
    return dx;
  }
  out.fill(0);
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels, padInfo } = pool;
  const best = new Int32Array(channels);
  for (let n = 0, to = 0; n < batchSize; n++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++, to += channels) {
        const top = i * pool.strideHeight - padInfo.top;
        const left = j * pool.strideWidth - padInfo.left;
        const bottom = Math.min(top + pool.filterHeight, inHeight);
        const right = Math.min(left + pool.filterWidth, inWidth);
        best.fill(-1);
        for (let row = Math.max(0, top); row < bottom; row++)
          for (let column = Math.max(0, left); column < right; column++) {
            const from = ((n * inHeight + row) * inWidth + column) * channels;
            for (let c = 0; c < channels; c++) if (best[c]! < 0 || values[from + c]! > values[best[c]!]!) best[c] = from + c;
          }
        for (let c = 0; c < channels; c++) out[best[c]!]! += slopes[to + c]!;
      }
  return dx;
}

/** Whether windows lie side by side along one axis and channels come in fours: a kernel of ours takes them. */
function isPlain(pool: backend_util.Conv2DInfo): boolean {
  const isRow = pool.inHeight === 1 && pool.outHeight === 1 && pool.padInfo.left === 0;
  return isRow && pool.strideWidth >= pool.filterWidth && pool.inChannels % 4 === 0;
}

function spreadSlopes(pool: backend_util.Conv2DInfo, x: Float32Array, y: Float32Array, dy: Float32Array, dx: Float32Array): void {
  const { batchSize, inWidth: length, outWidth: windows, inChannels: channels, filterWidth, strideWidth } = pool;
  const inside = length * channels;
  const outside = windows * channels;
  const { kernel, floats, places } = lay(inside, outside, outside, inside);
  const [inputs, largest, slopes, answer] = places as [Pointer, Pointer, Pointer, Pointer];
  for (let n = 0; n < batchSize; n++) {
    floats.set(x.subarray(n * inside, (n + 1) * inside), inputs / 4);
    floats.set(y.subarray(n * outside, (n + 1) * outside), largest / 4);
    floats.set(dy.subarray(n * outside, (n + 1) * outside), slopes / 4);
    kernel.maxPoolSlopes(inputs, largest, slopes, answer, length, channels, windows, filterWidth, strideWidth);
    dx.set(floats.subarray(answer / 4, answer / 4 + inside), n * inside);
  }
}

/** Each window's slope shared by its places. */
export function averagePoolGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo {
  const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
  const wasm = backend as WasmBackend;
  const dx = wasm.makeOutput(input.shape, "float32");
  const [slopes, out] = [dy, dx].map((info) => wasm.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
  spreadMeans(tf, input.shape, attrs as unknown as PoolAttributes, slopes, out);
  return dx;
}
