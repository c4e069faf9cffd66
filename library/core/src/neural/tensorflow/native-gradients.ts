import type { KernelFunc, Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./backend.ts";
import { type ConvolutionAttributes, registerReluGradient, runKernel } from "./fused-convolution.ts";
import { attributeKind, type OperationAttribute } from "./graph-definition.ts";

interface NativeBackend {
  executeSingleOutput(name: string, attributes: readonly OperationAttribute[], inputs: readonly TensorInfo[]): Tensor;
}

type Given = Parameters<KernelFunc>[0];

/** TensorFlow's numbers of 32-bit floats and whole numbers. */
const [float32, int32] = [1, 3];
const float: OperationAttribute = { name: "T", type: attributeKind.type, value: float32 };

/**
 * Gives tfjs-node TensorFlow's own operations where it puts several together: the gradient of a rectifier, sums with a bias and their gradients,
 * products of two matrices, rows of a table by their numbers. TensorFlow fuses them where a graph has them behind each other.
 */
export function registerNativeGradients(tf: TensorFlow): void {
  replace(tf, "ReluGrad", ({ inputs, backend }) => {
    const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
    return execute(backend, "ReluGrad", [float], [dy, y]);
  });
  replace(tf, "FusedConv2D", (given, former) => fusedConvolution(tf, given) ?? former!(given));
  replace(tf, "FusedConv2DGrad", (given) => convolutionGradient(tf, given));
  replace(tf, "_FusedMatMul", (given, former) => fusedProduct(given) ?? former!(given));
  replace(tf, "BatchMatMul", (given, former) => product(given) ?? former!(given));
  replace(tf, "GatherV2", (given, former) => gather(given) ?? former!(given));
  registerReluGradient(tf);
}

function execute(
  backend: unknown,
  name: string,
  attributes: readonly OperationAttribute[],
  inputs: readonly TensorInfo[],
): Tensor {
  return (backend as NativeBackend).executeSingleOutput(name, attributes, inputs);
}

type Replacement = (given: Given, former: KernelFunc | undefined) => TensorInfo | TensorInfo[];

function replace(tf: TensorFlow, kernelName: string, by: Replacement): void {
  const former = tf.getKernel(kernelName, "tensorflow");
  if (former) tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ kernelName, backendName: "tensorflow", kernelFunc: (given) => by(given, former?.kernelFunc) });
}

/** Sums, bias and activation one behind the other; what is in between is freed. */
function finish(backend: unknown, sums: Tensor, bias: TensorInfo | undefined, activation = "linear"): Tensor {
  const moved = bias ? execute(backend, "BiasAdd", [float], [sums, bias]) : sums;
  if (moved !== sums) sums.dispose();
  if (activation !== "relu") return moved;
  const answer = execute(backend, "Relu", [float], [moved]);
  moved.dispose();
  return answer;
}

function isKnown(activation = "linear"): boolean {
  return activation === "linear" || activation === "relu";
}

function fusedConvolution(tf: TensorFlow, { inputs, attrs, backend }: Given): Tensor | undefined {
  const { x, filter, bias } = inputs as unknown as Record<"x" | "filter" | "bias", Tensor4D>;
  const { activation, ...attributes } = attrs as unknown as ConvolutionAttributes;
  if (!isKnown(activation)) return undefined;
  return finish(backend, runKernel(tf, "Conv2D", { x, filter }, attributes), bias, activation);
}

/** The gradients by filter, bias and, unless it is the first layer, inputs. */
function convolutionGradient(tf: TensorFlow, { inputs, attrs, backend }: Given): TensorInfo[] {
  const { dy, x, filter, y } = inputs as unknown as Record<"dy" | "x" | "filter" | "y", Tensor4D>;
  const attributes = attrs as unknown as ConvolutionAttributes;
  const slope = attributes.activation === "relu" ? runKernel(tf, "ReluGrad", { dy, y }) : dy;
  const common = { ...attributes, filterShape: filter.shape, inputShape: x.shape };
  const byFilter = runKernel(tf, "Conv2DBackpropFilter", { x, dy: slope }, common);
  const byBias = execute(backend, "BiasAddGrad", [float], [slope]);
  const byInput = attributes.isFirst ? [] : [runKernel(tf, "Conv2DBackpropInput", { dy: slope, filter }, common)];
  if (slope !== dy) slope.dispose();
  return [byFilter, byBias, ...byInput];
}

function multiply(backend: unknown, a: TensorInfo, b: TensorInfo, turnedA: boolean, turnedB: boolean): Tensor {
  const turned = (name: string, value: boolean): OperationAttribute => ({ name, type: attributeKind.bool, value });
  return execute(backend, "MatMul", [float, turned("transpose_a", turnedA), turned("transpose_b", turnedB)], [a, b]);
}

function product({ inputs, attrs, backend }: Given): Tensor | undefined {
  const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
  if (a.shape.length !== 2 || b.shape.length !== 2) return undefined;
  return multiply(backend, a, b, transposeA, transposeB);
}

function fusedProduct({ inputs, attrs, backend }: Given): Tensor | undefined {
  const { a, b, bias } = inputs as Record<"a" | "b" | "bias", TensorInfo>;
  const { transposeA, transposeB, activation } = attrs as unknown as {
    transposeA: boolean;
    transposeB: boolean;
    activation?: string;
  };
  if (a.shape.length !== 2 || b.shape.length !== 2 || !isKnown(activation)) return undefined;
  return finish(backend, multiply(backend, a, b, transposeA, transposeB), bias, activation);
}

/** Rows of a table; TensorFlow itself refuses numbers beyond it. */
function gather({ inputs, attrs, backend }: Given): Tensor | undefined {
  const { x, indices } = inputs as Record<"x" | "indices", TensorInfo>;
  const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
  if (axis !== 0 || batchDims !== 0 || x.dtype !== "float32" || indices.dtype !== "int32") return undefined;
  const type = (name: string, value: number): OperationAttribute => ({ name, type: attributeKind.type, value });
  return execute(backend, "Gather", [type("Tparams", float32), type("Tindices", int32)], [x, indices]);
}
