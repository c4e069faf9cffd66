import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./backend.ts";
import { registerReluGradient } from "./fused-convolution.ts";
import { filterGradient, forward, inputGradient } from "./wasm-convolution.ts";
import { convolutionGradient } from "./wasm-convolution-gradient.ts";
import { fusedProduct, product } from "./wasm-dense.ts";
import { dilatedFilterGradient } from "./wasm-filter-gradient.ts";
import { averagePoolGradient, maxPoolGradient, reluGradient } from "./wasm-pooling.ts";
import { scanGradient, scanSteps } from "./wasm-recurrent.ts";

/** The WASM backend, as far as kernels of ours reach into it. */
export interface WasmBackend {
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Float32Array;
  incRef(dataId: object): void;
}

type Replacement = (given: Parameters<KernelFunc>[0], former: KernelFunc | undefined) => ReturnType<KernelFunc>;

/**
 * Gives the WASM backend what it lacks to train: the gradient of a convolution's filter; and faster kernels where its own are slow: convolutions
 * along one axis with their gradients, the steps of recurrent layers, products of matrices, the gradients of maximum pooling and of a rectifier, clones.
 */
export function registerWasmGradients(tf: TensorFlow): void {
  replace(tf, "FusedConv2D", (given, former) => forward(tf, given) ?? former!(given));
  replace(tf, "FusedConv2DGrad", (given) => convolutionGradient(tf, given));
  replace(tf, "Conv2D", (given, former) => forward(tf, given) ?? former!(given));
  replace(tf, "Conv2DBackpropInput", (given, former) => inputGradient(tf, given) ?? former!(given));
  replace(tf, "Conv2DBackpropFilter", (given) => filterGradient(tf, given) ?? dilatedFilterGradient(tf, given));
  replace(tf, "_FusedMatMul", (given, former) => fusedProduct(given) ?? former!(given));
  replace(tf, "BatchMatMul", (given, former) => product(given) ?? former!(given));
  replace(tf, "MaxPoolGrad", (given) => maxPoolGradient(tf, given));
  replace(tf, "AvgPoolGrad", (given) => averagePoolGradient(tf, given));
  replace(tf, "ReluGrad", (given) => reluGradient(given));
  replace(tf, "RecurrentScan", (given) => scanSteps(given));
  replace(tf, "RecurrentScanGrad", (given) => scanGradient(given));
  replace(tf, "UnsortedSegmentSum", (given) => segmentSum(given));
  replace(tf, "Identity", (given, former) => share(given) ?? former!(given));
  registerReluGradient(tf);
}

/** Rows added up by the number that each has. */
function segmentSum({ inputs, attrs, backend }: Parameters<KernelFunc>[0]): TensorInfo {
  const { x, segmentIds } = inputs as Record<"x" | "segmentIds", TensorInfo>;
  const { numSegments } = attrs as unknown as { numSegments: number };
  const wasm = backend as WasmBackend;
  const out = wasm.makeOutput([numSegments, ...x.shape.slice(1)], "float32");
  const [sums, values, numbers] = [out, x, segmentIds].map((info) => wasm.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Int32Array,
  ];
  const size = values.length / numbers.length;
  sums.fill(0);
  for (const [i, number] of numbers.entries()) for (let j = 0; j < size; j++) sums[number * size + j]! += values[i * size + j]!;
  return out;
}

/** The same numbers under another name, as the other backends do it: the tape clones every tensor that it keeps. */
function share({ inputs, backend }: Parameters<KernelFunc>[0]): TensorInfo | undefined {
  const { dataId, shape, dtype } = (inputs as Record<"x", TensorInfo>).x;
  if (dtype === "string") return undefined;
  (backend as WasmBackend).incRef(dataId);
  return { dataId, shape, dtype };
}

function replace(tf: TensorFlow, kernelName: string, by: Replacement): void {
  const former = tf.getKernel(kernelName, "wasm");
  if (former) tf.unregisterKernel(kernelName, "wasm");
  former?.setupFunc?.(tf.backend() as never);
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: (given) => by(given, former?.kernelFunc) });
}
