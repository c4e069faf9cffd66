import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./backend.ts";
import { registerReluGradient } from "./fused-convolution.ts";
import { type PoolAttributes, spreadMeans } from "./pool-slopes.ts";

interface CpuBackend {
  readonly data: { get(id: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: Float32Array): TensorInfo;
}

type Work = (
  given: Parameters<KernelFunc>[0],
  values: (info: TensorInfo) => Float32Array,
) => readonly [readonly number[], Float32Array];

/** Gives the backend in plain JavaScript the gradient of a rectifier, and that of average pooling at the edges, where its own counts what is not there. */
export function registerCpuGradients(tf: TensorFlow): void {
  replace(tf, "ReluGrad", ({ inputs }, values) => {
    const { dy, y } = inputs as unknown as Record<"dy" | "y", TensorInfo>;
    const outputs = values(y);
    return [dy.shape, Float32Array.from(values(dy), (slope, i) => (outputs[i]! > 0 ? slope : 0))];
  });
  replace(tf, "AvgPoolGrad", ({ inputs, attrs }, values) => {
    const { dy, input } = inputs as unknown as Record<"dy" | "input", TensorInfo>;
    const out = new Float32Array(input.shape.reduce((product, size) => product * size, 1));
    spreadMeans(tf, input.shape, attrs as unknown as PoolAttributes, values(dy), out);
    return [input.shape, out];
  });
  registerReluGradient(tf);
}

function replace(tf: TensorFlow, kernelName: string, work: Work): void {
  if (tf.getKernel(kernelName, "cpu")) tf.unregisterKernel(kernelName, "cpu");
  tf.registerKernel({
    kernelName,
    backendName: "cpu",
    kernelFunc: (given) => {
      const cpu = given.backend as CpuBackend;
      const [shape, values] = work(given, (info) => cpu.data.get(info.dataId).values);
      return cpu.makeTensorInfo(shape, "float32", values);
    },
  });
}
